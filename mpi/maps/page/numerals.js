// @ts-check
// Numbers as text, with the signs of a language, as mpi/vocabulary/wording.py writes them.
/** @import { Form, NumberSigns } from "./types.d.ts" */

const NOTHING = "–";
const MINUS = "−";

/** @param {number} value @param {number} digits @param {NumberSigns} signs */
export function numberText(value, digits, signs) {
  if (Number.isNaN(value)) return NOTHING;
  const [before, after] = Math.abs(value).toFixed(digits).split(".");
  const text = before.replace(/\B(?=(\d{3})+$)/g, signs.thousands) + (after ? signs.decimal + after : "");
  return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + text;
}

/**
 * A figure as its form wants it; `plain` leaves the percent sign out.
 * @param {number} value
 * @param {Form} form
 * @param {NumberSigns} signs
 * @param {boolean} plain
 */
export function figureText(value, form, signs, plain) {
  if (Number.isNaN(value)) return NOTHING;
  if (form === "index") return numberText(value, 3, signs);
  if (form === "number") return numberText(value, 0, signs);
  // Figures of the page are whole thousandths: without the detour 0.287 * 100 is 28.699999999999996.
  const near = Math.round(value * 1000) / 1000;
  const percent = numberText(Math.abs(near - value) < 1e-12 ? Math.round(value * 1000) / 10 : value * 100, 1, signs);
  return plain ? percent : percent + signs.percent;
}
