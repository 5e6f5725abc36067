// Elements, colours and marks.
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
/** The sign of what a person set: words for those who point at it or cannot see it. */
const pen = (words) => el("i", { class: "pen", role: "img", "aria-label": words, title: words, text: "✎" });
const penned = (words) => `✎ ${words}`;
/** The same in words. */
const hand = (words) => el("p", { class: "hand", text: penned(words) });
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
