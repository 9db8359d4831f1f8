// @ts-check
// Verdicts on the targets of areas, over the colours: a sign of its own shape for each, told in words beside it.
import { byId, html, selectById, svg } from "./dom.js";
import { showNames } from "./names.js";
import { PUBLISHED, areas, data } from "./page_data.js";
import { changed, state } from "./state.js";
import { numbersIn } from "./unpacking.js";
import { PAPER } from "./view.js";
import { headed, inLanguage, t } from "./words.js";
/** @import { Goal, LegendRow } from "./types.d.ts" */

const RADIUS = 7.5; // pixels, of the disc of a sign
const LETTERS = 11; // pixels
const APART = 1; // pixels between two signs
const RIM = "#2b2621";
/** By the letter of a verdict. @type {Record<string, string>} */
const INKS = { m: "#0f5a4a", t: "#0f5a4a", o: "#8a3f00", c: "#4a4a4a", n: "#4a4a4a" };

const group = svg("g", { id: "goal-signs", "pointer-events": "none", "aria-hidden": "true", "text-anchor": "middle", "font-weight": 700,
  "font-family": "system-ui, 'Segoe UI Symbol', 'DejaVu Sans', sans-serif" });
/** Places of the areas, the roomiest first. */
const spots = prepared();

function prepared() {
  const { next } = numbersIn(areas.spots);
  return areas.codes.map((_, i) => ({ i, x: next(), y: next(), radius: next() })).sort((a, b) => b.radius - a.radius);
}

/** The targets that are on the map; none where figures are not those that were judged. @returns {Goal | undefined} */
export const goalNow = () => (state.own || state.period !== PUBLISHED ? undefined : data.goals[state.goal]);

/** The verdict on an area, with its sign. @param {Goal} goal @param {number} i */
export function goalText(goal, i) {
  const letter = goal.verdicts[i];
  return letter in goal.words ? `${data.goalSigns[letter]} ${inLanguage(goal.words[letter])}` : "";
}

/** @param {Element} map */
export const drawGoals = (map) => map.append(group);

/** The signs, as far as none covers another. @param {{ left: number, top: number, width: number, height: number, scale: number }} seen */
export function placeGoals({ left, top, width, height, scale }) {
  const goal = goalNow();
  showNames(!goal);
  group.replaceChildren();
  if (!goal) return;
  const px = 1 / scale;
  /** @type {[number, number][]} */
  const taken = [];
  for (const { i, x, y } of spots) {
    if (!(goal.verdicts[i] in goal.words)) continue;
    const [across, down] = [(x - left) * scale, (y - top) * scale];
    if (across < 0 || down < 0 || across > width || down > height) continue;
    if (taken.some(([a, b]) => Math.hypot(a - across, b - down) < 2 * RADIUS + APART)) continue;
    taken.push([across, down]);
    const ink = INKS[goal.verdicts[i]];
    svg("circle", { cx: x, cy: y, r: (RADIUS * px).toFixed(2), fill: PAPER, stroke: RIM, "stroke-width": (0.8 * px).toFixed(2) }, group);
    const sign = svg("text", { x, y: (y + 0.36 * LETTERS * px).toFixed(2), "font-size": (LETTERS * px).toFixed(2), fill: ink }, group);
    sign.textContent = data.goalSigns[goal.verdicts[i]];
  }
}

/** What the signs mean, with the number of areas of each, below the classes. @returns {LegendRow[]} */
export function goalRows() {
  const goal = goalNow();
  if (!goal) return [];
  const counts = Object.keys(goal.words).map((letter) => ({ letter, count: [...goal.verdicts].filter((own) => own === letter).length }));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  /** @type {LegendRow[]} */
  const rows = counts.filter(({ count }) => count).map(({ letter, count }) => (
    { fill: PAPER, text: inLanguage(goal.words[letter]), sign: data.goalSigns[letter], count, kind: "mark" }));
  return [{ fill: PAPER, text: inLanguage(goal.title), sign: "", count: all, kind: "mark" }, ...rows];
}

/** What became of the targets of an area, one line each. @param {number} i */
export function goalsOf(i) {
  const told = state.own ? [] : data.goals.filter((goal) => goal.verdicts[i] in goal.words);
  if (!told.length) return [];
  const list = html("ul", { class: "verdicts goals" });
  for (const goal of told) list.append(html("li", {}, headed(inLanguage(goal.title), goalText(goal, i))));
  return [html("p", { class: "small" }, t("goals")), list];
}

/** The choice of targets; not there on a map that has none. */
export function drawGoalChoice() {
  const choice = selectById("goal");
  byId("goals").hidden = !data.goals.length;
  const options = data.goals.map((goal, place) => html("option", { value: place }, inLanguage(goal.title)));
  choice.replaceChildren(html("option", { value: -1 }, t("noGoal")), ...options);
  choice.value = String(state.goal);
  choice.disabled = Boolean(state.own) || state.period !== PUBLISHED;
}

export function listenToGoals() {
  selectById("goal").addEventListener("change", () => {
    state.goal = Number(selectById("goal").value);
    changed("figures");
  });
}
