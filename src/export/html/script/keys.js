// The keyboard.
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
