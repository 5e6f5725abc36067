// Names on the map: over the whole of it those of the directions, from nearer those of the
// specialisations.
/** A name without a place. Until it gets one it is hidden. */
function nameOnMap(kind, of, at) {
  const [head, tail] = split(of.name);
  const bold = foreign("b", {}, head);
  if (of.by_hand) bold.append(pen(of.by_hand));
  const node = el("div", { class: `label ${kind} gone` }, bold, tail ? foreign("span", {}, tail) : null);
  $("labels").append(node);
  return { node, at, anchor: of.anchor.map((v) => v / data.steps), w: 0, h: 0, x: 0, y: 0, hidden: true, led: false };
}
const directionLabels = data.directions.map((d, at) => {
  const label = nameOnMap("direction", d, at);
  label.color = () => soft;
  label.node.addEventListener("click", () => approach(at));
  label.node.addEventListener("pointerenter", () => { hoveredDirection = at; moved(); });
  label.node.addEventListener("pointerleave", () => { hoveredDirection = null; moved(); });
  return label;
});
const largest = data.clusters.reduce((m, c) => Math.max(m, c.size), 1);
const clusterLabels = data.clusters.map((c, at) => {
  const label = nameOnMap("specialisation", c, at);
  label.color = () => colorOf(at);
  label.node.classList.toggle("big", c.size > 0.5 * largest);
  label.node.addEventListener("click", () => isolate(only === at ? null : at));
  label.node.addEventListener("pointerenter", () => { hoveredCluster = at; moved(); });
  label.node.addEventListener("pointerleave", () => { hoveredCluster = null; moved(); });
  return label;
});
const labels = [...directionLabels, ...clusterLabels];
/** The places in a list of groups, the largest group first. */
const bySize = (groups) => [...groups.keys()].sort((a, b) => groups[b].size - groups[a].size || a - b);
const directionsBySize = bySize(data.directions), clustersBySize = bySize(data.clusters);
// From this many times the scale of the whole map on, specialisations are named.
const NEAR = 1.4;
/** Whether the names to show are those of the directions. One specialisation alone has its name. */
const namesDirections = () => directionLabels.length > 0 && only === null && view.k < NEAR * fitK;
function measure() {
  for (const l of labels) { l.w = l.node.offsetWidth; l.h = l.node.offsetHeight; }
}
const RINGS = [0, 16, 26, 38, 54, 74, 100, 132, 170, 220, 280, 350, 430, 520, 620];
// With more specialisations than this in view, their names leave out the technologies and
// stand beside the cluster or nowhere: a thicket of lines to far-off names says less. The
// rest appears as one zooms in.
const MANY = 24, BESIDE = 54;
let many = false;
// The few names of directions say what the whole map is about, so each gets a place: where nothing
// is free within FAR, over the fewest points that it finds. CROWD points are as bad as more.
const FAR = 300, CROWD = 200;
const CELL = 4;
/** How many points a box of the screen may hold: never fewer than it does. A summed-area table
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
    return sum(y1, x1) + sum(y0, x0) - sum(y0, x1) - sum(y1, x0);
  };
}
/** Gives every name of the level in view the nearest place around its anchor where it covers neither
    another name nor a point, the largest group first. */
function placeLabels() {
  const ofDirections = namesDirections();
  const [names, others] = ofDirections ? [directionLabels, clusterLabels] : [clusterLabels, directionLabels];
  const taken = [];
  const right = room();
  const pointsIn = pointsOnScreen();
  const edge = radius() + 1;
  const clash = (x, y, w, h) => taken.some((t) => x < t.x + t.w + 5 && t.x < x + w + 5 && y < t.y + t.h + 3 && t.y < y + h + 3);
  const anchors = names.map((l) => onScreen(l.anchor));
  const inView = anchors.filter(([x, y]) => x > 0 && y > 0 && x < right && y < height).length;
  if (many !== inView > MANY) {
    many = !many;
    $("labels").classList.toggle("many", many);
    measure();
  }
  for (const l of others) hideLabel(l);
  const largestFirst = ofDirections ? directionsBySize : clustersBySize;
  const first = only === null || only === NOISE ? largestFirst : [only, ...largestFirst.filter((c) => c !== only)];
  for (const l of first.map((at) => names[at])) {
    const [ax, ay] = anchors[l.at];
    let best = null;
    if (ax > -20 && ay > -20 && ax < right + 20 && ay < height + 20) {
      for (const distance of RINGS) {
        if (best && best.cost <= distance) break;
        if (many && distance > BESIDE && l.at !== only) break;
        for (let turn = 0; turn < (distance ? 24 : 1); turn++) {
          const angle = -Math.PI / 2 + (turn % 2 ? -1 : 1) * Math.ceil(turn / 2) * (Math.PI / 12);
          const near = distance ? 1 : 0;
          const x = ax + Math.cos(angle) * (distance + near * l.w * 0.45) - l.w / 2;
          const y = ay + Math.sin(angle) * (distance + near * l.h * 0.35) - l.h / 2;
          if (x < 4 || y < 4 || x + l.w > right - 4 || y + l.h > height - 4 || clash(x, y, l.w, l.h)) continue;
          if (x + l.w > right - 56 && y < 160) continue;
          const covered = pointsIn(x - edge, y - edge, l.w + 2 * edge, l.h + 2 * edge);
          if (covered && !ofDirections) continue;
          let price = distance + (covered ? FAR + Math.min(covered, CROWD) : 0);
          for (const [bx, by] of anchors) if ((bx !== ax || by !== ay) && bx > x && bx < x + l.w && by > y && by < y + l.h) price += 30;
          if (!best || price < best.cost) best = { x, y, cost: price, distance };
        }
      }
    }
    l.node.classList.toggle("off", only !== null && only !== l.at);
    if (!best) hideLabel(l);
    else {
      l.hidden = false;
      l.node.classList.remove("gone");
      l.x = best.x;
      l.y = best.y;
      l.led = best.distance > 50;
      l.node.style.transform = `translate(${Math.round(best.x)}px, ${Math.round(best.y)}px)`;
      taken.push(l);
    }
  }
}
function hideLabel(l) {
  l.hidden = true;
  l.node.classList.add("gone");
}
