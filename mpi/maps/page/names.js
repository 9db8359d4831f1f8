// @ts-check
// Names on the map: of upper areas, then of areas, as far as there is room and none covers another.
import { setAttributes, svg } from "./dom.js";
import { wrapped } from "./furniture.js";
import { areas, data } from "./page_data.js";
import { numbersIn } from "./unpacking.js";
/** @import { Name } from "./types.d.ts" */

const FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const UPPER = { letters: 11, weight: 650, ink: "#2b2621", overhang: 4.5 };
const OWN = { letters: 10.5, weight: 450, ink: "#1d1b18", overhang: 3.4 };
const CAPITAL = { letters: 11, weight: 600, ink: "#1d1b18", overhang: 5 };
const MOST_LETTERS = 13; // of a line
const LEAST_RADIUS = 3; // pixels: an area of fewer is hardly seen
const MOST_NAMES = 220;
const LINE = 1.08; // height of a line in letters
const APART = 3; // pixels
const SCALE_BAR = { width: 190, height: 62 }; // kept free, at the lower left

const pen = document.createElement("canvas").getContext("2d");
const group = svg("g", { id: "names", "pointer-events": "none", "aria-hidden": "true", "font-family": FONTS,
  "text-anchor": "middle", "paint-order": "stroke", stroke: data.palette.paper, "stroke-opacity": 0.85, "stroke-linejoin": "round" });

/** Those of upper areas first, then capitals, then the others, the roomiest first. */
const names = prepared();

function prepared() {
  const { next } = numbersIn(areas.spots);
  const spots = [...areas.names, ...areas.upperNames].map(() => ({ x: next(), y: next(), radius: next() }));
  const capitals = new Set(areas.capitals);
  const own = areas.names.map((text, i) => named(text, spots[i], capitals.has(i) ? CAPITAL : OWN, capitals.has(i) ? 1 : 2));
  const upper = areas.upperNames.map((text, u) => named(text, spots[areas.names.length + u], UPPER, 0));
  return [...upper, ...own].sort((a, b) => a.rank - b.rank || b.radius - a.radius);
}

/**
 * @param {string} text @param {{ x: number, y: number, radius: number }} spot @param {typeof OWN} look @param {number} rank
 * @returns {Name}
 */
function named(text, spot, look, rank) {
  return { ...spot, look, rank, lines: wrapped(text, MOST_LETTERS), width: 0 };
}

/** Width in pixels: measured when first wanted. @param {Name} name */
function widthOf(name) {
  if (!name.width) {
    const { letters, weight } = name.look;
    if (pen) pen.font = `${weight} ${letters}px ${FONTS}`;
    name.width = Math.max(...name.lines.map((line) => (pen ? pen.measureText(line).width : line.length * letters * 0.6)));
  }
  return name.width;
}

/** Whether names are seen: not where signs stand in their place. @param {boolean} shown */
export const showNames = (shown) => setAttributes(group, { display: shown ? "inline" : "none" });

/** @param {Element} map */
export const drawNames = (map) => map.append(group);

/**
 * @param {{ left: number, top: number, width: number, height: number, scale: number }} seen left and top on the grid,
 *   width and height in pixels, scale in pixels of a grid step
 */
export function placeNames({ left, top, width, height, scale }) {
  /** @type {[number, number, number, number][]} */
  const taken = [[0, height - SCALE_BAR.height, SCALE_BAR.width, height]];
  const shown = [];
  for (const name of names) {
    const radius = name.radius * scale;
    if (shown.length === MOST_NAMES) break;
    if (radius < LEAST_RADIUS) continue;
    const [x, y] = [(name.x - left) * scale, (name.y - top) * scale];
    if (x < 0 || y < 0 || x > width || y > height || widthOf(name) > name.look.overhang * radius) continue;
    const [across, down] = [name.width / 2 + APART, (name.lines.length * LINE * name.look.letters) / 2 + 1];
    if (x < across || y < down || x > width - across || y > height - down) continue;
    if (taken.some(([a, b, c, d]) => x - across < c && x + across > a && y - down < d && y + down > b)) continue;
    taken.push([x - across, y - down, x + across, y + down]);
    shown.push(name);
  }
  shown.forEach((name, at) => write(/** @type {SVGTextElement} */ (group.children[at] || svg("text", {}, group)), name, 1 / scale));
  while (group.children.length > shown.length) group.lastChild?.remove();
}

/** @param {SVGTextElement} text @param {Name} name @param {number} px length of a pixel on the grid */
function write(text, { x, y, lines, look, rank }, px) {
  const letters = look.letters * px;
  const first = y + letters * (0.36 - (LINE * (lines.length - 1)) / 2);
  setAttributes(text, { "font-size": letters.toFixed(2), "font-weight": look.weight, fill: look.ink, "stroke-width": (3 * px).toFixed(2), "data-rank": rank });
  text.replaceChildren(...lines.map((line, i) => {
    const part = svg("tspan", { x, y: (first + LINE * letters * i).toFixed(2) });
    part.textContent = line;
    return part;
  }));
}
