// @ts-check
// Marks of standing: hatches drawn over the colours, which differ in direction and in density.
import { STANDING, standingName } from "./page_data.js";
/** @import { Box, Hatch, View } from "./types.d.ts" */

/** @type {Hatch[]} */
export const HATCHES = ["caution", "review", "hidden", "none"];

/**
 * Distance of hatch lines along the axes in pixels, their width and colour, and whether they cross.
 * @type {Record<Hatch, { step: number, width: number, ink: string, cross: boolean }>}
 */
export const LINES = {
  caution: { step: 8, width: 0.8, ink: "#7a6444", cross: false },
  review: { step: 5, width: 0.8, ink: "#8a7f70", cross: false },
  hidden: { step: 7, width: 0.8, ink: "#6d675f", cross: true },
  none: { step: 7, width: 0.8, ink: "#a3a09a", cross: true },
};

/**
 * The hatch of an area; null for none.
 * @param {View} view
 * @param {number} i
 * @returns {Hatch | null}
 */
export function hatchOf(view, i) {
  const name = standingName(view.standing[i]);
  if (name === "hidden") return name;
  if (view.classOf[i] < 0) return "none";
  return name === "caution" || name === "review" ? name : null;
}

/** Whether a standing is worth a word beside its figure. @param {number} standing */
export const isMarked = (standing) => standing !== STANDING.shown && standing !== STANDING.unjudged;

/**
 * Hatch lines of a box. Lines and a clip, not an SVG pattern: browsers print patterns as coarse pictures.
 * @param {Hatch} hatch
 * @param {Box} box
 * @param {number} px length of a pixel on the grid
 */
export function hatchLines(hatch, [x0, y0, x1, y1], px) {
  const { step, cross } = LINES[hatch];
  const apart = step * px;
  const at = (/** @type {number} */ v) => v.toFixed(1);
  const parts = [];
  for (let c = Math.ceil((x0 + y0) / apart) * apart; c < x1 + y1; c += apart) {
    const [from, to] = [Math.max(x0, c - y1), Math.min(x1, c - y0)];
    parts.push(`M${at(from)} ${at(c - from)}L${at(to)} ${at(c - to)}`);
  }
  for (let c = Math.ceil((y0 - x1) / apart) * apart; cross && c < y1 - x0; c += apart) {
    const [from, to] = [Math.max(x0, y0 - c), Math.min(x1, y1 - c)];
    parts.push(`M${at(from)} ${at(from + c)}L${at(to)} ${at(to + c)}`);
  }
  return parts.join("");
}
