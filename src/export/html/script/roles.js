// The list of roles, the filter, and one specialisation alone.
function roleItem(row) {
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  dot.style.background = colorOf(clusterOf[row]);
  const button = el("button", { type: "button", on: () => open(row, true) }, dot, foreign("bdi", { class: "title" }, titleOf(row)));
  const section = data.section[row] < 0 ? "" : data.sections[data.section[row]];
  const facts = [data.ids[row], section, placedBy.has(row) ? penned(placedBy.get(row)) : ""];
  button.append(foreign("bdi", { class: "under" }, facts.filter(Boolean).join(" · ")));
  button.addEventListener("pointerenter", () => { hovered = row; drawOver(); });
  button.addEventListener("pointerleave", () => { hovered = -1; drawOver(); });
  return el("li", { class: "role" }, button);
}
function chosen() {
  if (ranked) return ranked.filter(lit);
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
  const text = trouble ? trouble : rows.length === 0 ? say.no_match : narrowed ? filled(say.n_of_n, count(rows.length), count(n)) : filled(say.n_all, count(n));
  $("count").replaceChildren(foreign("span", {}, [text, ...terms.map(([, value]) => value)].join(" · ")));
  if (narrowed) $("count").append(el("button", { type: "button", text: say.show_all, on: () => { $("filter").value = ""; only = null; filter(""); fly(whole()); } }));
}

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
function refresh() {
  if (served) $("back").href = searchPage();
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
    const bounds = boundsOf(c === NOISE ? [] : [c]);
    fly(bounds ? viewOf(bounds) : whole());
  } else fly(whole());
}
