// @ts-check
// The selected area: its figure with all that is known of it, beside the area that holds it and beside the whole.
import { aboutText, classText } from "./captions.js";
import { byId, html, svg } from "./dom.js";
import { goalsOf } from "./goals.js";
import { meaningButton } from "./glossary.js";
import { VERDICT_TEXTS, verdictOf } from "./comparing.js";
import { PUBLISHED, areas, data, tablesOf, upperName } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { changeText, figure, headed, inLanguage, marked, number, plainFigure, standingInWords, t } from "./words.js";
import { zoomTo } from "./zoom.js";
/** @import { View } from "./types.d.ts" */

const PLAIN_CODE = /^\w{1,40}$/; // which is the name of a file as it is
const ROOM = 1.04; // of the axis, to the right of the longest interval
const AXIS_INK = "#a8a39a";
const INTERVAL_INK = "#c07f35";
const VALUE_INK = "currentColor";

/** @param {View} view @param {number} i */
export const limits = (view, i) => `${plainFigure(view.low[i], view.form)} – ${plainFigure(view.high[i], view.form)}`;

/** @param {View} view @param {number} i */
export const intervalText = (view, i) => headed(t("interval", { level: inLanguage(data.level) }), limits(view, i));

/**
 * The figure of an area as a screen reader says it.
 * @param {View} view
 * @param {number} i
 */
export function figureInWords(view, i) {
  if (Number.isNaN(view.value[i])) return standingInWords(view.standing[i]);
  const interval = Number.isNaN(view.low[i]) ? [] : [intervalText(view, i)];
  return [figure(view.value[i], view.form), ...interval, standingInWords(view.standing[i])].join(t("semicolon"));
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
    html("p", { class: "big" }, Number.isNaN(view.value[i]) ? standingInWords(view.standing[i]) : marked(view.value[i], view.form, view.standing[i])),
    html("p", { class: "small again" }, `${inLanguage(view.layer.title)} · ${aboutText(view)}`),
    facts(view, i),
    ...changesOf(view, i),
    ...goalsOf(i),
  ];
  if (state.own) lines.push(html("p", { class: "small" }, t("noInterval")));
  const compared = comparison(view, i);
  if (compared) lines.push(compared);
  if (data.pages && PLAIN_CODE.test(areas.codes[i]) && view.standing[i] !== data.noData) {
    const line = html("p", { class: "page" });
    line.append(html("a", { href: `${data.pages}/${areas.codes[i]}.${state.language}.html` }, t("areaPage", { name: areas.names[i] })));
    lines.push(line);
  }
  const buttons = html("div", { class: "buttons" });
  buttons.append(button(t("zoomTo"), () => zoomTo(i)), button(t("clear"), () => select(-1)));
  return [...lines, buttons];
}

/**
 * What became of the area's figure since the round before, or that of the second map; by the test, if there is a test.
 * @param {View} view
 * @param {number} i
 */
function changesOf(view, i) {
  const earlier = state.beside < 0 ? PUBLISHED - 1 : state.beside;
  if (state.own || state.period !== PUBLISHED || !view.layer.rounds[earlier]) return [];
  const before = tablesOf(view.layer, earlier).areas[Math.max(0, view.layer.cutoffs.indexOf(state.k))];
  if (Number.isNaN(before.value[i])) return [];
  const period = data.periods[earlier];
  const words = [t("before", { period, value: marked(before.value[i], view.form, before.standing[i]) })];
  const change = view.official && earlier === PUBLISHED - 1 ? view.layer.change : null;
  const size = change && change.value[i];
  if (change && size !== null && size !== undefined) {
    const signed = changeText(size, view.form);
    const ends = change.low[i] === null || change.high[i] === null ? "" : ` (${changeText(Number(change.low[i]), view.form)} – ${changeText(Number(change.high[i]), view.form)})`;
    const tested = change.significant[i] === null ? "changeUntested" : change.significant[i] ? "changeReal" : "changeUnclear";
    words.push(`${headed(t("changeIs", { change: signed + ends }), t(tested))}.`);
  } else if (!data.census) words.push(`${t("changeUntested")}.`);
  return [html("p", { class: "small change" }, words.join(" "))];
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
  const add = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ word = "") => {
    const term = html("dt", {}, name);
    if (word) term.append(" ", meaningButton(word));
    list.append(term, html("dd", {}, text));
  };
  if (!Number.isNaN(view.low[i])) add(t("interval", { level: inLanguage(data.level) }), limits(view, i), "interval");
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
  /** @type {{ name: string, figures: import("./types.d.ts").Figures, at: number, beside: "upper" | "total" | null }[]} */
  const rows = [{ name: areas.names[i], figures: view, at: i, beside: null }];
  if (view.upper && areas.upper[i] >= 0) rows.push({ name: upperName(i), figures: view.upper, at: areas.upper[i], beside: "upper" });
  if (view.total) rows.push({ name: inLanguage(data.texts.total), figures: view.total, at: 0, beside: "total" });
  if (rows.length < 2) return null;
  const ends = rows.map(({ figures, at }) => (Number.isNaN(figures.high[at]) ? figures.value[at] : figures.high[at]));
  const most = Math.max(...ends.filter((v) => !Number.isNaN(v)), 1e-9) * ROOM;
  const table = html("table", { class: "compared" });
  table.append(html("caption", {}, t("compare")));
  const body = html("tbody");
  const verdicts = html("ul", { class: "verdicts" });
  for (const { name, figures, at, beside } of rows) {
    if (beside && !state.own && !Number.isNaN(view.value[i])) verdicts.append(html("li", {}, t(VERDICT_TEXTS[verdictOf(view, i, beside, figures.value[at])], { name })));
    const row = html("tr");
    const dots = html("td", { class: "dots" });
    dots.append(interval(figures.low[at], figures.value[at], figures.high[at], most));
    row.append(html("th", { scope: "row" }, name), dots,
      html("td", { class: "value" }, marked(figures.value[at], view.form, figures.standing[at])));
    body.append(row);
  }
  table.append(body, axis(most, view));
  const made = html("div");
  made.append(table, verdicts);
  return made;
}

/** The ends of the axis in figures. @param {number} most @param {View} view */
function axis(most, view) {
  const foot = html("tfoot", { "aria-hidden": "true" });
  const row = html("tr");
  const ends = html("td", { class: "axis" });
  ends.append(html("span", {}, figure(0, view.form)), html("span", {}, figure(most / ROOM, view.form)));
  row.append(html("td"), ends, html("td"));
  foot.append(row);
  return foot;
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
