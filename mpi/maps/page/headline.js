// @ts-check
// Above the map: the figure of the whole in a sentence, and what a reader must know before looking at colours.
import { periodNow, settingText, unitText } from "./captions.js";
import { byId, html } from "./dom.js";
import { PUBLISHED, data } from "./page_data.js";
import { state } from "./state.js";
import { current } from "./view.js";
import { figure, headed, inLanguage, midway, number, plainFigure, standingInWords, t } from "./words.js";
/** @import { View } from "./types.d.ts" */

const WEAK = 0.5; // of the areas with a figure: from there on a map does not show what its colours seem to say

export function drawHeadline() {
  const view = current();
  const said = state.period === PUBLISHED ? findingOf(view) : "";
  byId("headline").replaceChildren(...(said ? [said] : wholeOf(view)));
  drawWeakness(view);
}

/** What the layer shows in a sentence; of a measure, what is said of the whole. @param {View} view */
function findingOf({ layer, official }) {
  if (layer.finding) return inLanguage(layer.finding);
  return layer.statistic === "H" && official ? inLanguage(data.headline) : "";
}

/** @param {View} view */
function wholeOf({ total, form, ...view }) {
  if (!total) return [];
  const value = total.value[0];
  const name = inLanguage(data.texts.total);
  if (Number.isNaN(value)) return [headed(name, standingInWords(total.standing[0]))];
  const ends = Number.isNaN(total.low[0]) ? "" : ` (${plainFigure(total.low[0], form)} – ${plainFigure(total.high[0], form)})`;
  return [headed(`${name}, ${periodNow()}`, ""), html("strong", {}, figure(value, form)), `${ends} · ${unitText({ ...view, total, form })} · ${settingText({ ...view, total, form }).replace(/ /g, "\u00a0")}`];
}

/** @param {View} view */
function drawWeakness(view) {
  const all = view.counts.reduce((sum, count) => sum + count, 0);
  const weak = view.standings.review || 0;
  const box = byId("weak");
  box.hidden = !all || weak < WEAK * all;
  if (box.hidden) return;
  box.replaceChildren(t("mostWeak", { weak: number(weak, 0), all: number(all, 0) }));
  if (data.texts.upperMap) box.append(" ", html("a", { href: data.texts.upperMap }, t("levelAbove", { upper: midway(inLanguage(data.texts.upper)) })));
}
