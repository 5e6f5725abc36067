// What the page is told, read from its data blocks.
const $ = (id) => document.getElementById(id);
const fail = (error) => {
  document.documentElement.dataset.state = "failed";
  const box = document.createElement("p");
  box.id = "failure";
  box.textContent = `${say ? say.failed : ""}${error && error.message ? error.message : error}`;
  document.body.append(box);
};
let say = null;
addEventListener("error", (e) => fail(e.error || e.message));
addEventListener("unhandledrejection", (e) => fail(e.reason));

const data = JSON.parse(document.querySelector("script.data").textContent);
say = data.words;
const n = data.ids.length;
const NOISE = -1;
const xs = new Float32Array(n);
const ys = new Float32Array(n);
for (let i = 0; i < n; i++) {
  xs[i] = data.places[2 * i] / data.steps;
  ys[i] = data.places[2 * i + 1] / data.steps;
}
const clusterOf = Int32Array.from(data.cluster);
const repeatsOf = new Map(data.repeats);
const repeatedBy = new Map();
for (const [row, of] of data.repeats) {
  if (!repeatedBy.has(of)) repeatedBy.set(of, []);
  repeatedBy.get(of).push(row);
}
/** What a person said about the place of a role, in words, by row. */
const placedBy = new Map(data.by_hand);
const noiseRows = data.cluster.reduce((sum, c) => sum + (c === NOISE ? 1 : 0), 0);

const blocks = [...document.querySelectorAll("script.texts")];
const parsed = new Array(blocks.length);
const perBlock = blocks.length ? JSON.parse(blocks[0].textContent).length : 1;
function textOf(row) {
  const b = Math.floor(row / perBlock);
  if (!parsed[b]) {
    parsed[b] = JSON.parse(blocks[b].textContent);
    blocks[b].remove();
  }
  const [description, stack, fields] = parsed[b][row % perBlock];
  return { description, stack, fields };
}
const titleOf = (row) => data.titles[row].trim() || say.no_title;
const nameOf = (c) => (c === NOISE ? say.none : data.clusters[c].name);
/** What a person set about a specialisation, in words; `null` where nothing. */
const handOf = (c) => (c === NOISE ? null : data.clusters[c].by_hand);
const split = (name) => {
  const at = name.indexOf(" · ");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 3)];
};
const filled = (text, ...values) => values.reduce((t, v) => t.replace("{}", v), text);
const count = (k) => k.toLocaleString("en");
