"use strict";
// The page's one script. Text from postings reaches the screen through textContent alone.
(() => {
  const $ = (id) => document.getElementById(id);
  const fail = (error) => {
    document.documentElement.dataset.state = "failed";
    const box = document.createElement("p");
    box.id = "failure";
    box.textContent = `${say ? say.failed : ""}${error && error.message ? error.message : error}`;
    document.body.append(box);
  };
  let say = null;
  addEventListener("error", (e) => fail(e.error || e.message));
  addEventListener("unhandledrejection", (e) => fail(e.reason));

  // ---------------------------------------------------------------- data
  const data = JSON.parse(document.querySelector("script.data").textContent);
  say = data.words;
  const n = data.ids.length;
  const NOISE = -1;
  const xs = new Float32Array(n);
  const ys = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    xs[i] = data.places[2 * i] / data.steps;
    ys[i] = data.places[2 * i + 1] / data.steps;
  }
  const clusterOf = Int32Array.from(data.cluster);
  const repeatsOf = new Map(data.repeats);
  const repeatedBy = new Map();
  for (const [row, of] of data.repeats) {
    if (!repeatedBy.has(of)) repeatedBy.set(of, []);
    repeatedBy.get(of).push(row);
  }
  const noiseRows = data.cluster.reduce((sum, c) => sum + (c === NOISE ? 1 : 0), 0);

  const blocks = [...document.querySelectorAll("script.texts")];
  const parsed = new Array(blocks.length);
  const perBlock = blocks.length ? JSON.parse(blocks[0].textContent).length : 1;
  function textOf(row) {
    const b = Math.floor(row / perBlock);
    if (!parsed[b]) {
      parsed[b] = JSON.parse(blocks[b].textContent);
      blocks[b].remove();
    }
    const [description, stack, fields] = parsed[b][row % perBlock];
    return { description, stack, fields };
  }
  const titleOf = (row) => data.titles[row].trim() || say.no_title;
  const nameOf = (c) => (c === NOISE ? say.none : data.clusters[c].name);
  const split = (name) => {
    const at = name.indexOf(" · ");
    return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 3)];
  };
  const filled = (text, ...values) => values.reduce((t, v) => t.replace("{}", v), text);
  const count = (k) => k.toLocaleString("en");

  // ---------------------------------------------------------------- small helpers
  /** An element with text and children; text never becomes markup. */
  function el(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props)) {
      if (key === "text") node.textContent = value;
      else if (key === "class") node.className = value;
      else if (key === "on") node.addEventListener("click", value);
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((c) => c !== null));
    return node;
  }
  const foreign = (tag, props, text) => el(tag, { dir: "auto", ...props, text });
  const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

  const root = document.documentElement;
  const wantsDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : wantsDark.matches);
  let dark = isDark();
  let paper = "", noiseColor = "", ink = "", soft = "";
  const colorOf = (c) => (c === NOISE ? noiseColor : data.colors[data.clusters[c].color][dark ? 1 : 0]);

  /** The outline of mark `m` with radius `r` around the origin. */
  function trace(ctx, m, r) {
    ctx.beginPath();
    if (m === 1) ctx.rect(-0.88 * r, -0.88 * r, 1.76 * r, 1.76 * r);
    else if (m === 2) { ctx.moveTo(0, -1.2 * r); ctx.lineTo(1.1 * r, 0.7 * r); ctx.lineTo(-1.1 * r, 0.7 * r); ctx.closePath(); }
    else if (m === 3) { ctx.moveTo(0, -1.3 * r); ctx.lineTo(1.3 * r, 0); ctx.lineTo(0, 1.3 * r); ctx.lineTo(-1.3 * r, 0); ctx.closePath(); }
    else if (m === 4) {
      const a = 0.36 * r, b = 1.15 * r;
      ctx.moveTo(-a, -b); ctx.lineTo(a, -b); ctx.lineTo(a, -a); ctx.lineTo(b, -a); ctx.lineTo(b, a); ctx.lineTo(a, a);
      ctx.lineTo(a, b); ctx.lineTo(-a, b); ctx.lineTo(-a, a); ctx.lineTo(-b, a); ctx.lineTo(-b, -a); ctx.lineTo(-a, -a); ctx.closePath();
    } else ctx.arc(0, 0, r, 0, 7);
  }
  function swatch(c) {
    const canvas = el("canvas", { class: "swatch", width: 26, height: 26, "aria-hidden": "true" });
    canvas.style.position = "static";
    const ctx = canvas.getContext("2d");
    ctx.translate(13, 13);
    trace(ctx, c === NOISE ? 0 : data.clusters[c].mark, 9);
    if (c === NOISE) { ctx.strokeStyle = colorOf(c); ctx.lineWidth = 3; ctx.stroke(); }
    else { ctx.fillStyle = colorOf(c); ctx.fill(); }
    return canvas;
  }

  // ---------------------------------------------------------------- state
  const stage = $("stage"), map = $("map"), over = $("over"), card = $("card"), panel = $("panel");
  const mapCtx = map.getContext("2d"), overCtx = over.getContext("2d");
  const view = { k: 1, x: 0, y: 0 };
  let width = 0, height = 0, ratio = 1, fitK = 1;
  let query = "", only = null, opened = -1, hovered = -1, hoveredCluster = null, keyboard = false;
  let matches = new Uint8Array(n).fill(1), nMatches = n;
  let shown = 0;
  const PAGE = 100;

  // ---------------------------------------------------------------- a grid to find points by
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

  // ---------------------------------------------------------------- drawing
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
    data.clusters.forEach((_, c) => {
      if (only !== null && only !== c) return;
      const strong = only === c || hoveredCluster === c;
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
      ctx.strokeStyle = colorOf(label.cluster);
      ctx.globalAlpha = only !== null && only !== label.cluster ? 0.15 : 0.7;
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

  // ---------------------------------------------------------------- names on the map
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
  const RINGS = [0, 16, 26, 38, 54, 74, 100, 132, 170, 220];
  /** Gives every name the nearest free place around its anchor, the largest cluster first. */
  function placeLabels() {
    const taken = [];
    const right = room();
    const crowd = clamp(240 / n, 0, 5);
    const clash = (x, y, w, h) => taken.some((t) => x < t.x + t.w + 5 && t.x < x + w + 5 && y < t.y + t.h + 3 && t.y < y + h + 3);
    const covered = (x, y, w, h) => {
      let k = 0;
      eachIn((x - view.x) / view.k, (y - view.y) / view.k, (x + w - view.x) / view.k, (y + h - view.y) / view.k, () => k++);
      return k;
    };
    const anchors = labels.map((l) => onScreen(l.anchor));
    const first = only === null || only === NOISE ? bySize : [labels[only], ...bySize.filter((l) => l.cluster !== only)];
    for (const l of first) {
      const [ax, ay] = anchors[l.cluster];
      let best = null;
      if (ax > -20 && ay > -20 && ax < right + 20 && ay < height + 20) {
        for (const distance of RINGS) {
          if (best && best.cost <= distance) break;
          for (let turn = 0; turn < (distance ? 20 : 1); turn++) {
            const angle = -Math.PI / 2 + (turn % 2 ? -1 : 1) * Math.ceil(turn / 2) * (Math.PI / 10);
            const near = distance ? 1 : 0;
            const x = ax + Math.cos(angle) * (distance + near * l.w * 0.45) - l.w / 2;
            const y = ay + Math.sin(angle) * (distance + near * l.h * 0.35) - l.h / 2;
            if (x < 4 || y < 4 || x + l.w > right - 4 || y + l.h > height - 4 || clash(x, y, l.w, l.h)) continue;
            if (x + l.w > right - 56 && y < 160) continue;
            let price = distance;
            for (const [bx, by] of anchors) if ((bx !== ax || by !== ay) && bx > x && bx < x + l.w && by > y && by < y + l.h) price += 30;
            if (crowd > 0.02) price += crowd * 8 * covered(x, y, l.w, l.h);
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

  // ---------------------------------------------------------------- moving the view
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
  function boundsOf(c) {
    const outer = c === NOISE ? [] : data.clusters[c].outer;
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
    for (const ring of outer)
      for (let i = 0; i < ring.length; i += 2) {
        x0 = Math.min(x0, ring[i]); x1 = Math.max(x1, ring[i]);
        y0 = Math.min(y0, ring[i + 1]); y1 = Math.max(y1, ring[i + 1]);
      }
    return x0 > x1 ? null : [x0, y0, x1, y1].map((v) => v / data.steps);
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

  // ---------------------------------------------------------------- pointer
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

  // ---------------------------------------------------------------- the list of specialisations
  function bars(c) {
    const cluster = data.clusters[c];
    const top = Math.max(...cluster.technologies.map((t) => t.share), 1e-9);
    return el("ul", { class: "bars" }, ...cluster.technologies.slice(0, 14).map((t) => {
      const bar = el("i");
      bar.style.width = `${(100 * t.share) / top}%`;
      bar.style.background = colorOf(c);
      const share = `${Math.round(100 * t.share)}%`;
      const figure = el("span", { class: "figure", title: filled(say.lift, t.lift.toFixed(1)) }, el("b", { text: count(t.count) }), ` · ${share} · ×${t.lift.toFixed(1)}`);
      return el("li", { title: t.kind }, foreign("bdi", { class: "what" }, t.name), figure, el("span", { class: "bar" }, bar));
    }));
  }
  function entry(c, hits) {
    const size = c === NOISE ? noiseRows : data.clusters[c].size;
    const found = query === "" ? size : hits.get(c) || 0;
    const [head, tail] = split(nameOf(c));
    const name = el("span", { class: "name" }, foreign("bdi", {}, head));
    if (tail) name.append(foreign("bdi", { class: "also" }, tail));
    const fill = el("i");
    fill.style.width = `${(100 * found) / Math.max(largest, noiseRows)}%`;
    fill.style.background = colorOf(c);
    const button = el("button", { type: "button", "aria-expanded": String(only === c), on: () => isolate(only === c ? null : c) },
      swatch(c), name, el("span", { class: "size", text: found === size ? count(size) : `${count(found)} / ${count(size)}` }), el("span", { class: "meter", "aria-hidden": "true" }, fill));
    button.dataset.cluster = c;
    button.addEventListener("pointerenter", () => { hoveredCluster = c; changed(); });
    button.addEventListener("pointerleave", () => { hoveredCluster = null; changed(); });
    const item = el("li", { class: `cluster${only === c ? " on" : only !== null ? " off" : ""}` }, button);
    if (only === c && c !== NOISE) {
      const cluster = data.clusters[c];
      const inside = el("div", { class: "inside" });
      if (cluster.terms.length) inside.append(el("h3", { text: say.about }), el("p", { class: "terms" }, ...cluster.terms.slice(0, 14).map((t) => foreign("bdi", {}, t))));
      if (cluster.technologies.length) inside.append(el("h3", { text: say.technologies }), bars(c));
      if (cluster.exemplars.length) inside.append(el("h3", { text: say.exemplars }), el("ul", { class: "near" }, ...cluster.exemplars.map(roleItem)));
      item.append(inside);
    }
    return item;
  }
  function listClusters() {
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.cluster : undefined;
    const all = bySize.map((l) => l.cluster);
    if (noiseRows) all.push(NOISE);
    // With a filter, the specialisations that hold what was looked for, those with most first.
    const hits = new Map();
    if (query !== "") {
      for (let i = 0; i < n; i++) if (matches[i]) hits.set(clusterOf[i], (hits.get(clusterOf[i]) || 0) + 1);
      all.sort((a, b) => (hits.get(b) || 0) - (hits.get(a) || 0));
    }
    const listed = query === "" ? all : all.filter((c) => hits.has(c) || c === only);
    $("clusters").replaceChildren(...listed.map((c) => entry(c, hits)));
    if (focused !== undefined) {
      const again = [...$("clusters").querySelectorAll("button[data-cluster]")].find((b) => b.dataset.cluster === focused);
      if (again) again.focus({ preventScroll: true });
    }
  }

  // ---------------------------------------------------------------- the list of roles
  function roleItem(row) {
    const dot = el("span", { class: "dot", "aria-hidden": "true" });
    dot.style.background = colorOf(clusterOf[row]);
    const button = el("button", { type: "button", on: () => open(row, true) }, dot, foreign("bdi", { class: "title" }, titleOf(row)));
    const section = data.section[row] < 0 ? "" : data.sections[data.section[row]];
    button.append(foreign("bdi", { class: "under" }, section ? `${data.ids[row]} · ${section}` : data.ids[row]));
    button.addEventListener("pointerenter", () => { hovered = row; drawOver(); });
    button.addEventListener("pointerleave", () => { hovered = -1; drawOver(); });
    return el("li", { class: "role" }, button);
  }
  function chosen() {
    const rows = [];
    for (let i = 0; i < n; i++) if (lit(i)) rows.push(i);
    if (only !== null) rows.sort((a, b) => data.strength[b] - data.strength[a] || a - b);
    return rows;
  }
  function listRoles(more) {
    const rows = chosen();
    shown = Math.min(rows.length, more ? shown + PAGE : PAGE);
    $("roles-title").hidden = rows.length === 0;
    $("roles-title").textContent = say.roles;
    $("roles").replaceChildren(...rows.slice(0, shown).map(roleItem));
    const rest = rows.length - shown;
    $("more").hidden = rest === 0;
    $("more").textContent = filled(say.more, count(Math.min(rest, PAGE)));
    const narrowed = query !== "" || only !== null;
    const text = rows.length === 0 ? say.no_match : narrowed ? filled(say.n_of_n, count(rows.length), count(n)) : filled(say.n_all, count(n));
    $("count").replaceChildren(el("span", { text }));
    if (narrowed) $("count").append(el("button", { type: "button", text: say.show_all, on: () => { $("filter").value = ""; only = null; filter(""); fly(whole()); } }));
  }

  // ---------------------------------------------------------------- filter and isolate
  let hay = null;
  function haystack() {
    if (!hay) {
      hay = new Array(n);
      for (let i = 0; i < n; i++) {
        const t = textOf(i);
        const section = data.section[i] < 0 ? "" : data.sections[data.section[i]];
        hay[i] = `${data.ids[i]}\n${data.titles[i]}\n${section}\n${t.description}\n${t.stack.join("\n")}`.normalize("NFKC").toLowerCase();
      }
    }
    return hay;
  }
  function filter(text) {
    query = text.trim();
    const wanted = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) matches.fill(1);
    else {
      const all = haystack();
      for (let i = 0; i < n; i++) matches[i] = wanted.every((w) => all[i].includes(w)) ? 1 : 0;
    }
    nMatches = matches.reduce((a, b) => a + b, 0);
    refresh();
  }
  function refresh() {
    listClusters();
    listRoles(false);
    changed();
    remember();
  }
  function isolate(c) {
    only = c;
    refresh();
    if (c !== null) {
      const item = $("clusters").querySelector(".on");
      if (item) item.scrollIntoView({ block: "start" });
      const bounds = boundsOf(c);
      if (bounds) {
        const to = fitted(...bounds, 90);
        to.k > fitK * 9 ? fly(fitted((bounds[0] + bounds[2]) / 2 - 40, (bounds[1] + bounds[3]) / 2 - 40, (bounds[0] + bounds[2]) / 2 + 40, (bounds[1] + bounds[3]) / 2 + 40, 90)) : fly(to);
      } else fly(whole());
    } else fly(whole());
  }

  // ---------------------------------------------------------------- one role
  let cameFrom = null;
  /** Text with the words of the filter marked, made of text nodes. */
  function marked(text) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const low = text.toLowerCase();
    const out = [];
    let at = 0;
    while (words.length && low.length === text.length) {
      let next = -1, length = 0;
      for (const w of words) {
        const found = low.indexOf(w, at);
        if (found >= 0 && (next < 0 || found < next)) { next = found; length = w.length; }
      }
      if (next < 0) break;
      out.push(text.slice(at, next), el("mark", { text: text.slice(next, next + length) }));
      at = next + length;
    }
    out.push(text.slice(at));
    return out;
  }
  function open(row, move) {
    if (panel.hidden) cameFrom = document.activeElement;
    opened = row;
    const c = clusterOf[row];
    const { description, stack, fields } = textOf(row);
    const facts = el("dl");
    const fact = (name, ...value) => facts.append(el("dt", { text: name }), el("dd", {}, ...value));
    const link = (to) => el("button", { type: "button", on: () => open(to, true) }, foreign("bdi", {}, data.ids[to]));
    fact(say.id, foreign("bdi", {}, data.ids[row]));
    if (data.section[row] >= 0) fact(say.section, foreign("bdi", {}, data.sections[data.section[row]]));
    if (c !== NOISE) fact(say.strength, (data.strength[row] / 100).toFixed(2));
    if (repeatsOf.has(row)) fact(say.repeats, link(repeatsOf.get(row)));
    if (repeatedBy.has(row)) fact(say.repeated_by, ...repeatedBy.get(row).slice(0, 50).map(link));
    const text = el("div", { class: "text" });
    for (const line of description.split(/\n+/)) if (line.trim()) text.append(el("p", { dir: "auto" }, ...marked(line)));
    if (!text.childNodes.length) text.append(el("p", { class: "under", text: say.no_text }));
    const body = $("panel-body");
    body.replaceChildren(
      el("h2", { id: "panel-title", tabindex: "-1", dir: "auto" }, ...marked(titleOf(row))),
      el("button", { type: "button", class: "of", title: say.only_this, on: () => isolate(c) }, swatch(c), foreign("bdi", {}, nameOf(c))),
      facts,
    );
    if (stack.length) body.append(el("h3", { text: say.stack }), el("div", { class: "chips" }, ...stack.map((s) => el("bdi", { dir: "auto" }, ...marked(s)))));
    body.append(text);
    const columns = Object.entries(fields).filter(([, v]) => v.trim());
    if (columns.length) {
      const list = el("dl");
      for (const [key, value] of columns) list.append(foreign("dt", {}, key), foreign("dd", {}, value));
      body.append(el("h3", { text: say.details }), list);
    }
    const close_by = around(row, 6);
    if (close_by.length) body.append(el("h3", { text: say.nearby }), el("ul", { class: "near" }, ...close_by.map(roleItem)));
    panel.hidden = false;
    body.scrollTop = 0;
    $("panel-title").focus({ preventScroll: true });
    const [x, y] = onScreen([xs[row], ys[row]]);
    const free = room();
    if (move || x > free - 40 || x < 20 || y < 20 || y > height - 20) {
      const k = move ? Math.max(view.k, fitK * 1.6) : view.k;
      fly({ k, x: free / 2 - xs[row] * k, y: height / 2 - ys[row] * k });
    } else changed();
    remember();
  }
  function around(row, k) {
    const found = [];
    for (let reach = 8; reach < 4000; reach *= 2) {
      found.length = 0;
      eachIn(xs[row] - reach, ys[row] - reach, xs[row] + reach, ys[row] + reach, (i) => {
        if (i !== row) found.push([(xs[i] - xs[row]) ** 2 + (ys[i] - ys[row]) ** 2, i]);
      });
      if (found.length > 3 * k || found.length >= n - 1) break;
    }
    return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, k).map((f) => f[1]);
  }
  function close() {
    panel.hidden = true;
    opened = -1;
    if (cameFrom && document.contains(cameFrom)) cameFrom.focus({ preventScroll: true });
    else map.focus({ preventScroll: true });
    changed();
    remember();
  }

  // ---------------------------------------------------------------- keys
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const typing = e.target === $("filter");
    if (e.key === "Escape") {
      if (!panel.hidden) close();
      else if ($("filter").value) { $("filter").value = ""; filter(""); }
      else if (only !== null) isolate(null);
      else if (typing) map.focus();
      e.preventDefault();
      return;
    }
    if (typing) {
      if (e.key === "Enter") { const first = $("roles").querySelector("button"); if (first && query) first.click(); }
      return;
    }
    if (e.key === "/") { e.preventDefault(); $("filter").focus(); $("filter").select(); return; }
    if (e.key === "+" || e.key === "=") zoom(1.35, ...middle());
    else if (e.key === "-" || e.key === "_") zoom(1 / 1.35, ...middle());
    else if (e.key === "0") fly(whole());
    else if (e.target === map) {
      const step = e.shiftKey ? 160 : 60;
      const by = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[e.key];
      if (by) pan(...by);
      else if (e.key === "Enter" || e.key === " ") {
        const [x, y] = middle();
        const row = nearest((x - view.x) / view.k, (y - view.y) / view.k, 200 / view.k, lit);
        if (row >= 0) open(row, false);
      } else return;
      keyboard = true;
      e.preventDefault();
      drawOver();
    }
  });
  map.addEventListener("focus", () => { keyboard = map.matches(":focus-visible"); drawOver(); });
  map.addEventListener("blur", () => drawOver());

  // ---------------------------------------------------------------- theme and address
  function dress() {
    dark = isDark();
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(name).trim();
    paper = of("--paper"); noiseColor = of("--noise"); ink = of("--ink"); soft = of("--soft");
    sprites.clear();
  }
  function setTheme(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    dress();
    refresh();
    if (opened >= 0) open(opened, false);
  }
  wantsDark.addEventListener("change", () => setTheme(root.dataset.theme));
  $("theme").addEventListener("click", () => {
    setTheme(isDark() ? "light" : "dark");
    $("theme").focus({ preventScroll: true });
  });
  let restoring = true;
  function remember() {
    if (restoring) return;
    const state = new URLSearchParams();
    if (query) state.set("q", query);
    if (only !== null) state.set("cluster", only);
    if (opened >= 0) state.set("role", data.ids[opened]);
    if (root.dataset.theme) state.set("theme", root.dataset.theme);
    try { history.replaceState(null, "", `#${state}`); } catch { /* some viewers forbid it */ }
  }
  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    const theme = state.get("theme");
    if (theme === "dark" || theme === "light") { root.dataset.theme = theme; dress(); }
    const c = state.has("cluster") ? Number(state.get("cluster")) : NaN;
    only = Number.isInteger(c) && c >= NOISE && c < data.clusters.length ? c : null;
    $("filter").value = state.get("q") || "";
    filter($("filter").value);
    const row = state.has("role") ? data.ids.indexOf(state.get("role")) : -1;
    if (row >= 0) open(row, false);
  }

  // ---------------------------------------------------------------- begin
  $("facts").textContent = data.facts.join(" · ");
  $("facts").hidden = data.facts.length === 0;
  $("clusters-title").textContent = say.specialisations;
  $("filter").setAttribute("aria-label", say.filter);
  $("filter").placeholder = say.filter_hint;
  map.setAttribute("aria-label", `${say.map}. ${say.map_hint}`);
  $("tools").setAttribute("aria-label", say.map);
  for (const [id, word] of [["zoom-in", say.zoom_in], ["zoom-out", say.zoom_out], ["fit", say.fit], ["theme", say.theme], ["panel-close", say.close]]) {
    $(id).setAttribute("aria-label", word);
    $(id).title = word;
  }
  $("made").querySelector("summary").textContent = say.made;
  for (const [name, value] of data.method) $("made").querySelector("dl").append(el("dt", { text: name }), foreign("dd", {}, value));
  for (const warning of data.warnings) $("made").querySelector("ul").append(foreign("li", {}, `${say.warnings}: ${warning}`));
  $("keys").querySelector("summary").textContent = say.keys;
  for (const [key, word] of [["/", say.key_filter], ["← ↑ → ↓", say.key_move], ["+ −", say.key_zoom], ["0", say.key_fit], ["Enter", say.key_open], ["Esc", say.key_back]])
    $("keys").querySelector("dl").append(el("dt", {}, el("kbd", { text: key })), el("dd", { text: word }));
  $("zoom-in").addEventListener("click", () => zoom(1.5, ...middle()));
  $("zoom-out").addEventListener("click", () => zoom(1 / 1.5, ...middle()));
  $("fit").addEventListener("click", () => fly(whole()));
  $("panel-close").addEventListener("click", close);
  $("more").addEventListener("click", () => listRoles(true));
  let typed = 0;
  $("filter").addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => filter($("filter").value), n > 5000 ? 160 : 60); });
  addEventListener("hashchange", restore);

  dress();
  measure();
  resize();
  restore();
  restoring = false;
  new ResizeObserver(resize).observe(stage);
  document.fonts.ready.then(() => { measure(); changed(); });
  root.dataset.state = "ready";
})();
