// @ts-check
// Mouse and fingers on the map: what is pointed at, selected, dragged, zoomed.
import { byId, html } from "./dom.js";
import { intervalText } from "./details.js";
import { isMarked } from "./hatches.js";
import { map, outlinePointed } from "./map.js";
import { areas } from "./page_data.js";
import { second } from "./second.js";
import { onChange, select, state } from "./state.js";
import { current, viewIn } from "./view.js";
import { marked, standingInWords } from "./words.js";
import { onGrid, panBy, pinch, zoomBy } from "./zoom.js";

const A_CLICK = 5; // pixels: who moves less, clicks
const A_LINE = 0.05; // of zoom, for a wheel that counts lines
const A_PIXEL = 0.0016;

/** @typedef {{ clientX: number, clientY: number }} Point */

/** @type {Map<number, PointerEvent>} */
const pressed = new Map();
let moved = 0;
/** Where the mouse rests on the map; null when it is elsewhere, or a finger. @type {Point | null} */
let resting = null;

/** @param {EventTarget | null} target */
const areaAt = (target) => (target instanceof Element && target.hasAttribute("data-i") ? Number(target.getAttribute("data-i")) : -1);

export function listenToPointers() {
  for (const one of [map, second]) listenOn(one);
  // The map may have moved below a mouse that rests, and figures may have changed.
  for (const what of /** @type {const} */ (["view", "figures"])) onChange(what, pointAgain);
}

/** @param {SVGSVGElement} one of the maps */
function listenOn(one) {
  one.addEventListener("wheel", (event) => {
    // With everything in view a wheel that turns outwards scrolls the page.
    if (state.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? A_LINE : A_PIXEL)), onGrid(event, one));
  }, { passive: false });
  one.addEventListener("pointerdown", (event) => {
    if (!pressed.size) moved = 0;
    pressed.set(event.pointerId, event);
  });
  one.addEventListener("pointermove", (event) => onMove(event, one));
  one.addEventListener("pointerup", (event) => pressed.delete(event.pointerId));
  one.addEventListener("pointercancel", (event) => pressed.delete(event.pointerId));
  one.addEventListener("pointerleave", unpoint);
  one.addEventListener("click", (event) => {
    const i = areaAt(event.target);
    if (moved < A_CLICK) select(i === state.selected ? -1 : i);
  });
  one.addEventListener("dblclick", (event) => zoomBy(2, onGrid(event, one)));
}

/** @param {PointerEvent} event @param {SVGSVGElement} on */
function onMove(event, on) {
  const before = pressed.get(event.pointerId);
  if (!before) {
    if (event.pointerType !== "touch") point(areaAt(event.target), event, on);
    return;
  }
  const other = [...pressed.values()].find((one) => one.pointerId !== event.pointerId);
  moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
  pressed.set(event.pointerId, event);
  if (moved < A_CLICK) return;
  if (!on.hasPointerCapture(event.pointerId)) on.setPointerCapture(event.pointerId);
  unpoint();
  if (other) {
    const apart = (/** @type {Point} */ one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    pinch(apart(event) / Math.max(1, apart(before)), onGrid(between(before, other), on), between(event, other), on);
  } else if (state.zoom > 1) {
    panBy(before.clientX - event.clientX, before.clientY - event.clientY);
  }
}

/** @param {Point} a @param {Point} b @returns {Point} */
const between = (a, b) => ({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });

function unpoint() {
  resting = null;
  outlinePointed(-1);
  byId("tip").hidden = true;
}

function pointAgain() {
  if (!resting) return;
  const target = document.elementFromPoint(resting.clientX, resting.clientY);
  point(areaAt(target), resting, target && second.contains(target) ? second : map);
}

/**
 * The area under the mouse: outlined, with its figure beside it.
 * @param {number} i
 * @param {Point} at
 * @param {SVGSVGElement} on the map that it is on
 */
function point(i, at, on) {
  resting = { clientX: at.clientX, clientY: at.clientY };
  outlinePointed(i);
  const tip = byId("tip");
  tip.hidden = i < 0;
  if (i < 0) return;
  const view = on === second && state.beside >= 0 ? viewIn(state.beside) : current();
  const lines = [html("strong", {}, areas.names[i]), html("span", { class: "big" }, marked(view.value[i], view.form, view.standing[i]))];
  if (!Number.isNaN(view.low[i])) lines.push(html("span", {}, intervalText(view, i)));
  if (isMarked(view.standing[i])) lines.push(html("span", { class: "mark" }, standingInWords(view.standing[i])));
  tip.replaceChildren(...lines);
  const box = byId("map-box").getBoundingClientRect();
  const x = at.clientX - box.left;
  const y = at.clientY - box.top;
  const left = x + 16 + tip.offsetWidth > box.width ? x - tip.offsetWidth - 12 : x + 16;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, Math.min(box.height - tip.offsetHeight - 2, y + 12))}px`;
}
