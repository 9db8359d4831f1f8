// @ts-check
// Moving the view: zoom and pan, to one area or to everything.
import { areas } from "./page_data.js";
import { writeAddressSoon } from "./address.js";
import { look, sheet } from "./map.js";
import { shapes } from "./painting.js";
import { MOST_ZOOM, WHOLE, changed, state } from "./state.js";

/** @param {{ x: number, y: number, zoom?: number }} view */
function lookAt(view) {
  Object.assign(state, view);
  look();
  changed("view");
  writeAddressSoon();
}

/**
 * @param {number} factor
 * @param {[number, number]} [at] a point of the grid that stays where it is
 */
export function zoomBy(factor, at = [state.x, state.y]) {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, state.zoom * factor));
  const moved = state.zoom / zoom;
  lookAt({ zoom, x: at[0] + (state.x - at[0]) * moved, y: at[1] + (state.y - at[1]) * moved });
}

/**
 * Two fingers: what was between them stays between them.
 * @param {number} factor
 * @param {[number, number]} from between them before, on the grid
 * @param {{ clientX: number, clientY: number }} to between them now
 * @param {Element} on the map that they are on
 */
export function pinch(factor, from, to, on) {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, state.zoom * factor));
  const scale = (sheet.scale * zoom) / state.zoom;
  const box = on.getBoundingClientRect();
  lookAt({ zoom, x: from[0] - (to.clientX - box.left - box.width / 2) / scale, y: from[1] - (to.clientY - box.top - box.height / 2) / scale });
}

/** @param {number} across in pixels @param {number} down */
export const panBy = (across, down) => lookAt({ x: state.x + across / sheet.scale, y: state.y + down / sheet.scale });

export const showAll = () => lookAt(WHOLE);

/** @param {number} i */
export function zoomTo(i) {
  const [x0, y0, x1, y1] = shapes[i].box;
  const fit = Math.min(sheet.width / areas.width, sheet.height / areas.height);
  const wanted = Math.min(sheet.width / (x1 - x0 + 1), sheet.height / (y1 - y0 + 1)) / fit / 5;
  lookAt({ zoom: Math.min(12, Math.max(2, wanted)), x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
}

/**
 * A point of the screen on the grid.
 * @param {{ clientX: number, clientY: number }} point
 * @param {Element} on the map that it is on
 * @returns {[number, number]}
 */
export function onGrid({ clientX, clientY }, on) {
  const box = on.getBoundingClientRect();
  return [state.x + (clientX - box.left - box.width / 2) / sheet.scale, state.y + (clientY - box.top - box.height / 2) / sheet.scale];
}
