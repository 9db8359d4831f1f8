// @ts-check
// The map itself: paths made once, colours and hatches set again, the view moved by its box.
import { svg, svgById } from "./dom.js";
import { drawFurniture, placeFurniture } from "./furniture.js";
import { HATCHES, LINES, hatchLines, hatchOf } from "./hatches.js";
import { drawNames, placeNames } from "./names.js";
import { AREA_COUNT, areas } from "./page_data.js";
import { state } from "./state.js";
import { shapesOf } from "./unpacking.js";
import { PAPER, current, fillOf } from "./view.js";
/** @import { Box, Hatch } from "./types.d.ts" */

export const AREA_INK = "#8d8172";
const UPPER_INK = "#3f3932";
const SELECTED_INK = "#0b3c8c";
const POINTED_INK = "#111111";
const MANY_AREAS = 400; // whose borders are thinner

export const map = svgById("map");
export const shapes = shapesOf(areas.rings);
/** What the map is drawn for: width and height in pixels, and pixels of a grid step. */
export const sheet = { width: 1, height: 1, scale: 1 };

/** @typedef {{ path: SVGPathElement, clip: SVGPathElement, areas: string }} HatchLayer */

const defs = svg("defs", {}, map);
const fills = svg("g", { id: "areas", stroke: AREA_INK, "stroke-linejoin": "round" }, map);
const paths = shapes.map((shape, i) => svg("path", { d: shape.path, fill: PAPER, "data-i": i }, fills));
// One path for all the areas of a hatch: fewer than a thousand clips to draw and to print.
const hatches = /** @type {Record<Hatch, HatchLayer>} */ (Object.fromEntries(HATCHES.map((name) => [name, hatchLayer(name)])));
const borders = overlay({ d: shapesOf(areas.upperRings).map((shape) => shape.path).join(""), stroke: UPPER_INK });
drawNames(map);
drawFurniture(map);
/** The outline of the area under the pointer, or of the cursor. */
const pointed = overlay({ stroke: POINTED_INK });
const halo = overlay({ stroke: PAPER });
const selected = overlay({ stroke: SELECTED_INK });
/** The colour of each path, so that only those that change are set. */
const colours = shapes.map(() => PAPER);

/** @param {Hatch} name @returns {HatchLayer} */
function hatchLayer(name) {
  const clip = svg("path", {}, svg("clipPath", { id: `hatch-${name}` }, defs));
  const path = svg("path", { "clip-path": `url(#hatch-${name})`, fill: "none", stroke: LINES[name].ink, "pointer-events": "none", class: "over" }, map);
  return { path, clip, areas: "" };
}

/** @param {Record<string, string>} attributes */
function overlay({ d, stroke }) {
  return svg("path", { ...(d === undefined ? {} : { d }), fill: "none", stroke, "stroke-linejoin": "round", "pointer-events": "none" }, map);
}

/** Colours and hatches of what is on the map now. */
export function paint() {
  const view = current();
  /** @type {Record<Hatch, number[]>} */
  const hatched = { caution: [], review: [], hidden: [], none: [] };
  for (let i = 0; i < AREA_COUNT; i++) {
    const fill = fillOf(view, i);
    if (colours[i] !== fill) {
      paths[i].setAttribute("fill", fill);
      colours[i] = fill;
    }
    const hatch = hatchOf(view, i);
    if (hatch) hatched[hatch].push(i);
  }
  for (const name of HATCHES) {
    const hatch = hatches[name];
    const key = hatched[name].join();
    if (hatch.clip.hasAttribute("d") && hatch.areas === key) continue;
    hatch.areas = key;
    hatch.clip.setAttribute("d", hatched[name].map((i) => shapes[i].path).join(""));
  }
}

/**
 * A middle of the view such that the view stays within what is seen at zoom 1: so a point can be held at every zoom in.
 * @param {number} at @param {number} seen of the grid, now @param {number} whole of the grid
 */
function inside(at, seen, whole) {
  const room = (seen * (state.zoom - 1)) / 2;
  return Math.min(whole / 2 + room, Math.max(whole / 2 - room, at));
}

/** Puts the view where the state says. Its box has the shape of the sheet, so a grid step is the same in both directions. */
export function look() {
  const { width, height } = sheet;
  sheet.scale = Math.min(width / areas.width, height / areas.height) * state.zoom;
  const across = width / sheet.scale;
  const down = height / sheet.scale;
  state.x = inside(state.x, across, areas.width);
  state.y = inside(state.y, down, areas.height);
  map.setAttribute("viewBox", [state.x - across / 2, state.y - down / 2, across, down].map((v) => v.toFixed(2)).join(" "));
  map.classList.toggle("zoomed", state.zoom > 1);
  const px = 1 / sheet.scale;
  const widths = [[fills, AREA_COUNT > MANY_AREAS ? 0.3 : 0.5], [borders, 1.1], [pointed, 1.6], [halo, 5], [selected, 2.4]];
  for (const [line, width] of /** @type {[SVGElement, number][]} */ (widths)) line.setAttribute("stroke-width", String(width * px));
  // Paper may show more than the screen, on the longer side.
  /** @type {Box} */
  const seen = [state.x - across, state.y - down, state.x + across, state.y + down];
  for (const name of HATCHES) {
    hatches[name].path.setAttribute("d", hatchLines(name, seen, px));
    hatches[name].path.setAttribute("stroke-width", String(LINES[name].width * px));
  }
  placeFurniture(state.x - across / 2, state.y + down / 2, sheet.scale);
  placeNames({ left: state.x - across / 2, top: state.y - down / 2, width, height, scale: sheet.scale });
}

/** @param {number} width @param {number} height */
export function setSheet(width, height) {
  Object.assign(sheet, { width, height });
}

/** The sheet of the screen. */
export function measure() {
  const box = map.getBoundingClientRect();
  if (box.width && box.height) setSheet(box.width, box.height);
}

/**
 * The map drawn for a sheet of another size, while something is done with it.
 * @template T
 * @param {number} width
 * @param {number} height
 * @param {() => T} then
 */
export function withSheet(width, height, then) {
  const before = [sheet.width, sheet.height];
  setSheet(width, height);
  look();
  const done = then();
  setSheet(before[0], before[1]);
  look();
  return done;
}

/** What the map shows, in a picture: all but the outline of what is pointed at. @param {Element} picture */
export function copyMap(picture) {
  for (const child of map.children) if (child !== pointed && child.tagName !== "title") picture.append(child.cloneNode(true));
  for (const path of picture.querySelectorAll("[data-i]")) path.removeAttribute("data-i");
}

/** @param {number} i */
export const outlinePointed = (i) => pointed.setAttribute("d", i < 0 ? "" : shapes[i].path);

export function outlineSelected() {
  document.body.classList.toggle("unchosen", state.selected < 0);
  const path = state.selected < 0 ? "" : shapes[state.selected].path;
  halo.setAttribute("d", path);
  selected.setAttribute("d", path);
}

/** @param {number} i @returns {[number, number]} */
export function middleOf(i) {
  const [x0, y0, x1, y1] = shapes[i].box;
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}
