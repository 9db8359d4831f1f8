// Mouse, finger and keys on the map.
const pressed = new Map();
let moved = 0;
let cursor = -1;

const areaAt = (target) => (target instanceof Element && target.hasAttribute("data-i") ? Number(target.getAttribute("data-i")) : -1);

function listenToPointers() {
  map.addEventListener("wheel", (event) => {
    // With everything in view a wheel that turns outwards scrolls the page.
    if (state.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), onGrid(event));
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    pressed.set(event.pointerId, event);
    moved = 0;
  });
  map.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, (event) => pressed.delete(event.pointerId));
  map.addEventListener("pointerleave", () => point(-1));
  map.addEventListener("click", (event) => {
    const i = areaAt(event.target);
    if (moved < 5) select(i === state.selected ? -1 : i);
  });
  map.addEventListener("dblclick", (event) => zoomBy(2, onGrid(event)));
}

function onMove(event) {
  const before = pressed.get(event.pointerId);
  if (!before) {
    point(areaAt(event.target), event);
    return;
  }
  const others = [...pressed.values()].filter((other) => other.pointerId !== event.pointerId);
  const across = event.clientX - before.clientX;
  const down = event.clientY - before.clientY;
  moved += Math.abs(across) + Math.abs(down);
  pressed.set(event.pointerId, event);
  if (moved >= 5 && !map.hasPointerCapture(event.pointerId)) map.setPointerCapture(event.pointerId);
  point(-1);
  if (others.length) {
    const apart = (e) => Math.hypot(e.clientX - others[0].clientX, e.clientY - others[0].clientY);
    const middle = { clientX: (event.clientX + others[0].clientX) / 2, clientY: (event.clientY + others[0].clientY) / 2 };
    zoomBy(apart(event) / Math.max(1, apart(before)), onGrid(middle));
    panBy(-across / 2, -down / 2);
  } else if (state.zoom > 1) {
    panBy(-across, -down);
  }
}

// The area under the pointer: outlined, with its figure beside it.
function point(i, event) {
  drawn.hover.setAttribute("d", i < 0 ? "" : shapes[i].path);
  const tip = $("tip");
  tip.hidden = i < 0;
  if (i < 0) return;
  const view = current();
  const lines = [html("strong", {}, areas.names[i]), html("span", { class: "big" }, marked(view.value[i], view.form, view.standing[i]))];
  if (!Number.isNaN(view.low[i])) lines.push(html("span", {}, intervalText(view, i)));
  if (view.standing[i] !== STANDING.shown && view.standing[i] !== STANDING.unjudged) lines.push(html("span", { class: "mark" }, inWords(view.standing[i])));
  tip.replaceChildren(...lines);
  const box = $("map-box").getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const left = x + 16 + tip.offsetWidth > box.width ? x - tip.offsetWidth - 12 : x + 16;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, Math.min(box.height - tip.offsetHeight - 2, y + 12))}px`;
}

function middleOf(i) {
  const [x0, y0, x1, y1] = shapes[i].box;
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

// The unit nearest in a direction: far ones and those off the axis count less.
function neighbour(from, dx, dy) {
  const [x, y] = from < 0 ? [state.x, state.y] : middleOf(from);
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < COUNT; i++) {
    if (i === from) continue;
    const [a, b] = middleOf(i);
    const along = (a - x) * dx + (b - y) * dy;
    const aside = Math.abs((a - x) * dy) + Math.abs((b - y) * dx);
    if (from >= 0 && along <= aside * 0.5) continue;
    const cost = from < 0 ? Math.hypot(a - x, b - y) : along + 2 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best < 0 ? from : best;
}

function walk(dx, dy) {
  cursor = neighbour(cursor >= 0 ? cursor : state.selected, dx, dy);
  if (cursor < 0) return;
  const [x, y] = middleOf(cursor);
  const half = [size[0] / scale / 2, size[1] / scale / 2];
  if (state.zoom > 1 && (Math.abs(x - state.x) > half[0] * 0.8 || Math.abs(y - state.y) > half[1] * 0.8)) {
    state.x = x;
    state.y = y;
    look();
  }
  drawn.hover.setAttribute("d", shapes[cursor].path);
  speak(cursor);
}

function speak(i) {
  const view = current();
  const words = [areas.names[i], areas.codes[i], figureInWords(view, i)];
  $("spoken").textContent = words.join(", ");
}

function listenToKeys() {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = ways[event.key];
    if (way && event.shiftKey) walk(...way);
    else if (way) panBy(way[0] * 60, way[1] * 60);
    else if (event.key === "+" || event.key === "=") zoomBy(1.5);
    else if (event.key === "-" || event.key === "_") zoomBy(1 / 1.5);
    else if (event.key === "0") showAll();
    else if (event.key === "Enter" || event.key === " ") select(cursor >= 0 ? cursor : neighbour(-1, 0, 0));
    else if (event.key === "Escape") select(-1);
    else return;
    event.preventDefault();
  });
  map.addEventListener("blur", () => {
    cursor = -1;
    drawn.hover.setAttribute("d", "");
  });
  $("zoom-in").addEventListener("click", () => zoomBy(1.6));
  $("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  $("zoom-all").addEventListener("click", showAll);
}
