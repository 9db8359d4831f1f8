// @ts-check
// The state as text in the address of the page: a link opens the same view.
import { PUBLISHED, areas, data, layerNamed, live } from "./page_data.js";
import { MOST_ZOOM, setOwn, state } from "./state.js";

const DELAY = 150; // milliseconds: some browsers allow few changes of an address a second
const MOST_CHARACTERS = 80; // of a number in an address

let written = "";
let waiting = 0;

/** Takes what the address says and is possible; the rest stays as it is. */
export function readAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const wish = (/** @type {string} */ name) => wanted.get(name) || "";
  if (data.languages.includes(wish("lang"))) state.language = wish("lang");
  state.layer = layerNamed(wish("layer")) || state.layer;
  if (data.cutoffs.includes(wish("k"))) state.k = wish("k");
  state.scheme = data.schemes.includes(wish("scheme")) ? wish("scheme") : data.layers[0].scheme;
  state.period = data.periods.includes(wish("period")) ? data.periods.indexOf(wish("period")) : PUBLISHED;
  const beside = data.periods.indexOf(wish("beside"));
  state.beside = beside === state.period ? -1 : beside;
  state.goal = data.goals.findIndex((goal) => goal.name === wish("target"));
  state.selected = areas.codes.indexOf(wish("unit"));
  const [x, y, zoom] = wish("view").split(",").map(Number);
  if (zoom >= 1 && zoom <= MOST_ZOOM && Number.isFinite(x) && Number.isFinite(y)) Object.assign(state, { x, y, zoom });
  const weights = wish("weights").split(",");
  state.own = null;
  if (live && wanted.has("own") && weights.length === live.items.length) {
    const cut = (/** @type {string} */ text) => text.slice(0, MOST_CHARACTERS);
    const closed = wish("closed").split(",");
    setOwn({ k: cut(wish("own")), weights: weights.map(cut), closed: live.closable.filter((name) => closed.includes(name)) });
  }
}

function writeAddress() {
  const parts = new URLSearchParams();
  parts.set("layer", state.layer.name);
  if (state.k) parts.set("k", state.k);
  if (state.period !== PUBLISHED) parts.set("period", data.periods[state.period]);
  if (state.beside >= 0) parts.set("beside", data.periods[state.beside]);
  if (state.goal >= 0) parts.set("target", data.goals[state.goal].name);
  parts.set("scheme", state.scheme);
  parts.set("lang", state.language);
  if (state.selected >= 0) parts.set("unit", areas.codes[state.selected]);
  if (state.zoom > 1) parts.set("view", [state.x.toFixed(1), state.y.toFixed(1), state.zoom.toFixed(4)].join(","));
  if (state.own) {
    parts.set("own", state.own.k);
    // A comma parts the weights, so a decimal comma is written as a point.
    parts.set("weights", state.own.weights.map((w) => w.replace(/,/g, ".")).join(","));
    if (state.own.closed.length) parts.set("closed", state.own.closed.join(","));
  }
  written = `#${parts}`;
  try {
    history.replaceState(null, "", written);
  } catch {
    // Some browsers allow no change of a file's address, or few a second: the page works without it.
  }
}

/** Writes the address when nothing has changed for a moment. */
export function writeAddressSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(writeAddress, DELAY);
}

/** Whether the address is not the one that was written last: the reader has followed a link. */
export const addressIsNew = () => location.hash !== written;
