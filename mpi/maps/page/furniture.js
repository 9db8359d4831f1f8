// @ts-check
// What stands on a map beside its areas: frames of insets with their titles, scale bar, north arrow. They are drawn in
// the map itself, so that on paper and in a picture they are scaled with it.
import { setAttributes, svg } from "./dom.js";
import { areas, data } from "./page_data.js";
import { inLanguage, number, t } from "./words.js";

const FRAME_INK = "#8a8680";
const TITLE_INK = "#45413b";
const INK = "#1d1b18";
const LONGEST_BAR = 110; // pixels
const HALO = { "paint-order": "stroke", stroke: data.palette.paper, "stroke-linejoin": "round" };

const frames = svg("g", { id: "frames", "pointer-events": "none" });
const titles = areas.frames.map((frame) => {
  svg("rect", { x: frame.x, y: frame.y, width: frame.width, height: frame.height, fill: "none", stroke: FRAME_INK }, frames);
  return svg("text", { fill: TITLE_INK, ...HALO }, frames);
});
const furniture = svg("g", { id: "furniture", "pointer-events": "none", "aria-hidden": "true" });
const north = svg("path", { fill: INK }, furniture);
const northText = svg("text", { ...HALO, fill: INK }, furniture);
const bar = svg("path", { fill: "none", stroke: INK }, furniture);
const barText = svg("text", { ...HALO, fill: INK }, furniture);

/** @param {Element} map */
export const drawFurniture = (map) => map.append(frames, furniture);

/**
 * @param {number} left of what is seen, on the grid
 * @param {number} bottom
 * @param {number} scale pixels of a grid step
 */
export function placeFurniture(left, bottom, scale) {
  const px = 1 / scale;
  frames.setAttribute("stroke-width", String(px));
  titleFrames(px);
  const place = (/** @type {number} */ x, /** @type {number} */ y) => `${(left + x * px).toFixed(2)} ${(bottom - y * px).toFixed(2)}`;
  north.setAttribute("d", `M${place(22, 46)}L${place(28, 27)}L${place(22, 31)}L${place(16, 27)}Z`);
  label(northText, "N", left + 22 * px, bottom - 14 * px, 11 * px, "middle");
  if (!areas.metres) return;
  const length = barLength(areas.metres / scale);
  const end = 46 + length.pixels;
  bar.setAttribute("d", `M${place(46, 20)}L${place(46, 14)}L${place(end, 14)}L${place(end, 20)}`);
  bar.setAttribute("stroke-width", String(1.5 * px));
  label(barText, length.text, left + 46 * px, bottom - 25 * px, 11.5 * px, "start");
}

/**
 * A round length that is no longer than the longest bar.
 * @param {number} metresPerPixel
 */
function barLength(metresPerPixel) {
  const most = LONGEST_BAR * metresPerPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2].map((n) => n * power).find((n) => n <= most) || power;
  return { pixels: metres / metresPerPixel, text: metres >= 1000 ? `${number(metres / 1000, 0)} km` : `${number(metres, 0)} m` };
}

/** @param {SVGTextElement} text @param {string} words @param {number} x @param {number} y @param {number} letters @param {string} anchor */
function label(text, words, x, y, letters, anchor) {
  setAttributes(text, { x, y, "font-size": letters, "text-anchor": anchor, "stroke-width": letters / 4 });
  text.textContent = words;
}

/** @param {number} px */
function titleFrames(px) {
  const letters = 10.5 * px;
  areas.frames.forEach((frame, f) => {
    const text = titles[f];
    const widest = Math.max(13, Math.floor(Math.max(480, frame.width) / (letters * 0.56)));
    const enlarged = frame.enlarged > 1.05 ? ` (${t("enlarged", { x: number(frame.enlarged, 1) })})` : "";
    text.replaceChildren();
    setAttributes(text, { "font-size": letters, "stroke-width": 3 * px });
    wrapped(inLanguage(frame.title) + enlarged, widest).forEach((line, i) => {
      svg("tspan", { x: frame.x, y: frame.y + frame.height + letters * (1.25 + 1.15 * i) }, text).textContent = line;
    });
  });
}

/**
 * A text in lines of at most so many letters; a longer word has a line of its own.
 * @param {string} text
 * @param {number} letters
 */
export function wrapped(text, letters) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length + 1 > letters) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
