// Outlines, points, and rings around the role pointed at.
const paths = data.clusters.map((c) => {
  const path = (rings) => {
    const p = new Path2D();
    for (const r of rings) {
      const at = (i) => [r[(2 * i) % r.length] / data.steps, r[(2 * i + 1) % r.length] / data.steps];
      const m = r.length / 2;
      // A curve through the middles of the sides rounds the corners off.
      const middle = (i) => { const [a, b] = at(i), [c2, d] = at(i + 1); return [(a + c2) / 2, (b + d) / 2]; };
      p.moveTo(...middle(0));
      for (let i = 1; i <= m; i++) p.quadraticCurveTo(...at(i), ...middle(i));
      p.closePath();
    }
    return p;
  };
  return { outer: path(c.outer), inner: path(c.inner) };
});

const baseRadius = n <= 200 ? 5.5 : n <= 1000 ? 4.2 : n <= 4000 ? 3.2 : n <= 12000 ? 2.3 : 1.6;
const radius = () => clamp(baseRadius * (view.k / fitK) ** 0.45, 1.1, 11);
const sprites = new Map();
function sprite(c, r, faded) {
  const mark = c === NOISE ? 0 : data.clusters[c].mark;
  const key = `${mark}|${colorOf(c)}|${r.toFixed(2)}|${faded}|${ratio}`;
  let found = sprites.get(key);
  if (!found) {
    if (sprites.size > 600) sprites.clear();
    const half = Math.ceil(1.4 * r * ratio) + 2;
    found = document.createElement("canvas");
    found.width = found.height = 2 * half;
    const ctx = found.getContext("2d");
    ctx.translate(half, half);
    trace(ctx, mark, (c === NOISE ? 0.72 : 1) * r * ratio);
    ctx.globalAlpha = faded ? (dark ? 0.16 : 0.13) : c === NOISE ? 0.7 : n > 2000 ? 0.72 : 0.9;
    ctx.fillStyle = faded ? soft : colorOf(c);
    ctx.fill();
    if (!faded && r > 2.6) { ctx.globalAlpha = 0.9; ctx.strokeStyle = paper; ctx.lineWidth = 0.9 * ratio; ctx.stroke(); }
    sprites.set(key, found);
  }
  return found;
}

/** Outlines and points at the present view. */
function drawMap(ctx = mapCtx) {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, map.width, map.height);
  ctx.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  const quiet = query !== "";
  data.clusters.forEach(({ direction }, c) => {
    if (only !== null && only !== c) return;
    const strong = only === c || hoveredCluster === c || (direction !== null && hoveredDirection === direction);
    const color = colorOf(c);
    ctx.fillStyle = color;
    ctx.globalAlpha = (strong ? 0.16 : 0.085) * (quiet ? 0.5 : 1);
    ctx.fill(paths[c].outer);
    ctx.globalAlpha = (strong ? 0.16 : 0.1) * (quiet ? 0.5 : 1);
    ctx.fill(paths[c].inner);
    ctx.strokeStyle = color;
    ctx.lineWidth = (strong ? 1.6 : 0.9) / view.k;
    ctx.globalAlpha = (strong ? 0.8 : 0.38) * (quiet ? 0.6 : 1);
    ctx.stroke(paths[c].outer);
  });
  ctx.globalAlpha = 1;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  const r = radius();
  const all = [...data.clusters.keys(), NOISE];
  const images = new Map(all.map((c) => [c, [sprite(c, r, false), sprite(c, r * 0.8, true)]]));
  const kx = ratio * view.k, ox = ratio * view.x, oy = ratio * view.y;
  const right = map.width + 30, bottom = map.height + 30;
  const plain = query === "" && only === null;
  for (const pass of plain ? [true] : [false, true]) {
    for (let i = 0; i < n; i++) {
      if (!plain && Boolean(lit(i)) !== pass) continue;
      const x = xs[i] * kx + ox, y = ys[i] * kx + oy;
      if (x < -30 || y < -30 || x > right || y > bottom) continue;
      const image = images.get(clusterOf[i])[pass ? 0 : 1];
      ctx.drawImage(image, Math.round(x - image.width / 2), Math.round(y - image.height / 2));
    }
  }
}

/** Rings around the role under the pointer and the open one, and lines to far-off names. */
function drawOver() {
  const ctx = overCtx;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.lineWidth = 1;
  for (const label of labels) {
    if (!label.led || label.hidden) continue;
    const [ax, ay] = onScreen(label.anchor);
    const cx = label.x + label.w / 2, cy = label.y + label.h / 2;
    const t = Math.min(1, label.w / 2 / Math.max(1e-6, Math.abs(ax - cx)), label.h / 2 / Math.max(1e-6, Math.abs(ay - cy)));
    ctx.strokeStyle = label.color();
    ctx.globalAlpha = only !== null && only !== label.at ? 0.15 : 0.7;
    ctx.beginPath();
    ctx.moveTo(cx + t * (ax - cx), cy + t * (ay - cy));
    ctx.lineTo(ax, ay);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  const ring = (i, r, w) => {
    if (i < 0) return;
    ctx.beginPath();
    ctx.arc(xs[i] * view.k + view.x, ys[i] * view.k + view.y, r, 0, 7);
    ctx.strokeStyle = paper;
    ctx.lineWidth = w + 3;
    ctx.stroke();
    ctx.strokeStyle = ink;
    ctx.lineWidth = w;
    ctx.stroke();
  };
  if (hovered !== opened) ring(hovered, radius() + 3.5, 1.5);
  ring(opened, radius() + 5, 2.2);
  if (keyboard && document.activeElement === map) {
    const [x, y] = middle();
    ctx.strokeStyle = soft;
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    ctx.moveTo(x - 9, y); ctx.lineTo(x - 3, y); ctx.moveTo(x + 3, y); ctx.lineTo(x + 9, y);
    ctx.moveTo(x, y - 9); ctx.lineTo(x, y - 3); ctx.moveTo(x, y + 3); ctx.lineTo(x, y + 9);
    ctx.stroke();
  }
}
const onScreen = ([x, y]) => [x * view.k + view.x, y * view.k + view.y];
/** The middle of what the panel leaves free. */
const room = () => (panel.hidden || width < 700 ? width : Math.max(320, width - panel.offsetWidth));
const middle = () => [room() / 2, height / 2];

// While the view moves, the last picture is moved and stretched; the points are drawn
// again when a frame has time for it, at the latest when the movement rests.
const still = document.createElement("canvas");
let stillView = null, cost = 0, queued = false, resting = 0;
function snapshot() {
  still.width = map.width;
  still.height = map.height;
  still.getContext("2d").drawImage(map, 0, 0);
  stillView = { ...view };
}
function redraw() {
  const begun = performance.now();
  drawMap();
  cost = performance.now() - begun;
  if (cost > 10) snapshot();
  else stillView = null;
}
function moved() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => {
    queued = false;
    if (cost > 10 && stillView) {
      const s = view.k / stillView.k;
      mapCtx.setTransform(1, 0, 0, 1, 0, 0);
      mapCtx.clearRect(0, 0, map.width, map.height);
      mapCtx.drawImage(still, ratio * (view.x - stillView.x * s), ratio * (view.y - stillView.y * s), still.width * s, still.height * s);
      clearTimeout(resting);
      resting = setTimeout(redraw, 90);
    } else redraw();
    placeLabels();
    drawOver();
  });
}
function changed() {
  redraw();
  placeLabels();
  drawOver();
}
