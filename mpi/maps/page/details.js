// @ts-check
// The selected area: its figure with all that is known of it, beside the area that holds it and beside the whole.
import { aboutText, classText } from "./captions.js";
import { byId, html, svg } from "./dom.js";
import { areas, data, upperName } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { figure, inLanguage, marked, number, plainFigure, standingInWords, t } from "./words.js";
import { zoomTo } from "./zoom.js";
/** @import { View } from "./types.d.ts" */

const ROOM = 1.04; // of the axis, to the right of the longest interval
const AXIS_INK = "#dcd8d1";
const INTERVAL_INK = "#8a5a1c";
const VALUE_INK = "#7a2e03";

/** @param {View} view @param {number} i */
const limits = (view, i) => `${plainFigure(view.low[i], view.form)} – ${plainFigure(view.high[i], view.form)}`;

/** @param {View} view @param {number} i */
export const intervalText = (view, i) => `${t("interval", { level: inLanguage(data.level) })}: ${limits(view, i)}`;

/**
 * The figure of an area as a screen reader says it.
 * @param {View} view
 * @param {number} i
 */
export function figureInWords(view, i) {
  if (Number.isNaN(view.value[i])) return standingInWords(view.standing[i]);
  const interval = Number.isNaN(view.low[i]) ? [] : [intervalText(view, i)];
  return [figure(view.value[i], view.form), ...interval, standingInWords(view.standing[i])].join("; ");
}

export function drawDetails() {
  const i = state.selected;
  byId("details-title").textContent = i < 0 ? t("details") : areas.names[i];
  byId("details").replaceChildren(...(i < 0 ? [html("p", { class: "small" }, t("choose"))] : detailsOf(current(), i)));
}

/** @param {View} view @param {number} i */
function detailsOf(view, i) {
  const place = [`${inLanguage(data.texts.area)} ${areas.codes[i]}`, upperName(i)].filter(Boolean).join(" · ");
  /** @type {HTMLElement[]} */
  const lines = [
    html("p", { class: "small" }, place),
    html("p", { class: "big" }, marked(view.value[i], view.form, view.standing[i])),
    html("p", { class: "small again" }, `${inLanguage(view.layer.title)} · ${aboutText(view)}`),
    facts(view, i),
  ];
  if (state.own) lines.push(html("p", { class: "small" }, t("noInterval")));
  const compared = comparison(view, i);
  if (compared) lines.push(compared);
  const buttons = html("div", { class: "buttons" });
  buttons.append(button(t("zoomTo"), () => zoomTo(i)), button(t("clear"), () => select(-1)));
  return [...lines, buttons];
}

/** @param {string} text @param {() => void} action */
function button(text, action) {
  const made = html("button", { type: "button" }, text);
  made.addEventListener("click", action);
  return made;
}

/** @param {View} view @param {number} i */
function facts(view, i) {
  const list = html("dl");
  const add = (/** @type {string} */ name, /** @type {string} */ text) => list.append(html("dt", {}, name), html("dd", {}, text));
  if (!Number.isNaN(view.low[i])) add(t("interval", { level: inLanguage(data.level) }), limits(view, i));
  add(t("standing"), standingInWords(view.standing[i]));
  if (view.classOf[i] >= 0) add(t("class"), classText(view, view.classOf[i]));
  if (!Number.isNaN(view.n[i])) add(t("sample", { unit: inLanguage(data.texts.unit) }), number(view.n[i], 0));
  return list;
}

/**
 * Dots with intervals on one axis from 0; null where there is nothing to compare with.
 * @param {View} view
 * @param {number} i
 */
function comparison(view, i) {
  if (view.form === "number") return null;
  const rows = [{ name: areas.names[i], figures: /** @type {import("./types.d.ts").Figures} */ (view), at: i }];
  if (view.upper && areas.upper[i] >= 0) rows.push({ name: upperName(i), figures: view.upper, at: areas.upper[i] });
  if (view.total) rows.push({ name: inLanguage(data.texts.total), figures: view.total, at: 0 });
  if (rows.length < 2) return null;
  const ends = rows.map(({ figures, at }) => (Number.isNaN(figures.high[at]) ? figures.value[at] : figures.high[at]));
  const most = Math.max(...ends.filter((v) => !Number.isNaN(v)), 1e-9) * ROOM;
  const table = html("table", { class: "compared" });
  table.append(html("caption", {}, t("compare")));
  const body = html("tbody");
  for (const { name, figures, at } of rows) {
    const row = html("tr");
    const dots = html("td", { class: "dots" });
    dots.append(interval(figures.low[at], figures.value[at], figures.high[at], most));
    row.append(html("th", { scope: "row" }, name), dots,
      html("td", { class: "value" }, marked(figures.value[at], view.form, figures.standing[at])));
    body.append(row);
  }
  table.append(body);
  return table;
}

/** @param {number} low @param {number} value @param {number} high @param {number} most the end of the axis */
function interval(low, value, high, most) {
  const picture = svg("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  const x = (/** @type {number} */ v) => 2 + (96 * v) / most;
  svg("line", { x1: 2, x2: 98, y1: 7, y2: 7, stroke: AXIS_INK, "vector-effect": "non-scaling-stroke" }, picture);
  if (!Number.isNaN(low)) svg("line", { x1: x(low), x2: x(high), y1: 7, y2: 7, stroke: INTERVAL_INK, "stroke-width": 4, opacity: 0.55, "vector-effect": "non-scaling-stroke" }, picture);
  if (!Number.isNaN(value)) svg("line", { x1: x(value), x2: x(value), y1: 1.5, y2: 12.5, stroke: VALUE_INK, "stroke-width": 3, "vector-effect": "non-scaling-stroke" }, picture);
  return picture;
}
