"""How well clusters follow labels given by people: this program and others on the same vectors.

    pip install -r benches/peers/requirements-quality.txt
    python benches/peers/cluster_quality.py PROGRAM FILE:FIELD ... [--rows 1500] [--seeds 10]

`benches/quality` does both for every labelled set of the repository. PROGRAM is a built
`rolecluster`. Each FILE is an input it reads, each FIELD the column that holds the labels (`section`
for a digest), so

    python benches/peers/cluster_quality.py target/release/rolecluster \\
        digest.md:section data/samples/roles.jsonl:section postings.jsonl:label

`FILE:FIELD:text` leaves titles out, where they give the label away; `FILE:FIELD:2` takes the
first two characters of the label, the upper levels of a numbered taxonomy; `FILE:FIELD:lang=en`
takes the records with that value; these may follow each other. Of JSON Lines files at most
--rows records are taken, drawn with a fixed seed. Every role is embedded once, with the
program's own model, and its vectors are clustered by

- ours: k-means, HDBSCAN and the Gaussian mixture with everything left to the program, HDBSCAN also
  before noise is placed with the nearest cluster (raw);
- scikit-learn: KMeans with our k and with the number of labels, ten starts; HDBSCAN, by its defaults;
- fast_hdbscan, fast-plscan and EVoC by their defaults;
- UMAP to five dimensions, then hdbscan, both as BERTopic sets them up.

Everything is done with --seeds seeds; peers also get the rows in another order each time, because
some have no seed. Figures are the mean and, in brackets, the least and the most; clusters and noise
are medians. Repeats are left out on both sides, as the program does not cluster them. ARI and AMI
take noise for one more cluster. A peer that cannot be imported is skipped aloud.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np


def taken(spec, most, folder):
    """An input file as asked for, the label field, and how many characters of it count."""
    path, field, *rest = spec.split(":")
    prefix, text_only, conditions = None, False, []
    for option in rest:
        if option == "text":
            text_only = True
        elif "=" in option:
            conditions.append(option.split("=", 1))
        else:
            prefix = int(option)
    if not path.endswith(".jsonl"):
        return path, field, prefix
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if all(str(row.get(key)) == value for key, value in conditions)]
    if len(rows) > most:
        rows = random.Random(1).sample(rows, most)
    out = os.path.join(folder, "input.jsonl")
    with open(out, "w", encoding="utf-8") as file:
        for at, row in enumerate(rows):
            if text_only:
                row = {**row, "title": ""}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return out, field, prefix


def said(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def clustered(program, folder, algorithm, seed):
    said(program, "cluster", folder, "--algorithm", algorithm, "--seed", str(seed))
    return json.loads(pathlib.Path(folder, "report.json").read_text(encoding="utf-8"))


def numbers(labels):
    return np.array([-1 if label is None else label for label in labels])


def measure(program, spec, options):
    """Prints how each method fares, and returns a heading and rows; nothing where no role has a label."""
    import pyarrow.parquet as parquet

    with tempfile.TemporaryDirectory() as temporary:
        source, field, prefix = taken(spec, options.rows, temporary)
        folder = os.path.join(temporary, "run")
        said(program, "embed", source, "--out", folder)
        reports = {
            name: [clustered(program, folder, name, seed) for seed in range(1, options.seeds + 1)]
            for name in ("kmeans", "hdbscan", "gmm")
        }
        vectors = parquet.read_table(os.path.join(folder, "vectors.parquet"))
        fields = parquet.read_table(os.path.join(folder, "roles.parquet")).to_pylist()
    of_role = dict(zip(vectors["id"].to_pylist(), vectors["vector"].to_pylist()))
    placements = reports["kmeans"][0]["placements"]
    given = {row["id"]: label_of(row, field) for row in fields}
    kept = [
        at for at, role in enumerate(placements)
        if role["duplicate_of"] is None and given[role["id"]] is not None
    ]
    if not kept:
        print(f"*** SKIPPED: no role of {spec} has `{field}` ***", file=sys.stderr)
        return None
    truth = np.array([str(given[placements[at]["id"]])[:prefix] for at in kept])
    x = np.array([of_role[placements[at]["id"]] for at in kept], dtype=np.float32)
    n_labels = len(set(truth))
    name = os.path.basename(spec.split(":")[0])
    heading = f"{name}: {len(x)} roles, {n_labels} labels in `{field}`"
    print(f"\n{heading}\n{'':32}  clusters  noise  ARI                     AMI", flush=True)
    ours = lambda report: numbers([report["placements"][at]["cluster"] for at in kept])
    chosen = round(np.median([r["scores"]["n_clusters"] for r in reports["kmeans"]]))
    rows = []

    def show(what, runs):
        row = [what, *scored(truth, runs)]
        rows.append(row)
        print(f"{what:32} {row[1]:>9} {row[2]:>6}  {row[3]:22}  {row[4]}", flush=True)

    labels = {name: [ours(report) for report in found] for name, found in reports.items()}
    show("rolecluster k-means", labels["kmeans"])
    show("rolecluster HDBSCAN", labels["hdbscan"])
    show("rolecluster HDBSCAN, raw", [
        numbers([report["raw_labels"][at] for at in kept]) for report in reports["hdbscan"]
    ])
    show("rolecluster gmm", labels["gmm"])
    for what, fit in peers(chosen, n_labels).items():
        try:
            runs = [shuffled(fit, x, seed) for seed in range(1, options.seeds + 1)]
        except ImportError as error:
            print(f"*** SKIPPED: {what}: {error} ***", file=sys.stderr, flush=True)
            rows.append([what, "", "", "not installed", ""])
            continue
        show(what, runs)
    return heading, rows


def shuffled(fit, x, seed):
    """Labels by one seed. Rows come in another order each time: not every peer has a seed."""
    order = np.random.default_rng(seed).permutation(len(x))
    labels = np.empty(len(x), dtype=np.int64)
    labels[order] = fit(x[order], seed)
    return labels


def scored(truth, runs):
    """Clusters and noise at the median, mean and range of ARI and AMI."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    told = lambda values: f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"
    clusters = [len(set(labels[labels >= 0])) for labels in runs]
    noise = np.median([(labels < 0).mean() for labels in runs])
    ari = [adjusted_rand_score(truth, labels) for labels in runs]
    ami = [adjusted_mutual_info_score(truth, labels) for labels in runs]
    return f"{np.median(clusters):.0f}", f"{noise:.0%}", told(ari), told(ami)


