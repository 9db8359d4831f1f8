// @ts-check
// Texts, numbers and marks in the language of the page.
import { figureText, numberText } from "./numerals.js";
import { data, live, standingName } from "./page_data.js";
import { state } from "./state.js";
import { textOf } from "./texts.js";
/** @import { Form, NumberSigns, SettingFault, TextKey, Titles } from "./types.d.ts" */

/** @param {TextKey} key @param {Record<string, string>} [values] */
export const t = (key, values) => textOf(data.words[state.language], key, values);

/** What a head says of itself, with the colon as the language writes it. @param {string} head @param {string} text */
export const headed = (head, text) => `${head}${t("colon")}${text}`;

/**
 * A title in the language of the page.
 * @param {Titles} titles
 */
export const inLanguage = (titles) => titles[state.language] || "";

/** @returns {NumberSigns} */
const signs = () => ({ decimal: t("decimal"), thousands: t("thousands"), percent: t("percentSign") });

/** @param {number} value @param {number} digits */
export const number = (value, digits) => numberText(value, digits, signs());

/** @param {number} value @param {Form} form */
export const figure = (value, form) => figureText(value, form, signs(), false);

/**
 * A figure without the percent sign.
 * @param {number} value
 * @param {Form} form
 */
export const plainFigure = (value, form) => figureText(value, form, signs(), true);

/** A change with its sign, in percentage points where figures are percentages. @param {number} value @param {Form} form */
export function changeText(value, form) {
  const text = plainFigure(value, form);
  const signed = value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
  return form === "percent" ? t("points", { change: signed }) : signed;
}

/**
 * A figure with the mark of its standing, as every output writes it.
 * @param {number} value
 * @param {Form} form
 * @param {number} standing
 */
export function marked(value, form, standing) {
  const name = standing === data.noData ? "undefined" : standingName(standing);
  const mark = data.marks[name][0];
  if (name === "hidden" || Number.isNaN(value)) return mark || "–";
  const text = figure(value, form);
  return name === "review" ? `(${text})${mark}` : text + mark;
}

/**
 * Of one figure: in short, since only one of the reasons that the legend names is its own.
 * @param {number} standing
 */
export function standingInWords(standing) {
  if (standing === data.noData) return t("noData");
  return inLanguage(data.marks[standingName(standing)][2]);
}

/** @param {string} k */
export function cutoffText(k) {
  return k.startsWith(">") ? t("kStrict", { k: k.slice(1) }) : t("kIs", { k });
}

/** @param {SettingFault} fault */
export function faultText({ fault, at }) {
  const text = t(fault.key, fault.values);
  return typeof at === "number" && live ? t("faultAt", { name: inLanguage(live.items[at].title), fault: text }) : text;
}

/**
 * A title inside a sentence: without its capital, but for an acronym, and whatever else is in it.
 * @param {string} title
 */
export const midway = (title) => title.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLowerCase());
