// The theme, and the state of the page in its address.
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
  for (const [name, value] of terms) state.append(name, value);
  if (only !== null) state.set("cluster", only === NOISE ? "none" : only + 1);
  if (opened >= 0) state.set("role", data.ids[opened]);
  if (root.dataset.theme) state.set("theme", root.dataset.theme);
  try { history.replaceState(null, "", `#${state}`); } catch { /* some viewers forbid it */ }
}
function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  const theme = state.get("theme");
  if (theme === "dark" || theme === "light") { root.dataset.theme = theme; dress(); }
  const number = state.get("cluster");
  const c = number === "none" ? NOISE : number === null ? NaN : Number(number) - 1;
  only = c === NOISE ? (number === "none" ? NOISE : null) : Number.isInteger(c) && c >= 0 && c < data.clusters.length ? c : null;
  terms = served ? [...state].filter(([name]) => name === "mode" || name === "filter") : [];
  $("filter").value = state.get("q") || "";
  filter($("filter").value);
  const row = state.has("role") ? data.ids.indexOf(state.get("role")) : -1;
  if (row >= 0) open(row, false);
}
