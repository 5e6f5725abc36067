// Moving the view.
function fitted(x0, y0, x1, y1, pad) {
  const w = Math.max(1, x1 - x0), h = Math.max(1, y1 - y0), free = room();
  const k = Math.min((free - 2 * pad) / w, (height - 2 * pad) / h);
  return { k, x: free / 2 - (k * (x0 + x1)) / 2, y: height / 2 - (k * (y0 + y1)) / 2 };
}
const whole = () => fitted(20, 20, data.width - 20, data.height - 20, Math.min(36, width * 0.04));
let flight = 0;
function fly(to) {
  cancelAnimationFrame(flight);
  const from = { ...view }, begun = performance.now();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden) { Object.assign(view, to); changed(); return; }
  const step = (now) => {
    const t = clamp((now - begun) / 420, 0, 1), s = 1 - (1 - t) ** 3;
    const k = from.k * (to.k / from.k) ** s;
    // The fixed point of the zoom moves on a straight line.
    const u = Math.abs(to.k - from.k) < 1e-9 ? s : (k - from.k) / (to.k - from.k);
    view.k = k;
    view.x = from.x + (to.x - from.x) * u;
    view.y = from.y + (to.y - from.y) * u;
    moved();
    if (t < 1) flight = requestAnimationFrame(step);
    else changed();
  };
  flight = requestAnimationFrame(step);
}
function zoom(factor, cx, cy) {
  cancelAnimationFrame(flight);
  const k = clamp(view.k * factor, fitK * 0.5, fitK * 60);
  view.x = cx - ((cx - view.x) * k) / view.k;
  view.y = cy - ((cy - view.y) * k) / view.k;
  view.k = k;
  moved();
}
function pan(dx, dy) {
  cancelAnimationFrame(flight);
  view.x += dx;
  view.y += dy;
  moved();
}
/** The box around some specialisations. */
function boundsOf(clusters) {
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
  for (const ring of clusters.flatMap((c) => data.clusters[c].outer))
    for (let i = 0; i < ring.length; i += 2) {
      x0 = Math.min(x0, ring[i]); x1 = Math.max(x1, ring[i]);
      y0 = Math.min(y0, ring[i + 1]); y1 = Math.max(y1, ring[i + 1]);
    }
  return x0 > x1 ? null : [x0, y0, x1, y1].map((v) => v / data.steps);
}
/** A view of a box that shows a little of what is around a very small one. */
function viewOf([x0, y0, x1, y1]) {
  const to = fitted(x0, y0, x1, y1, 90);
  const mx = (x0 + x1) / 2, my = (y0 + y1) / 2;
  return to.k > fitK * 9 ? fitted(mx - 40, my - 40, mx + 40, my + 40, 90) : to;
}
/** Goes as near to a direction as its specialisations are named from. */
function approach(direction) {
  const bounds = boundsOf([...data.clusters.keys()].filter((c) => data.clusters[c].direction === direction));
  if (!bounds) return;
  hoveredDirection = null;
  const [x0, y0, x1, y1] = bounds;
  const k = Math.max(viewOf(bounds).k, 1.01 * NEAR * fitK);
  fly({ k, x: room() / 2 - (k * (x0 + x1)) / 2, y: height / 2 - (k * (y0 + y1)) / 2 });
}
function resize() {
  const box = stage.getBoundingClientRect();
  const first = width === 0;
  const before = whole();
  width = box.width;
  height = box.height;
  ratio = Math.min(2, devicePixelRatio || 1);
  for (const canvas of [map, over]) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const now = whole();
  fitK = now.k;
  if (first || Math.abs(view.k - before.k) < 1e-6) Object.assign(view, now);
  stillView = null;
  changed();
}
