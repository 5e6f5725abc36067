"""Whole commands, and what people would run in their place, in turns.

    cargo build --release --bin rolecluster --example synthetic_postings
    target/release/examples/synthetic_postings 20000 > postings.jsonl
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-end-to-end.txt
    venv/bin/python benches/peers/end_to_end.py target/release/rolecluster postings.jsonl

`run` takes the first --run-postings postings (2,500), from the file to the finished folder.
`cluster` takes the vectors of all postings (--rows of them, 20,000): consensus, groups, names, codes,
the two-dimensional layout and every file; once by k-means and once by HDBSCAN. Beside the latter
stands what umap-learn and fast_hdbscan need for the layout (two dimensions) and for the groups
(five dimensions, then the density tree) of the same vectors, imports and numba's compiling left
out. File caches are warm: every program has one round before those that count.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def timed(command):
    """Wall and processor seconds of a command, and its peak of memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    wall = time.perf_counter() - start
    return {"wall": wall, "processor": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1e3, "said": said}


def umap_and_fast_hdbscan(folder, rows):
    """In a process of its own: what it measured itself, without imports and compiling."""
    import numpy as np
    import pyarrow.parquet as parquet
    from fast_hdbscan import HDBSCAN
    from umap import UMAP

    vectors = parquet.read_table(Path(folder, "vectors.parquet"), columns=["vector"])["vector"]
    x = np.stack(vectors.to_numpy()).astype("<f4")[:rows]

    def work(x):
        layout = UMAP(n_components=2, metric="cosine", n_jobs=-1).fit_transform(x)
        reduced = UMAP(n_components=5, min_dist=0.0, metric="cosine", n_jobs=-1).fit_transform(x)
        return layout, HDBSCAN(min_cluster_size=15).fit(reduced).labels_

    work(x[:600].copy())
    start, processor = time.perf_counter(), time.process_time()
    _, labels = work(x)
    print(json.dumps({
        "wall": time.perf_counter() - start, "processor": time.process_time() - processor,
        "clusters": int(labels.max()) + 1,
    }))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("postings")
    parser.add_argument("--run-postings", type=int, default=2500)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few.jsonl"), Path(folder, "many.jsonl")
        with open(options.postings, encoding="utf-8") as lines:
            texts = [line for _, line in zip(range(options.rows), lines)]
        few.write_text("".join(texts[: options.run_postings]), encoding="utf-8")
        many.write_text("".join(texts), encoding="utf-8")
        lengths = sorted(len(json.loads(line).get("description", "")) for line in texts)
        print(f"postings of {lengths[len(lengths) // 2]} characters at the median", flush=True)
        program = [options.program, "--quiet"]
        run, big = str(Path(folder, "run")), str(Path(folder, "big"))
        timed([*program, "embed", str(many), "--out", big, "--device", "cpu"])

        def whole():
            subprocess.run(["rm", "-rf", run], check=True)
            return timed([*program, "run", str(few), "--out", run, "--device", "cpu"])

        def peer():
            found = timed([sys.executable, __file__, "--worker", big, str(options.rows)])
            return {**json.loads(found["said"].splitlines()[-1]), "mb": found["mb"]}

        asks = {
            f"rolecluster run, {min(len(texts), options.run_postings):,} postings": whole,
            f"rolecluster cluster, k-means, {len(texts):,}": lambda: timed([*program, "cluster", big]),
            f"rolecluster cluster, HDBSCAN, {len(texts):,}":
                lambda: timed([*program, "cluster", big, "--algorithm", "hdbscan"]),
            f"umap-learn and fast_hdbscan, {len(texts):,}": peer,
        }
        rounds = {name: [] for name in asks}
        for at in range(options.rounds + 1):
            for name, ask in asks.items():
                found = ask()
                if at:
                    rounds[name].append(found)
        for name, found in rounds.items():
            middle = lambda what: statistics.median(f[what] for f in found)
            least, most = min(f["wall"] for f in found), max(f["wall"] for f in found)
            print(f"{name:45} {middle('wall'):7.1f} s ({least:.1f} to {most:.1f})"
                  f" {middle('processor'):7.1f} processor seconds {middle('mb'):7.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        umap_and_fast_hdbscan(sys.argv[2], int(sys.argv[3]))
    else:
        main()
