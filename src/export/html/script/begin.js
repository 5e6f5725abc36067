// The words around the map, the buttons, and the first picture.
$("facts").textContent = data.facts.join(" · ");
$("facts").hidden = data.facts.length === 0;
$("clusters-title").textContent = say.specialisations;
$("nearness").textContent = data.nearness;
$("filter").setAttribute("aria-label", served ? say.search : say.filter);
$("filter").placeholder = served ? say.search_hint : say.filter_hint;
if (served) {
  $("back").hidden = false;
  $("back").textContent = say.search_page;
}
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
$("filter").addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => filter($("filter").value), served || n > 5000 ? 160 : 60); });
addEventListener("hashchange", restore);

dress();
measure();
resize();
restore();
restoring = false;
new ResizeObserver(resize).observe(stage);
document.fonts.ready.then(() => { measure(); changed(); });
root.dataset.state = "ready";
