// @ts-check
// Light or dark: as the reader's system asks, and a switch. Paper is always light.
import { byId } from "./dom.js";

const wish = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** @param {boolean} dark */
function wear(dark) {
  root.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

export function listenToTheme() {
  wear(wish.matches);
  wish.addEventListener("change", () => wear(wish.matches));
  byId("theme").addEventListener("click", () => wear(root.dataset.theme !== "dark"));
}
