"""Development figures: sets that no training table holds (`--eval`: not shipped, see README.md)."""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score

from encoder import LAYERS, Encoder

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples" / "roles.jsonl"
LANGUAGES = ROOT / "tests" / "fixtures" / "languages" / "roles.tsv"


def read(path):
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def text_of(role):
    return "\n".join([role["title"], role["description"], ", ".join(role["stack"])])


def recall(queries, documents, answer):
    """Share of queries whose nearest document carries the query's own label."""
    nearest = (queries @ documents.T).argmax(1)
    return float(np.mean([answer[0][i] == answer[1][j] for i, j in enumerate(nearest)]))


def mean_average_precision(rows, labels):
    """Each row against all others; rows of the same label are right."""
    labels = np.array(labels)
    scores = rows @ rows.T
    np.fill_diagonal(scores, -np.inf)
    found = []
    for i, order in enumerate(np.argsort(-scores, axis=1, kind="stable")[:, :-1]):
        right = labels[order] == labels[i]
        if right.any():
            found.append((np.cumsum(right) / (1 + np.arange(len(right))))[right].mean())
    return float(np.mean(found))


def esco(vectors, folder, figures):
    dev = read(folder / "esco_dev.jsonl")
    english = [r for r in read(folder / "esco_occupations.jsonl") if r["lang"] == "en"]
    candidates, ids = vectors([r["title"] for r in english]), [r["id"] for r in english]
    for language in ("de", "es", "fr"):
        rows = [(d["id"], t) for d in dev for t in d["labels"].get(language, {}).get("preferred", [])[:1]]
        figures[f"pref {language}>en"] = recall(vectors([t for _, t in rows]), candidates, ([i for i, _ in rows], ids))
    for language in ("en", "de", "es", "fr"):
        pairs = [(d["id"], t) for d in dev for t in d["labels"].get(language, {}).get("alt", [])[:4]]
        goal = [(d["id"], d["labels"][language]["preferred"][0]) for d in dev if d["labels"].get(language, {}).get("preferred")]
        figures[f"alt>pref {language}"] = recall(vectors([t for _, t in pairs]), vectors([t for _, t in goal]), ([i for i, _ in pairs], [i for i, _ in goal]))
    for language in ("en", "de", "es", "fr", "nl", "fi", "ar"):
        pairs = [(d["id"], t) for d in dev for t in (lambda x: x.get("preferred", []) + x.get("alt", []))(d["labels"].get(language, {}))[:6]]
        figures[f"map {language}"] = mean_average_precision(vectors([t for _, t in pairs]), [i for i, _ in pairs])


def postings(vectors, folder, figures, n=1500):
    rows = sorted(read(folder / "zh_postings.jsonl"), key=lambda r: r["id"])[::4][:n]
    labels = [r["label"] for r in rows]
    found = vectors([r["text"][:400] for r in rows])
    figures["zh postings AMI"] = float(np.mean([adjusted_mutual_info_score(
        labels, KMeans(len(set(labels)), n_init=1, random_state=s).fit_predict(found)) for s in range(3)]))


def samples(vectors, figures):
    rows = read(SAMPLES)
    found = vectors([text_of(r) for r in rows])
    by = {x: [i for i, r in enumerate(rows) if r["lang"] == x] for x in ("zh", "en")}
    pair = [r["pair"] for r in rows]
    for a, b in (("zh", "en"), ("en", "zh")):
        figures[f"samples {a}>{b}"] = recall(found[by[a]], found[by[b]], ([pair[i] for i in by[a]], [pair[i] for i in by[b]]))
    # A query is the title in one language, the answer the posting in the other.
    for a, b in (("zh", "en"), ("en", "zh")):
        titles = vectors([rows[i]["title"] for i in by[a]])
        figures[f"title>text {a}>{b}"] = recall(titles, found[by[b]], ([pair[i] for i in by[a]], [pair[i] for i in by[b]]))
    section = [r["section"] for r in rows]
    zh = by["zh"]
    names = {s: i for i, s in enumerate(sorted(set(section)))}
    groups = [KMeans(12, n_init=4, random_state=s).fit_predict(found) for s in range(3)]
    figures["samples pairs together"] = float(np.mean([[g[i] == g[pair.index(pair[i])] for i in range(len(rows))] for g in groups]) * 2 - 1)
    figures["samples both AMI"] = float(np.mean([adjusted_mutual_info_score([names[x] for x in section], g) for g in groups]))
    figures["samples zh AMI"] = float(np.mean([adjusted_mutual_info_score([names[section[i]] for i in zh], KMeans(
        12, n_init=4, random_state=s).fit_predict(found[zh])) for s in range(3)]))


def languages(vectors, figures):
    """Twenty trades in thirteen languages: a title, and a posting, against the English postings."""
    rows = [line.split("\t") for line in LANGUAGES.read_text(encoding="utf-8").splitlines()[1:]]
    by = {x: {r[0]: r for r in rows if r[1] == x} for x in dict.fromkeys(r[1] for r in rows)}
    roles = list(by["en"])
    english = vectors([by["en"][r][3] for r in roles])
    for language in by:
        if language != "en":
            for field, name in ((2, "title"), (3, "text")):
                found = vectors([by[language][r][field] for r in roles])
                figures[f"{language} {name}"] = recall(found, english, (roles, roles))


def titles(vectors, folder, figures):
    rows = read(folder / "zh_en_titles.jsonl")
    by = {x: {r["pair"]: r for r in rows if r["lang"] == x} for x in ("zh", "en")}
    pairs = [p for p in by["zh"] if p in by["en"]]
    english = [by["en"][p]["text"] for p in pairs]
    figures["titles zh>en"] = recall(vectors([by["zh"][p]["text"] for p in pairs]), vectors(english), (english, english))
    chinese = [by["zh"][p] for p in pairs]
    figures["families zh"] = mean_average_precision(vectors([r["text"] for r in chinese]), [r["label"] for r in chinese])


def measure(vectors, folder, quick=False):
    figures = {}
    titles(vectors, folder, figures)
    esco(vectors, folder, figures)
    samples(vectors, figures)
    languages(vectors, figures)
    if not quick:
        postings(vectors, folder, figures)
    return figures


def shown(figures):
    return "  ".join(f"{k} {v:.3f}" for k, v in figures.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--layers", default=",".join(map(str, LAYERS)))
    parser.add_argument("--prompt", default="")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    model = Encoder(options.base, [int(x) for x in options.layers.split(",")], options.prompt).eval()
    if options.checkpoint:
        model.load(options.checkpoint)
    print(shown(measure(model.vectors, options.eval, options.quick)), flush=True)


if __name__ == "__main__":
    main()
