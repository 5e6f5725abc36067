// What is looked for. A page from the disk finds roles that hold all words; a served page asks its
// server, which ranks by meaning.
const served = data.links;
const rowOf = new Map(data.ids.map((id, row) => [id, row]));
const MOST_HITS = 100;
/** Rows in order of rank; null where nothing ranks them. */
let ranked = null;
/** Why the server did not answer. */
let trouble = "";
/** The other parameters of the search that this page was opened with. */
let terms = [];
let asked = null;

function filter(text) {
  query = text.trim();
  if (asked) asked.abort();
  ranked = null;
  trouble = "";
  if (query === "") { terms = []; matches.fill(1); }
  else if (served) { ask(); return; }
  else {
    const wanted = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const all = haystack();
    for (let i = 0; i < n; i++) matches[i] = wanted.every((w) => all[i].includes(w)) ? 1 : 0;
  }
  refresh();
}
/** The search page with the same search. */
function searchPage() {
  if (query === "") return served.search;
  const field = ([name, value]) => (name === "filter" ? [value.split("=")[0], value.slice(value.indexOf("=") + 1)] : [name, value]);
  return `${served.search}?${new URLSearchParams([["q", query], ...terms.map(field)])}`;
}
async function ask() {
  asked = new AbortController();
  const { signal } = asked;
  const address = `${served.api}?${new URLSearchParams([["q", query], ["k", Math.min(n, MOST_HITS)], ...terms])}`;
  let rows = [], why = "";
  root.classList.add("waiting");
  try {
    const response = await fetch(address, { signal });
    const answer = await response.json();
    if (response.ok) rows = answer.hits.map((hit) => rowOf.get(hit.id)).filter((row) => row !== undefined);
    else why = answer.error.message;
  } catch (error) {
    if (error.name === "AbortError") return;
    why = say.unreachable;
  }
  if (signal.aborted) return;
  root.classList.remove("waiting");
  ranked = rows;
  trouble = why;
  matches.fill(0);
  for (const row of rows) matches[row] = 1;
  refresh();
}
