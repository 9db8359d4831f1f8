// Types of the page: what mpi/maps/interactive.py and mpi/maps/live.py hand over, and what the modules give one another.

/** A text in each language of the page. */
export type Titles = Record<string, string>;

/** Keys of the texts and number signs that mpi/maps/page_texts.py hands over. */
export type TextKey =
  | "skip" | "languages" | "controls" | "layer" | "cutoff" | "scheme" | "fixed" | "quantiles" | "fisher_jenks"
  | "search" | "nothing" | "zoom" | "zoomIn" | "zoomOut" | "zoomAll" | "keys" | "mapLabel" | "officialCutoff"
  | "measureCutoff" | "official" | "asDefined" | "everybody" | "otherCutoff" | "ownBadge" | "ownSame" | "ownInvalid"
  | "legend" | "units" | "over" | "upTo" | "range" | "rule" | "noData" | "details" | "choose" | "interval"
  | "noInterval" | "sample" | "class" | "compare" | "clear" | "zoomTo" | "atOfficial" | "hiddenStays" | "own"
  | "ownAbout" | "presets" | "presetOfficial" | "presetIndicators" | "presetDimensions" | "ownCutoff" | "ownBack"
  | "officialWeight" | "faultNumber" | "faultZero" | "faultRange" | "faultSum" | "faultAt" | "faultLong" | "saving"
  | "saveCsv" | "saveSvg" | "print" | "figures" | "code" | "name" | "value" | "low" | "high" | "n" | "standing"
  | "sort" | "captionLimits" | "captionN" | "captionOwn" | "period" | "kIs" | "kStrict" | "anyCutoff" | "enlarged" | "sourceIs"
  | "noteIs" | "disclosureIs" | "weightsAre" | "filePrefix" | "share" | "indexUnit" | "numberUnit" | "shareOfPoor"
  | "decimal" | "thousands" | "percentSign" | "colon" | "semicolon" | "ownFile" | "dark" | "more" | "ends" | "highest" | "lowest" | "endsOf" | "endsWithout"
  | "endsTested" | "endsUntested" | "isHigher" | "isLower" | "isEqual" | "isUnclear" | "isUntested" | "before"
  | "changeIs" | "changeReal" | "changeUnclear" | "changeUntested" | "points" | "mostWeak" | "levelAbove"
  | "areaPage" | "rangeAbove" | "shareThatIsPoor" | "glossary"
  | "closing" | "closingAbout" | "closedAre" | "meaningOf" | "besideIt" | "oneMap" | "errorsUnknown" | "ruleAlone" | "goals" | "noGoal";

/** The texts of one language. */
export type Words = Record<TextKey, string>;

/** How a statistic is written. */
export type Form = "percent" | "index" | "number";

/** All that Python hands to the page. */
export interface PageData {
  language: string;
  languages: string[];
  words: Record<string, Words>;
  texts: PageTexts;
  /** Of each standing: its mark, what it means in the words of the rules, and in short. */
  marks: Record<string, [mark: string, inRules: Titles, short: Titles]>;
  act: Titles;
  standings: string[];
  noData: number;
  cutoffs: string[];
  /** The oldest first; the last is the published one. */
  periods: string[];
  census: boolean;
  /** The finding in a sentence; empty where there is none. */
  headline: Titles;
  glossary: Entry[];
  verdicts: Verdicts | null;
  /** Of each area 1, or 0 where its errors are too uncertain for a ranking. */
  firm: string;
  /** Targets whose verdicts can be shown on the map. */
  goals: Goal[];
  /** The sign of each letter of a verdict. */
  goalSigns: Record<string, string>;
  /** The folder of the pages of areas; empty where there are none. */
  pages: string;
  level: Titles;
  official: string;
  schemes: string[];
  perUnit: Record<Form, number>;
  palette: Palette;
  areas: AreasBlock;
  layers: Layer[];
  /** Whether the layers are those of a measure, with its cutoffs. */
  ofMeasure: boolean;
  units: string[];
  live: LiveBlock | null;
}

