// @ts-check
// Files that readers take away: the figures as CSV, the view as SVG, with the setting said in both.
import { badge, periodNow, settingText, weightsText } from "./captions.js";
import { byId, html } from "./dom.js";
import { areas, data, standingName } from "./page_data.js";
import { pictureText } from "./picture.js";
import { state } from "./state.js";
import { current, viewIn } from "./view.js";
import { inLanguage, t } from "./words.js";
/** @import { View } from "./types.d.ts" */

const COLUMNS = ["code", "name", "upper_code", "upper_name", "statistic", "indicator", "k", "period", "unit", "estimate", "ci_low", "ci_high", "n", "standing", "setting"];
const KEPT = 60_000; // milliseconds that a browser has to write a file

/** @param {string} name @param {string} type @param {string} text */
function save(name, type, text) {
  const link = html("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}

/** @param {string} text */
const quoted = (text) => `"${text.replace(/"/g, '""')}"`;

/**
 * As mpi/files/writing.py: what a spreadsheet could take for a formula gets an apostrophe before it.
 * @param {string} text
 */
const cell = (text) => quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

function csvText() {
  const rounds = [{ view: current(), period: periodNow() }];
  if (state.beside >= 0) rounds.push({ view: viewIn(state.beside), period: data.periods[state.beside] });
  const rows = rounds.flatMap(({ view, period }) => rowsOf(view, period));
  // The mark at the start tells spreadsheets that this is UTF-8.
  return `\ufeff${COLUMNS.join(",")}\r\n${rows.join("\r\n")}\r\n`;
}

/** The rows of one map. @param {View} view @param {string} period */
function rowsOf(view, period) {
  const plain = (/** @type {number} */ v) => (Number.isNaN(v) ? "" : String(state.own ? v : Number(v.toFixed(6))));
  const setting = state.own ? `${badge(view).text}. ${settingText(view)}. ${weightsText()}` : badge(view).text;
  const k = state.own ? settingText(view).replace(/^k (= )?/, "").replace(/\s/g, "") : view.k;
  return areas.codes.map((code, i) => {
    const up = areas.upper[i];
    return [cell(code), cell(areas.names[i]), cell(up < 0 ? "" : areas.upperCodes[up]), cell(up < 0 ? "" : areas.upperNames[up]),
      cell(view.layer.statistic), cell(view.layer.indicator || ""), quoted(k), cell(period), cell(inLanguage(data.texts.unit)),
      plain(view.value[i]), plain(view.low[i]), plain(view.high[i]), Number.isNaN(view.n[i]) ? "" : String(view.n[i]),
      cell(standingName(view.standing[i])), cell(setting)].join(",");
  });
}

/** @param {string} ending */
function fileName(ending) {
  const parts = [t("filePrefix"), data.texts.file, state.layer.name.replace(/[^\w-]+/g, "_"), settingText(current()).replace(/[^\w]+/g, "_")];
  if (state.own) parts.push(t("ownFile"));
  return `${parts.join("-").replace(/_+$/, "")}.${ending}`;
}

export function listenToSaving() {
  byId("save-csv").addEventListener("click", () => save(fileName("csv"), "text/csv;charset=utf-8", csvText()));
  byId("save-svg").addEventListener("click", () => save(fileName("svg"), "image/svg+xml;charset=utf-8", pictureText()));
  byId("save-print").addEventListener("click", () => window.print());
}
