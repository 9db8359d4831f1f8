// @ts-check
// Exact fractions: read from text as mpi/specs/exact.py reads them, in lowest terms.
/** @import { Cutoff, Fault, Fraction } from "./types.d.ts" */

const MOST_CHARACTERS = 40;

/** @param {bigint} a @param {bigint} b */
export function greatestCommonDivisor(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

/**
 * @param {bigint} top
 * @param {bigint} bottom
 * @returns {Fraction}
 */
export function fraction(top, bottom) {
  const divisor = greatestCommonDivisor(top, bottom) || 1n;
  return { top: top / divisor, bottom: bottom / divisor };
}

/** @param {Fraction} a @param {Fraction} b */
export const equal = (a, b) => a.top === b.top && a.bottom === b.bottom;

/** @param {Fraction} f */
export const fractionText = (f) => (f.bottom === 1n ? `${f.top}` : `${f.top}/${f.bottom}`);

/**
 * The exact value of 1/3, 0.05 or 33%, or what is wrong. A decimal comma is read as a point.
 * @param {string} written
 * @returns {{ value: Fraction } | { fault: Fault }}
 */
export function readFraction(written) {
  const text = written.trim();
  if (text.length > MOST_CHARACTERS) return { fault: { key: "faultLong" } };
  const divided = /^(\d+)\s*\/\s*(\d+)$/.exec(text);
  if (divided) {
    if (BigInt(divided[2]) === 0n) return { fault: { key: "faultZero", values: { text } } };
    return { value: fraction(BigInt(divided[1]), BigInt(divided[2])) };
  }
  const decimal = /^(\d*)(?:[.,](\d*))?\s*(%?)$/.exec(text);
  if (!decimal || !(decimal[1] || decimal[2])) return { fault: { key: "faultNumber", values: { text } } };
  const decimals = decimal[2] || "";
  const bottom = 10n ** BigInt(decimals.length + (decimal[3] ? 2 : 0));
  return { value: fraction(BigInt((decimal[1] || "") + decimals), bottom) };
}

/**
 * A cutoff: a fraction above 0 and not above 1, strict with > before it.
 * @param {string} written
 * @returns {Cutoff | { fault: Fault }}
 */
export function readCutoff(written) {
  const text = written.trim();
  const strict = /^>(?!=)/.test(text);
  const read = readFraction(text.replace(/^(>=|≥|>)/, ""));
  if ("fault" in read) return read;
  const { top, bottom } = read.value;
  return top <= 0n || top > bottom ? { fault: { key: "faultRange" } } : { value: read.value, strict };
}
