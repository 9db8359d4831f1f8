// @ts-check
// Areas of a map in colours and hatches, with the borders of upper areas: of the map, and of a second one beside it.
import { svg } from "./dom.js";
import { HATCHES, LINES, hatchLines, hatchOf } from "./hatches.js";
import { AREA_COUNT, areas } from "./page_data.js";
import { shapesOf } from "./unpacking.js";
import { PAPER, fillOf } from "./view.js";
/** @import { Box, Hatch, View } from "./types.d.ts" */

export const AREA_INK = "#8d8172";
const UPPER_INK = "#3f3932";
const MANY_AREAS = 400; // whose borders are thinner

export const shapes = shapesOf(areas.rings);
const upperPath = shapesOf(areas.upperRings).map((shape) => shape.path).join("");

/** @typedef {{ path: SVGPathElement, clip: SVGPathElement, areas: string }} HatchLayer */

/**
 * Puts the areas into a map.
 * @param {SVGSVGElement} map
 * @param {string} prefix of the ids of its parts
 */
export function painting(map, prefix) {
  const defs = svg("defs", {}, map);
  const fills = svg("g", { id: `${prefix}areas`, stroke: AREA_INK, "stroke-linejoin": "round" }, map);
  const paths = shapes.map((shape, i) => svg("path", { d: shape.path, fill: PAPER, "data-i": i }, fills));
  // One path for all the areas of a hatch: fewer than a thousand clips to draw and to print.
  const hatches = /** @type {Record<Hatch, HatchLayer>} */ (Object.fromEntries(HATCHES.map((name) => [name, hatchLayer(name)])));
  const borders = overlay(map, { d: upperPath, stroke: UPPER_INK });
  /** The colour of each path, so that only those that change are set. */
  const colours = shapes.map(() => PAPER);

  /** @param {Hatch} name @returns {HatchLayer} */
  function hatchLayer(name) {
    const id = `${prefix}hatch-${name}`;
    const clip = svg("path", {}, svg("clipPath", { id }, defs));
    const path = svg("path", { "clip-path": `url(#${id})`, fill: "none", stroke: LINES[name].ink, "pointer-events": "none", class: "over" }, map);
    return { path, clip, areas: "" };
  }

  /** Colours and hatches. @param {View} view */
  function paint(view) {
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

  /** Lines of the width that they have on the screen. @param {number} px a pixel on the grid @param {Box} seen */
  function drawLines(px, seen) {
    fills.setAttribute("stroke-width", String((AREA_COUNT > MANY_AREAS ? 0.3 : 0.5) * px));
    borders.setAttribute("stroke-width", String(1.1 * px));
    for (const name of HATCHES) {
      hatches[name].path.setAttribute("d", hatchLines(name, seen, px));
      hatches[name].path.setAttribute("stroke-width", String(LINES[name].width * px));
    }
  }

  return { paint, drawLines };
}

/** @param {SVGSVGElement} map @param {Record<string, string>} attributes */
export function overlay(map, { d, stroke }) {
  return svg("path", { ...(d === undefined ? {} : { d }), fill: "none", stroke, "stroke-linejoin": "round", "pointer-events": "none" }, map);
}
