// @ts-check
// Texts and number signs of the page by language, each with the same keys. Names of statistics, units and marks come
// with the data, as in every other output.

const EN = {
  skip: "Skip to the table of figures", languages: "Language", controls: "What the map shows", layer: "Measure",
  cutoff: "Poverty cutoff", scheme: "Classes", fixed: "Fixed", quantiles: "Quantiles",
  fisher_jenks: "Fisher-Jenks (natural breaks)", search: "Find {area} by name or code",
  nothing: "Nothing found", zoom: "Zoom", zoomIn: "Zoom in", zoomOut: "Zoom out", zoomAll: "Show everything",
  keys: "Keys on the map: arrows pan · + and − zoom · 0 shows everything · Shift + arrows walk through the units · Enter selects.",
  mapLabel: "Map: {title}. Arrows pan, plus and minus zoom, Shift and arrows walk through the units, Enter selects. The table below holds the same figures.",
  officialCutoff: "official", measureCutoff: "the measure's own", official: "Official measure: {act}", asDefined: "As the study's measure defines it",
  everybody: "Deprivation of everybody, not of the poor alone", otherCutoff: "Cutoff other than the measure's own ({k})",
  ownBadge: "Your setting: not the published figures", ownSame: "Recomputed with the measure's weights and cutoff, without intervals",
  ownInvalid: "Setting not complete: mend the cutoff or the weights",
  legend: "Legend", units: "number of areas", over: "over {a}", upTo: "up to {a}", range: "{a} – {b}",
  rule: "{scheme}: the same breaks at every cutoff k. Each class includes its upper limit; the first, both.",
  noData: "no data", details: "Selected unit", choose: "Choose a unit on the map, in the table or by searching.",
  interval: "{level}% confidence interval", noInterval: "No interval: your own settings have none",
  sample: "Unweighted observations ({unit})", class: "Class", compare: "Comparison", clear: "Clear the selection", zoomTo: "Zoom to the unit",
  atOfficial: "Marks of quality are those of the published figure at k = {k}.",
  hiddenStays: "What the published figures do not show is not shown here either.",
  own: "What if…? Other weights, another cutoff",
  ownAbout: "Computes H, A, M0 and the deprivations of every unit again in your browser, exactly. Write fractions (1/5), decimals (0.2) or percentages (20%); weights are normalised to 1.",
  presets: "Weights to start from", presetOfficial: "The measure's own", presetIndicators: "Equal per indicator", presetDimensions: "Equal per dimension",
  ownCutoff: "Cutoff k: poor are those with at least", ownBack: "Back to the measure",
  weightOf: "Weight of {name}", normalised: "normalised", officialWeight: "in the measure {w}",
  faultNumber: "“{text}” is not a number such as 1/3, 0.33 or 33%.", faultZero: "“{text}” divides by zero.",
  faultRange: "The cutoff k must be above 0 and not above 1.", faultSum: "At least one weight must be above 0.",
  faultAt: "{name}: {fault}", faultLong: "A number cannot have more than 40 characters.",
  saving: "Download", saveCsv: "Data (CSV)", saveSvg: "Map (SVG)", print: "Print",
  figures: "Figures by {area}", code: "Code", name: "Name", value: "Estimate", low: "Low", high: "High", n: "n", standing: "Quality",
  sort: "Sort by {name}", caption: "{title}. Low, high: limits of the {level}% confidence interval. n: unweighted observations.",
  captionOwn: "{title}. No confidence intervals.", period: "Period", kIs: "k = {k}", kStrict: "k > {k}", anyCutoff: "does not depend on the cutoff",
  enlarged: "enlarged ×{x}", sourceIs: "Source", noteIs: "Note", disclosureIs: "Confidentiality",
  weightsAre: "Weights: {weights}", filePrefix: "map", share: "% of {unit}", indexUnit: "index from 0 to 1", numberUnit: "number of {unit}",
  shareOfPoor: "% of the weights, among poor {unit}", of: "of",
  decimal: ".", thousands: ",", percentSign: "%", ownFile: "own_setting",
};

/** @typedef {keyof typeof EN} TextKey */

