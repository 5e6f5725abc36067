// Makes the pages livelier than a form and links: search while typing, arrow keys, theme.
(() => {
  "use strict";
  const DEBOUNCE = 180;
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  // ---------------------------------------------------------------- theme
  const wantsDark = matchMedia("(prefers-color-scheme: dark)");
  const remember = {
    get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* for this page only */ } },
  };
  function dress(theme) {
    if (theme !== "dark" && theme !== "light") return;
    root.dataset.theme = theme;
    // The map reads its theme from its address.
    for (const link of document.querySelectorAll('a[href^="/map"]')) {
      const [path, hash] = link.getAttribute("href").split("#");
      const state = new URLSearchParams(hash || "");
      state.set("theme", theme);
      link.setAttribute("href", `${path}#${state}`);
    }
  }
  dress(remember.get());
  $("theme").hidden = false;
  $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : wantsDark.matches;
    const theme = dark ? "light" : "dark";
    remember.set(theme);
    dress(theme);
  });

  // ---------------------------------------------------------------- keys
  const box = $("q");
  const inField = (target) => target.matches("input:not([type=radio]), select, textarea");
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && !inField(event.target)) {
      event.preventDefault();
      if (box) { box.focus(); box.select(); } else location.assign("/");
      return;
    }
    const links = [...document.querySelectorAll(".hits .role")];
    const at = links.indexOf(document.activeElement);
    if (event.target !== box && at < 0) return;
    if (event.key === "ArrowDown" && at + 1 < links.length) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at > 0 ? links[at - 1] : box || links[0]).focus();
    } else if (event.key === "Escape" && at >= 0 && box) {
      box.focus();
    }
  });

  // ---------------------------------------------------------------- search while typing
  const form = $("search");
  if (!form) { root.dataset.state = "ready"; return; }
  const found = $("found"), all = $("all");
  found.setAttribute("aria-live", "polite");
  let timer = 0, asked = null, shown = "";

  function query() {
    const state = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value.trim() && !(name === "mode" && value === "hybrid")) state.append(name, value);
    }
    return state;
  }

  function show(markup) {
    // Made by the server, which escapes every text; the page's policy runs no script of it.
    found.innerHTML = markup;
    found.hidden = !markup;
    if (all) all.hidden = Boolean(markup);
    dress(root.dataset.theme);
  }

  async function look() {
    const state = query(), address = state.toString();
    if (address === shown) return;
    shown = address;
    if (asked) asked.abort();
    asked = new AbortController();
    history.replaceState(null, "", address ? `/?${address}` : "/");
    if (!state.has("q")) { root.classList.remove("waiting"); show(""); return; }
    root.classList.add("waiting");
    const { signal } = asked;
    try {
      const response = await fetch(`/hits?${address}`, { signal });
      // Signed out, or another program answers here by now: the whole page says more.
      if (response.status === 401) { location.reload(); return; }
      const markup = await response.text();
      if (!signal.aborted) show(markup);
    } catch (error) {
      if (error.name === "AbortError") return;
      shown = "";
      const said = document.createElement("p");
      said.className = "count";
      said.textContent = document.body.dataset.unreachable;
      show(said.outerHTML);
    }
    if (!signal.aborted) root.classList.remove("waiting");
  }

  const soon = () => { clearTimeout(timer); timer = setTimeout(look, DEBOUNCE); };
  const now = () => { clearTimeout(timer); look(); };
  // While a Chinese syllable is being put together there is nothing to look for yet.
  form.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
  form.addEventListener("compositionend", soon);
  form.addEventListener("change", (event) => { if (event.target !== box) now(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); now(); });
  shown = query().toString();
  // Back from a role: the browser fills the form in again after this script has run.
  addEventListener("pageshow", () => { if (query().toString() !== shown) look(); });
  root.dataset.state = "ready";
})();
