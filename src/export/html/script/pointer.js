// Mouse and touch, and the card under the pointer.
const pointers = new Map();
let pressed = null, spread = 0;
const local = (e) => { const b = stage.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
const under = (x, y) => nearest((x - view.x) / view.k, (y - view.y) / view.k, Math.max(10, radius() + 4) / view.k, lit);
map.addEventListener("pointerdown", (e) => {
  keyboard = false;
  map.setPointerCapture(e.pointerId);
  pointers.set(e.pointerId, local(e));
  pressed = pointers.size === 1 ? { at: local(e), far: false } : null;
  hide();
});
map.addEventListener("pointermove", (e) => {
  const at = local(e);
  if (!pointers.has(e.pointerId)) { hover(under(...at), at); return; }
  const [px, py] = pointers.get(e.pointerId);
  pointers.set(e.pointerId, at);
  if (pointers.size === 1) {
    if (pressed && Math.hypot(at[0] - pressed.at[0], at[1] - pressed.at[1]) > 4) { pressed.far = true; map.classList.add("dragging"); }
    if (!pressed || pressed.far) pan(at[0] - px, at[1] - py);
  } else {
    const [a, b] = [...pointers.values()];
    const now = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (spread > 0) zoom(now / spread, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    spread = now;
  }
});
const release = (e) => {
  if (pressed && !pressed.far && e.type === "pointerup") {
    const row = under(...local(e));
    if (row >= 0) open(row, false);
    else if (!panel.hidden) close();
    else if (only !== null) isolate(null);
  }
  pointers.delete(e.pointerId);
  pressed = null;
  spread = 0;
  map.classList.remove("dragging");
};
map.addEventListener("pointerup", release);
map.addEventListener("pointercancel", release);
map.addEventListener("pointerleave", () => hide());
map.addEventListener("dblclick", (e) => { const [x, y] = local(e); zoom(2, x, y); });
stage.addEventListener("wheel", (e) => {
  e.preventDefault();
  const step = e.deltaMode === 1 ? e.deltaY * 20 : e.deltaY;
  zoom(Math.exp(-clamp(step, -240, 240) * (e.ctrlKey ? 0.01 : 0.0022)), ...local(e));
  hide();
}, { passive: false });

function hide() {
  card.hidden = true;
  map.classList.remove("pointing");
  if (hovered !== -1) { hovered = -1; drawOver(); }
}
function hover(row, [x, y]) {
  if (row < 0) { hide(); return; }
  if (row !== hovered) {
    hovered = row;
    map.classList.add("pointing");
    const c = clusterOf[row];
    const { stack } = textOf(row);
    const used = stack.length ? stack : c === NOISE ? [] : data.clusters[c].technologies.map((t) => t.name);
    const section = data.section[row] < 0 ? "" : data.sections[data.section[row]];
    card.replaceChildren(
      foreign("div", { class: "title" }, titleOf(row)),
      section ? foreign("div", { class: "under" }, section) : "",
      el("div", { class: "of" }, swatch(c), foreign("bdi", {}, nameOf(c))),
      handOf(c) ? hand(handOf(c)) : "",
      placedBy.has(row) ? hand(placedBy.get(row)) : "",
      used.length ? el("div", { class: "chips" }, ...used.slice(0, 7).map((t) => foreign("bdi", {}, t))) : "",
    );
    card.hidden = false;
    drawOver();
  }
  const w = card.offsetWidth, h = card.offsetHeight;
  const left = x + 18 + w > width - 8 ? x - 18 - w : x + 18;
  const top = clamp(y + 14 + h > height - 8 ? y - 14 - h : y + 14, 8, Math.max(8, height - h - 8));
  card.style.transform = `translate(${Math.round(Math.max(8, left))}px, ${Math.round(top)}px)`;
}
