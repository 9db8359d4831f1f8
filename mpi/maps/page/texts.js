// @ts-check
// Texts of the page: they come with its data, by language and key, from the catalogues (mpi/maps/page_texts.py).
/** @import { TextKey, Words } from "./types.d.ts" */

/**
 * A text with its values filled in.
 * @param {Words} words of a language
 * @param {TextKey} key
 * @param {Record<string, string>} [values] of the slots in braces
 */
export function textOf(words, key, values) {
  const text = words[key];
  return values ? text.replace(/\{(\w+)\}/g, (slot, name) => (name in values ? values[name] : slot)) : text;
}
