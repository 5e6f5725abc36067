// Names on the map.
const labels = data.clusters.map((c, at) => {
  const [head, tail] = split(c.name);
  const node = el("div", { class: "label" }, foreign("b", {}, head), tail ? foreign("span", {}, tail) : null);
  node.addEventListener("click", () => isolate(only === at ? null : at));
  node.addEventListener("pointerenter", () => { hoveredCluster = at; moved(); });
  node.addEventListener("pointerleave", () => { hoveredCluster = null; moved(); });
  $("labels").append(node);
  return { node, cluster: at, anchor: c.anchor.map((v) => v / data.steps), w: 0, h: 0, x: 0, y: 0, hidden: true, led: false, from: null };
});
const largest = data.clusters.reduce((m, c) => Math.max(m, c.size), 1);
labels.forEach((l) => l.node.classList.toggle("big", data.clusters[l.cluster].size > 0.5 * largest));
const sizeOf = (c) => (c === NOISE ? -1 : data.clusters[c].size);
const bySize = [...labels].sort((a, b) => sizeOf(b.cluster) - sizeOf(a.cluster) || a.cluster - b.cluster);
function measure() {
  for (const l of labels) { l.w = l.node.offsetWidth; l.h = l.node.offsetHeight; }
}
const RINGS = [0, 16, 26, 38, 54, 74, 100, 132, 170, 220, 280, 350, 430, 520, 620];
// With more specialisations than this in view, their names leave out the technologies and
// stand beside the cluster or nowhere: a thicket of lines to far-off names says less. The
// rest appears as one zooms in.
const MANY = 24, BESIDE = 54;
let many = false;
const CELL = 4;
/** Whether a box of the screen may hold a point: true for every box that does. A summed-area table
    answers for any box in four steps. */
function pointsOnScreen() {
  const columns = Math.ceil(width / CELL) + 2, rows = Math.ceil(height / CELL) + 2;
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  for (let i = 0; i < n; i++) {
    const c = Math.floor((xs[i] * view.k + view.x) / CELL) + 1, r = Math.floor((ys[i] * view.k + view.y) / CELL) + 1;
    if (c >= 0 && r >= 0 && c < columns && r < rows) sums[(r + 1) * (columns + 1) + c + 1]++;
  }
  for (let r = 1; r <= rows; r++)
    for (let c = 1, row = 0; c <= columns; c++) {
      row += sums[r * (columns + 1) + c];
      sums[r * (columns + 1) + c] = row + sums[(r - 1) * (columns + 1) + c];
    }
  const at = (v, most) => clamp(Math.floor(v / CELL) + 1, 0, most);
  return (x, y, w, h) => {
    const x0 = at(x, columns), x1 = at(x + w + CELL, columns), y0 = at(y, rows), y1 = at(y + h + CELL, rows);
    const sum = (r, c) => sums[r * (columns + 1) + c];
    return sum(y1, x1) + sum(y0, x0) > sum(y0, x1) + sum(y1, x0);
  };
}
/** Gives every name the nearest place around its anchor where it covers neither another name nor a
    point, the largest cluster first. */
function placeLabels() {
  const taken = [];
  const right = room();
  const holdsPoint = pointsOnScreen();
  const edge = radius() + 1;
  const clash = (x, y, w, h) => taken.some((t) => x < t.x + t.w + 5 && t.x < x + w + 5 && y < t.y + t.h + 3 && t.y < y + h + 3);
  const anchors = labels.map((l) => onScreen(l.anchor));
  const inView = anchors.filter(([x, y]) => x > 0 && y > 0 && x < right && y < height).length;
  if (many !== inView > MANY) {
    many = !many;
    $("labels").classList.toggle("many", many);
    measure();
  }
  const first = only === null || only === NOISE ? bySize : [labels[only], ...bySize.filter((l) => l.cluster !== only)];
  for (const l of first) {
    const [ax, ay] = anchors[l.cluster];
    let best = null;
    if (ax > -20 && ay > -20 && ax < right + 20 && ay < height + 20) {
      for (const distance of RINGS) {
        if (best && best.cost <= distance) break;
        if (many && distance > BESIDE && l.cluster !== only) break;
        for (let turn = 0; turn < (distance ? 24 : 1); turn++) {
          const angle = -Math.PI / 2 + (turn % 2 ? -1 : 1) * Math.ceil(turn / 2) * (Math.PI / 12);
          const near = distance ? 1 : 0;
          const x = ax + Math.cos(angle) * (distance + near * l.w * 0.45) - l.w / 2;
          const y = ay + Math.sin(angle) * (distance + near * l.h * 0.35) - l.h / 2;
          if (x < 4 || y < 4 || x + l.w > right - 4 || y + l.h > height - 4 || clash(x, y, l.w, l.h)) continue;
          if (x + l.w > right - 56 && y < 160) continue;
          if (holdsPoint(x - edge, y - edge, l.w + 2 * edge, l.h + 2 * edge)) continue;
          let price = distance;
          for (const [bx, by] of anchors) if ((bx !== ax || by !== ay) && bx > x && bx < x + l.w && by > y && by < y + l.h) price += 30;
          if (!best || price < best.cost) best = { x, y, cost: price, distance };
        }
      }
    }
    l.hidden = !best;
    l.node.classList.toggle("gone", !best);
    l.node.classList.toggle("off", only !== null && only !== l.cluster);
    if (best) {
      l.x = best.x;
      l.y = best.y;
      l.led = best.distance > 50;
      l.node.style.transform = `translate(${Math.round(best.x)}px, ${Math.round(best.y)}px)`;
      taken.push(l);
    }
  }
}
