// @ts-check
// Elements: found by id, made with their attributes. Texts are only ever set as text, never as markup.

export const SVG = "http://www.w3.org/2000/svg";

/**
 * The element with an id, which must be of a kind.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function found(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`no ${kind.name} has the id ${id}`);
  return element;
}

/** @param {string} id */
export const byId = (id) => found(id, HTMLElement);
/** @param {string} id */
export const inputById = (id) => found(id, HTMLInputElement);
/** @param {string} id */
export const selectById = (id) => found(id, HTMLSelectElement);
/** @param {string} id */
export const detailsById = (id) => found(id, HTMLDetailsElement);
/** @param {string} id */
export const svgById = (id) => found(id, SVGSVGElement);

/** @param {string} selector */
export const allElements = (selector) => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));

/**
 * @param {Element} element
 * @param {Record<string, string | number>} attributes
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/**
 * An element of SVG, put into its parent.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number>} attributes
 * @param {Element} [parent]
 */
export function svg(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  setAttributes(made, attributes);
  if (parent) parent.append(made);
  return made;
}

/**
 * An element of HTML with a text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number>} [attributes]
 * @param {string} [text]
 */
export function html(name, attributes, text) {
  const made = document.createElement(name);
  setAttributes(made, attributes || {});
  if (text !== undefined) made.textContent = text;
  return made;
}
