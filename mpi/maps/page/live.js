// @ts-check
// Figures under other weights and another cutoff: what mpi/counting.py does, on the combinations of deprivations that
// mpi/maps/live.py packed.
import { fraction, greatestCommonDivisor, readCutoff, readFraction } from "./fractions.js";
import { amountsOf, numbersIn } from "./unpacking.js";
/** @import { Fraction, Grouping, Item, Layer, LiveBlock, LiveProfile, LiveSums, Norm, Pattern, Setting, SettingFault, SumName, Sums } from "./types.d.ts" */

/**
 * @param {LiveBlock} block
 * @returns {LiveProfile}
 */
export function unpackedLive(block) {
  const words = numbersIn(block.patterns);
  /** @type {Pattern[]} */
  const patterns = [];
  while (words.more()) {
    const low = words.next();
    patterns.push([low, words.next()]);
  }
  const { next } = numbersIn(block.cells);
  const weight = amountsOf(block.weights);
  const cells = { area: new Int32Array(weight.length), pattern: new Int32Array(weight.length), weight };
  for (let area = 0, i = 0; area < block.places.length; area++) {
    for (let left = next(); left > 0; left--, i++) {
      cells.area[i] = area;
      cells.pattern[i] = next();
    }
  }
  const { items, statistics, bits, mayBeUnknown, closable, places } = block;
  return { items, statistics, bits, mayBeUnknown, closable: Object.keys(closable), places, patterns, cells };
}

/** @param {Pattern} pattern @param {number} bit */
const hasBit = ([low, high], bit) => (bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1);

/**
 * Weights that add up to 1, and as whole numbers over their least common denominator.
 * @param {Fraction[]} weights
 */
function normalised(weights) {
  let sum = { top: 0n, bottom: 1n };
  for (const w of weights) sum = fraction(sum.top * w.bottom + w.top * sum.bottom, sum.bottom * w.bottom);
  const shares = weights.map((w) => fraction(w.top * sum.bottom, w.bottom * sum.top));
  const denominator = shares.reduce((least, s) => (least / greatestCommonDivisor(least, s.bottom)) * s.bottom, 1n);
  return { shares, denominator, whole: shares.map((s) => (s.top * denominator) / s.bottom) };
}

/**
 * A setting from its texts, or the first fault in it.
 * @param {Setting} setting
 * @returns {Norm | SettingFault}
 */
export function readSetting(setting) {
  const k = readCutoff(setting.k);
  if ("fault" in k) return { fault: k.fault, at: "k" };
  const weights = [];
  for (const [i, text] of setting.weights.entries()) {
    const read = readFraction(text);
    if ("fault" in read) return { fault: read.fault, at: i };
    weights.push(read.value);
  }
  if (weights.every((w) => w.top === 0n)) return { fault: { key: "faultSum" }, at: "weights" };
  return { k: k.value, strict: k.strict, closed: setting.closed ?? [], ...normalised(weights) };
}

/**
 * The combinations without the deprivations that are closed: what the actions `close` of mpi/policies do.
 * @param {LiveProfile} live
 * @param {string[]} closed
 */
function without({ patterns, bits, closable }, closed) {
  let [low, high] = [0, 0];
  for (const name of closed.filter((one) => closable.includes(one))) {
    if (bits[name] < 32) low |= 1 << bits[name];
    else high |= 1 << (bits[name] - 32);
  }
  return low || high ? patterns.map((/** @type {Pattern} */ [a, b]) => /** @type {Pattern} */ ([a & ~low, b & ~high])) : patterns;
}

/** @param {Item} item @param {Pattern} pattern */
function counts(item, pattern) {
  let deprived = 0;
  for (const bit of item.bits) deprived += hasBit(pattern, bit);
  return deprived >= item.atLeast;
}

/**
 * Scores of all patterns and who is poor, decided between whole numbers.
 * @param {LiveProfile} live
 * @param {Pattern[]} patterns
 * @param {Norm} norm
 */