/** @type {Record<TextKey, string>} */
const ES = {
  skip: "Ir a la tabla de cifras", languages: "Idioma", controls: "Qué muestra el mapa", layer: "Medida",
  cutoff: "Línea de pobreza", scheme: "Clases", fixed: "Fijas", quantiles: "Cuantiles",
  fisher_jenks: "Fisher-Jenks (cortes naturales)", search: "Buscar {area} por nombre o código",
  nothing: "Ningún resultado", zoom: "Acercamiento", zoomIn: "Acercar", zoomOut: "Alejar", zoomAll: "Ver todo",
  keys: "Teclado en el mapa: flechas desplazan · + y − acercan y alejan · 0 muestra todo · Mayús + flechas recorren las unidades · Intro selecciona.",
  mapLabel: "Mapa: {title}. Flechas para desplazar, más y menos para acercar, mayúsculas y flechas para recorrer, Intro para seleccionar. La tabla que sigue tiene las mismas cifras.",
  officialCutoff: "oficial", measureCutoff: "la de la medida", official: "Medida oficial: {act}", asDefined: "Según la medida del estudio",
  everybody: "Privación de toda la población, no solo de los pobres", otherCutoff: "Línea distinta de la de la medida ({k})",
  ownBadge: "Su ejercicio: no son las cifras publicadas", ownSame: "Recalculado con los pesos y la línea de la medida, sin intervalos",
  ownInvalid: "Ejercicio incompleto: corrija la línea o los pesos",
  legend: "Leyenda", units: "número de áreas", over: "más de {a}", upTo: "hasta {a}", range: "{a} – {b}",
  rule: "{scheme}: cortes iguales para todas las líneas k. Cada clase incluye su límite superior; la primera, ambos.",
  noData: "sin datos", details: "Unidad seleccionada", choose: "Elija una unidad en el mapa, en la tabla o con el buscador.",
  interval: "Intervalo de confianza del {level} %", noInterval: "Sin intervalo: los ejercicios no lo tienen",
  sample: "Observaciones sin ponderar ({unit})", class: "Clase", compare: "Comparación", clear: "Quitar la selección", zoomTo: "Acercar a la unidad",
  atOfficial: "Las marcas de calidad son las de la cifra publicada con k = {k}.",
  hiddenStays: "Lo que no se muestra en las cifras publicadas tampoco se muestra aquí.",
  own: "¿Y si…? Otros pesos y otra línea",
  ownAbout: "Recalcula en su navegador H, A, M0 y las privaciones de todas las unidades, de forma exacta. Escriba fracciones (1/5), decimales (0,2) o porcentajes (20%); los pesos se normalizan a 1.",
  presets: "Pesos de partida", presetOfficial: "Los de la medida", presetIndicators: "Iguales por indicador", presetDimensions: "Iguales por dimensión",
  ownCutoff: "Línea k: son pobres quienes tienen al menos", ownBack: "Volver a la medida",
  weightOf: "Peso de {name}", normalised: "normalizado", officialWeight: "en la medida, {w}",
  faultNumber: "«{text}» no es un número como 1/3, 0,33 o 33%.", faultZero: "«{text}» divide por cero.",
  faultRange: "La línea k debe ser mayor que 0 y no mayor que 1.", faultSum: "Al menos un peso debe ser mayor que 0.",
  faultAt: "{name}: {fault}", faultLong: "Un número no puede tener más de 40 caracteres.",
  saving: "Descargar", saveCsv: "Datos (CSV)", saveSvg: "Mapa (SVG)", print: "Imprimir",
  figures: "Cifras por {area}", code: "Código", name: "Nombre", value: "Estimación", low: "LI", high: "LS", n: "n", standing: "Calidad",
  sort: "Ordenar por {name}", caption: "{title}. LI y LS: límites del intervalo de confianza del {level} %. n: observaciones sin ponderar.",
  captionOwn: "{title}. Sin intervalos de confianza.", period: "Periodo", kIs: "k = {k}", kStrict: "k > {k}", anyCutoff: "no depende de la línea",
  enlarged: "ampliado ×{x}", sourceIs: "Fuente", noteIs: "Nota", disclosureIs: "Confidencialidad",
  weightsAre: "Pesos: {weights}", filePrefix: "mapa", share: "% de {unit}", indexUnit: "índice de 0 a 1", numberUnit: "número de {unit}",
  shareOfPoor: "% de ponderación entre {unit} pobres", of: "de",
  decimal: ",", thousands: "\u202f", percentSign: "\u202f%", ownFile: "ejercicio",
};

/** @type {Record<string, Record<TextKey, string>>} */
const TEXTS = { en: EN, es: ES };

/**
 * A text with its values filled in.
 * @param {string} language
 * @param {TextKey} key
 * @param {Record<string, string>} [values] of the slots in braces
 */
export function textOf(language, key, values) {
  const text = TEXTS[language][key];
  return values ? text.replace(/\{(\w+)\}/g, (slot, name) => (name in values ? values[name] : slot)) : text;
}
