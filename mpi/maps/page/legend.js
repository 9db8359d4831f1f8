// The legend: classes with the number of units in each, and the marks that stand over the colours.
function swatch(fill, hatch) {
  const svg = element("svg", { class: "swatch", width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true", focusable: "false" });
  element("rect", { x: 0.5, y: 0.5, width: 29, height: 17, fill, stroke: INK.area }, svg);
  if (hatch) element("path", { d: hatchLines(LINES[hatch], [0.5, 0.5, 29.5, 17.5], 1), stroke: LINES[hatch].ink, "stroke-width": LINES[hatch].width }, svg);
  return svg;
}

// The rows of the legend, for the page and for the picture: colour, hatch, text, number of units.
function legendRows(view) {
  const colours = coloursOf(view.breaks.length - 1);
  const rows = view.counts.map((count, at) => ({ fill: colours[at], text: classText(view, at), count, kind: "class" }));
  for (const name of HATCHES) {
    const none = (view.standings.none || 0) + (view.standings.undefined || 0);
    const count = name === "none" ? none : view.standings[name] || 0;
    if (!count) continue;
    const text = name === "none" ? t("noData") : inLanguage(held.marks[name][1]);
    rows.push({ fill: name === "hidden" ? WHITE : name === "none" ? GREY : colours[Math.min(1, colours.length - 1)], hatch: name,
      mark: name === "none" ? held.marks.undefined[0] : held.marks[name][0], text, count, kind: "mark" });
  }
  return rows;
}

function drawLegend() {
  const view = current();
  $("legend-own").textContent = state.own ? badge(view).text : "";
  $("legend-unit").textContent = layerUnit(view);
  const made = { class: [], mark: [] };
  for (const row of legendRows(view)) {
    const item = html("li");
    const text = html("span", { class: "what" }, row.text);
    if (row.mark) text.append(html("b", {}, `\u00a0${row.mark}`));
    item.append(swatch(row.fill, row.hatch), text, html("span", { class: "count" }, number(row.count, 0)));
    made[row.kind].push(item);
  }
  $("classes").replaceChildren(...made.class);
  $("marks").replaceChildren(...made.mark);
  $("marks").hidden = !made.mark.length;
  $("rule").textContent = ruleText(view);
}

function ruleText(view) {
  const own = state.own ? ` ${t("atOfficial", { k: held.official })} ${view.standings.hidden ? t("hiddenStays") : ""}` : "";
  return `${t("rule", { scheme: t(schemeNow()) })}${own}`.trim();
}
