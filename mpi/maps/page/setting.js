// The reader's own norm: weights of the indicators and the cutoff, with the official ones one step away.
let fields = [];

function presetWeights(name) {
  if (name === "official") return officialWeights();
  if (name === "indicators") return live.items.map(() => "1");
  const dimensions = new Map();
  for (const item of live.items) dimensions.set(item.dimension, (dimensions.get(item.dimension) || 0) + 1);
  return live.items.map((item) => `1/${dimensions.size * dimensions.get(item.dimension)}`);
}

function drawSetting() {
  $("own").hidden = !live;
  if (!live) return;
  const groups = [];
  let last = null;
  fields = [];
  live.items.forEach((item, i) => {
    if (item.dimension !== last) {
      const title = held.live.dimensions[item.dimension];
      const group = html("fieldset");
      group.append(html("legend", {}, inLanguage(title)));
      groups.push(group);
      last = item.dimension;
    }
    const row = html("div", { class: "weight" });
    const label = html("label", { for: `weight-${i}` }, inLanguage(item.title));
    const box = html("input", { type: "text", id: `weight-${i}`, autocomplete: "off", maxlength: 41, spellcheck: "false", "aria-describedby": `share-${i}` });
    const share = html("span", { class: "share", id: `share-${i}` });
    box.addEventListener("input", () => change());
    row.append(label, box, share);
    groups[groups.length - 1].append(row);
    fields.push({ box, share });
  });
  $("own-weights").replaceChildren(...groups);
  showSetting();
}

// Boxes follow the state, except the one that is being written in.
function showSetting() {
  if (!live) return;
  const setting = state.own || { k: held.official, weights: officialWeights() };
  const put = (box, text) => {
    if (box !== document.activeElement) box.value = text;
  };
  put($("own-k"), setting.k);
  const read = readSetting(setting);
  fields.forEach(({ box, share }, i) => {
    put(box, setting.weights[i]);
    const bad = read.at === i;
    box.setAttribute("aria-invalid", String(bad));
    share.textContent = read.fault ? "" : `= ${fractionText(read.shares[i])}`;
    share.title = read.fault ? "" : t("officialWeight", { w: live.items[i].weight });
  });
  $("own-k").setAttribute("aria-invalid", String(read.at === "k"));
  $("own-fault").textContent = state.own && read.fault ? read.fault : "";
  $("own-back").hidden = !state.own;
  for (const button of document.querySelectorAll("[data-preset]")) {
    const same = JSON.stringify(presetWeights(button.dataset.preset)) === JSON.stringify(setting.weights);
    button.setAttribute("aria-pressed", String(same));
  }
}

function change(weights) {
  state.own = { k: $("own-k").value, weights: weights || fields.map(({ box }) => box.value) };
  if (!canBeLive(state.layer)) state.layer = held.layers.find(canBeLive);
  refresh();
}

function listenToSetting() {
  if (!live) return;
  $("own-k").addEventListener("input", () => change());
  for (const button of document.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => change(presetWeights(button.dataset.preset)));
  }
  $("own-back").addEventListener("click", () => {
    state.own = null;
    refresh();
    $("own").querySelector("summary").focus();
  });
}
