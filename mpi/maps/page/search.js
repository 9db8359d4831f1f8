// @ts-check
// The search: areas by name or code, in a list that keys and mouse choose from.
import { byId, html, inputById } from "./dom.js";
import { areas, upperName } from "./page_data.js";
import { select } from "./state.js";
import { t } from "./words.js";
import { zoomTo } from "./zoom.js";

const MOST_FOUND = 12;

/** Lower case without accents, so that a search for "bogota" finds Bogotá. @param {string} text */
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

const index = areas.codes.map((code, i) => ({ i, code: folded(code), name: folded(areas.names[i]) }));
/** @type {number[]} */
let listed = [];
let active = -1;

/** @param {string} text */
function find(text) {
  const wanted = folded(text.trim());
  if (!wanted) return [];
  const rank = (/** @type {{ code: string, name: string }} */ { code, name }) => {
    if (code === wanted || name === wanted) return 0;
    if (name.startsWith(wanted) || code.startsWith(wanted)) return 1;
    return name.includes(` ${wanted}`) ? 2 : name.includes(wanted) ? 3 : 4;
  };
  return index.map((entry) => [rank(entry), entry.i]).filter(([r]) => r < 4).sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, MOST_FOUND).map(([, i]) => i);
}

/** @param {number[]} items */
function showFound(items) {
  const box = inputById("search");
  listed = items;
  active = items.length ? 0 : -1;
  const options = items.map((i, at) => {
    const option = html("li", { role: "option", id: `found-${at}`, "aria-selected": String(at === active) });
    option.append(html("span", {}, areas.names[i]), html("span", { class: "code" }, [areas.codes[i], upperName(i)].filter(Boolean).join(" · ")));
    // mousedown, not click: the field's blur would take the list away before.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(i);
    });
    return option;
  });
  if (!items.length && box.value.trim()) options.push(html("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" }, t("nothing")));
  byId("found").replaceChildren(...options);
  byId("found").hidden = !options.length;
  box.setAttribute("aria-expanded", String(options.length > 0));
  markActive();
}

function markActive() {
  [...byId("found").children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
  if (active < 0) byId("search").removeAttribute("aria-activedescendant");
  else byId("search").setAttribute("aria-activedescendant", `found-${active}`);
}

/** @param {number} i */
function take(i) {
  inputById("search").value = areas.names[i];
  closeFound();
  select(i);
  zoomTo(i);
}

function closeFound() {
  byId("found").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

export function listenToSearch() {
  const box = inputById("search");
  box.addEventListener("input", () => showFound(find(box.value)));
  box.addEventListener("blur", closeFound);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!listed.length) return;
      active = (active + (event.key === "ArrowDown" ? 1 : listed.length - 1)) % listed.length;
      markActive();
    } else if (event.key === "Enter") {
      if (active >= 0 && listed.length) take(listed[active]);
    } else if (event.key === "Escape") {
      closeFound();
      return;
    } else return;
    event.preventDefault();
  });
}
