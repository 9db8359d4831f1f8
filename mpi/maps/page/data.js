// The data of the page: read once, unpacked when first wanted. mpi/maps/packed.py and outlines.py are the other half.
const held = JSON.parse(document.getElementById("data").textContent);
const areas = held.areas;
const COUNT = areas.codes.length;
const NO_DATA = -1;
const STANDING = Object.fromEntries(held.standings.map((name, i) => [name, i]));
const PER_UNIT = { percent: 1000, index: 1000, number: 1 };

function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// Gives one number after the other. Multiplies instead of shifting: numbers may be larger than 32 bits.
function reader(text) {
  const bytes = bytesOf(text);
  let at = 0;
  const next = () => {
    let value = 0;
    let place = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * place;
      if (byte < 128) return value;
      place *= 128;
    }
  };
  next.more = () => at < bytes.length;
  return next;
}

const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

// Path texts of shapes with their boxes: x0, y0, x1, y1 on the grid.
function shapesOf(text) {
  const next = reader(text);
  const shapes = [];
  let startX = 0;
  let startY = 0;
  while (next.more()) {
    const parts = [];
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let rings = next(); rings > 0; rings--) {
      let x = startX;
      let y = startY;
      for (let i = 0, points = next(); i < points; i++) {
        const across = signed(next());
        const down = signed(next());
        x += across;
        y += down;
        if (i === 0) {
          startX = x;
          startY = y;
          parts.push(`M${x} ${y}`);
        } else {
          parts.push(`l${across} ${down}`);
        }
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
      parts.push("z");
    }
    shapes.push({ path: parts.join(""), box });
  }
  return shapes;
}

const unpackedUnits = held.units.map(() => null);
function unitsOf(layer) {
  if (!unpackedUnits[layer.units]) {
    const next = reader(held.units[layer.units]);
    unpackedUnits[layer.units] = Float64Array.from({ length: COUNT }, () => next() - 1).map((n) => (n < 0 ? NaN : n));
  }
  return unpackedUnits[layer.units];
}

// Figures of a packed text: one table a cutoff, in units of the estimate; NaN where there is none.
function figuresOf(text, form, cutoffs, length) {
  const next = reader(text);
  const per = PER_UNIT[form];
  const tables = [];
  for (let c = 0; c < cutoffs; c++) {
    const table = {
      value: new Float64Array(length).fill(NaN), low: new Float64Array(length).fill(NaN),
      high: new Float64Array(length).fill(NaN), standing: new Int8Array(length),
    };
    for (let i = 0; i < length; i++) {
      const first = next();
      table.standing[i] = (first % 8) - 1;
      const whole = Math.floor(first / 8) - 1;
      if (whole < 0) continue;
      const down = next();
      const up = next();
      table.value[i] = whole / per;
      if (down) table.low[i] = (whole - signed(down - 1)) / per;
      if (up) table.high[i] = (whole + signed(up - 1)) / per;
    }
    tables.push(table);
  }
  return tables;
}

function tablesOf(layer) {
  if (!layer.tables) {
    const c = layer.cutoffs.length;
    layer.tables = {
      areas: figuresOf(layer.figures, layer.form, c, COUNT),
      upper: layer.upper ? figuresOf(layer.upper, layer.form, c, areas.upperCodes.length) : null,
      total: layer.total ? figuresOf(layer.total, layer.form, c, 1) : null,
    };
  }
  return layer.tables;
}
