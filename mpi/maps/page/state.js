// What the reader has chosen, and its text in the address: a link opens the same view.
const SCHEMES = ["fixed", "quantiles", "fisher_jenks"];
const START = { scheme: held.layers[0].scheme, zoom: 1, x: areas.width / 2, y: areas.height / 2 };
const state = {
  layer: held.layers[0], k: held.official, scheme: START.scheme, language: held.language, selected: -1,
  zoom: START.zoom, x: START.x, y: START.y, own: null,
};

const officialWeights = () => live.items.map((item) => item.weight);
const layerNamed = (name) => held.layers.find((layer) => layer.name === name);

function readAddress() {
  let wanted;
  try {
    wanted = new URLSearchParams(location.hash.slice(1));
  } catch {
    return;
  }
  const language = wanted.get("lang");
  if (language === "es" || language === "en") state.language = language;
  const layer = layerNamed(wanted.get("layer"));
  if (layer) state.layer = layer;
  if (held.cutoffs.includes(wanted.get("k"))) state.k = wanted.get("k");
  state.scheme = SCHEMES.includes(wanted.get("scheme")) ? wanted.get("scheme") : START.scheme;
  state.selected = areas.codes.indexOf(wanted.get("unit"));
  const [x, y, zoom] = (wanted.get("view") || "").split(",").map(Number);
  if (zoom >= 1 && zoom <= MOST_ZOOM && Number.isFinite(x) && Number.isFinite(y)) Object.assign(state, { x, y, zoom });
  const weights = (wanted.get("weights") || "").split(",");
  state.own = null;
  if (live && wanted.has("own") && weights.length === live.items.length) {
    state.own = { k: wanted.get("own").slice(0, 80), weights: weights.map((w) => w.slice(0, 80)) };
    if (!canBeLive(state.layer)) state.layer = held.layers.find(canBeLive);
  }
}

let written = "";
function writeAddress() {
  const parts = new URLSearchParams();
  parts.set("layer", state.layer.name);
  if (state.k) parts.set("k", state.k);
  parts.set("scheme", state.scheme);
  parts.set("lang", state.language);
  if (state.selected >= 0) parts.set("unit", areas.codes[state.selected]);
  if (state.zoom > 1) parts.set("view", [state.x.toFixed(1), state.y.toFixed(1), state.zoom.toFixed(4)].join(","));
  if (state.own) {
    parts.set("own", state.own.k);
    // A comma parts the weights, so a decimal comma is written as a point.
    parts.set("weights", state.own.weights.map((w) => w.replace(/,/g, ".")).join(","));
  }
  written = `#${parts}`;
  try {
    history.replaceState(null, "", written);
  } catch {
    // Some browsers allow no change of a file's address, or few a second: the page works without it.
  }
}
