// The one answer to "what is on the map now": values, intervals, standings and classes of every area.
const COLOURS = {
  // ColorBrewer YlOrBr (Brewer, Harrower and the Pennsylvania State University).
  3: ["#fff7bc", "#fec44f", "#d95f0e"],
  4: ["#ffffd4", "#fed98e", "#fe9929", "#cc4c02"],
  5: ["#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"],
  6: ["#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"],
  7: ["#ffffd4", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"],
  8: ["#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"],
  9: ["#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404", "#662506"],
};
const WHITE = "#ffffff";
const GREY = "#e4e4e1";
const coloursOf = (classes) => COLOURS[Math.max(3, Math.min(9, classes))];

let kept = { key: "", view: null };
let sumsKept = { key: "", found: null, fault: null };

// A layer need not have every scheme; the reader's choice waits for one that has it.
const schemeNow = () => (state.scheme in state.layer.breaks ? state.scheme : state.layer.scheme);

function cutoffIndex(layer) {
  const at = layer.cutoffs.indexOf(state.k);
  return at < 0 ? 0 : at;
}

function ownSums() {
  const key = JSON.stringify([state.own, state.language]);
  if (sumsKept.key !== key) {
    const setting = readSetting(state.own);
    sumsKept = { key, setting, fault: setting.fault || null, at: setting.at, found: setting.fault ? null : recomputed(setting) };
  }
  return sumsKept;
}

// Whether a setting is the official one, written in whatever way.
function isOfficial(setting) {
  const official = readSetting({ k: held.official, weights: officialWeights() });
  return setting.k.top === official.k.top && setting.k.bottom === official.k.bottom && setting.strict === official.strict &&
    setting.shares.every((s, i) => s.top === official.shares[i].top && s.bottom === official.shares[i].bottom);
}

function current() {
  const key = JSON.stringify([state.layer.name, state.k, schemeNow(), state.own, state.language]);
  if (kept.key !== key) kept = { key, view: made() };
  return kept.view;
}

function made() {
  const { layer } = state;
  const at = cutoffIndex(layer);
  const tables = tablesOf(layer);
  let { areas: own, upper, total } = { areas: tables.areas[at], upper: tables.upper && tables.upper[at], total: tables.total && tables.total[at] };
  let fault = null;
  if (state.own) {
    // Quality cannot be computed again here: the marks of the official figure stay, and what it hides stays hidden.
    const sums = ownSums();
    fault = sums.fault;
    own = ofSums(sums.found && sums.found.areas, layer, tables.areas[0]);
    upper = ofSums(sums.found && sums.found.upper, layer, tables.upper && tables.upper[0], areas.upperCodes.length);
    total = ofSums(sums.found && sums.found.total, layer, tables.total && tables.total[0], 1);
  }
  const breaks = layer.breaks[schemeNow()];
  const classOf = new Int8Array(COUNT).fill(-1);
  for (let i = 0; i < COUNT; i++) if (!Number.isNaN(own.value[i])) classOf[i] = classAt(own.value[i], breaks);
  if (!state.own) {
    const list = layer.exceptions[schemeNow()];
    for (let e = 0; e < list.length; e += 3) if (list[e] === at) classOf[list[e + 1]] = list[e + 2];
  }
  const counts = new Array(breaks.length - 1).fill(0);
  const standings = {};
  for (let i = 0; i < COUNT; i++) {
    if (classOf[i] >= 0) counts[classOf[i]]++;
    const name = standingName(own.standing[i]);
    standings[name] = (standings[name] || 0) + 1;
  }
  return { ...own, upper, total, layer, form: layer.form, breaks, classOf, counts, standings, fault, own: state.own,
    n: unitsOf(layer), k: layer.cutoffs[at], official: !state.own && (layer.cutoffs[at] === "" || layer.cutoffs[at] === held.official) };
}

const standingName = (standing) => (standing === NO_DATA ? "none" : held.standings[standing]);

// lower < x <= upper, the first closed; beyond the ends, the class at that end.
function classAt(value, breaks) {
  let at = 0;
  while (at < breaks.length - 2 && value > breaks[at + 1]) at++;
  return at;
}

function ofSums(found, layer, official, length = COUNT) {
  const empty = new Float64Array(length).fill(NaN);
  const value = found ? Float64Array.from(liveValues(found, layer)) : empty.slice();
  const standing = new Int8Array(length);
  for (let i = 0; i < length; i++) {
    const before = official ? official.standing[i] : STANDING.unjudged;
    if (before === STANDING.hidden) {
      value[i] = NaN;
      standing[i] = before;
    } else if (Number.isNaN(value[i])) {
      standing[i] = found && !(found.all[i] > 0) ? NO_DATA : STANDING.undefined;
    } else {
      standing[i] = before === STANDING.caution || before === STANDING.review ? before : STANDING.unjudged;
    }
  }
  return { value, low: empty, high: empty, standing };
}

// Texts that the page, the pictures and the files share.
function layerUnit(view) {
  const unit = inLanguage(held.texts.unit);
  if (view.form === "number") return t("numberUnit", { unit });
  if (view.form === "index") return t("indexUnit");
  return view.layer.statistic === "A" ? t("shareOfPoor", { unit }) : t("share", { unit });
}

const layerAbout = (view) => [settingText(view), held.texts.period, layerUnit(view)].join(" · ");

function settingText(view) {
  if (!state.own) return view.k ? cutoffText(view.k) : t("anyCutoff");
  if (view.fault) return "k = ?";
  const { k, strict } = ownSums().setting;
  return cutoffText((strict ? ">" : "") + fractionText(k));
}

function badge(view) {
  if (view.fault) return { text: t("ownInvalid"), kind: "own" };
  if (state.own) return isOfficial(ownSums().setting) ? { text: t("ownSame"), kind: "other" } : { text: t("ownBadge"), kind: "own" };
  if (!view.official) return { text: t("otherCutoff", { k: held.official }), kind: "other" };
  if (view.layer.statistic === "uncensored_headcount") return { text: t("everybody"), kind: "other" };
  const act = inLanguage(held.act);
  return act ? { text: t("official", { act }), kind: "official" } : { text: t("asDefined"), kind: "other" };
}

// The weights of a setting in words; empty for official figures.
function weightsText() {
  if (!state.own || ownSums().fault) return "";
  const { shares } = ownSums().setting;
  return t("weightsAre", { weights: live.items.map((item, i) => `${inLanguage(item.title)} ${fractionText(shares[i])}`).join("; ") });
}

function classText(view, at) {
  const last = view.breaks.length - 2;
  const show = (b) => figure(b, view.form, true);
  // A setting of one's own, or a count, may lie beyond the ends of the breaks.
  if (state.own && at === last && last > 0) return t("over", { a: show(view.breaks[at]) });
  if (state.own && at === 0) return t("upTo", { a: show(view.breaks[1]) });
  return t("range", { a: show(view.breaks[at]), b: show(view.breaks[at + 1]) });
}

function feet() {
  const lines = [];
  for (const [key, name] of [["sourceIs", "source"], ["noteIs", "note"], ["disclosureIs", "disclosure"]]) {
    const text = inLanguage(held.texts[name]);
    if (text) lines.push(`${t(key)}: ${text}`);
  }
  return lines;
}
