// What is shown, and a grid to find points by.
const stage = $("stage"), map = $("map"), over = $("over"), card = $("card"), panel = $("panel");
const mapCtx = map.getContext("2d"), overCtx = over.getContext("2d");
const view = { k: 1, x: 0, y: 0 };
let width = 0, height = 0, ratio = 1, fitK = 1;
let query = "", only = null, opened = -1, hovered = -1, hoveredCluster = null, hoveredDirection = null, keyboard = false;
let matches = new Uint8Array(n).fill(1), nMatches = n;
let shown = 0;
const PAGE = 100;

// A grid to find points by.
const CELLS = clamp(Math.round(Math.sqrt(n / 4)), 8, 160);
const cellOf = (x, y) =>
  clamp(Math.floor((y / data.height) * CELLS), 0, CELLS - 1) * CELLS + clamp(Math.floor((x / data.width) * CELLS), 0, CELLS - 1);
const starts = new Uint32Array(CELLS * CELLS + 1);
const order = new Uint32Array(n);
{
  for (let i = 0; i < n; i++) starts[cellOf(xs[i], ys[i]) + 1]++;
  for (let c = 0; c < CELLS * CELLS; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  for (let i = 0; i < n; i++) order[next[cellOf(xs[i], ys[i])]++] = i;
}
function eachIn(x0, y0, x1, y1, visit) {
  const c = (v, size) => clamp(Math.floor((v / size) * CELLS), 0, CELLS - 1);
  for (let gy = c(y0, data.height); gy <= c(y1, data.height); gy++)
    for (let gx = c(x0, data.width); gx <= c(x1, data.width); gx++) {
      const cell = gy * CELLS + gx;
      for (let at = starts[cell]; at < starts[cell + 1]; at++) {
        const i = order[at];
        if (xs[i] >= x0 && xs[i] <= x1 && ys[i] >= y0 && ys[i] <= y1) visit(i);
      }
    }
}
const lit = (i) => matches[i] && (only === null || clusterOf[i] === only);
function nearest(x, y, reach, accept) {
  let best = -1, least = reach * reach;
  eachIn(x - reach, y - reach, x + reach, y + reach, (i) => {
    const d = (xs[i] - x) ** 2 + (ys[i] - y) ** 2;
    if (d <= least && accept(i)) { least = d; best = i; }
  });
  return best;
}
