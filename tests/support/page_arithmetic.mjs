// Answers questions about the arithmetic of the page's modules, one line of JSON each: see tests/support/page_scripts.py.
//     node tests/support/page_arithmetic.mjs FOLDER
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`).href);
const { canBeLive, liveValues, readSetting, recomputed, unpackedLive } = await load("live");
const { fractionText } = await load("fractions");
const { classAt } = await load("classes");
const { figureText } = await load("numerals");
const { countsOf, figuresOf } = await load("unpacking");

const plain = (values) => Array.from(values, (v) => (Number.isNaN(v) ? null : v));

const answers = {
  // Each setting: the key of its fault, or its weights and every layer that can be computed with it.
  live({ block, grouping, layers, settings }) {
    const profile = unpackedLive(block);
    return settings.map((setting) => {
      const read = readSetting(setting);
      if ("fault" in read) return { at: read.at, fault: read.fault.key };
      const sums = recomputed(profile, read, grouping);
      const named = (part) => Object.fromEntries(layers.filter((layer) => canBeLive(profile, layer))
        .map((layer) => [layer.name, plain(liveValues(profile, sums[part], layer))]));
      return { shares: read.shares.map(fractionText), areas: named("areas"), upper: named("upper"), total: named("total") };
    });
  },
  figures: ({ text, perUnit, cutoffs, length }) => figuresOf(text, perUnit, cutoffs, length).map((table) =>
    Object.fromEntries(Object.entries(table).map(([name, values]) => [name, plain(values)]))),
  counts: ({ text, length }) => plain(countsOf(text, length)),
  classes: ({ values, breaks }) => values.map((value) => classAt(value, breaks)),
  numbers: ({ values, form, signs }) => values.map((value) => figureText(value, form, signs, true)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { what, given } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(answers[what](given))}\n`);
}
