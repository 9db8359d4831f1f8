// Files that readers take away: the figures as CSV, the view as SVG, with the setting said in both.
function save(name, type, text) {
  const link = html("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// As mpi/writing.py: what a spreadsheet could take for a formula gets an apostrophe before it.
function cell(value) {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

function csvText() {
  const view = current();
  const head = ["code", "name", "upper_code", "upper_name", "statistic", "indicator", "k", "period", "unit", "estimate", "ci_low", "ci_high", "n", "standing", "setting"];
  const plain = (v) => (Number.isNaN(v) ? "" : String(state.own ? v : Number(v.toFixed(6))));
  const setting = state.own ? `${badge(view).text}. ${settingText(view)}. ${weightsText()}` : badge(view).text;
  const k = state.own ? settingText(view).replace(/^k (= )?/, "").replace(/\s/g, "") : view.k;
  const rows = areas.codes.map((code, i) => {
    const up = areas.upper[i];
    return [cell(code), cell(areas.names[i]), cell(up < 0 ? "" : areas.upperCodes[up]), cell(up < 0 ? "" : areas.upperNames[up]),
      cell(view.layer.statistic), cell(view.layer.indicator || ""), cell(k).replace(/^"'>/, '">'), cell(held.texts.period), cell(inLanguage(held.texts.unit)),
      plain(view.value[i]), plain(view.low[i]), plain(view.high[i]), Number.isNaN(view.n[i]) ? "" : String(view.n[i]),
      cell(standingName(view.standing[i])), cell(setting)].join(",");
  });
  // The mark at the start tells spreadsheets that this is UTF-8.
  return `\ufeff${head.join(",")}\r\n${rows.join("\r\n")}\r\n`;
}

function wrapped(text, letters) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length + 1 > letters) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

// A sheet of 1400 by 990 (A4 across): heading, map as it is seen, legend, scale, sources. Only attributes, no style.
const ROOM = { x: 40, y: 130, width: 960, height: 750 };
const svgText = () => sized(ROOM.width, ROOM.height, sheetText);

function sheetText() {
  const view = current();
  const sheet = element("svg", { xmlns: SVG, viewBox: "0 0 1400 990", width: 1400, height: 990, "font-family": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif", fill: "#1d1b18" });
  element("title", {}, sheet).textContent = `${inLanguage(held.texts.title)}. ${inLanguage(view.layer.title)}`;
  element("rect", { width: 1400, height: 990, fill: WHITE }, sheet);
  const say = (x, y, text, more) => {
    element("text", { x, y, "font-size": 15, ...more }, sheet).textContent = text;
  };
  say(40, 48, inLanguage(held.texts.title), { "font-size": 17, fill: "#5a554d" });
  say(40, 84, inLanguage(view.layer.title), { "font-size": 28, "font-weight": 600 });
  const note = badge(view);
  say(40, 112, `${layerAbout(view)} · ${note.text}`, { "font-size": 16, fill: note.kind === "own" ? "#a01c1c" : "#5a554d", "font-weight": note.kind === "own" ? 700 : 400 });
  const inner = element("svg", { ...ROOM, viewBox: map.getAttribute("viewBox") }, sheet);
  for (const child of map.children) if (child !== drawn.hover && child.tagName !== "title") inner.append(child.cloneNode(true));
  for (const path of inner.querySelectorAll("[data-i]")) path.removeAttribute("data-i");
  let y = 160;
  say(1040, y, t("legend"), { "font-weight": 600, "font-size": 17 });
  y += 22;
  if (state.own) {
    say(1040, y, note.text, { "font-size": 13, "font-weight": 700, fill: "#a01c1c" });
    y += 20;
  }
  say(1040, y, layerUnit(view), { "font-size": 13, fill: "#5a554d" });
  say(1360, y, t("units"), { "font-size": 13, fill: "#5a554d", "text-anchor": "end" });
  y += 10;
  for (const row of legendRows(view)) {
    element("rect", { x: 1040, y, width: 36, height: 20, fill: row.fill, stroke: INK.area }, sheet);
    if (row.hatch) element("path", { d: hatchLines(LINES[row.hatch], [1040, y, 1076, y + 20], 1), stroke: LINES[row.hatch].ink, "stroke-width": LINES[row.hatch].width }, sheet);
    say(1360, y + 15, number(row.count, 0), { "text-anchor": "end", fill: "#5a554d" });
    const lines = wrapped(row.text + (row.mark ? ` ${row.mark}` : ""), 30);
    lines.forEach((line, at) => say(1088, y + 15 + 18 * at, line));
    y += 28 + 18 * (lines.length - 1);
  }
  y += 14;
  for (const line of [...wrapped(ruleText(view), 48), ...(weightsText() ? wrapped(weightsText(), 48) : [])]) {
    say(1040, y, line, { "font-size": 12.5, fill: "#5a554d" });
    y += 17;
  }
  let foot = 918;
  for (const line of feet().flatMap((text) => wrapped(text, 200))) {
    say(40, foot, line, { "font-size": 12.5, fill: "#5a554d" });
    foot += 17;
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(sheet)}`;
}

function fileName(ending) {
  const parts = [t("filePrefix"), held.texts.file, state.layer.name.replace(/[^\w-]+/g, "_"), settingText(current()).replace(/[^\w]+/g, "_")];
  if (state.own) parts.push(state.language === "es" ? "ejercicio" : "own_setting");
  return `${parts.join("-").replace(/_+$/, "")}.${ending}`;
}

function listenToSaving() {
  $("save-csv").addEventListener("click", () => save(fileName("csv"), "text/csv;charset=utf-8", csvText()));
  $("save-svg").addEventListener("click", () => save(fileName("svg"), "image/svg+xml;charset=utf-8", svgText()));
  $("save-print").addEventListener("click", () => window.print());
}
