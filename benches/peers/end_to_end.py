"""Whole commands, and what people would run in their place, in turns.

    cargo build --release --bin rolecluster --example synthetic_postings
    cargo bench --no-run --bench layout           # prints the path of its program
    target/release/examples/synthetic_postings 20000 > postings.jsonl
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-end-to-end.txt
    venv/bin/python benches/peers/end_to_end.py target/release/rolecluster postings.jsonl --layout PROGRAM

`run` takes the first --run-postings postings (2,500), from the file to the finished folder.
`cluster` takes the vectors of all postings (--rows of them, 20,000): consensus, groups, names, codes,
the two-dimensional layout and every file; once by k-means and once by HDBSCAN. `--layout` takes the
same vectors to the layout and to the groups of HDBSCAN, neighbours, averages and one cut of the density
tree included, and nothing more. Beside it stands what umap-learn and fast_hdbscan need for the same:
the layout (two dimensions) and the groups (five dimensions, then the density tree and one cut), each fit
with its own search for neighbours, as people call them; imports and numba's compiling left out; and BERTopic with everything left to it, which makes groups
and their words of the same vectors and texts, but no layout, names, codes or files. File caches are warm: every program has one round before
those that count.
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


#: Rows that peers work on before they are timed: of fewer than 4,096 umap-learn looks at all pairs, and the
#: code for more would be compiled within the time.
COMPILING = 5000


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


def umap_and_fast_hdbscan(file):
    """In a process of its own: what it measured itself, without imports and compiling."""
    import numpy as np
    from fast_hdbscan import HDBSCAN
    from umap import UMAP

    x = np.fromfile(file, "<f4").reshape(-1, 384)

    def work(x):
        start = time.perf_counter()
        UMAP(n_components=2, metric="cosine", n_jobs=-1).fit_transform(x)
        layout = time.perf_counter() - start
        reduced = UMAP(n_components=5, min_dist=0.0, metric="cosine", n_jobs=-1).fit_transform(x)
        return layout, HDBSCAN(min_cluster_size=15, min_samples=5).fit(reduced).labels_

    work(x[:COMPILING].copy())
    start, processor = time.perf_counter(), time.process_time()
    layout, labels = work(x)
    print(json.dumps({
        "wall": time.perf_counter() - start, "processor": time.process_time() - processor,
        "layout": layout, "clusters": int(labels.max()) + 1,
    }))


def bertopic(file, postings):
    """The same of BERTopic, from vectors and texts to topics with their words."""
    import numpy as np
    from bertopic import BERTopic

    x = np.fromfile(file, "<f4").reshape(-1, 384)
    with open(postings, encoding="utf-8") as lines:
        texts = ["{title} {description}".format(**json.loads(line)) for line in lines][: len(x)]
    BERTopic(embedding_model=None).fit_transform(texts[:COMPILING], x[:COMPILING].copy())
    start, processor = time.perf_counter(), time.process_time()
    topics, _ = BERTopic(embedding_model=None).fit_transform(texts, x)
    print(json.dumps({
        "wall": time.perf_counter() - start, "processor": time.process_time() - processor,
        "clusters": max(topics) + 1,
    }))


def write_vectors(folder, rows, file):
    """The first vectors of a run folder, as both programs read them."""
    import numpy as np
    import pyarrow.parquet as parquet

    vectors = parquet.read_table(Path(folder, "vectors.parquet"), columns=["vector"])["vector"]
    np.stack(vectors.to_numpy()).astype("<f4")[:rows].tofile(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("postings")
    parser.add_argument("--run-postings", type=int, default=2500)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--layout", help="the program of the bench `layout`")
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

        vectors = str(Path(folder, "vectors.f32"))
        write_vectors(big, options.rows, vectors)

        def reported(command):
            """What a program measured itself, and the processor time and memory of all of it."""
            found = timed(command)
            return {**found, **json.loads(found["said"].splitlines()[-1])}

        def layout():
            os.environ["ROLECLUSTER_PEER_ROWS"] = vectors
            try:
                return reported([options.layout])
            finally:
                del os.environ["ROLECLUSTER_PEER_ROWS"]

        n = f"{len(texts):,}"
        worker = [sys.executable, __file__, "--worker"]
        asks = {
            f"rolecluster run, {min(len(texts), options.run_postings):,} postings": whole,
            f"rolecluster cluster, k-means, {n}": lambda: timed([*program, "cluster", big]),
            f"rolecluster cluster, HDBSCAN, {n}":
                lambda: timed([*program, "cluster", big, "--algorithm", "hdbscan"]),
            f"layout and HDBSCAN alone, {n}": layout,
            f"umap-learn and fast_hdbscan, {n}": lambda: reported([*worker, "umap", vectors]),
            f"BERTopic, {n}": lambda: reported([*worker, "bertopic", vectors, str(many)]),
        }
        if not options.layout:
            del asks[f"layout and HDBSCAN alone, {n}"]
        rounds = {name: [] for name in asks}
        for at in range(options.rounds + 1):
            for name, ask in asks.items():
                found = ask()
                if at:
                    rounds[name].append(found)
        for name, found in rounds.items():
            print(line(name, found))
        if options.layout:
            ours, theirs = (rounds[name] for name in list(asks)[-3:-1])
            # Their layout looks for the neighbours by itself.
            drawn = lambda found: found["layout"] + found.get("neighbours", 0.0)
            for what, of in (("all of it", lambda found: found["wall"]), ("the layout", drawn)):
                ratios = [of(b) / of(a) for a, b in zip(ours, theirs)]
                print(f"umap-learn and fast_hdbscan take, for {what}, {statistics.median(ratios):.1f} times as long"
                      f" ({min(ratios):.1f} to {max(ratios):.1f})")


def line(name, found):
    """Medians over rounds; of stages too, where a program tells them."""
    middle = lambda what: statistics.median(f[what] for f in found)
    least, most = min(f["wall"] for f in found), max(f["wall"] for f in found)
    said = f"{name:45} {middle('wall'):7.1f} s ({least:.1f} to {most:.1f})"
    if "neighbours" not in found[0]:
        # That program times its stages before all of it: its processor seconds are of both.
        said += f" {middle('processor'):7.1f} processor seconds"
    said += f" {middle('mb'):7.0f} MB"
    stages = [stage for stage in ("neighbours", "layout", "hdbscan") if stage in found[0]]
    return said + "".join(f", {stage} {middle(stage):.1f} s" for stage in stages)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--worker", "umap", file]:
            umap_and_fast_hdbscan(file)
        case ["--worker", "bertopic", file, postings]:
            bertopic(file, postings)
        case _:
            main()
