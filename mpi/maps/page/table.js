// @ts-check
// The table of the current layer: the text that stands for the map. Filled when it comes into sight.
import { aboutText, badge } from "./captions.js";
import { byId, html } from "./dom.js";
import { AREA_COUNT, areas, data, upperName } from "./page_data.js";
import { select, state } from "./state.js";
import { current } from "./view.js";
import { inLanguage, marked, midway, number, plainFigure, standingInWords, t } from "./words.js";
import { zoomTo } from "./zoom.js";
/** @import { View } from "./types.d.ts" */

/** @typedef {"code" | "name" | "upper" | "value" | "low" | "high" | "n" | "standing"} Column */

/** @type {Column[]} */
const COLUMNS = ["code", "name", "upper", "value", "low", "high", "n", "standing"];
/** Sorted from the largest at first. */
const NUMBERS = ["value", "low", "high", "n"];
const ARROWS = { none: "", ascending: " ▲", descending: " ▼" };
const DELAY = 60; // milliseconds

/** @type {{ by: Column, down: boolean }} */
let sorted = { by: "code", down: false };
let seen = false;
let waiting = 0;

/** @param {Column} name */
function columnTitle(name) {
  if (name === "upper") return inLanguage(data.texts.upper);
  return name === "name" ? inLanguage(data.texts.area) || t("name") : t(name);
}

const shownColumns = () => COLUMNS.filter((name) => name !== "upper" || areas.upperCodes.length);

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
  return {
    code: areas.codes[i], name: areas.names[i], upper: upperName(i),
    value: marked(view.value[i], view.form, view.standing[i]),
    low: plainFigure(view.low[i], view.form), high: plainFigure(view.high[i], view.form), n: number(view.n[i], 0),
    standing: standingInWords(view.standing[i]),
  };
}

function drawHeads() {
  byId("heads").replaceChildren(...shownColumns().map((name) => {
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
  fillTable();
  drawHeads();
  byId("heads").querySelectorAll("button")[shownColumns().indexOf(name)].focus();
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
  const columns = shownColumns();
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

export function drawTable() {
  const view = current();
  byId("figures-title").textContent = t("figures", { area: midway(inLanguage(data.texts.area)) });
  const title = [inLanguage(view.layer.title), aboutText(view), badge(view).text].filter(Boolean).join(". ");
  byId("table-caption").textContent = t(state.own ? "captionOwn" : "caption", { title, level: inLanguage(data.level) });
  drawHeads();
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
