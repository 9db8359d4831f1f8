// @ts-check
// Texts about what is on the map, which the page, the pictures and the files share.
import { fractionText } from "./fractions.js";
import { data, live } from "./page_data.js";
import { schemeNow, state } from "./state.js";
import { isOfficial, ownNorm } from "./view.js";
import { cutoffText, headed, inLanguage, number, t } from "./words.js";
/** @import { TextKey, View } from "./types.d.ts" */

/** @param {View} view */
export function unitText(view) {
  if (view.layer.unit) return inLanguage(view.layer.unit);
  return view.layer.statistic === "H" ? t("shareThatIsPoor", { unit: inLanguage(data.texts.unit) }) : shortUnitText(view);
}

/** The same in short, for a legend. @param {View} view */
export function shortUnitText(view) {
  if (view.layer.unit) return inLanguage(view.layer.unit);
  const unit = inLanguage(data.texts.unit);
  if (view.form === "number") return t("numberUnit", { unit });
  if (view.form === "index") return t("indexUnit");
  return view.layer.ofPoor ? t("shareOfPoor", { unit }) : t("share", { unit });
}

/** The period that is shown. */
export const periodNow = () => data.periods[state.period];

/** @param {View} view */
export const aboutText = (view) => [unitText(view), periodNow(), settingText(view).replace(/ /g, "\u00a0")].filter(Boolean).join(" · ");

/** @param {View} view */
export function settingText(view) {
  if (!state.own) return view.k ? cutoffText(view.k) : data.ofMeasure ? t("anyCutoff") : "";
  const norm = ownNorm();
  return norm ? cutoffText((norm.strict ? ">" : "") + fractionText(norm.k)) : "k = ?";
}

/**
 * What kind of figures these are, and a word for their look.
 * @param {View} view
 */
export function badge(view) {
  if (!data.ofMeasure) return { text: "", kind: "other" };
  if (view.fault) return { text: t("ownInvalid"), kind: "own" };
  const norm = ownNorm();
  if (norm) return isOfficial(norm) ? { text: t("ownSame"), kind: "other" } : { text: t("ownBadge"), kind: "own" };
  if (!view.official) return { text: t("otherCutoff", { k: data.official }), kind: "other" };
  if (!view.layer.byCutoff) return { text: t("everybody"), kind: "other" };
  const act = inLanguage(data.act);
  return act ? { text: t("official", { act }), kind: "official" } : { text: t("asDefined"), kind: "other" };
}

/** The weights of a setting in words; empty for official figures. */
export function weightsText() {
  const norm = ownNorm();
  if (!live || !norm) return "";
  const weights = t("weightsAre", { weights: live.items.map((item, i) => `${inLanguage(item.title)} ${fractionText(norm.shares[i])}`).join(t("semicolon")) });
  return [closedText(norm.closed), weights].filter(Boolean).join(". ");
}

/** The deprivations that the reader has closed, and how such figures are to be read. @param {string[]} closed */
function closedText(closed) {
  const block = data.live;
  if (!block || closed.length === 0) return "";
  return t("closedAre", { names: closed.map((name) => inLanguage(block.closable[name])).join(t("semicolon")) });
}

/** @param {View} view @param {number} at place of the break */
export const breakText = (view, at) => number(view.breaks[at] * (view.form === "percent" ? 100 : 1), digitsOf(view));

/** @param {View} view @param {number} at place of the class */
export function classText(view, at) {
  const last = view.breaks.length - 2;
  // A setting of one's own, or a count, may lie beyond the ends of the breaks.
  if (state.own && at === last && last > 0) return t("over", { a: breakText(view, at) });
  if (state.own && at === 0) return t("upTo", { a: breakText(view, 1) });
  return t(at ? "rangeAbove" : "range", { a: breakText(view, at), b: breakText(view, at + 1) });
}

/** With how many digits the breaks are written: as few as tell them exactly. @param {View} view */
function digitsOf({ breaks, form }) {
  const scaled = breaks.map((value) => value * (form === "percent" ? 100 : 1));
  return [0, 1, 2].find((digits) => scaled.every((value) => Math.abs(value - Number(value.toFixed(digits))) < 1e-9)) ?? 3;
}

/**
 * How the classes were made, and what holds for a setting of the reader's own.
 * @param {View} view
 */
export function classesText(view) {
  const own = state.own ? ` ${t("atOfficial", { k: data.official })} ${view.standings.hidden ? t("hiddenStays") : ""}` : "";
  return `${t(data.ofMeasure ? "rule" : "ruleAlone", { scheme: t(/** @type {TextKey} */ (schemeNow())) })}${own}`.trim();
}

/** Source, note and disclosure, as far as there are any. */
export function sourceLines() {
  const { source, note, disclosure } = data.texts;
  const lines = [];
  if (inLanguage(source)) lines.push(headed(t("sourceIs"), inLanguage(source)));
  if (inLanguage(note)) lines.push(headed(t("noteIs"), inLanguage(note)));
  if (inLanguage(disclosure)) lines.push(headed(t("disclosureIs"), inLanguage(disclosure)));
  return lines;
}
