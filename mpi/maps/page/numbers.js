// Numbers as text, as mpi/wording.py writes them; and exact fractions read from text, as mpi/exact.py reads them.
const THIN = "\u202f";

function number(value, digits) {
  if (Number.isNaN(value)) return "–";
  const [before, after] = Math.abs(value).toFixed(digits).split(".");
  const text = before.replace(/\B(?=(\d{3})+$)/g, state.language === "es" ? THIN : ",") + (after ? (state.language === "es" ? "," : ".") + after : "");
  return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text;
}

// A figure as its form wants it; `plain` leaves the percent sign out.
function figure(value, form, plain) {
  if (Number.isNaN(value)) return "–";
  if (form === "index") return number(value, 3);
  if (form === "number") return number(value, 0);
  // Figures of the page are whole thousandths: without the detour 0.287 * 100 is 28.699999999999996.
  const near = Math.round(value * 1000) / 1000;
  const percent = number(Math.abs(near - value) < 1e-12 ? Math.round(value * 1000) / 10 : value * 100, 1);
  return plain ? percent : percent + (state.language === "es" ? THIN + "%" : "%");
}

// A figure with the mark of its standing, as every output writes it.
function marked(value, form, standing) {
  const name = standing === NO_DATA ? "undefined" : held.standings[standing];
  const mark = held.marks[name][0];
  if (name === "hidden" || Number.isNaN(value)) return mark || "–";
  const text = figure(value, form);
  return name === "review" ? `(${text})${mark}` : text + mark;
}

// Of one figure: in short, since only one of the reasons that the legend names is its own.
function inWords(standing) {
  if (standing === NO_DATA) return t("noData");
  return inLanguage(held.marks[held.standings[standing]][2]);
}

function greatest(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

function fraction(top, bottom) {
  const g = greatest(top, bottom) || 1n;
  return { top: top / g, bottom: bottom / g };
}

const fractionText = (f) => (f.bottom === 1n ? `${f.top}` : `${f.top}/${f.bottom}`);

// The exact value of 1/3, 0.05 or 33%; a fault says what is wrong. A decimal comma is read as a point.
function readFraction(written) {
  const text = written.trim();
  if (text.length > 40) return { fault: t("faultLong") };
  let match = /^(\d+)\s*\/\s*(\d+)$/.exec(text);
  if (match) {
    if (BigInt(match[2]) === 0n) return { fault: t("faultZero", { text }) };
    return { value: fraction(BigInt(match[1]), BigInt(match[2])) };
  }
  match = /^(\d*)(?:[.,](\d*))?\s*(%?)$/.exec(text);
  if (!match || !(match[1] || match[2])) return { fault: t("faultNumber", { text }) };
  const decimals = match[2] || "";
  const bottom = 10n ** BigInt(decimals.length + (match[3] ? 2 : 0));
  return { value: fraction(BigInt((match[1] || "") + decimals), bottom) };
}

// A cutoff: a fraction above 0 and not above 1, strict with > before it.
function readCutoff(written) {
  const text = written.trim();
  const strict = /^>(?!=)/.test(text);
  const read = readFraction(text.replace(/^(>=|≥|>)/, ""));
  if (read.fault) return read;
  const { top, bottom } = read.value;
  return top <= 0n || top > bottom ? { fault: t("faultRange") } : { value: read.value, strict };
}

function cutoffText(k) {
  return k.startsWith(">") ? t("kStrict", { k: k.slice(1) }) : t("kIs", { k });
}

// Lower case without accents, so that a search for "bogota" finds Bogotá.
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
