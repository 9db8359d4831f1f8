// @ts-check
// Bytes, numbers, figures and shapes from short texts: the other half of mpi/maps/packed.py and mpi/maps/outlines.py.
/** @import { Box, Figures, Shape } from "./types.d.ts" */

/** @param {string} text */
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Gives one number after the other. Multiplies instead of shifting: numbers may be larger than 32 bits.
 * @param {string} text
 */
export function numbersIn(text) {
  const bytes = bytesOf(text);
  let at = 0;
  const next = () => {
    let value = 0;
    let place = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * place;
      if (byte < 128) return value;
      place *= 128;
    }
  };
  return { next, more: () => at < bytes.length };
}

/** @param {number} number */
const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

/** @param {string} text */
function doublesOf(text) {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/**
 * Weights, from short whole numbers or from doubles.
 * @param {{ whole?: string, doubles?: string }} packed
 */
export function amountsOf({ whole, doubles }) {
  if (doubles !== undefined) return doublesOf(doubles);
  const { next, more } = numbersIn(whole || "");
  const found = [];
  while (more()) found.push(next());
  return Float64Array.from(found);
}

/**
 * Whole numbers, NaN where there is none.
 * @param {string} text
 * @param {number} length
 */
export function countsOf(text, length) {
  const { next } = numbersIn(text);
  return Float64Array.from({ length }, () => next() - 1).map((n) => (n < 0 ? NaN : n));
}

/**
 * Path texts of shapes with their boxes on the grid.
 * @param {string} text
 */
export function shapesOf(text) {
  const { next, more } = numbersIn(text);
  /** @type {Shape[]} */
  const shapes = [];
  let startX = 0;
  let startY = 0;
  while (more()) {
    const parts = [];
    /** @type {Box} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let rings = next(); rings > 0; rings--) {
      let x = startX;
      let y = startY;
      for (let i = 0, points = next(); i < points; i++) {
        const across = signed(next());
        const down = signed(next());
        x += across;
        y += down;
        if (i === 0) {
          startX = x;
          startY = y;
          parts.push(`M${x} ${y}`);
        } else {
          parts.push(`l${across} ${down}`);
        }
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
      parts.push("z");
    }
    shapes.push({ path: parts.join(""), box });
  }
  return shapes;
}

/**
 * One table of figures a cutoff, in units of the estimate; NaN where there is none.
 * @param {string} text
 * @param {number} perUnit what the packed whole numbers are multiples of, upside down
 * @param {number} cutoffs
 * @param {number} length
 */
export function figuresOf(text, perUnit, cutoffs, length) {
  const { next, more } = numbersIn(text);
  const kinds = new Uint8Array(cutoffs * length);
  for (let i = 0; i < kinds.length; ) {
    const run = next();
    kinds.fill(run % 16, i, i + Math.floor(run / 16) + 1);
    i += Math.floor(run / 16) + 1;
  }
  const empty = () => new Float64Array(length).fill(NaN);
  /** @type {Figures[]} */
  const tables = [];
  const wholes = new Float64Array(cutoffs * length);
  const last = new Float64Array(length);
  for (let c = 0; c < cutoffs; c++) {
    const table = { value: empty(), low: empty(), high: empty(), standing: new Int8Array(length) };
    for (let i = 0; i < length; i++) {
      const kind = kinds[c * length + i];
      table.standing[i] = (kind % 8) - 1;
      if (kind < 8) continue;
      last[i] += signed(next());
      wholes[c * length + i] = last[i];
      table.value[i] = last[i] / perUnit;
    }
    tables.push(table);
  }
  if (!more()) return tables;
  for (let at = 0; at < kinds.length; at++) {
    if (kinds[at] < 8) continue;
    const table = tables[Math.floor(at / length)];
    const down = next();
    const up = next();
    if (down) table.low[at % length] = (wholes[at] - signed(down - 1)) / perUnit;
    if (up) table.high[at % length] = (wholes[at] + signed(up - 1)) / perUnit;
  }
  return tables;
}
