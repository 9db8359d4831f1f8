// Start, and what follows a change: everything that shows is drawn from the state again.
function refresh() {
  const view = current();
  paint();
  const title = inLanguage(view.layer.title);
  $("layer-title").textContent = title;
  $("layer-about").textContent = layerAbout(view);
  const note = badge(view);
  $("badge").textContent = note.text;
  $("badge").className = `badge ${note.kind}`;
  document.body.classList.toggle("own-setting", Boolean(state.own));
  document.title = [state.own ? note.text : "", title, inLanguage(held.texts.title)].filter(Boolean).join(" · ");
  map.setAttribute("aria-label", t("mapLabel", { title: `${title}, ${layerAbout(view)}, ${note.text}` }));
  listLayers();
  listSchemes();
  showCutoff();
  drawLegend();
  drawDetails();
  drawTable();
  showSetting();
  drawFoot();
  later();
}

function drawFoot() {
  const lines = feet();
  const weights = weightsText();
  if (weights) lines.unshift(`${badge(current()).text}. ${weights}`);
  $("foot").replaceChildren(...lines.map((line) => html("p", {}, line)));
}

function speakLanguage() {
  document.documentElement.lang = state.language;
  for (const part of document.querySelectorAll("[data-text]")) part.textContent = t(part.dataset.text);
  for (const part of document.querySelectorAll("[data-label]")) part.setAttribute("aria-label", t(part.dataset.label));
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  $("measure").textContent = inLanguage(held.texts.measure);
  $("title").textContent = inLanguage(held.texts.title);
  $("search-label").textContent = t("search", { area: inLanguage(held.texts.area).toLowerCase() });
  drawSetting();
}

function select(i) {
  state.selected = i;
  cursor = i;
  outlined();
  drawDetails();
  if (i >= 0) speak(i);
  for (const row of $("rows").children) row.classList.toggle("chosen", Number(row.dataset.i) === i);
  later();
}

let writing = 0;
function later() {
  clearTimeout(writing);
  writing = setTimeout(writeAddress, 150);
}

function listen() {
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("layer").addEventListener("change", (event) => {
    state.layer = layerNamed(event.target.value);
    refresh();
  });
  $("scheme").addEventListener("change", (event) => {
    state.scheme = event.target.value;
    refresh();
  });
  $("cutoff").addEventListener("input", (event) => {
    state.k = held.cutoffs[Number(event.target.value)];
    refresh();
  });
  $("languages").addEventListener("click", (event) => {
    const language = event.target.dataset.language;
    if (!language) return;
    state.language = language;
    speakLanguage();
    refresh();
    look();
  });
  addEventListener("hashchange", () => {
    if (location.hash !== written) restore();
  });
  new ResizeObserver(() => {
    measure();
    look();
  }).observe(map);
  // Paper has another shape than the screen; the size is that of the map in page.css, in pixels.
  addEventListener("beforeprint", () => {
    size = [760, state.own ? 476 : 506];
    look();
  });
  addEventListener("afterprint", () => {
    measure();
    look();
  });
  listenToPointers();
  listenToKeys();
  listenToSearch();
  listenToTable();
  listenToSetting();
  listenToSaving();
}

function restore() {
  Object.assign(state, { zoom: START.zoom, x: START.x, y: START.y });
  readAddress();
  if (state.own) $("own").open = true;
  speakLanguage();
  refresh();
  outlined();
  look();
}

drawMap();
measure();
restore();
listen();
document.documentElement.dataset.ready = "yes";