export interface PageTexts {
  title: Titles;
  area: Titles;
  upper: Titles;
  total: Titles;
  source: Titles;
  note: Titles;
  disclosure: Titles;
  measure: Titles;
  unit: Titles;
  file: string;
  /** The file of the map of upper areas; empty for none. */
  upperMap: string;
}

export interface Palette {
  /** By number of classes, from the lightest to the darkest. */
  classes: Record<string, string[]>;
  paper: string;
  noFigure: string;
}

/** Names and packed outlines of the areas, on a grid. */
export interface AreasBlock {
  codes: string[];
  names: string[];
  /** Place of the area that holds each; -1 for none. */
  upper: number[];
  upperCodes: string[];
  upperNames: string[];
  width: number;
  height: number;
  /** Metres of a step of the grid; null where the projection is not in metres. */
  metres: number | null;
  rings: string;
  upperRings: string;
  /** Where the name of each area goes, then of each upper one: x, y, and the radius of the room around it. */
  spots: string;
  /** Areas that are named before others. */
  capitals: number[];
  frames: Frame[];
}

/** The frame of an inset. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
  title: Titles;
  enlarged: number;
  members: number[];
}

/** One statistic: packed figures at each cutoff, and its classes by scheme. */
/** A word of the glossary. */
export interface Entry {
  name: string;
  title: Titles;
  text: Titles;
}

export interface Layer {
  name: string;
  /** That explains its statistic; empty for none. */
  word: string;
  statistic: string;
  indicator: string | null;
  group: Titles;
  title: Titles;
  /** Of a layer of no measure: its unit, and what it shows in a sentence. */
  unit: Titles | null;
  finding: Titles | null;
  form: Form;
  byCutoff: boolean;
  /** Whether it is a share of the poor. */
  ofPoor: boolean;
  cutoffs: string[];
  scheme: string;
  breaks: Record<string, number[]>;
  /** By period; null where a period has none. */
  rounds: (Round | null)[];
  change: Change | null;
}

/** The figures of a layer in one period. */
export interface Round {
  figures: string;
  units: number;
  exceptions: Record<string, number[]>;
  upper: string | null;
  total: string | null;
}

/** What became of each area since the round before, at the measure's own cutoff; null where it is not known. */
export interface Change {
  value: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  significant: (boolean | null)[];
}

/** Of each area a letter: h higher, l lower, ? cannot be said, - not tested; of one layer at the measure's own cutoff. */
export interface Verdicts {
  layer: string;
  upper: string;
  total: string;
}

/** Targets of the areas for one figure and year. */
export interface Goal {
  /** In the address of the page. */
  name: string;
  title: Titles;
  /** Of each area a letter: m met, t on track, o off track, c cannot be told, n no figure; - without a target. */
  verdicts: string;
  /** What each letter that occurs means. */
  words: Record<string, Titles>;
}

/** What can be said of an area beside another. */
export type Verdict = "higher" | "lower" | "equal" | "unclear" | "untested";

/** What has a weight: an indicator, or a combined dimension that counts as deprived from `atLeast` indicators on. */
export interface Item {
  name: string;
  title: Titles;
  dimension: string;
  weight: string;
  bits: number[];
  atLeast: number;
}

/** The measure and the packed combinations of deprivations by area. */
export interface LiveBlock {
  items: Item[];
  statistics: LiveStatistics;
  dimensions: Record<string, Titles>;
  bits: Record<string, number>;
  /** Indicators whose uncensored headcounts are of fewer units than the combinations are. */
  mayBeUnknown: string[];
  /** Indicators that the reader may close, with their titles. */
  closable: Record<string, Titles>;
  places: number[];
  cells: string;
  patterns: string;
  weights: { whole?: string; doubles?: string };
}

/** What is summed: see Sums; the known of an indicator are all where it always is. */
export type SumName = keyof Sums | "known";

