// The map itself: paths made once, colours and hatches set again, the view moved by its box.
const SVG = "http://www.w3.org/2000/svg";
const MOST_ZOOM = 40;
const $ = (id) => document.getElementById(id);
const INK = { hatch: "#3a2a1a", area: "#8d8172", upper: "#3f3932", chosen: "#0b3c8c", hover: "#111111", frame: "#8a8680", text: "#1d1b18" };
// Marks of standing: what is drawn over the colour, apart in direction and in density.
const HATCHES = ["caution", "review", "hidden", "none"];

const map = $("map");
const shapes = shapesOf(areas.rings);
const outline = shapesOf(areas.upperRings);
const drawn = { paths: [], hatches: {}, clips: {}, titles: [] };
let scale = 1; // pixels of a grid step
let size = [1, 1];

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

function html(name, attributes, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Distance of hatch lines along the axes in pixels, their width and colour, and whether they cross.
const LINES = {
  caution: { step: 8, width: 0.8, ink: INK.hatch, cross: false },
  review: { step: 4, width: 0.9, ink: INK.hatch, cross: false },
  hidden: { step: 7, width: 0.8, ink: "#6d675f", cross: true },
  none: { step: 7, width: 0.8, ink: "#a3a09a", cross: true },
};

// Hatch lines of a box. Lines and a clip, not an SVG pattern: browsers print patterns as coarse pictures.
function hatchLines({ step, cross }, [x0, y0, x1, y1], px) {
  const apart = step * px;
  const at = (v) => v.toFixed(1);
  const parts = [];
  for (let c = Math.ceil((x0 + y0) / apart) * apart; c < x1 + y1; c += apart) {
    const [from, to] = [Math.max(x0, c - y1), Math.min(x1, c - y0)];
    parts.push(`M${at(from)} ${at(c - from)}L${at(to)} ${at(c - to)}`);
  }
  for (let c = Math.ceil((y0 - x1) / apart) * apart; cross && c < y1 - x0; c += apart) {
    const [from, to] = [Math.max(x0, y0 - c), Math.min(x1, y1 - c)];
    parts.push(`M${at(from)} ${at(from + c)}L${at(to)} ${at(to + c)}`);
  }
  return parts.join("");
}

function drawMap() {
  const defs = element("defs", {}, map);
  drawn.areas = element("g", { id: "areas", stroke: INK.area, "stroke-linejoin": "round" }, map);
  shapes.forEach((shape, i) => {
    const path = element("path", { d: shape.path, fill: WHITE, "data-i": i }, drawn.areas);
    drawn.paths.push(path);
  });
  // One path for all the areas of a hatch: fewer than a thousand clips to draw and to print.
  for (const name of HATCHES) {
    drawn.clips[name] = element("path", {}, element("clipPath", { id: `hatch-${name}` }, defs));
    drawn.hatches[name] = element("path", { "clip-path": `url(#hatch-${name})`, fill: "none", stroke: LINES[name].ink, "pointer-events": "none", class: "over" }, map);
  }
  const borders = outline.map((shape) => shape.path).join("");
  drawn.borders = element("path", { d: borders, fill: "none", stroke: INK.upper, "stroke-linejoin": "round", "pointer-events": "none" }, map);
  drawn.frames = element("g", { "pointer-events": "none" }, map);
  for (const frame of areas.frames) {
    element("rect", { x: frame.x, y: frame.y, width: frame.width, height: frame.height, fill: "none", stroke: INK.frame }, drawn.frames);
    drawn.titles.push(element("text", { fill: "#45413b", "paint-order": "stroke", stroke: WHITE, "stroke-linejoin": "round" }, drawn.frames));
  }
  const over = element("g", { id: "furniture", "pointer-events": "none", "aria-hidden": "true" }, map);
  const halo = { "paint-order": "stroke", stroke: WHITE, "stroke-linejoin": "round", fill: INK.text };
  drawn.north = element("path", { fill: INK.text }, over);
  drawn.northText = element("text", halo, over);
  drawn.bar = element("path", { fill: "none", stroke: INK.text }, over);
  drawn.barText = element("text", halo, over);
  drawn.hover = element("path", { fill: "none", stroke: INK.hover, "stroke-linejoin": "round", "pointer-events": "none" }, map);
  drawn.halo = element("path", { fill: "none", stroke: WHITE, "stroke-linejoin": "round", "pointer-events": "none" }, map);
  drawn.chosen = element("path", { fill: "none", stroke: INK.chosen, "stroke-linejoin": "round", "pointer-events": "none" }, map);
}

function fillOf(view, i) {
  const name = standingName(view.standing[i]);
  if (name === "hidden") return WHITE;
  return view.classOf[i] < 0 ? GREY : coloursOf(view.breaks.length - 1)[view.classOf[i]];
}

function hatchOf(view, i) {
  const name = standingName(view.standing[i]);
  if (name === "hidden" || name === "none") return name;
  if (view.classOf[i] < 0) return "none";
  return name === "shown" || name === "unjudged" ? null : name;
}

function paint() {
  const view = current();
  const hatched = Object.fromEntries(HATCHES.map((name) => [name, []]));
  for (let i = 0; i < COUNT; i++) {
    const fill = fillOf(view, i);
    const path = drawn.paths[i];
    if (path.fillNow !== fill) {
      path.setAttribute("fill", fill);
      path.fillNow = fill;
    }
    const hatch = hatchOf(view, i);
    if (hatch) hatched[hatch].push(i);
  }
  for (const name of HATCHES) {
    const key = hatched[name].join();
    if (drawn.clips[name].key === key) continue;
    drawn.clips[name].key = key;
    drawn.clips[name].setAttribute("d", hatched[name].map((i) => shapes[i].path).join(""));
  }
}

// The box of the view has the shape of the element, so a grid step is the same in both directions.
function look() {
  const [width, height] = size;
  const fit = Math.min(width / areas.width, height / areas.height);
  scale = fit * state.zoom;
  const across = width / scale;
  const down = height / scale;
  const inside = (at, half, whole) => (2 * half >= whole ? whole / 2 : Math.min(whole - half * 0.5, Math.max(half * 0.5, at)));
  state.x = inside(state.x, across / 2, areas.width);
  state.y = inside(state.y, down / 2, areas.height);
  map.setAttribute("viewBox", [state.x - across / 2, state.y - down / 2, across, down].map((v) => v.toFixed(2)).join(" "));
  map.classList.toggle("zoomed", state.zoom > 1);
  const px = 1 / scale;
  drawn.areas.setAttribute("stroke-width", (COUNT > 400 ? 0.3 : 0.5) * px);
  drawn.borders.setAttribute("stroke-width", 1.1 * px);
  drawn.hover.setAttribute("stroke-width", 1.6 * px);
  drawn.halo.setAttribute("stroke-width", 5 * px);
  drawn.chosen.setAttribute("stroke-width", 2.4 * px);
  drawn.frames.setAttribute("stroke-width", px);
  // Paper may show more than the screen, on the longer side.
  const seen = [state.x - across, state.y - down, state.x + across, state.y + down];
  for (const name of HATCHES) {
    drawn.hatches[name].setAttribute("d", hatchLines(LINES[name], seen, px));
    drawn.hatches[name].setAttribute("stroke-width", LINES[name].width * px);
  }
  titleFrames(px);
  furnish(state.x - across / 2, state.y + down / 2, px);
}

// The map drawn for a sheet of another size, while `during` runs.
function sized(width, height, during) {
  const before = size;
  size = [width, height];
  look();
  const found = during();
  size = before;
  look();
  return found;
}

function measure() {
  const box = map.getBoundingClientRect();
  if (box.width && box.height) size = [box.width, box.height];
}

function titleFrames(px) {
  const letters = 10.5 * px;
  areas.frames.forEach((frame, f) => {
    const text = drawn.titles[f];
    const widest = Math.max(13, Math.floor(Math.max(480, frame.width) / (letters * 0.56)));
    const title = inLanguage(frame.title);
    const words = `${title}${frame.enlarged > 1.05 ? ` (${t("enlarged", { x: number(frame.enlarged, 1) })})` : ""}`.split(" ");
    const lines = [""];
    for (const word of words) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length + 1 > widest) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    text.replaceChildren();
    text.setAttribute("font-size", letters);
    text.setAttribute("stroke-width", 3 * px);
    lines.forEach((line, i) => {
      element("tspan", { x: frame.x, y: frame.y + frame.height + letters * (1.25 + 1.15 * i) }, text).textContent = line;
    });
  });
}

