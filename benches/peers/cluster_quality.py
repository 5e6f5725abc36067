"""How well clusters follow labels given by people: this program and scikit-learn on the same vectors.

    pip install -r benches/peers/requirements-quality.txt
    python benches/peers/cluster_quality.py PROGRAM FILE:FIELD ... [--rows 1500]

PROGRAM is a built `rolecluster`. Each FILE is an input it reads, each FIELD the column that
holds the labels (`section` for a digest), so

    python benches/peers/cluster_quality.py target/release/rolecluster \\
        digest.md:section data/samples/roles.jsonl:section postings.jsonl:label

`FILE:FIELD:text` leaves titles out, where they give the label away; `FILE:FIELD:2` takes the
first two characters of the label, the upper levels of a numbered taxonomy; `FILE:FIELD:lang=en`
takes the records with that value; these may follow each other. Of JSON Lines files at most
--rows records are taken, drawn with a fixed seed. Every role is embedded once, with the
program's own model, and its vectors are clustered by

- ours: k-means and HDBSCAN with everything left to the program, HDBSCAN also before noise
  is placed with the nearest cluster (raw);
- scikit-learn: KMeans with our k and with the number of labels, ten starts; HDBSCAN with its
  defaults and with our min_cluster_size and min_samples;
- UMAP to five dimensions, then hdbscan, both as BERTopic sets them up;
- EVoC with its defaults.

Repeats are left out on both sides, as the program does not cluster them. ARI and AMI take noise
for one more cluster.
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


def clustered(program, folder, algorithm):
    said(program, "cluster", folder, "--algorithm", algorithm)
    return json.loads(pathlib.Path(folder, "report.json").read_text(encoding="utf-8"))


def numbers(labels):
    return np.array([-1 if label is None else label for label in labels])


def measure(program, spec, most):
    import pyarrow.parquet as parquet
    from sklearn.cluster import HDBSCAN, KMeans
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    with tempfile.TemporaryDirectory() as temporary:
        source, field, prefix = taken(spec, most, temporary)
        folder = os.path.join(temporary, "run")
        said(program, "embed", source, "--out", folder)
        kmeans, density = (clustered(program, folder, name) for name in ("kmeans", "hdbscan"))
        vectors = parquet.read_table(os.path.join(folder, "vectors.parquet"))
        fields = parquet.read_table(os.path.join(folder, "roles.parquet")).to_pylist()
    of_role = dict(zip(vectors["id"].to_pylist(), vectors["vector"].to_pylist()))
    placements = kmeans["placements"]
    given = {row["id"]: label_of(row, field) for row in fields}
    kept = [
        at for at, role in enumerate(placements)
        if role["duplicate_of"] is None and given[role["id"]] is not None
    ]
    truth = [str(given[placements[at]["id"]])[:prefix] for at in kept]
    x = np.array([of_role[placements[at]["id"]] for at in kept], dtype=np.float32)
    ours = lambda report: numbers([report["placements"][at]["cluster"] for at in kept])
    raw = numbers([density["raw_labels"][at] for at in kept])
    chosen, n_labels = kmeans["scores"]["n_clusters"], len(set(truth))
    parameters = density["method"]["parameters"]
    size, samples = parameters["min_cluster_size"], parameters["min_samples"]
    start = lambda k: KMeans(min(k, len(x)), n_init=10, random_state=1).fit(x).labels_
    found = {
        "ours k-means": ours(kmeans),
        f"sklearn KMeans k={chosen}": start(chosen),
        f"sklearn KMeans k={n_labels}": start(n_labels),
        "ours HDBSCAN": ours(density),
        "ours HDBSCAN raw": raw,
        f"sklearn HDBSCAN {size}/{samples}": HDBSCAN(
            min_cluster_size=size, min_samples=samples, algorithm="brute", copy=True
        ).fit(x).labels_,
        "sklearn HDBSCAN": HDBSCAN(algorithm="brute", copy=True).fit(x).labels_,
        "UMAP + hdbscan, as BERTopic": as_bertopic(x),
        "EVoC": by_evoc(x),
    }
    name = os.path.basename(spec.split(":")[0])
    print(f"\n{name}: {len(x)} roles, {n_labels} labels", flush=True)
    print(f"{'':28} clusters  noise    ARI    AMI")
    for what, labels in found.items():
        print(
            f"{what:28} {labels.max() + 1:8} {(labels < 0).mean():6.1%}"
            f" {adjusted_rand_score(truth, labels):6.3f}"
            f" {adjusted_mutual_info_score(truth, labels):6.3f}",
            flush=True,
        )


def as_bertopic(x):
    """The groups behind BERTopic's topics, by its defaults (0.17)."""
    from hdbscan import HDBSCAN
    from umap import UMAP

    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=1)
    return HDBSCAN(min_cluster_size=10, prediction_data=True).fit(umap.fit_transform(x)).labels_


def by_evoc(x):
    from evoc import EVoC

    return np.asarray(EVoC(random_state=1).fit_predict(x))


def label_of(row, field):
    if field in row and row[field] is not None:
        return row[field]
    extra = row.get("fields") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    return dict(extra).get(field)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("inputs", nargs="+", metavar="FILE:FIELD")
    parser.add_argument("--rows", type=int, default=1500)
    options = parser.parse_args()
    for spec in options.inputs:
        measure(options.program, spec, options.rows)


if __name__ == "__main__":
    sys.exit(main())
