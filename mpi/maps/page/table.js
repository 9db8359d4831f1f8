// @ts-check
// The table of the current layer: the text that stands for the map. Filled when it comes into sight.
import { aboutText, badge } from "./captions.js";
import { byId, html } from "./dom.js";
import { goalNow, goalText } from "./goals.js";
import { AREA_COUNT, STANDING, areas, data, upperName } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { inLanguage, marked, midway, number, plainFigure, standingInWords, t } from "./words.js";
import { zoomTo } from "./zoom.js";
/** @import { View } from "./types.d.ts" */

/** @typedef {"code" | "name" | "upper" | "value" | "low" | "high" | "n" | "standing" | "goal"} Column */

/** @type {Column[]} */
const COLUMNS = ["code", "name", "upper", "value", "low", "high", "n", "standing", "goal"];
/** Sorted from the largest at first. */
const NUMBERS = ["value", "low", "high", "n"];
const ARROWS = { none: "", ascending: " ▲", descending: " ▼" };
const DELAY = 60; // milliseconds

/** @type {{ by: Column, down: boolean }} */
let sorted = { by: "code", down: false };
let seen = false;
let waiting = 0;
let filledWith = ""; // the columns that the rows have

/** @param {Column} name */
function columnTitle(name) {
  if (name === "upper") return inLanguage(data.texts.upper);
  if (name === "goal") return inLanguage(goalNow()?.title || {});
  return name === "name" ? inLanguage(data.texts.area) || t("name") : t(name);
}

/**
 * Without those that no area fills: limits of a census, the rules of precision of a table that has none.
 * @param {View} view
 */
function shownColumns(view) {
  const filled = {
    upper: areas.upperCodes.length > 0,
    low: view.low.some((low) => !Number.isNaN(low)), high: view.high.some((high) => !Number.isNaN(high)),
    n: view.n.some((n) => !Number.isNaN(n)),
    standing: view.standing.some((standing) => standing !== STANDING.unjudged),
    goal: Boolean(goalNow()),
  };
  return COLUMNS.filter((name) => !(name in filled) || filled[/** @type {keyof typeof filled} */ (name)]);
}

/**
 * Areas in the order of the table; what has no figure comes last in both directions.
 * @param {View} view
 */
function order(view) {
  const collator = new Intl.Collator(state.language, { numeric: true });
  const places = areas.codes.map((_, i) => i);
  const turn = sorted.down ? -1 : 1;
  const byText = (/** @type {(i: number) => string} */ text) =>
    places.sort((a, b) => turn * collator.compare(text(a), text(b)) || a - b);
  if (sorted.by === "code") return byText((i) => areas.codes[i]);
  if (sorted.by === "name") return byText((i) => areas.names[i]);
  if (sorted.by === "upper") return byText(upperName);
  const goal = goalNow();
  if (sorted.by === "goal") return byText((i) => (goal ? goalText(goal, i) : ""));
  const numbers = view[sorted.by];
  return places.sort((a, b) => {
    const [x, y] = [numbers[a], numbers[b]];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return turn * (x - y) || a - b;
  });
}

/**
 * @param {View} view
 * @param {number} i
 * @returns {Record<Column, string>}
 */
function cellsOf(view, i) {
  const goal = goalNow();
  return {
    code: areas.codes[i], name: areas.names[i], upper: upperName(i),
    value: marked(view.value[i], view.form, view.standing[i]),
    low: plainFigure(view.low[i], view.form), high: plainFigure(view.high[i], view.form), n: number(view.n[i], 0),
    standing: standingInWords(view.standing[i]), goal: goal ? goalText(goal, i) : "",
  };
}

/** @param {Column[]} columns */
function drawHeads(columns) {
  byId("heads").replaceChildren(...columns.map((name) => {
    const now = sorted.by !== name ? "none" : sorted.down ? "descending" : "ascending";
    const head = html("th", { scope: "col", "aria-sort": now, class: name });
    const button = html("button", { type: "button" }, columnTitle(name));
    button.append(html("span", { class: "arrow", "aria-hidden": "true" }, ARROWS[now]));
    button.title = t("sort", { name: columnTitle(name) });
    button.addEventListener("click", () => sortBy(name));
    head.append(button);
    return head;
  }));
}

/** @param {Column} name */
function sortBy(name) {
  sorted = { by: name, down: sorted.by === name ? !sorted.down : NUMBERS.includes(name) };
  const columns = shownColumns(current());
  fillTable();
  drawHeads(columns);
  byId("heads").querySelectorAll("button")[columns.indexOf(name)].focus();
}

/** @param {Column[]} columns */
function emptyRow(columns) {
  const row = html("tr");
  for (const name of columns) {
    const cell = html(name === "name" ? "th" : "td", name === "name" ? { scope: "row", class: name } : { class: name });
    if (name === "name") cell.append(html("button", { type: "button", class: "plain" }));
    row.append(cell);
  }
  return row;
}

function fillTable() {
  const view = current();
  const columns = shownColumns(view);
  if (columns.join() !== filledWith) byId("rows").replaceChildren();
  filledWith = columns.join();
  const rows = tableRows();
  while (rows.length < AREA_COUNT) byId("rows").append(emptyRow(columns));
  order(view).forEach((i, at) => {
    const row = rows[at];
    const cells = cellsOf(view, i);
    row.dataset.i = String(i);
    row.classList.toggle("chosen", i === state.selected);
    columns.forEach((name, c) => {
      const cell = row.children[c].firstElementChild || row.children[c];
      if (cell.textContent !== cells[name]) cell.textContent = cells[name];
    });
  });
}

const tableRows = () => /** @type {HTMLCollectionOf<HTMLElement>} */ (byId("rows").children);

export function markSelectedRow() {
  for (const row of tableRows()) row.classList.toggle("chosen", Number(row.dataset.i) === state.selected);
}

/** What the headings of some columns mean. @param {Column[]} columns */
function captionOf(columns) {
  const limits = columns.includes("low") ? [t("captionLimits", { level: inLanguage(data.level) })] : state.own ? [t("captionOwn")] : [];
  return [...limits, ...(columns.includes("n") ? [t("captionN")] : [])];
}

export function drawTable() {
  const view = current();
  byId("figures-title").textContent = t("figures", { area: midway(inLanguage(data.texts.area)) });
  const title = [inLanguage(view.layer.title), aboutText(view), badge(view).text].filter(Boolean).join(". ");
  const columns = shownColumns(view);
  if (!columns.includes(sorted.by)) sorted = { by: "code", down: false };
  byId("table-caption").textContent = [title, ...captionOf(columns)].join(". ");
  drawHeads(columns);
  if (!seen) return;
  // After the map: a slider that moves must not wait for a thousand rows.
  clearTimeout(waiting);
  waiting = setTimeout(fillTable, DELAY);
}

export function listenToTable() {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    seen = true;
    fillTable();
  }, { rootMargin: "400px" }).observe(byId("figures"));
  byId("rows").addEventListener("click", ({ target }) => {
    const row = target instanceof Element && target.closest("button") && target.closest("tr");
    if (!row) return;
    select(Number(row.dataset.i));
    zoomTo(state.selected);
  });
  byId("skip").addEventListener("click", (event) => {
    // The address holds the state of the page, so the link must not write into it.
    event.preventDefault();
    byId("figures").scrollIntoView();
    byId("figures").focus();
  });
}
