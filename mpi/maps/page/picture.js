// @ts-check
// The view as a picture to take away: an SVG of 1400 by 990 (A4 across) with heading, map as it is seen, legend, scale
// and sources. Only attributes, no style.
import { aboutText, badge, classesText, periodNow, shortUnitText, sourceLines, weightsText } from "./captions.js";
import { SVG, svg } from "./dom.js";
import { wrapped } from "./furniture.js";
import { LINES, hatchLines } from "./hatches.js";
import { legendRows } from "./legend.js";
import { copyMap, map, withSheet } from "./map.js";
import { data } from "./page_data.js";
import { AREA_INK } from "./painting.js";
import { state } from "./state.js";
import { copySecond, second } from "./second.js";
import { PAPER, current } from "./view.js";
import { inLanguage, number, t } from "./words.js";
/** @import { LegendRow, View } from "./types.d.ts" */

const WIDTH = 1400;
const HEIGHT = 990;
const MAP = { x: 40, y: 130, width: 960, height: 750 };
const TWO = { width: 470, apart: 490, head: 26 }; // of two periods beside each other
const LEGEND = { left: 1040, text: 1088, right: 1360, top: 160 };
const FOOT = { x: 40, y: 918 };
const FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const INK = "#1d1b18";
const GREY = "#5a554d";
const RED = "#a01c1c"; // what no one may take for a published figure

const isTwo = () => state.beside >= 0;

export const pictureText = () => (isTwo() ? withSheet(TWO.width, MAP.height - TWO.head, drawn) : withSheet(MAP.width, MAP.height, drawn));

function drawn() {
  const view = current();
  const sheet = svg("svg", { xmlns: SVG, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "font-family": FONTS, fill: INK });
  svg("title", {}, sheet).textContent = `${inLanguage(data.texts.title)}. ${inLanguage(view.layer.title)}`;
  svg("rect", { width: WIDTH, height: HEIGHT, fill: PAPER }, sheet);
  drawHeading(sheet, view);
  if (isTwo()) drawTwo(sheet);
  else copyMap(svg("svg", { ...MAP, viewBox: map.getAttribute("viewBox") || "" }, sheet));
  drawLegend(sheet, view);
  const lines = sourceLines().flatMap((text) => wrapped(text, 200));
  lines.forEach((line, i) => say(sheet, FOOT.x, FOOT.y + 17 * i, line, { "font-size": 12.5, fill: GREY }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(sheet)}`;
}

/** @param {Element} sheet @param {number} x @param {number} y @param {string} text @param {Record<string, string | number>} [more] */
function say(sheet, x, y, text, more) {
  svg("text", { x, y, "font-size": 15, ...more }, sheet).textContent = text;
}

/** @param {View} view */
function about(view) {
  const periods = [state.period, state.beside].sort((a, b) => a - b).map((at) => data.periods[at]);
  return isTwo() ? aboutText(view).replace(periodNow(), periods.join(", ")) : aboutText(view);
}

/** Two periods beside each other, the earlier at the left, each under its name. @param {Element} sheet */
function drawTwo(sheet) {
  const maps = [{ from: map, copy: copyMap, period: state.period }, { from: second, copy: copySecond, period: state.beside }];
  maps.sort((a, b) => a.period - b.period).forEach(({ from, copy, period }, at) => {
    const [x, y] = [MAP.x + at * TWO.apart, MAP.y + TWO.head];
    say(sheet, x, y - 6, data.periods[period], { "font-size": 17, "font-weight": 600 });
    copy(svg("svg", { x, y, width: TWO.width, height: MAP.height - TWO.head, viewBox: from.getAttribute("viewBox") || "" }, sheet));
  });
}

/** @param {Element} sheet @param {View} view */
function drawHeading(sheet, view) {
  const { text, kind } = badge(view);
  say(sheet, MAP.x, 48, inLanguage(data.texts.title), { "font-size": 17, fill: GREY });
  say(sheet, MAP.x, 84, inLanguage(view.layer.title), { "font-size": 28, "font-weight": 600 });
  say(sheet, MAP.x, 112, [about(view), text].filter(Boolean).join(" · "), { "font-size": 16, fill: kind === "own" ? RED : GREY, "font-weight": kind === "own" ? 700 : 400 });
}

/** @param {Element} sheet @param {View} view */
function drawLegend(sheet, view) {
  let y = LEGEND.top;
  say(sheet, LEGEND.left, y, t("legend"), { "font-weight": 600, "font-size": 17 });
  y += 22;
  if (state.own) {
    say(sheet, LEGEND.left, y, badge(view).text, { "font-size": 13, "font-weight": 700, fill: RED });
    y += 20;
  }
  say(sheet, LEGEND.left, y, shortUnitText(view), { "font-size": 13, fill: GREY });
  say(sheet, LEGEND.right, y, t("units"), { "font-size": 13, fill: GREY, "text-anchor": "end" });
  y += 10;
  for (const row of legendRows(view)) y += drawRow(sheet, row, y);
  y += 14;
  for (const line of [classesText(view), weightsText()].filter(Boolean).flatMap((text) => wrapped(text, 48))) {
    say(sheet, LEGEND.left, y, line, { "font-size": 12.5, fill: GREY });
    y += 17;
  }
}

/**
 * A row of the legend; gives its height.
 * @param {Element} sheet
 * @param {LegendRow} row
 * @param {number} y
 */
function drawRow(sheet, { fill, hatch, mark, sign, text, count, weak }, y) {
  const { left } = LEGEND;
  if (sign !== undefined) say(sheet, left + 18, y + 15, sign, { "text-anchor": "middle", "font-weight": 700 });
  else svg("rect", { x: left, y, width: 36, height: 20, fill, stroke: AREA_INK }, sheet);
  if (weak) {
    svg("rect", { x: left + 22, y, width: 14, height: 20, fill: weak, stroke: AREA_INK }, sheet);
    svg("path", { d: hatchLines("review", [left + 22, y, left + 36, y + 20], 1), stroke: LINES.review.ink, "stroke-width": LINES.review.width }, sheet);
  }
  if (hatch) svg("path", { d: hatchLines(hatch, [left, y, left + 36, y + 20], 1), stroke: LINES[hatch].ink, "stroke-width": LINES[hatch].width }, sheet);
  say(sheet, LEGEND.right, y + 15, number(count, 0), { "text-anchor": "end", fill: GREY });
  const lines = wrapped(text + (mark ? ` ${mark}` : ""), 30);
  lines.forEach((line, at) => say(sheet, LEGEND.text, y + 15 + 18 * at, line));
  return 28 + 18 * (lines.length - 1);
}
