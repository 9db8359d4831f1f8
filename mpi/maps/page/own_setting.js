// @ts-check
// The reader's own setting: weights of the indicators and the cutoff, with the official ones one step away.
import { allElements, byId, detailsById, html, inputById } from "./dom.js";
import { fractionText } from "./fractions.js";
import { readSetting } from "./live.js";
import { data, live } from "./page_data.js";
import { changed, officialWeights, setOwn, state } from "./state.js";
import { faultText, inLanguage, t } from "./words.js";
/** @import { LiveBlock, LiveProfile } from "./types.d.ts" */

/** @type {{ box: HTMLInputElement, share: HTMLElement }[]} */
let fields = [];
/** @type {{ name: string, box: HTMLInputElement }[]} */
let closings = [];

/**
 * @param {LiveProfile} profile
 * @param {string | undefined} name
 */
function presetWeights({ items }, name) {
  if (name === "official") return officialWeights();
  if (name === "indicators") return items.map(() => "1");
  const dimensions = [...new Set(items.map((item) => item.dimension))];
  const inDimension = (/** @type {string} */ dimension) => items.filter((item) => item.dimension === dimension).length;
  return items.map((item) => `1/${dimensions.length * inDimension(item.dimension)}`);
}

/** Draws the boxes in the language of the page. */
export function drawSetting() {
  byId("own").hidden = !live;
  if (!data.live) return;
  byId("own-weights").replaceChildren(...groupsOf(data.live));
  byId("own-closed").replaceChildren(...closingsOf(data.live));
  showSetting();
}

/** @param {LiveBlock} block */
function groupsOf({ items, dimensions }) {
  /** @type {HTMLElement[]} */
  const groups = [];
  fields = [];
  items.forEach((item, i) => {
    if (i === 0 || item.dimension !== items[i - 1].dimension) {
      const group = html("fieldset");
      group.append(html("legend", {}, inLanguage(dimensions[item.dimension])));
      groups.push(group);
    }
    const row = html("div", { class: "weight" });
    const label = html("label", { for: `weight-${i}` }, inLanguage(item.title));
    const box = html("input", { type: "text", id: `weight-${i}`, autocomplete: "off", maxlength: 41, spellcheck: "false", "aria-describedby": `share-${i}` });
    const share = html("span", { class: "share", id: `share-${i}` });
    box.addEventListener("input", () => change(written()));
    row.append(label, box, share);
    groups[groups.length - 1].append(row);
    fields.push({ box, share });
  });
  return groups;
}

/** A box to tick for each deprivation that can be closed. @param {LiveBlock} block */
function closingsOf({ closable }) {
  closings = [];
  const group = html("fieldset", { "aria-describedby": "closing-about" });
  group.append(html("legend", {}, t("closing")), html("p", { class: "small", id: "closing-about" }, t("closingAbout")));
  for (const [name, title] of Object.entries(closable)) {
    const box = html("input", { type: "checkbox", id: `close-${name}` });
    box.addEventListener("change", () => change(written()));
    const label = html("label", { class: "closing", for: `close-${name}` });
    label.append(box, ` ${inLanguage(title)}`);
    group.append(label);
    closings.push({ name, box });
  }
  return closings.length ? [group] : [];
}

/** Boxes follow the state, except the one that is being written in. */
export function showSetting() {
  if (!live) return;
  const { items } = live;
  const setting = state.own || { k: data.official, weights: officialWeights(), closed: [] };
  for (const { name, box } of closings) box.checked = setting.closed.includes(name);
  const put = (/** @type {HTMLInputElement} */ box, /** @type {string} */ text) => {
    if (box !== document.activeElement) box.value = text;
  };
  put(inputById("own-k"), setting.k);
  const read = readSetting(setting);
  const fault = "fault" in read ? read : null;
  fields.forEach(({ box, share }, i) => {
    put(box, setting.weights[i]);
    box.setAttribute("aria-invalid", String(fault !== null && fault.at === i));
    share.textContent = "fault" in read ? "" : `= ${fractionText(read.shares[i])}`;
    share.title = fault ? "" : t("officialWeight", { w: items[i].weight });
  });
  byId("own-k").setAttribute("aria-invalid", String(fault !== null && fault.at === "k"));
  byId("own-fault").textContent = state.own && fault ? faultText(fault) : "";
  byId("own-back").hidden = !state.own;
  for (const button of allElements("[data-preset]")) {
    const same = JSON.stringify(presetWeights(live, button.dataset.preset)) === JSON.stringify(setting.weights);
    button.setAttribute("aria-pressed", String(same));
  }
}

const written = () => fields.map(({ box }) => box.value);

/** @param {string[]} weights */
function change(weights) {
  setOwn({ k: inputById("own-k").value, weights, closed: closings.filter(({ box }) => box.checked).map(({ name }) => name) });
  changed("figures");
}

export function openSetting() {
  detailsById("own").open = true;
}

export function listenToSetting() {
  if (!live) return;
  const profile = live;
  byId("own-k").addEventListener("input", () => change(written()));
  for (const button of allElements("[data-preset]")) {
    button.addEventListener("click", () => change(presetWeights(profile, button.dataset.preset)));
  }
  byId("own-back").addEventListener("click", () => {
    state.own = null;
    changed("figures");
    byId("own").querySelector("summary")?.focus();
  });
}
