// @ts-check
// Words of the map explained: entries of the glossary at the foot are popovers, which buttons beside the words open.
import { allElements, byId, html } from "./dom.js";
import { data } from "./page_data.js";
import { state } from "./state.js";
import { inLanguage, t } from "./words.js";

/** The entries in the language of the page, and the buttons of the page; that of the measure explains its statistic. */
export function drawGlossary() {
  byId("glossary-entries").replaceChildren(...data.glossary.map(({ name, title, text }) => {
    const entry = html("div", { id: `g-${name}`, popover: "auto", class: name === state.layer.word ? "shown" : "" });
    entry.append(html("dt", {}, inLanguage(title)), html("dd", {}, inLanguage(text)));
    return entry;
  }));
  byId("what-layer").dataset.word = state.layer.word;
  for (const button of allElements("button.meaning")) explain(button);
}

/** A button that explains a word. @param {string} word */
export function meaningButton(word) {
  const button = html("button", { type: "button", class: "meaning", "data-word": word });
  button.append(html("span", { "aria-hidden": "true" }, "?"));
  explain(button);
  return button;
}

/** @param {HTMLElement} button which is hidden where its word has no entry */
function explain(button) {
  const word = data.glossary.find((one) => one.name === button.dataset.word);
  button.hidden = !word;
  if (!word) return;
  const id = `g-${word.name}`;
  for (const name of ["popovertarget", "aria-describedby"]) button.setAttribute(name, id);
  button.setAttribute("aria-label", t("meaningOf", { word: inLanguage(word.title) }));
}

/** A mouse over a button shows its word, as a tap or Enter does. */
export function listenToWords() {
  /** @param {Event} event @returns {HTMLElement | null} */
  const buttonOf = ({ target }) => (target instanceof Element ? target.closest("button.meaning") : null);
  /** @param {HTMLElement | null} button */
  const entryOf = (button) => button && document.getElementById(button.getAttribute("popovertarget") || "");
  const canHover = matchMedia("(hover: hover)");
  document.addEventListener("mouseover", (event) => {
    const button = buttonOf(event);
    // The button is its anchor: without one it would lie over the button, lose the mouse and close again.
    if (canHover.matches && button) entryOf(button)?.showPopover({ source: button });
  });
  document.addEventListener("mouseout", (event) => canHover.matches && entryOf(buttonOf(event))?.hidePopover());
}
