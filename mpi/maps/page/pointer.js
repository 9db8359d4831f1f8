// @ts-check
// Mouse and finger on the map: what is pointed at, selected, dragged, zoomed.
import { byId, html } from "./dom.js";
import { intervalText } from "./details.js";
import { isMarked } from "./hatches.js";
import { map, outlinePointed } from "./map.js";
import { areas } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { marked, standingInWords } from "./words.js";
import { onGrid, panBy, zoomBy } from "./zoom.js";

const A_CLICK = 5; // pixels: who moves less, clicks
const A_LINE = 0.05; // of zoom, for a wheel that counts lines
const A_PIXEL = 0.0016;

/** @type {Map<number, PointerEvent>} */
const pressed = new Map();
let moved = 0;

/** @param {EventTarget | null} target */
const areaAt = (target) => (target instanceof Element && target.hasAttribute("data-i") ? Number(target.getAttribute("data-i")) : -1);

export function listenToPointers() {
  map.addEventListener("wheel", (event) => {
    // With everything in view a wheel that turns outwards scrolls the page.
    if (state.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? A_LINE : A_PIXEL)), onGrid(event));
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    pressed.set(event.pointerId, event);
    moved = 0;
  });
  map.addEventListener("pointermove", onMove);
  map.addEventListener("pointerup", (event) => pressed.delete(event.pointerId));
  map.addEventListener("pointercancel", (event) => pressed.delete(event.pointerId));
  map.addEventListener("pointerleave", unpoint);
  map.addEventListener("click", (event) => {
    const i = areaAt(event.target);
    if (moved < A_CLICK) select(i === state.selected ? -1 : i);
  });
  map.addEventListener("dblclick", (event) => zoomBy(2, onGrid(event)));
}

/** @param {PointerEvent} event */
function onMove(event) {
  const before = pressed.get(event.pointerId);
  if (!before) {
    point(areaAt(event.target), event);
    return;
  }
  const other = [...pressed.values()].find((one) => one.pointerId !== event.pointerId);
  const across = event.clientX - before.clientX;
  const down = event.clientY - before.clientY;
  moved += Math.abs(across) + Math.abs(down);
  pressed.set(event.pointerId, event);
  if (moved >= A_CLICK && !map.hasPointerCapture(event.pointerId)) map.setPointerCapture(event.pointerId);
  unpoint();
  if (other) {
    const apart = (/** @type {PointerEvent} */ one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
    zoomBy(apart(event) / Math.max(1, apart(before)), onGrid(middle));
    panBy(-across / 2, -down / 2);
  } else if (state.zoom > 1) {
    panBy(-across, -down);
  }
}

function unpoint() {
  outlinePointed(-1);
  byId("tip").hidden = true;
}

/**
 * The area under the pointer: outlined, with its figure beside it.
 * @param {number} i
 * @param {PointerEvent} event
 */
function point(i, event) {
  if (i < 0) {
    unpoint();
    return;
  }
  outlinePointed(i);
  const view = current();
  const lines = [html("strong", {}, areas.names[i]), html("span", { class: "big" }, marked(view.value[i], view.form, view.standing[i]))];
  if (!Number.isNaN(view.low[i])) lines.push(html("span", {}, intervalText(view, i)));
  if (isMarked(view.standing[i])) lines.push(html("span", { class: "mark" }, standingInWords(view.standing[i])));
  const tip = byId("tip");
  tip.hidden = false;
  tip.replaceChildren(...lines);
  const box = byId("map-box").getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const left = x + 16 + tip.offsetWidth > box.width ? x - tip.offsetWidth - 12 : x + 16;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, Math.min(box.height - tip.offsetHeight - 2, y + 12))}px`;
}
