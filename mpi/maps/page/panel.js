// The selected unit, the search, and the list of layers.
const upperOf = (i) => (areas.upper[i] >= 0 ? areas.upperNames[areas.upper[i]] || areas.upperCodes[areas.upper[i]] : "");

function intervalText(view, i) {
  const [low, high] = [view.low[i], view.high[i]].map((v) => figure(v, view.form, true));
  return `${t("interval", { level: held.level })}: ${low} – ${high}`;
}

function figureInWords(view, i) {
  const parts = [Number.isNaN(view.value[i]) ? inWords(view.standing[i]) : figure(view.value[i], view.form)];
  if (!Number.isNaN(view.low[i])) parts.push(intervalText(view, i));
  if (!Number.isNaN(view.value[i])) parts.push(inWords(view.standing[i]));
  return parts.join("; ");
}

function drawDetails() {
  const box = $("details");
  $("details-title").textContent = state.selected < 0 ? t("details") : areas.names[state.selected];
  if (state.selected < 0) {
    box.replaceChildren(html("p", { class: "small" }, t("choose")));
    return;
  }
  const i = state.selected;
  const view = current();
  const lines = [html("p", { class: "small" }, [`${inLanguage(held.texts.area)} ${areas.codes[i]}`, upperOf(i)].filter(Boolean).join(" · "))];
  lines.push(html("p", { class: "big" }, marked(view.value[i], view.form, view.standing[i])));
  lines.push(html("p", { class: "small again" }, `${inLanguage(view.layer.title)} · ${layerAbout(view)}`));
  const facts = html("dl");
  const fact = (name, text) => facts.append(html("dt", {}, name), html("dd", {}, text));
  if (!Number.isNaN(view.low[i])) fact(t("interval", { level: held.level }), `${figure(view.low[i], view.form, true)} – ${figure(view.high[i], view.form, true)}`);
  fact(t("standing"), inWords(view.standing[i]));
  if (view.classOf[i] >= 0) fact(t("class"), classText(view, view.classOf[i]));
  if (!Number.isNaN(view.n[i])) fact(t("sample", { unit: inLanguage(held.texts.unit) }), number(view.n[i], 0));
  lines.push(facts);
  if (state.own) lines.push(html("p", { class: "small" }, t("noInterval")));
  const compared = comparison(view, i);
  if (compared) lines.push(compared);
  const buttons = html("div", { class: "buttons" });
  const zoom = html("button", { type: "button" }, t("zoomTo"));
  zoom.addEventListener("click", () => zoomTo(i));
  const clear = html("button", { type: "button" }, t("clear"));
  clear.addEventListener("click", () => select(-1));
  buttons.append(zoom, clear);
  box.replaceChildren(...lines, buttons);
}

// The unit beside the area that holds it and beside the whole: dots with intervals on one axis from 0.
function comparison(view, i) {
  if (view.form === "number") return null;
  const rows = [{ name: areas.names[i], table: view, at: i }];
  if (view.upper && areas.upper[i] >= 0) rows.push({ name: upperOf(i), table: view.upper, at: areas.upper[i] });
  if (view.total) rows.push({ name: inLanguage(held.texts.total), table: view.total, at: 0 });
  if (rows.length < 2) return null;
  const ends = rows.map(({ table, at }) => (Number.isNaN(table.high[at]) ? table.value[at] : table.high[at])).filter((v) => !Number.isNaN(v));
  const most = Math.max(...ends, 1e-9) * 1.04;
  const table = html("table", { class: "compared" });
  table.append(html("caption", {}, t("compare")));
  const body = html("tbody");
  for (const { name, table: from, at } of rows) {
    const row = html("tr");
    row.append(html("th", { scope: "row" }, name));
    const cell = html("td", { class: "dots" });
    const svg = element("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
    const x = (v) => 2 + (96 * v) / most;
    element("line", { x1: 2, x2: 98, y1: 7, y2: 7, stroke: "#dcd8d1", "vector-effect": "non-scaling-stroke" }, svg);
    if (!Number.isNaN(from.low[at])) element("line", { x1: x(from.low[at]), x2: x(from.high[at]), y1: 7, y2: 7, stroke: "#8a5a1c", "stroke-width": 4, opacity: 0.55, "vector-effect": "non-scaling-stroke" }, svg);
    if (!Number.isNaN(from.value[at])) element("line", { x1: x(from.value[at]), x2: x(from.value[at]), y1: 1.5, y2: 12.5, stroke: "#7a2e03", "stroke-width": 3, "vector-effect": "non-scaling-stroke" }, svg);
    cell.append(svg);
    row.append(cell, html("td", { class: "value" }, marked(from.value[at], view.form, from.standing[at])));
    body.append(row);
  }
  table.append(body);
  return table;
}

let listed = [];
let active = -1;
const MOST_FOUND = 12;
const index = areas.codes.map((code, i) => ({ i, code: folded(code), name: folded(areas.names[i]) }));

function find(text) {
  const wanted = folded(text.trim());
  if (!wanted) return [];
  const rank = (entry) => {
    if (entry.code === wanted || entry.name === wanted) return 0;
    if (entry.name.startsWith(wanted) || entry.code.startsWith(wanted)) return 1;
    return entry.name.includes(` ${wanted}`) ? 2 : entry.name.includes(wanted) ? 3 : 4;
  };
  return index.map((entry) => [rank(entry), entry.i]).filter(([r]) => r < 4).sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, MOST_FOUND).map(([, i]) => i);
}

