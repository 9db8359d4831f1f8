// @ts-check
// A second map beside the first: the same layer, cutoff, classes and place, in another period.
import { unitText } from "./captions.js";
import { byId, html, selectById, svg, svgById } from "./dom.js";
import { followers } from "./map.js";
import { areas, data } from "./page_data.js";
import { overlay, painting, shapes } from "./painting.js";
import { changed, onChange, state } from "./state.js";
import { PAPER, viewIn } from "./view.js";
import { inLanguage, t } from "./words.js";

const SELECTED_INK = "#0b3c8c";
const FRAME_INK = "#8a8680";

export const second = svgById("second");

/** @typedef {{ paint: ReturnType<typeof painting>, frames: SVGGElement, halo: SVGPathElement, selected: SVGPathElement }} Drawn */

/** Made when it is first wanted: it doubles the page's areas. @type {Drawn | null} */
let drawn = null;

/** @returns {Drawn} */
function made() {
  const paint = painting(second, "second-");
  const frames = svg("g", { fill: "none", stroke: FRAME_INK, "pointer-events": "none" }, second);
  for (const { x, y, width, height } of areas.frames) svg("rect", { x, y, width, height }, frames);
  return { paint, frames, halo: overlay(second, { stroke: PAPER }), selected: overlay(second, { stroke: SELECTED_INK }) };
}

/** Shows the second map, or takes it away. */
export function drawSecond() {
  const choice = selectById("beside");
  byId("besides").hidden = data.periods.length < 2;
  const others = data.periods.flatMap((name, i) => (i === state.period ? [] : [html("option", { value: i }, name)]));
  choice.replaceChildren(html("option", { value: -1 }, t("oneMap")), ...others);
  if (state.own || state.beside === state.period || !state.layer.rounds[state.beside]) state.beside = -1;
  choice.value = String(state.beside);
  choice.disabled = Boolean(state.own) || !state.layer.rounds[0];
  const two = state.beside >= 0;
  byId("maps").classList.toggle("two", two);
  // Time runs from left to right.
  byId("maps").classList.toggle("turned", two && state.beside < state.period);
  byId("second-box").hidden = !two;
  if (!two) return;
  drawn = drawn || made();
  const view = viewIn(state.beside);
  drawn.paint.paint(view);
  byId("which").textContent = data.periods[state.period];
  byId("which-second").textContent = data.periods[state.beside];
  second.setAttribute("aria-label", [inLanguage(view.layer.title), unitText(view), data.periods[state.beside]].join(", "));
  outlineAgain();
}

function outlineAgain() {
  if (!drawn) return;
  const path = state.selected < 0 ? "" : shapes[state.selected].path;
  drawn.halo.setAttribute("d", path);
  drawn.selected.setAttribute("d", path);
}

/** What the second map shows, in a picture. @param {Element} picture */
export function copySecond(picture) {
  for (const child of second.children) if (child.tagName !== "title") picture.append(child.cloneNode(true));
  for (const path of picture.querySelectorAll("[data-i]")) path.removeAttribute("data-i");
}

export function listenToSecond() {
  followers.push((viewBox, px, seen) => {
    if (!drawn || state.beside < 0) return;
    second.setAttribute("viewBox", viewBox);
    second.classList.toggle("zoomed", state.zoom > 1);
    drawn.paint.drawLines(px, seen);
    drawn.frames.setAttribute("stroke-width", String(px));
    drawn.halo.setAttribute("stroke-width", String(5 * px));
    drawn.selected.setAttribute("stroke-width", String(2.4 * px));
  });
  onChange("selection", outlineAgain);
  selectById("beside").addEventListener("change", () => {
    state.beside = Number(selectById("beside").value);
    changed("figures");
  });
}
