// The list of specialisations.
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
  if (handOf(c)) name.append(pen(handOf(c)));
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
    if (served) inside.append(pageLink(served.cluster, String(c + 1), say.cluster_page));
    if (cluster.by_hand) inside.append(hand(cluster.by_hand));
    if (cluster.direction !== null) inside.append(el("h3", { text: say.direction }), directionName(cluster.direction));
    if (cluster.exemplars.length) inside.append(el("h3", { text: say.exemplars }), el("ul", { class: "near" }, ...cluster.exemplars.map(roleItem)));
    if (cluster.terms.length) inside.append(el("h3", { text: say.about }), el("p", { class: "terms" }, ...cluster.terms.slice(0, 14).map((t) => foreign("bdi", {}, t))));
    if (cluster.technologies.length) inside.append(el("h3", { text: say.technologies }), bars(c));
    item.append(inside);
  }
  return item;
}
/** The name of a direction, and who gave it. */
function directionName(at) {
  const { name, by_hand } = data.directions[at];
  return el("p", { class: "terms" }, foreign("bdi", {}, name), by_hand ? pen(by_hand) : null);
}
function listClusters() {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.cluster : undefined;
  const all = [...clustersBySize];
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
