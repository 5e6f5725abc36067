// One role.
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
/** A link to the page of a role or of a specialisation. */
const pageLink = (before, id, text) => el("a", { class: "page", href: before + encodeURIComponent(id), text });
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
  if (c !== NOISE && data.clusters[c].direction !== null) fact(say.direction, directionName(data.clusters[c].direction));
  if (c !== NOISE) fact(say.strength, (data.strength[row] / 100).toFixed(2));
  if (repeatsOf.has(row)) fact(say.repeats, link(repeatsOf.get(row)));
  if (repeatedBy.has(row)) fact(say.repeated_by, ...repeatedBy.get(row).slice(0, 50).map(link));
  const text = el("div", { class: "text" });
  for (const line of description.split(/\n+/)) if (line.trim()) text.append(el("p", { dir: "auto" }, ...marked(line)));
  if (!text.childNodes.length) text.append(el("p", { class: "under", text: say.no_text }));
  const body = $("panel-body");
  body.replaceChildren(
    el("h2", { id: "panel-title", tabindex: "-1", dir: "auto" }, ...marked(titleOf(row))),
    el("button", { type: "button", class: "of", title: say.only_this, on: () => isolate(c) }, swatch(c), foreign("bdi", {}, nameOf(c)), handOf(c) ? pen(handOf(c)) : null),
    placedBy.has(row) ? hand(placedBy.get(row)) : "",
    served ? pageLink(served.role, data.ids[row], say.role_page) : "",
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
