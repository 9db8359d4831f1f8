// @ts-check
// Keys on the map: they move the view, and a cursor from area to area, which is spoken.
import { figureInWords } from "./details.js";
import { byId } from "./dom.js";
import { look, map, middleOf, outlinePointed, sheet } from "./map.js";
import { AREA_COUNT, areas } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { panBy, showAll, zoomBy } from "./zoom.js";

const STEP = 60; // pixels
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The area that keys have walked to; -1 for none. */
let cursor = -1;

/**
 * The area nearest in a direction: far ones and those off the axis count less. From nowhere, the one in the middle.
 * @param {number} from
 * @param {number} dx
 * @param {number} dy
 */
function neighbour(from, dx, dy) {
  const [x, y] = from < 0 ? [state.x, state.y] : middleOf(from);
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < AREA_COUNT; i++) {
    if (i === from) continue;
    const [a, b] = middleOf(i);
    const along = (a - x) * dx + (b - y) * dy;
    const aside = Math.abs((a - x) * dy) + Math.abs((b - y) * dx);
    if (from >= 0 && along <= aside * 0.5) continue;
    const cost = from < 0 ? Math.hypot(a - x, b - y) : along + 2 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best < 0 ? from : best;
}

/** @param {number} dx @param {number} dy */
function walk(dx, dy) {
  cursor = neighbour(cursor >= 0 ? cursor : state.selected, dx, dy);
  if (cursor < 0) return;
  const [x, y] = middleOf(cursor);
  const [across, down] = [sheet.width / sheet.scale / 2, sheet.height / sheet.scale / 2];
  if (state.zoom > 1 && (Math.abs(x - state.x) > across * 0.8 || Math.abs(y - state.y) > down * 0.8)) {
    Object.assign(state, { x, y });
    look();
  }
  outlinePointed(cursor);
  speak(cursor);
}

/** @param {number} i */
function speak(i) {
  byId("spoken").textContent = [areas.names[i], areas.codes[i], figureInWords(current(), i)].join(", ");
}

/** The cursor goes where the selection is. */
export function followSelection() {
  cursor = state.selected;
  if (cursor < 0) return;
  speak(cursor);
  // On a phone a sheet opens over the lower half: the map goes above it.
  if (getComputedStyle(byId("sheet")).position === "fixed") byId("map-box").scrollIntoView({ block: "start" });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) walk(...arrow);
  else if (arrow) panBy(arrow[0] * STEP, arrow[1] * STEP);
  else if (event.key === "+" || event.key === "=") zoomBy(1.5);
  else if (event.key === "-" || event.key === "_") zoomBy(1 / 1.5);
  else if (event.key === "0") showAll();
  else if (event.key === "Enter" || event.key === " ") select(cursor >= 0 ? cursor : neighbour(-1, 0, 0));
  else if (event.key === "Escape") select(-1);
  else return;
  event.preventDefault();
}

export function listenToKeys() {
  map.addEventListener("keydown", onKey);
  map.addEventListener("blur", () => {
    cursor = -1;
    outlinePointed(-1);
  });
  byId("close").addEventListener("click", () => {
    select(-1);
    map.focus({ preventScroll: true });
  });
  byId("zoom-in").addEventListener("click", () => zoomBy(1.6));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  byId("zoom-all").addEventListener("click", showAll);
}
