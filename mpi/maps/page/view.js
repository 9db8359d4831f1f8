// @ts-check
// The one answer to "what is on the map now": values, intervals, standings and classes of every area.
import { classAt } from "./classes.js";
import { equal } from "./fractions.js";
import { liveValues, readSetting, recomputed } from "./live.js";
import { AREA_COUNT, STANDING, areas, data, live, roundOf, standingName, tablesOf, unitsOf } from "./page_data.js";
import { officialWeights, schemeNow, state } from "./state.js";
/** @import { Figures, Layer, LiveProfile, LiveSums, Norm, Setting, SettingFault, Sums, View } from "./types.d.ts" */

export const PAPER = data.palette.paper;
export const NO_FIGURE = data.palette.noFigure;

/** @param {number} classes */
export const coloursOf = (classes) => data.palette.classes[classes];

/** The last view of each period. @type {Map<number, { key: string, view: View }>} */
const views = new Map();
/** @type {{ key: string, norm: Norm | null, sums: LiveSums | null, fault: SettingFault | null } | null} */
let lastSums = null;

/** What a map of a period shows. @param {number} period */
export function viewIn(period) {
  const key = JSON.stringify([state.layer.name, state.k, schemeNow(), state.own]);
  let last = views.get(period);
  if (!last || last.key !== key) {
    last = { key, view: made(period) };
    views.set(period, last);
  }
  return last.view;
}

/** What is on the map. */
export const current = () => viewIn(state.period);

/**
 * @param {LiveProfile} profile
 * @param {Setting} own
 */
function sumsOf(profile, own) {
  const key = JSON.stringify(own);
  if (lastSums && lastSums.key === key) return lastSums;
  const read = readSetting(own);
  const grouping = { areas: AREA_COUNT, upper: areas.upper, upperAreas: areas.upperCodes.length };
  lastSums = "fault" in read ? { key, norm: null, sums: null, fault: read } :
    { key, norm: read, sums: recomputed(profile, read, grouping), fault: null };
  return lastSums;
}

/** The reader's setting as it was read; null if there is none, or a fault in it. */
export const ownNorm = () => (live && state.own && sumsOf(live, state.own).norm);

/**
 * Whether a setting is the official one, written in whatever way.
 * @param {Norm} norm
 */
export function isOfficial(norm) {
  const official = readSetting({ k: data.official, weights: officialWeights(), closed: [] });
  return !("fault" in official) && norm.closed.length === 0 && equal(norm.k, official.k) && norm.strict === official.strict &&
    norm.shares.every((share, i) => equal(share, official.shares[i]));
}

/** @param {number} period @returns {View} */
function made(period) {
  const { layer } = state;
  const at = Math.max(0, layer.cutoffs.indexOf(state.k));
  const tables = tablesOf(layer, period);
  let figures = tables.areas[at];
  let upper = tables.upper && tables.upper[at];
  let total = tables.total && tables.total[at];
  let fault = null;
  if (live && state.own) {
    // Quality cannot be computed again here: the marks of the official figure stay, and what it hides stays hidden.
    const found = sumsOf(live, state.own);
    fault = found.fault;
    figures = ownFigures(live, found.sums && found.sums.areas, layer, tables.areas[0], AREA_COUNT);
    upper = ownFigures(live, found.sums && found.sums.upper, layer, tables.upper && tables.upper[0], areas.upperCodes.length);
    total = ownFigures(live, found.sums && found.sums.total, layer, tables.total && tables.total[0], 1);
  }
  const breaks = layer.breaks[schemeNow()];
  const classOf = classesOf(figures, layer, at, period);
  const counts = new Array(breaks.length - 1).fill(0);
  /** @type {Record<string, number>} */
  const standings = {};
  for (let i = 0; i < AREA_COUNT; i++) {
    if (classOf[i] >= 0) counts[classOf[i]]++;
    const name = standingName(figures.standing[i]);
    standings[name] = (standings[name] || 0) + 1;
  }
  const k = layer.cutoffs[at];
  return { ...figures, upper, total, layer, form: layer.form, breaks, classOf, counts, standings, fault, n: unitsOf(layer, period),
    k, official: !state.own && (k === "" || k === data.official) };
}

/** @param {Figures} figures @param {Layer} layer @param {number} at place of the cutoff @param {number} period */
function classesOf(figures, layer, at, period) {
  const breaks = layer.breaks[schemeNow()];
  const classOf = new Int8Array(AREA_COUNT).fill(-1);
  for (let i = 0; i < AREA_COUNT; i++) if (!Number.isNaN(figures.value[i])) classOf[i] = classAt(figures.value[i], breaks);
  if (state.own) return classOf;
  // The page's figures are rounded; where that moves one over a break, its class comes with the data.
  const exceptions = roundOf(layer, period).exceptions[schemeNow()];
  for (let e = 0; e < exceptions.length; e += 3) if (exceptions[e] === at) classOf[exceptions[e + 1]] = exceptions[e + 2];
  return classOf;
}

/**
 * @param {LiveProfile} profile
 * @param {Sums | null} sums
 * @param {Layer} layer
 * @param {Figures | null} official at the measure's own cutoff
 * @param {number} length
 * @returns {Figures}
 */
function ownFigures(profile, sums, layer, official, length) {
  const empty = new Float64Array(length).fill(NaN);
  const value = (sums && liveValues(profile, sums, layer)) || empty.slice();
  const standing = new Int8Array(length);
  for (let i = 0; i < length; i++) {
    const before = official ? official.standing[i] : STANDING.unjudged;
    if (before === STANDING.hidden) {
      value[i] = NaN;
      standing[i] = before;
    } else if (Number.isNaN(value[i])) {
      standing[i] = sums && !(sums.all[i] > 0) ? data.noData : STANDING.undefined;
    } else {
      standing[i] = before === STANDING.caution || before === STANDING.review ? before : STANDING.unjudged;
    }
  }
  return { value, low: empty, high: empty, standing };
}

const FADED = 0.62; // of the way to grey
const GREY = [240, 239, 236];

/**
 * What a colour becomes where a figure is not reliable: nearer to grey. The order of classes stays.
 * @param {string} colour
 */
export function faded(colour) {
  const parts = [1, 3, 5].map((at, i) => {
    const own = parseInt(colour.slice(at, at + 2), 16);
    return Math.round(own + (GREY[i] - own) * FADED).toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** @param {View} view @param {number} i */
export function fillOf(view, i) {
  if (view.standing[i] === STANDING.hidden) return PAPER;
  if (view.classOf[i] < 0) return NO_FIGURE;
  const colour = coloursOf(view.breaks.length - 1)[view.classOf[i]];
  return view.standing[i] === STANDING.review ? faded(colour) : colour;
}
