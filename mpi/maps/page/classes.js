// @ts-check
// Which class a value is in: lower < x <= upper, the first closed; beyond the ends, the class at that end. The rule of
// mpi/drawing/classes.py.

/** @param {number} value @param {number[]} breaks */
export function classAt(value, breaks) {
  let at = 0;
  while (at < breaks.length - 2 && value > breaks[at + 1]) at++;
  return at;
}
