// @ts-check
// The data of the page: read once, unpacked when first wanted.
import { countsOf, figuresOf } from "./unpacking.js";
import { unpackedLive } from "./live.js";
/** @import { Layer, PageData, Tables } from "./types.d.ts" */

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

/** @type {Map<number, Float64Array>} */
const unpackedUnits = new Map();

/**
 * The unweighted units behind the figures of each area.
 * @param {Layer} layer
 */
export function unitsOf(layer) {
  const units = unpackedUnits.get(layer.units) || countsOf(data.units[layer.units], AREA_COUNT);
  unpackedUnits.set(layer.units, units);
  return units;
}

/** @type {Map<Layer, Tables>} */
const unpackedTables = new Map();

/** @param {Layer} layer */
export function tablesOf(layer) {
  const tables = unpackedTables.get(layer) || unpacked(layer);
  unpackedTables.set(layer, tables);
  return tables;
}

/**
 * @param {Layer} layer
 * @returns {Tables}
 */
function unpacked({ figures, upper, total, form, cutoffs }) {
  const perUnit = data.perUnit[form];
  return {
    areas: figuresOf(figures, perUnit, cutoffs.length, AREA_COUNT),
    upper: upper === null ? null : figuresOf(upper, perUnit, cutoffs.length, areas.upperCodes.length),
    total: total === null ? null : figuresOf(total, perUnit, cutoffs.length, 1),
  };
}