/** For each statistic the sum above and the sum below; a total has none below. */
export type LiveStatistics = Record<string, [above: SumName, below: SumName | null]>;

/** The two 32-bit words of a combination of deprivations, the low one first. */
export type Pattern = [low: number, high: number];

export interface LiveProfile {
  items: Item[];
  statistics: LiveStatistics;
  bits: Record<string, number>;
  mayBeUnknown: string[];
  closable: string[];
  places: number[];
  patterns: Pattern[];
  cells: { area: Int32Array; pattern: Int32Array; weight: Float64Array };
}

/** How many areas there are, and which upper area holds each: what sums are made of. */
export interface Grouping {
  areas: number;
  upper: number[];
  upperAreas: number;
}

/** A positive bottom, and nothing left to cancel. */
export interface Fraction {
  top: bigint;
  bottom: bigint;
}

/** What is wrong with a text, as a key of a text with its values. */
export interface Fault {
  key: TextKey;
  values?: Record<string, string>;
}

export interface Cutoff {
  value: Fraction;
  strict: boolean;
}

/** Weights and a cutoff as the reader wrote them, and the indicators that the reader has closed. */
export interface Setting {
  k: string;
  weights: string[];
  closed: string[];
}

/** A setting that was read: weights that add up to 1, also as whole numbers over their common denominator. */
export interface Norm {
  k: Fraction;
  strict: boolean;
  closed: string[];
  shares: Fraction[];
  denominator: bigint;
  whole: bigint[];
}

/** Where the fault of a setting is: the cutoff, all weights together, or the weight of one item. */
export interface SettingFault {
  fault: Fault;
  at: "k" | "weights" | number;
}

/** Sums of weights by place: of everybody, of the poor, of their scores; by indicator of the deprived, and those poor. */
export interface Sums {
  all: Float64Array;
  poor: Float64Array;
  score: Float64Array;
  deprived: Float64Array[];
  both: Float64Array[];
}

export interface LiveSums {
  areas: Sums;
  upper: Sums;
  total: Sums;
}

/** Figures by place; NaN where there is none. A standing is a place in `standings`, or `noData`. */
export interface Figures {
  value: Float64Array;
  low: Float64Array;
  high: Float64Array;
  standing: Int8Array;
}

/** Figures of a layer at each cutoff. */
export interface Tables {
  areas: Figures[];
  upper: Figures[] | null;
  total: Figures[] | null;
}

/** The layer that the map shows, at its cutoff or under the reader's setting. */
export interface View extends Figures {
  upper: Figures | null;
  total: Figures | null;
  layer: Layer;
  form: Form;
  breaks: number[];
  /** Of each area; -1 for none. */
  classOf: Int8Array;
  counts: number[];
  /** How many areas have each standing, by name. */
  standings: Record<string, number>;
  fault: SettingFault | null;
  n: Float64Array;
  k: string;
  official: boolean;
}

/** x0, y0, x1, y1. */
export type Box = [number, number, number, number];

/** A name on the map, with its place on the grid and how it looks. */
export interface Name {
  x: number;
  y: number;
  radius: number;
  look: { letters: number; weight: number; ink: string; overhang: number };
  rank: number;
  lines: string[];
  /** In pixels; 0 while it is not measured. */
  width: number;
}

export interface Shape {
  path: string;
  box: Box;
}

/** What a language writes into numbers. */
export interface NumberSigns {
  decimal: string;
  thousands: string;
  percent: string;
}

export type Hatch = "caution" | "review" | "hidden" | "none";

/** A row of the legend: a class, or a mark that is drawn over the colours. */
export interface LegendRow {
  fill: string;
  /** The colour of the class where figures are not reliable, if there are such. */
  weak?: string;
  hatch?: Hatch;
  mark?: string;
  /** In place of a colour: the sign that stands on the map; empty where the row is a heading. */
  sign?: string;
  text: string;
  count: number;
  kind: "class" | "mark";
}
