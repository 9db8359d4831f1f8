// The table of the current layer: the text that stands for the map. Filled when it comes into sight.
const COLUMNS = ["code", "name", "upper", "value", "low", "high", "n", "standing"];
let sorted = { by: "code", down: false };
let seen = false;
let waiting = 0;

const columnTitle = (name) => (name === "upper" ? inLanguage(held.texts.upper) : name === "name" ? inLanguage(held.texts.area) || t("name") : t(name));

function shownColumns() {
  return COLUMNS.filter((name) => name !== "upper" || areas.upperCodes.length);
}

function order(view) {
  const collator = new Intl.Collator(state.language, { numeric: true });
  const text = { code: (i) => areas.codes[i], name: (i) => areas.names[i], upper: upperOf }[sorted.by];
  const numbers = { value: view.value, low: view.low, high: view.high, n: view.n, standing: view.standing }[sorted.by];
  const places = areas.codes.map((_, i) => i);
  const turn = sorted.down ? -1 : 1;
  return places.sort((a, b) => {
    if (text) return turn * collator.compare(text(a), text(b)) || a - b;
    // What has no figure comes last in both directions.
    const [x, y] = [numbers[a], numbers[b]];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a - b;
    return turn * (x - y) || a - b;
  });
}

function cellsOf(view, i) {
  return { code: areas.codes[i], name: areas.names[i], upper: upperOf(i), value: marked(view.value[i], view.form, view.standing[i]),
    low: figure(view.low[i], view.form, true), high: figure(view.high[i], view.form, true), n: number(view.n[i], 0), standing: inWords(view.standing[i]) };
}

function drawHeads() {
  $("heads").replaceChildren(...shownColumns().map((name) => {
    const now = sorted.by === name ? (sorted.down ? "descending" : "ascending") : "none";
    const head = html("th", { scope: "col", "aria-sort": now, class: name });
    const button = html("button", { type: "button" }, columnTitle(name));
    button.append(html("span", { class: "arrow", "aria-hidden": "true" }, { none: "", ascending: " ▲", descending: " ▼" }[now]));
    button.title = t("sort", { name: columnTitle(name) });
    button.addEventListener("click", () => {
      sorted = { by: name, down: sorted.by === name ? !sorted.down : ["value", "low", "high", "n"].includes(name) };
      fillTable();
      drawHeads();
      $("heads").children[shownColumns().indexOf(name)].firstChild.focus();
    });
    head.append(button);
    return head;
  }));
}

function fillTable() {
  const view = current();
  const columns = shownColumns();
  const body = $("rows");
  while (body.children.length < COUNT) {
    const row = html("tr");
    for (const name of columns) {
      const cell = html(name === "name" ? "th" : "td", name === "name" ? { scope: "row", class: name } : { class: name });
      if (name === "name") cell.append(html("button", { type: "button", class: "plain" }));
      row.append(cell);
    }
    body.append(row);
  }
  order(view).forEach((i, at) => {
    const row = body.children[at];
    const cells = cellsOf(view, i);
    row.dataset.i = i;
    row.classList.toggle("chosen", i === state.selected);
    columns.forEach((name, c) => {
      const cell = name === "name" ? row.children[c].firstChild : row.children[c];
      if (cell.textContent !== cells[name]) cell.textContent = cells[name];
    });
  });
}

function drawTable() {
  const view = current();
  $("figures-title").textContent = t("figures", { area: inLanguage(held.texts.area).toLowerCase() });
  const title = `${inLanguage(view.layer.title)}. ${layerAbout(view)}. ${badge(view).text}`;
  $("table-caption").textContent = t(state.own ? "captionOwn" : "caption", { title, level: held.level });
  drawHeads();
  if (!seen) return;
  // After the map: a slider that moves must not wait for a thousand rows.
  clearTimeout(waiting);
  waiting = setTimeout(fillTable, 60);
}

function listenToTable() {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    seen = true;
    fillTable();
  }, { rootMargin: "400px" }).observe($("figures"));
  $("rows").addEventListener("click", (event) => {
    const row = event.target.closest("button") && event.target.closest("tr");
    if (!row) return;
    select(Number(row.dataset.i));
    zoomTo(state.selected);
  });
  $("skip").addEventListener("click", (event) => {
    // The address holds the state of the page, so the link must not write into it.
    event.preventDefault();
    $("figures").scrollIntoView();
    $("figures").focus();
  });
}