function scored(live, patterns, { k, strict, denominator, whole }) {
  const exact = k.top * denominator;
  const least = strict ? exact / k.bottom + 1n : (exact + k.bottom - 1n) / k.bottom;
  const small = denominator <= BigInt(Number.MAX_SAFE_INTEGER);
  const doubles = small ? whole.map(Number) : [];
  const score = new Float64Array(patterns.length);
  const poor = new Uint8Array(patterns.length);
  patterns.forEach((pattern, p) => {
    if (small) {
      let sum = 0;
      live.items.forEach((item, i) => {
        if (counts(item, pattern)) sum += doubles[i];
      });
      poor[p] = sum >= Number(least) ? 1 : 0;
      score[p] = sum / Number(denominator);
    } else {
      let sum = 0n;
      live.items.forEach((item, i) => {
        if (counts(item, pattern)) sum += whole[i];
      });
      poor[p] = sum >= least ? 1 : 0;
      // Very large whole numbers are divided before they become doubles: they could be past the largest double.
      score[p] = Number((sum << 64n) / denominator) / 2 ** 64;
    }
  });
  return { score, poor };
}

/**
 * @param {LiveProfile} live
 * @param {number} length
 * @returns {Sums}
 */
function emptySums(live, length) {
  const rows = () => Object.keys(live.bits).map(() => new Float64Array(length));
  return { all: new Float64Array(length), poor: new Float64Array(length), score: new Float64Array(length),
    deprived: rows(), both: rows() };
}

/**
 * @param {Sums} sums
 * @param {number} place
 * @param {number} weight
 * @param {number} poor
 * @param {number} score
 * @param {number[]} flags of the indicators
 */
function add(sums, place, weight, poor, score, flags) {
  sums.all[place] += weight;
  if (poor) {
    sums.poor[place] += weight;
    sums.score[place] += weight * score;
  }
  for (let j = 0; j < flags.length; j++) {
    if (!flags[j]) continue;
    sums.deprived[j][place] += weight;
    if (poor) sums.both[j][place] += weight;
  }
}

/**
 * Sums for everything that can be shown of a setting: of areas, upper areas and all of it.
 * @param {LiveProfile} live
 * @param {Norm} norm
 * @param {Grouping} grouping
 * @returns {LiveSums}
 */
export function recomputed(live, norm, grouping) {
  const patterns = without(live, norm.closed);
  const { score, poor } = scored(live, patterns, norm);
  const bits = Object.values(live.bits);
  const flags = patterns.map((pattern) => bits.map((bit) => hasBit(pattern, bit)));
  const sums = { areas: emptySums(live, grouping.areas), upper: emptySums(live, grouping.upperAreas), total: emptySums(live, 1) };
  const { area, pattern, weight } = live.cells;
  for (let i = 0; i < weight.length; i++) {
    const p = pattern[i];
    add(sums.total, 0, weight[i], poor[p], score[p], flags[p]);
    const place = live.places[area[i]];
    if (place < 0) continue;
    add(sums.areas, place, weight[i], poor[p], score[p], flags[p]);
    if (grouping.upper[place] >= 0) add(sums.upper, grouping.upper[place], weight[i], poor[p], score[p], flags[p]);
  }
  return sums;
}

/** @param {Float64Array} a @param {Float64Array} b */
const divided = (a, b) => a.map((x, i) => (b[i] > 0 ? x / b[i] : NaN));

/** @param {LiveProfile} live @param {Pick<Layer, "statistic" | "indicator">} layer */
export function canBeLive(live, layer) {
  if (!(layer.statistic in live.statistics)) return false;
  const [above, below] = live.statistics[layer.statistic];
  const ofAnIndicator = above === "deprived" || above === "both";
  // There are no sums of a whole dimension.
  if (layer.indicator === null) return !ofAnIndicator;
  // Those of whom the indicator is known are not all, and the combinations do not say who they are.
  if (below === "known" && live.mayBeUnknown.includes(layer.indicator)) return false;
  return ofAnIndicator && Object.keys(live.bits).includes(layer.indicator);
}

/**
 * One layer of recomputed sums; null if it cannot be computed here.
 * @param {LiveProfile} live
 * @param {Sums} sums
 * @param {Pick<Layer, "statistic" | "indicator">} layer
 */
export function liveValues(live, sums, layer) {
  if (!canBeLive(live, layer)) return null;
  const j = Object.keys(live.bits).indexOf(layer.indicator ?? "");
  /** @param {SumName} name */
  const sumOf = (name) => {
    const sum = sums[name === "known" ? "all" : name];
    return Array.isArray(sum) ? sum[j] : sum;
  };
  const [above, below] = live.statistics[layer.statistic];
  return below === null ? sumOf(above).map((x, i) => (sums.all[i] > 0 ? x : NaN)) : divided(sumOf(above), sumOf(below));
}
