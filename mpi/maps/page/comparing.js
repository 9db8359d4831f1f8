// @ts-check
// Whether an area is above or below another: as the difference was tested, never by looking whether intervals cross.
import { PUBLISHED, data } from "./page_data.js";
import { state } from "./state.js";
/** @import { TextKey, Verdict, View } from "./types.d.ts" */

/** @type {Record<string, Verdict>} */
const VERDICTS = { h: "higher", l: "lower", "?": "unclear", "-": "untested" };
/** @type {Record<Verdict, TextKey>} */
export const VERDICT_TEXTS = { higher: "isHigher", lower: "isLower", equal: "isEqual", unclear: "isUnclear", untested: "isUntested" };

/**
 * An area against the one that holds it, or against the whole.
 * @param {View} view
 * @param {number} i
 * @param {"upper" | "total"} beside
 * @param {number} other the other's value
 * @returns {Verdict}
 */
export function verdictOf(view, i, beside, other) {
  const value = view.value[i];
  if (Number.isNaN(value) || Number.isNaN(other)) return "untested";
  // Without a sample there is nothing to test: the figures are what they are.
  if (data.census) return value === other ? "equal" : value > other ? "higher" : "lower";
  return isTested(view) && data.verdicts ? VERDICTS[data.verdicts[beside][i]] : "untested";
}

/** Whether an area's figure may be ranked: precise enough, with enough degrees of freedom. @param {View} view @param {number} i */
export function mayBeRanked(view, i) {
  const name = data.standings[view.standing[i]];
  return !Number.isNaN(view.value[i]) && ["shown", "unjudged", "caution"].includes(name) && data.firm[i] !== "0";
}

/** Whether the page can say which differences are real. @param {View} view */
export const isTested = (view) =>
  data.verdicts !== null && data.verdicts.layer === view.layer.name && view.official && state.period === PUBLISHED;
