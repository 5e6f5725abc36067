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
