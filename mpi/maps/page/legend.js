// @ts-check
// The legend: classes with the number of areas in each, and the marks that are drawn over the colours.
import { badge, classText, classesText, unitText } from "./captions.js";
import { byId, html, svg } from "./dom.js";
import { HATCHES, LINES, hatchLines } from "./hatches.js";
import { AREA_INK } from "./map.js";
import { data } from "./page_data.js";
import { state } from "./state.js";
import { NO_FIGURE, PAPER, coloursOf, current } from "./view.js";
import { inLanguage, number, t } from "./words.js";
/** @import { Hatch, LegendRow, View } from "./types.d.ts" */

/** @param {string} fill @param {Hatch} [hatch] */
function swatch(fill, hatch) {
  const picture = svg("svg", { class: "swatch", width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true", focusable: "false" });
  svg("rect", { x: 0.5, y: 0.5, width: 29, height: 17, fill, stroke: AREA_INK }, picture);
  if (hatch) svg("path", { d: hatchLines(hatch, [0.5, 0.5, 29.5, 17.5], 1), stroke: LINES[hatch].ink, "stroke-width": LINES[hatch].width }, picture);
  return picture;
}

/**
 * The rows of the legend, for the page and for the picture.
 * @param {View} view
 */
export function legendRows(view) {
  const colours = coloursOf(view.breaks.length - 1);
  /** @type {LegendRow[]} */
  const rows = view.counts.map((count, at) => ({ fill: colours[at], text: classText(view, at), count, kind: "class" }));
  for (const hatch of HATCHES) {
    const row = hatch === "none" ? noFigureRow(view) : markRow(view, hatch, colours);
    if (row.count) rows.push(row);
  }
  return rows;
}

/** @param {View} view @returns {LegendRow} */
function noFigureRow({ standings }) {
  const count = (standings.none || 0) + (standings.undefined || 0);
  return { fill: NO_FIGURE, hatch: "none", mark: data.marks.undefined[0], text: t("noData"), count, kind: "mark" };
}

/** @param {View} view @param {Hatch} name @param {string[]} colours @returns {LegendRow} */
function markRow({ standings }, name, colours) {
  const fill = name === "hidden" ? PAPER : colours[Math.min(1, colours.length - 1)];
  const [mark, meaning] = data.marks[name];
  return { fill, hatch: name, mark, text: inLanguage(meaning), count: standings[name] || 0, kind: "mark" };
}

export function drawLegend() {
  const view = current();
  byId("legend-own").textContent = state.own ? badge(view).text : "";
  byId("legend-unit").textContent = unitText(view);
  /** @type {Record<"class" | "mark", HTMLElement[]>} */
  const made = { class: [], mark: [] };
  for (const row of legendRows(view)) {
    const item = html("li");
    const text = html("span", { class: "what" }, row.text);
    if (row.mark) text.append(html("b", {}, `\u00a0${row.mark}`));
    item.append(swatch(row.fill, row.hatch), text, html("span", { class: "count" }, number(row.count, 0)));
    made[row.kind].push(item);
  }
  byId("classes").replaceChildren(...made.class);
  byId("marks").replaceChildren(...made.mark);
  byId("marks").hidden = !made.mark.length;
  byId("rule").textContent = classesText(view);
}
