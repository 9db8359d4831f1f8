// @ts-check
// What the reader has chosen, and who is told when it changes.
import { PUBLISHED, areas, data, live } from "./page_data.js";
import { canBeLive } from "./live.js";
/** @import { Layer, Setting } from "./types.d.ts" */

export const MOST_ZOOM = 40;
/** Everything in view. */
export const WHOLE = { zoom: 1, x: areas.width / 2, y: areas.height / 2 };

/**
 * The scheme is the reader's wish, which a layer need not have; `own` is a setting of the reader's own; `selected` is
 * an area, -1 for none; `beside` is the period of a second map, -1 for none; `goal` is a place in the targets of the page, -1 for none; `period` is a place in the periods of the page; x and y are the middle of the view on the grid.
 * @type {{ layer: Layer, k: string, scheme: string, language: string, selected: number, own: Setting | null,
 *          period: number, beside: number, goal: number, zoom: number, x: number, y: number }}
 */
export const state = {
  layer: data.layers[0], k: data.official, period: PUBLISHED, beside: -1, goal: -1, scheme: data.layers[0].scheme, language: data.language, selected: -1,
  own: null, ...WHOLE,
};

/** A layer need not have every scheme; the reader's choice waits for one that has it. */
export const schemeNow = () => (state.scheme in state.layer.breaks ? state.scheme : state.layer.scheme);

/** @param {Layer} layer */
export const isLive = (layer) => live !== null && canBeLive(live, layer);

/** The weights of the measure. */
export const officialWeights = () => (live ? live.items.map((item) => item.weight) : []);

/**
 * Takes a setting of the reader's own; a layer that cannot be computed with it gives way to one that can.
 * @param {Setting} setting
 */
export function setOwn(setting) {
  state.own = setting;
  state.period = PUBLISHED;
  state.beside = -1;
  if (!isLive(state.layer)) state.layer = data.layers.find(isLive) || state.layer;
}

/** @type {Record<"figures" | "selection" | "view", (() => void)[]>} */
const listeners = { figures: [], selection: [], view: [] };

/**
 * Does something whenever other figures are shown, another area is selected, or another part of the map is seen.
 * @param {"figures" | "selection" | "view"} what
 * @param {() => void} then
 */
export function onChange(what, then) {
  listeners[what].push(then);
}

/** @param {"figures" | "selection" | "view"} what */
export function changed(what) {
  for (const then of listeners[what]) then();
}

/** @param {number} i */
export function select(i) {
  state.selected = i;
  changed("selection");
}
