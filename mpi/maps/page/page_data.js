// @ts-check
// The data of the page: read once, unpacked when first wanted.
import { countsOf, figuresOf } from "./unpacking.js";
import { unpackedLive } from "./live.js";
/** @import { Layer, PageData, Round, Tables } from "./types.d.ts" */

/** @type {PageData} */
export const data = JSON.parse(document.getElementById("data")?.textContent || "");
export const areas = data.areas;
export const AREA_COUNT = areas.codes.length;
/** @type {Record<string, number>} */
export const STANDING = Object.fromEntries(data.standings.map((name, i) => [name, i]));
export const live = data.live && unpackedLive(data.live);

/** @param {number} standing */
export const standingName = (standing) => (standing === data.noData ? "none" : data.standings[standing]);

/** @param {string | null} name */
export const layerNamed = (name) => data.layers.find((layer) => layer.name === name);

/** @param {number} i */
export const upperName = (i) => (areas.upper[i] >= 0 ? areas.upperNames[areas.upper[i]] || areas.upperCodes[areas.upper[i]] : "");

/** The last period, which is the published one. */
export const PUBLISHED = data.periods.length - 1;

/**
 * A layer in a period; in the published one where it has none in that.
 * @param {Layer} layer @param {number} period
 */
export const roundOf = (layer, period) => /** @type {Round} */ (layer.rounds[period] || layer.rounds[PUBLISHED]);

/** @type {Map<number, Float64Array>} */
const unpackedUnits = new Map();

/**
 * The unweighted units behind the figures of each area.
 * @param {Layer} layer
 * @param {number} period
 */
export function unitsOf(layer, period) {
  const at = roundOf(layer, period).units;
  const units = unpackedUnits.get(at) || countsOf(data.units[at], AREA_COUNT);
  unpackedUnits.set(at, units);
  return units;
}

/** @type {Map<Round, Tables>} */
const unpackedTables = new Map();

/** @param {Layer} layer @param {number} period */
export function tablesOf(layer, period) {
  const round = roundOf(layer, period);
  const tables = unpackedTables.get(round) || unpacked(layer, round);
  unpackedTables.set(round, tables);
  return tables;
}

/**
 * @param {Layer} layer
 * @param {Round} round
 * @returns {Tables}
 */
function unpacked({ form, cutoffs }, { figures, upper, total }) {
  const perUnit = data.perUnit[form];
  return {
    areas: figuresOf(figures, perUnit, cutoffs.length, AREA_COUNT),
    upper: upper === null ? null : figuresOf(upper, perUnit, cutoffs.length, areas.upperCodes.length),
    total: total === null ? null : figuresOf(total, perUnit, cutoffs.length, 1),
  };
}
