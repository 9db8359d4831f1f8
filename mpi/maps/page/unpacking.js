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
export function doublesOf(text) {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
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
  const { next } = numbersIn(text);
  const empty = () => new Float64Array(length).fill(NaN);
  /** @type {Figures[]} */
  const tables = [];
  for (let c = 0; c < cutoffs; c++) {
    const table = { value: empty(), low: empty(), high: empty(), standing: new Int8Array(length) };
    for (let i = 0; i < length; i++) {
      const first = next();
      table.standing[i] = (first % 8) - 1;
      const whole = Math.floor(first / 8) - 1;
      if (whole < 0) continue;
      const down = next();
      const up = next();
      table.value[i] = whole / perUnit;
      if (down) table.low[i] = (whole - signed(down - 1)) / perUnit;
      if (up) table.high[i] = (whole + signed(up - 1)) / perUnit;
    }
    tables.push(table);
  }
  return tables;
}
