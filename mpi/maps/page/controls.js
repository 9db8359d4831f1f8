// @ts-check
// The controls above the map: layer, cutoff, scheme, language.
import { settingText } from "./captions.js";
import { allElements, byId, html, inputById, selectById } from "./dom.js";
import { PUBLISHED, data, layerNamed } from "./page_data.js";
import { changed, isLive, schemeNow, state } from "./state.js";
import { current } from "./view.js";
import { cutoffText, inLanguage, midway, t } from "./words.js";
/** @import { TextKey } from "./types.d.ts" */

export function drawControls() {
  listLayers();
  const schemes = data.schemes.filter((name) => name in state.layer.breaks);
  selectById("scheme").replaceChildren(...schemes.map((name) => html("option", { value: name }, t(/** @type {TextKey} */ (name)))));
  selectById("scheme").value = schemeNow();
  showCutoff();
  showPeriod();
}

function showPeriod() {
  const slider = inputById("period");
  byId("periods").hidden = data.periods.length < 2;
  slider.max = String(PUBLISHED);
  slider.value = String(state.period);
  slider.disabled = Boolean(state.own) || !state.layer.rounds[0];
  byId("period-now").textContent = data.periods[state.period];
  slider.setAttribute("aria-valuetext", data.periods[state.period]);
  byId("period-ticks").replaceChildren(...data.periods.map((one) => html("span", {}, one)));
}

function listLayers() {
  /** @type {Map<string, HTMLOptGroupElement>} */
  const groups = new Map();
  for (const layer of data.layers) {
    const name = inLanguage(layer.group);
    const group = groups.get(name) || html("optgroup", { label: name });
    groups.set(name, group);
    const option = html("option", { value: layer.name }, inLanguage(layer.title));
    option.disabled = Boolean(state.own) && !isLive(layer);
    group.append(option);
  }
  selectById("layer").replaceChildren(...groups.values());
  selectById("layer").value = state.layer.name;
}

function cutoffNow() {
  if (state.own) return settingText(current());
  if (state.layer.cutoffs[0] === "") return t("anyCutoff");
  const official = t(inLanguage(data.act) ? "officialCutoff" : "measureCutoff");
  return cutoffText(state.k) + (state.k === data.official ? ` (${official})` : "");
}

function showCutoff() {
  const slider = inputById("cutoff");
  byId("cutoffs").hidden = !data.ofMeasure;
  const free = state.layer.cutoffs[0] !== "" && !state.own;
  slider.max = String(Math.max(0, data.cutoffs.length - 1));
  slider.value = String(Math.max(0, data.cutoffs.indexOf(state.k)));
  slider.disabled = !free || data.cutoffs.length < 2;
  byId("cutoff-now").textContent = cutoffNow();
  slider.setAttribute("aria-valuetext", cutoffNow());
  byId("ticks").replaceChildren(...data.cutoffs.map((k) => html("span", { class: k === data.official ? "official" : "" }, k)));
}

/** The texts of page.html in the language of the page. */
export function drawTexts() {
  document.documentElement.lang = state.language;
  for (const part of allElements("[data-text]")) part.textContent = t(/** @type {TextKey} */ (part.dataset.text));
  for (const part of allElements("[data-label]")) part.setAttribute("aria-label", t(/** @type {TextKey} */ (part.dataset.label)));
  for (const button of allElements("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  byId("measure").textContent = inLanguage(data.texts.measure);
  byId("title").textContent = inLanguage(data.texts.title);
  byId("search-label").textContent = t("search", { area: midway(inLanguage(data.texts.area)) });
}

/** @param {() => void} onLanguage when another language was chosen */
export function listenToControls(onLanguage) {
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  selectById("layer").addEventListener("change", () => {
    state.layer = layerNamed(selectById("layer").value) || state.layer;
    changed("figures");
  });
  selectById("scheme").addEventListener("change", () => {
    state.scheme = selectById("scheme").value;
    changed("figures");
  });
  inputById("cutoff").addEventListener("input", () => {
    state.k = data.cutoffs[Number(inputById("cutoff").value)];
    changed("figures");
  });
  inputById("period").addEventListener("input", () => {
    state.period = Number(inputById("period").value);
    changed("figures");
  });
  for (const button of allElements("[data-language]")) {
    button.addEventListener("click", () => {
      state.language = button.dataset.language || state.language;
      onLanguage();
    });
  }
}
