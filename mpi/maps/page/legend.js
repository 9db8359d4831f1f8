// @ts-check
// The legend: classes with the number of areas in each, and the marks that are drawn over the colours.
import { badge, breakText, classText, classesText, shortUnitText } from "./captions.js";
import { byId, html, svg } from "./dom.js";
import { goalRows } from "./goals.js";
import { HATCHES, LINES, hatchLines } from "./hatches.js";
import { data } from "./page_data.js";
import { AREA_INK } from "./painting.js";
import { state } from "./state.js";
import { NO_FIGURE, PAPER, coloursOf, current, faded } from "./view.js";
import { inLanguage, number, t } from "./words.js";
/** @import { Hatch, LegendRow, View } from "./types.d.ts" */

/** @param {string} fill @param {Hatch} [hatch] @param {string} [weak] the colour of figures that are not reliable */
function swatch(fill, hatch, weak) {
  const picture = svg("svg", { class: "swatch", width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true", focusable: "false" });
  svg("rect", { x: 0.5, y: 0.5, width: 29, height: 17, fill, stroke: AREA_INK }, picture);
  if (weak) {
    svg("rect", { x: 18, y: 0.5, width: 11.5, height: 17, fill: weak, stroke: AREA_INK }, picture);
    svg("path", { d: hatchLines("review", [18, 0.5, 29.5, 17.5], 1), stroke: LINES.review.ink, "stroke-width": LINES.review.width }, picture);
  }
  if (hatch) svg("path", { d: hatchLines(hatch, [0.5, 0.5, 29.5, 17.5], 1), stroke: LINES[hatch].ink, "stroke-width": LINES[hatch].width }, picture);
  return picture;
}

/**
 * The rows of the legend, for the page and for the picture.
 * @param {View} view
 */
export function legendRows(view) {
  const colours = coloursOf(view.breaks.length - 1);
  const weak = (/** @type {number} */ at) => (view.standings.review ? { weak: faded(colours[at]) } : {});
  /** @type {LegendRow[]} */
  const rows = view.counts.map((count, at) => ({ fill: colours[at], text: classText(view, at), count, kind: "class", ...weak(at) }));
  for (const hatch of HATCHES) {
    const row = hatch === "none" ? noFigureRow(view) : markRow(view, hatch, colours);
    if (row.count) rows.push(row);
  }
  return [...rows, ...goalRows()];
}

/** @param {View} view @returns {LegendRow} */
function noFigureRow({ standings }) {
  const count = (standings.none || 0) + (standings.undefined || 0);
  return { fill: NO_FIGURE, hatch: "none", mark: data.marks.undefined[0], text: t("noData"), count, kind: "mark" };
}

/** @param {View} view @param {Hatch} name @param {string[]} colours @returns {LegendRow} */
function markRow({ standings }, name, colours) {
  const middle = colours[Math.floor(colours.length / 2)];
  const fill = name === "hidden" ? PAPER : name === "review" ? faded(middle) : middle;
  const [mark, , short] = data.marks[name];
  return { fill, hatch: name, mark, text: inLanguage(short), count: standings[name] || 0, kind: "mark" };
}

export function drawLegend() {
  const view = current();
  byId("legend-own").textContent = state.own ? badge(view).text : "";
  byId("legend-unit").textContent = shortUnitText(view);
  /** @type {Record<"class" | "mark", HTMLElement[]>} */
  const made = { class: [], mark: [] };
  for (const row of legendRows(view)) {
    const item = html("li");
    const text = html("span", { class: "what" }, row.text);
    if (row.mark) text.append(html("b", {}, `\u00a0${row.mark}`));
    const picture = row.sign === undefined ? swatch(row.fill, row.hatch, row.weak) : html("span", { class: "sign", "aria-hidden": "true" }, row.sign);
    item.append(picture, text, html("span", { class: "count" }, number(row.count, 0)));
    made[row.kind].push(item);
  }
  byId("classes").replaceChildren(...made.class);
  byId("marks").replaceChildren(...made.mark);
  byId("marks").hidden = !made.mark.length;
  byId("rule").textContent = classesText(view);
  drawMarkRules(view);
  drawRamp(view);
}

/** The classes in one line, for narrow screens, where the legend is far below the map. @param {View} view */
function drawRamp(view) {
  const colours = coloursOf(view.breaks.length - 1);
  byId("ramp").replaceChildren(...colours.map((colour, at) => {
    const part = html("span", { class: "step" });
    const bar = svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", focusable: "false" }, part);
    svg("rect", { width: 1, height: 1, fill: colour }, bar);
    part.append(html("span", { class: "end" }, breakText(view, at + 1)));
    return part;
  }));
  byId("ramp").prepend(html("span", { class: "start" }, breakText(view, 0)));
}

/** What each mark that is on the map means in the words of the rules. @param {View} view */
function drawMarkRules({ standings }) {
  const shown = HATCHES.filter((name) => name !== "none" && standings[name]);
  byId("marks-in-rules").replaceChildren(...shown.flatMap((name) => {
    const [mark, inRules, short] = data.marks[name];
    return inLanguage(inRules) === inLanguage(short) ? [] : [html("dt", {}, mark), html("dd", {}, inLanguage(inRules))];
  }));
}