function showFound(items) {
  const box = $("search");
  listed = items;
  active = items.length ? 0 : -1;
  const options = items.map((i, at) => {
    const option = html("li", { role: "option", id: `found-${at}`, "aria-selected": String(at === active) });
    option.append(html("span", {}, areas.names[i]), html("span", { class: "code" }, [areas.codes[i], upperOf(i)].filter(Boolean).join(" · ")));
    // mousedown, not click: the field's blur would take the list away before.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(i);
    });
    return option;
  });
  if (!items.length && box.value.trim()) options.push(html("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" }, t("nothing")));
  $("found").replaceChildren(...options);
  $("found").hidden = !options.length;
  box.setAttribute("aria-expanded", String(options.length > 0));
  markActive();
}

function markActive() {
  [...$("found").children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
  if (active < 0) $("search").removeAttribute("aria-activedescendant");
  else $("search").setAttribute("aria-activedescendant", `found-${active}`);
}

function take(i) {
  $("search").value = areas.names[i];
  closeFound();
  select(i);
  zoomTo(i);
}

function closeFound() {
  $("found").hidden = true;
  $("search").setAttribute("aria-expanded", "false");
  $("search").removeAttribute("aria-activedescendant");
}

function listenToSearch() {
  const box = $("search");
  box.addEventListener("input", () => showFound(find(box.value)));
  box.addEventListener("blur", closeFound);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!listed.length) return;
      active = (active + (event.key === "ArrowDown" ? 1 : listed.length - 1)) % listed.length;
      markActive();
    } else if (event.key === "Enter") {
      if (active >= 0 && listed.length) take(listed[active]);
    } else if (event.key === "Escape") {
      closeFound();
      return;
    } else return;
    event.preventDefault();
  });
}

function listLayers() {
  const groups = new Map();
  for (const layer of held.layers) {
    const name = inLanguage(layer.group);
    if (!groups.has(name)) groups.set(name, html("optgroup", { label: name }));
    const option = html("option", { value: layer.name }, inLanguage(layer.title));
    option.disabled = Boolean(state.own) && !canBeLive(layer);
    groups.get(name).append(option);
  }
  $("layer").replaceChildren(...groups.values());
  $("layer").value = state.layer.name;
}

function listSchemes() {
  const order = SCHEMES.filter((name) => name in state.layer.breaks);
  $("scheme").replaceChildren(...order.map((name) => html("option", { value: name }, t(name))));
  $("scheme").value = schemeNow();
}

function showCutoff() {
  const slider = $("cutoff");
  const free = state.layer.cutoffs[0] !== "" && !state.own;
  slider.max = String(Math.max(0, held.cutoffs.length - 1));
  slider.value = String(Math.max(0, held.cutoffs.indexOf(state.k)));
  slider.disabled = !free || held.cutoffs.length < 2;
  const text = state.own ? settingText(current()) : state.layer.cutoffs[0] === "" ? t("anyCutoff") : cutoffText(state.k) + (state.k === held.official ? ` (${t(inLanguage(held.act) ? "officialCutoff" : "measureCutoff")})` : "");
  $("cutoff-now").textContent = text;
  slider.setAttribute("aria-valuetext", text);
  $("ticks").replaceChildren(...held.cutoffs.map((k) => html("span", { class: k === held.official ? "official" : "" }, k)));
}
