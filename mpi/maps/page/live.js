// Figures of another norm: what mpi/counting.py does, on the combinations of deprivations that the page carries.
const live = held.live ? unpackedLive(held.live) : null;

function unpackedLive(block) {
  const words = reader(block.patterns);
  const patterns = [];
  while (words.more()) {
    const low = words();
    patterns.push([low, words()]);
  }
  const next = reader(block.cells);
  const raw = bytesOf(block.weights);
  const view = new DataView(raw.buffer);
  const length = raw.length / 8;
  const cells = { area: new Int32Array(length), pattern: new Int32Array(length), weight: new Float64Array(length) };
  for (let i = 0, area = 0; i < length; i++) {
    area += next();
    cells.area[i] = area;
    cells.pattern[i] = next();
    cells.weight[i] = view.getFloat64(8 * i, true);
  }
  return { items: block.items, bits: block.bits, places: block.places, patterns, cells };
}

const hasBit = ([low, high], bit) => (bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1);

// Weights that add up to 1, as whole numbers over their least common denominator.
function norm(weights) {
  let sum = { top: 0n, bottom: 1n };
  for (const w of weights) sum = fraction(sum.top * w.bottom + w.top * sum.bottom, sum.bottom * w.bottom);
  const shares = weights.map((w) => fraction(w.top * sum.bottom, w.bottom * sum.top));
  const base = shares.reduce((least, s) => (least / greatest(least, s.bottom)) * s.bottom, 1n);
  return { shares, base, units: shares.map((s) => (s.top * base) / s.bottom) };
}

// A setting from its texts, or the first fault in it.
function readSetting(setting) {
  const k = readCutoff(setting.k);
  if (k.fault) return { fault: k.fault, at: "k" };
  const weights = [];
  for (const [i, text] of setting.weights.entries()) {
    const read = readFraction(text);
    if (read.fault) return { fault: t("faultAt", { name: inLanguage(live.items[i].title), fault: read.fault }), at: i };
    weights.push(read.value);
  }
  if (weights.every((w) => w.top === 0n)) return { fault: t("faultSum"), at: "weights" };
  return { k: k.value, strict: k.strict, ...norm(weights) };
}

// Scores of all patterns and who is poor, decided between whole numbers.
function scored({ k, strict, base, units }) {
  const exact = k.top * base;
  const least = strict ? exact / k.bottom + 1n : (exact + k.bottom - 1n) / k.bottom;
  const small = base <= BigInt(Number.MAX_SAFE_INTEGER);
  const own = small ? units.map(Number) : units;
  const floor = small ? Number(least) : least;
  const score = new Float64Array(live.patterns.length);
  const poor = new Uint8Array(live.patterns.length);
  live.patterns.forEach((pattern, p) => {
    let sum = small ? 0 : 0n;
    live.items.forEach((item, i) => {
      let met = 0;
      for (const bit of item.bits) met += hasBit(pattern, bit);
      if (met >= item.atLeast) sum += own[i];
    });
    poor[p] = sum >= floor ? 1 : 0;
    // Very large whole numbers are divided before they become doubles: they could be past the largest double.
    score[p] = small ? sum / Number(base) : Number((sum << 64n) / base) / 2 ** 64;
  });
  return { score, poor };
}

// Sums of weights by place: everybody, the poor, their scores, and for each indicator the deprived and the poor deprived.
function sums(length) {
  const rows = () => Object.keys(live.bits).map(() => new Float64Array(length));
  return { all: new Float64Array(length), poor: new Float64Array(length), score: new Float64Array(length),
    deprived: rows(), both: rows() };
}

function add(into, place, weight, poor, score, flags) {
  into.all[place] += weight;
  if (poor) {
    into.poor[place] += weight;
    into.score[place] += weight * score;
  }
  for (let j = 0; j < flags.length; j++) {
    if (!flags[j]) continue;
    into.deprived[j][place] += weight;
    if (poor) into.both[j][place] += weight;
  }
}

// Everything that can be shown of a setting, for areas, upper areas and all of it.
function recomputed(setting) {
  const { score, poor } = scored(setting);
  const names = Object.keys(live.bits);
  const flags = live.patterns.map((pattern) => names.map((name) => hasBit(pattern, live.bits[name])));
  const found = { areas: sums(COUNT), upper: sums(areas.upperCodes.length), total: sums(1) };
  const { area, pattern, weight } = live.cells;
  for (let i = 0; i < weight.length; i++) {
    const p = pattern[i];
    add(found.total, 0, weight[i], poor[p], score[p], flags[p]);
    const place = live.places[area[i]];
    if (place < 0) continue;
    add(found.areas, place, weight[i], poor[p], score[p], flags[p]);
    if (areas.upper[place] >= 0) add(found.upper, areas.upper[place], weight[i], poor[p], score[p], flags[p]);
  }
  return found;
}

const divided = (a, b) => a.map((x, i) => (b[i] > 0 ? x / b[i] : NaN));

// One layer of recomputed sums; null if it cannot be computed here.
function liveValues(found, layer) {
  if (layer.statistic === "poor") return found.poor.map((x, i) => (found.all[i] > 0 ? x : NaN));
  if (layer.statistic === "H") return divided(found.poor, found.all);
  if (layer.statistic === "A") return divided(found.score, found.poor);
  if (layer.statistic === "M0") return divided(found.score, found.all);
  const j = Object.keys(live.bits).indexOf(layer.indicator);
  if (j < 0) return null;
  if (layer.statistic === "censored_headcount") return divided(found.both[j], found.all);
  return layer.statistic === "uncensored_headcount" ? divided(found.deprived[j], found.all) : null;
}

function canBeLive(layer) {
  if (["H", "A", "M0", "poor"].includes(layer.statistic)) return true;
  return ["censored_headcount", "uncensored_headcount"].includes(layer.statistic) && layer.indicator in live.bits;
}
