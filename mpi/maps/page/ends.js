// @ts-check
// The five highest and the five lowest areas, with their intervals, and which of them truly differ from the whole.
import { VERDICT_TEXTS, isTested, mayBeRanked, verdictOf } from "./comparing.js";
import { limits } from "./details.js";
import { byId, html } from "./dom.js";
import { AREA_COUNT, areas, data, upperName } from "./page_data.js";
import { select } from "./state.js";
import { current } from "./view.js";
import { inLanguage, marked, number, t } from "./words.js";
import { zoomTo } from "./zoom.js";
/** @import { TextKey, Verdict, View } from "./types.d.ts" */

const MANY = 5;
const FEWEST = 1; // however little room there is
/** @type {Partial<Record<Verdict, string>>} */
const SIGNS = { higher: "▲", lower: "▼" };

let most = MANY; // of each list, for which there is room
let waiting = 0;

export function drawEnds() {
  const view = current();
  const ranked = Array.from({ length: AREA_COUNT }, (_, i) => i).filter((i) => mayBeRanked(view, i))
    .sort((a, b) => view.value[b] - view.value[a] || a - b);
  const enough = ranked.length >= 2;
  byId("ends").hidden = !enough;
  if (!enough) return;
  byId("ends-note").textContent = noteOf(view, ranked);
  const draw = () => {
    const many = Math.min(most, Math.floor(ranked.length / 2));
    byId("ends-lists").replaceChildren(list(view, "highest", ranked.slice(0, many)), list(view, "lowest", ranked.slice(-many).reverse()));
  };
  draw();
  // Not at once: to ask for heights makes the browser lay out the whole map, which it does for the next frame anyway.
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    while (isCut() && most > FEWEST) {
      most -= 1;
      draw();
    }
  });
}

/** The page has another size, and so perhaps room for more. */
export function refitEnds() {
  most = MANY;
  drawEnds();
}

/** Whether there is less room beside the map than the lists and the note need. */
const isCut = () => byId("ends").scrollHeight > byId("ends").clientHeight + 1;

/** @param {View} view @param {TextKey} title @param {number[]} members */
function list(view, title, members) {
  const part = html("div", { class: title });
  part.append(html("h3", {}, t(title)));
  const items = html("ol");
  for (const i of members) {
    const item = html("li");
    const name = html("button", { type: "button", class: "plain" }, areas.names[i]);
    if (upperName(i)) name.title = upperName(i);
    name.addEventListener("click", () => {
      select(i);
      zoomTo(i);
    });
    const verdict = view.total ? verdictOf(view, i, "total", view.total.value[0]) : "untested";
    const figure = html("span", { class: "figure" }, marked(view.value[i], view.form, view.standing[i]));
    if (isTested(view) && SIGNS[verdict]) figure.append(html("span", { class: "sign", title: t(VERDICT_TEXTS[verdict], { name: inLanguage(data.texts.total) }) }, `\u00a0${SIGNS[verdict]}`));
    item.append(name, figure);
    if (!Number.isNaN(view.low[i])) item.append(html("span", { class: "limits" }, limits(view, i)));
    items.append(item);
  }
  part.append(items);
  return part;
}

/** Figures of no measure may come without intervals. @param {View} view */
const areErrorsKnown = (view) => data.ofMeasure || view.low.some((low) => !Number.isNaN(low));

/** @param {View} view @param {number[]} ranked */
function noteOf(view, ranked) {
  const figures = view.value.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  const lines = [];
  if (ranked.length < figures) lines.push(t("endsOf", { ranked: number(ranked.length, 0), all: number(figures, 0) }));
  if (figures < AREA_COUNT) lines.push(t("endsWithout", { without: number(AREA_COUNT - figures, 0) }));
  if (isTested(view)) lines.push(t("endsTested", { name: inLanguage(data.texts.total) }));
  else if (!data.census) lines.push(t(areErrorsKnown(view) ? "endsUntested" : "errorsUnknown"));
  return lines.join(" ");
}