def peers(chosen, n_labels):
    """What else groups the same vectors: labels of rows by a seed. Imported when asked."""

    def kmeans(k):
        def fit(x, seed):
            from sklearn.cluster import KMeans

            return KMeans(min(k, len(x)), n_init=10, random_state=seed).fit(x).labels_

        return fit

    def sklearn_hdbscan(x, _):
        from sklearn.cluster import HDBSCAN

        return HDBSCAN(algorithm="brute", copy=True).fit(x).labels_

    def fast_hdbscan(x, _):
        from fast_hdbscan import HDBSCAN

        return HDBSCAN().fit(x).labels_

    def plscan(x, _):
        from fast_plscan import PLSCAN

        return PLSCAN().fit(x).labels_

    def evoc(x, seed):
        from evoc import EVoC

        return EVoC(random_state=seed).fit_predict(x)

    def as_bertopic(x, seed):
        """The groups behind BERTopic's topics, by its defaults (0.17)."""
        from hdbscan import HDBSCAN
        from umap import UMAP

        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
        return HDBSCAN(min_cluster_size=10, prediction_data=True).fit(umap.fit_transform(x)).labels_

    return {
        f"scikit-learn KMeans, our k ({chosen})": kmeans(chosen),
        f"scikit-learn KMeans, k = labels ({n_labels})": kmeans(n_labels),
        "scikit-learn HDBSCAN": sklearn_hdbscan,
        "fast_hdbscan": fast_hdbscan,
        "fast-plscan": plscan,
        "EVoC": evoc,
        "UMAP + hdbscan, as BERTopic": as_bertopic,
    }


def label_of(row, field):
    if field in row and row[field] is not None:
        return row[field]
    extra = row.get("fields") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    return dict(extra).get(field)


def as_markdown(heading, rows):
    head = ["", "clusters", "noise", "ARI", "AMI"]
    lines = [f"### {heading}", "", "| " + " | ".join(head) + " |", "|---|--:|--:|--:|--:|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("inputs", nargs="+", metavar="FILE:FIELD")
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--markdown", metavar="FILE", help="also write the tables there")
    options = parser.parse_args()
    tables = []
    for spec in options.inputs:
        found = measure(options.program, spec, options)
        if found is None:
            continue
        tables.append(as_markdown(*found))
        if options.markdown:  # after every set, so that a later one that fails loses none
            pathlib.Path(options.markdown).write_text("\n".join(tables), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