// A round length that takes up to 110 pixels; none where the projection is not in metres.
function scaleLength() {
  if (!areas.metres) return null;
  const most = (110 / scale) * areas.metres;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most);
  return { pixels: (metres / areas.metres) * scale, text: metres >= 1000 ? `${number(metres / 1000, 0)} km` : `${number(metres, 0)} m` };
}

// Scale bar and north arrow stand in the map itself: on paper and in a picture they are scaled with it.
function furnish(left, bottom, px) {
  const place = (x, y) => `${(left + x * px).toFixed(2)} ${(bottom - y * px).toFixed(2)}`;
  const found = scaleLength();
  drawn.north.setAttribute("d", `M${place(22, 46)}L${place(28, 27)}L${place(22, 31)}L${place(16, 27)}Z`);
  label(drawn.northText, "N", left + 22 * px, bottom - 14 * px, 11 * px, "middle");
  if (!found) return;
  const end = 46 + found.pixels;
  drawn.bar.setAttribute("d", `M${place(46, 20)}L${place(46, 14)}L${place(end, 14)}L${place(end, 20)}`);
  drawn.bar.setAttribute("stroke-width", 1.5 * px);
  label(drawn.barText, found.text, left + 46 * px, bottom - 25 * px, 11.5 * px, "start");
}

