// @ts-check
// The map itself: paths made once, colours and hatches set again, the view moved by its box.
import { svgById } from "./dom.js";
import { drawFurniture, placeFurniture } from "./furniture.js";
import { drawGoals, placeGoals } from "./goals.js";
import { drawNames, placeNames } from "./names.js";
import { areas } from "./page_data.js";
import { overlay, painting, shapes } from "./painting.js";
import { state } from "./state.js";
import { PAPER, current } from "./view.js";
/** @import { Box } from "./types.d.ts" */

const SELECTED_INK = "#0b3c8c";
const POINTED_INK = "#111111";

export const map = svgById("map");
/** What the map is drawn for: width and height in pixels, and pixels of a grid step. */
export const sheet = { width: 1, height: 1, scale: 1 };
/** What another map does when this one is moved. @type {((viewBox: string, px: number, seen: Box) => void)[]} */
export const followers = [];

const painted = painting(map, "");
drawNames(map);
drawGoals(map);
drawFurniture(map);
/** The outline of the area under the pointer, or of the cursor. */
const pointed = overlay(map, { stroke: POINTED_INK });
const halo = overlay(map, { stroke: PAPER });
const selected = overlay(map, { stroke: SELECTED_INK });

/** Colours and hatches of what is on the map now. */
export const paint = () => painted.paint(current());

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
  const viewBox = [state.x - across / 2, state.y - down / 2, across, down].map((v) => v.toFixed(2)).join(" ");
  map.setAttribute("viewBox", viewBox);
  map.classList.toggle("zoomed", state.zoom > 1);
  const px = 1 / sheet.scale;
  const widths = [[pointed, 1.6], [halo, 5], [selected, 2.4]];
  for (const [line, width] of /** @type {[SVGElement, number][]} */ (widths)) line.setAttribute("stroke-width", String(width * px));
  // Paper may show more than the screen, on the longer side.
  /** @type {Box} */
  const seen = [state.x - across, state.y - down, state.x + across, state.y + down];
  painted.drawLines(px, seen);
  for (const follow of followers) follow(viewBox, px, seen);
  placeFurniture(state.x - across / 2, state.y + down / 2, sheet.scale);
  const onSheet = { left: state.x - across / 2, top: state.y - down / 2, width, height, scale: sheet.scale };
  placeNames(onSheet);
  placeGoals(onSheet);
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
