// @ts-check
// Start, and what follows a change: everything that shows is drawn from the state again.
import { addressIsNew, readAddress, writeAddressSoon } from "./address.js";
import { aboutText, badge, sourceLines, weightsText } from "./captions.js";
import { drawControls, drawTexts, listenToControls } from "./controls.js";
import { drawDetails } from "./details.js";
import { byId, detailsById, html } from "./dom.js";
import { drawEnds, refitEnds } from "./ends.js";
import { drawGlossary, listenToWords } from "./glossary.js";
import { drawHeadline } from "./headline.js";
import { drawGoalChoice, listenToGoals } from "./goals.js";
import { followSelection, listenToKeys } from "./keys.js";
import { drawLegend } from "./legend.js";
import { look, map, measure, outlineSelected, paint, setSheet } from "./map.js";
import { drawSetting, listenToSetting, openSetting, showSetting } from "./own_setting.js";
import { areas, data } from "./page_data.js";
import { listenToPointers } from "./pointer.js";
import { listenToSaving } from "./saving.js";
import { listenToSearch } from "./search.js";
import { drawSecond, listenToSecond } from "./second.js";
import { WHOLE, changed, onChange, state } from "./state.js";
import { drawTable, listenToTable, markSelectedRow } from "./table.js";
import { listenToTheme } from "./theme.js";
import { current } from "./view.js";
import { inLanguage, t } from "./words.js";

// Width and height of the map on paper, as page.css has it; a setting of the reader's own has a line more above it.
const ENDS_WIDTH = 290; // pixels, with a margin
const LEAST_WIDTH = 640;
const PAPER_WIDTH = 760;
const PAPER_HEIGHT = { official: 461, own: 423 };

function drawHeading() {
  const view = current();
  const title = inLanguage(view.layer.title);
  const { text, kind } = badge(view);
  byId("layer-title").textContent = title;
  byId("layer-about").textContent = aboutText(view);
  byId("badge").textContent = text;
  byId("badge").className = `badge ${kind}`;
  document.body.classList.toggle("own-setting", Boolean(state.own));
  document.title = [state.own ? text : "", title, inLanguage(data.texts.title)].filter(Boolean).join(" · ");
  map.setAttribute("aria-label", t("mapLabel", { title: [title, aboutText(view), text].filter(Boolean).join(", ") }));
}

function drawFoot() {
  const weights = weightsText();
  const lines = [...(weights ? [`${badge(current()).text}. ${weights}`] : []), ...sourceLines()];
  byId("foot").replaceChildren(...lines.map((line) => html("p", {}, line)));
}

/** The page in the language of the state. */
function drawLanguage() {
  drawTexts();
  drawSetting();
  changed("figures");
}

/** Beside a map that leaves room there is place for the highest and lowest areas; else they stand below it. */
function makeRoom() {
  const box = byId("map-box");
  const { clientHeight, clientWidth } = box;
  const many = state.beside < 0 ? 1 : 2;
  const wide = clientWidth - many * (areas.width / areas.height) * clientHeight > ENDS_WIDTH && clientWidth > LEAST_WIDTH;
  box.classList.toggle("roomy", wide);
}

let wasTwo = false;

/** With a second map, or without, the first has another size. */
function fit() {
  if (wasTwo === state.beside >= 0) return;
  wasTwo = !wasTwo;
  makeRoom();
  measure();
  look();
}

function restore() {
  Object.assign(state, WHOLE);
  readAddress();
  if (state.own) openSetting();
  drawLanguage();
  outlineSelected();
  look();
}

function listen() {
  addEventListener("hashchange", () => {
    if (addressIsNew()) restore();
  });
  const resized = new ResizeObserver(() => {
    makeRoom();
    refitEnds();
    measure();
    look();
    changed("view");
  });
  resized.observe(byId("map-box"));
  resized.observe(byId("maps"));
  const narrow = matchMedia("(max-width: 800px)");
  const fold = () => {
    detailsById("controls-box").open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);
  fold();
  // Paper has another shape than the screen.
  addEventListener("beforeprint", () => {
    setSheet(state.beside < 0 ? PAPER_WIDTH : PAPER_WIDTH / 2, state.own ? PAPER_HEIGHT.own : PAPER_HEIGHT.official);
    look();
  });
  addEventListener("afterprint", () => {
    measure();
    look();
  });
  listenToControls(() => {
    drawLanguage();
    look();
  });
  listenToGoals();
  listenToPointers();
  listenToKeys();
  listenToSearch();
  listenToTable();
  listenToSetting();
  listenToSaving();
  listenToTheme();
  listenToWords();
}

for (const draw of [paint, drawSecond, fit, drawGlossary, drawHeading, drawHeadline, drawEnds, drawControls, drawGoalChoice, drawLegend, drawDetails, drawTable, showSetting, drawFoot, writeAddressSoon]) {
  onChange("figures", draw);
}
if (data.goals.length) onChange("figures", look);
for (const draw of [outlineSelected, drawDetails, followSelection, markSelectedRow, writeAddressSoon]) onChange("selection", draw);
listenToSecond();
makeRoom();
measure();
restore();
listen();
document.documentElement.dataset.ready = "yes";