function label(text, words, x, y, letters, anchor) {
  for (const [key, value] of Object.entries({ x, y, "font-size": letters, "text-anchor": anchor, "stroke-width": letters / 4 })) text.setAttribute(key, value);
  text.textContent = words;
}

function outlined() {
  document.body.classList.toggle("unchosen", state.selected < 0);
  const path = state.selected < 0 ? "" : shapes[state.selected].path;
  drawn.halo.setAttribute("d", path);
  drawn.chosen.setAttribute("d", path);
}

function zoomBy(factor, at) {
  const before = state.zoom;
  state.zoom = Math.min(MOST_ZOOM, Math.max(1, state.zoom * factor));
  if (at) {
    const moved = before / state.zoom;
    state.x = at[0] + (state.x - at[0]) * moved;
    state.y = at[1] + (state.y - at[1]) * moved;
  }
  look();
  later();
}

function panBy(x, y) {
  state.x += x / scale;
  state.y += y / scale;
  look();
  later();
}

function showAll() {
  Object.assign(state, { zoom: 1, x: areas.width / 2, y: areas.height / 2 });
  look();
  later();
}

function zoomTo(i) {
  const [x0, y0, x1, y1] = shapes[i].box;
  const fit = Math.min(size[0] / areas.width, size[1] / areas.height);
  const wanted = Math.min(size[0] / (x1 - x0 + 1), size[1] / (y1 - y0 + 1)) / fit / 5;
  state.zoom = Math.min(12, Math.max(2, wanted));
  state.x = (x0 + x1) / 2;
  state.y = (y0 + y1) / 2;
  look();
  later();
}

// A point of the screen on the grid.
function onGrid(event) {
  const box = map.getBoundingClientRect();
  return [state.x + (event.clientX - box.left - box.width / 2) / scale, state.y + (event.clientY - box.top - box.height / 2) / scale];
}
