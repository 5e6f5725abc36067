"""Nearest rows against faiss and usearch on the same rows, in turns.

    cargo bench --no-run --bench search            # prints the path of the program
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-search.txt
    venv/bin/python benches/peers/search.py PROGRAM [--rows 100000] [--rounds 3]

Rows are unit vectors of 384 numbers: four fifths around 50 directions, one fifth anywhere;
queries are drawn alike. `--rank R` keeps rows near a random space of R dimensions, as text
embeddings are; without it every direction of noise is used, the hardest case there is. In
every round each program answers every query, one at a time; the median over the rounds of
the median query is printed, and recall@10 against faiss flat. `--threads` counts for
building and for exact search.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

import faiss
import numpy as np
from usearch.index import Index

K = 10


def rows(n, n_queries, d, groups, rank, seed=1):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, d))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    # The noise has the same length whatever its rank.
    basis = rng.normal(size=(rank, d)) / np.sqrt(rank) if rank else None

    def draw(count):
        x = 0.035 * rng.normal(size=(count, rank or d))
        x = x @ basis if rank else x
        grouped = np.arange(count) % 5 > 0
        x[grouped] += centres[np.arange(count) % groups][grouped]
        return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)

    return draw(n), draw(n_queries)


class Ours:
    def __init__(self, program, x, queries, threads):
        self.file = tempfile.NamedTemporaryFile(suffix=".rows")
        shape = np.array([*x.shape, len(queries)], dtype="<u8")
        self.file.write(shape.tobytes() + x.astype("<f4").tobytes() + queries.astype("<f4").tobytes())
        self.file.flush()
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "ROLECLUSTER_PEER_ROWS": self.file.name,
                 "RAYON_NUM_THREADS": str(threads)},
        )
        self.build, self.megabytes = map(float, self.process.stdout.readline().split())

    def ask(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        ms, *found = self.process.stdout.readline().split()
        return float(ms), np.array(found, dtype=np.int64).reshape(-1, K)


def one_by_one(search, queries):
    times, found = [], []
    for at in range(len(queries)):
        query = queries[at : at + 1]
        start = time.perf_counter()
        answer = search(query)
        times.append(1e3 * (time.perf_counter() - start))
        found.append(np.asarray(answer).reshape(-1)[:K])
    return statistics.median(times), np.array(found, dtype=np.int64)


def timed(build):
    start = time.perf_counter()
    made = build()
    return time.perf_counter() - start, made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    faiss.omp_set_num_threads(options.threads)
    x, queries = rows(options.rows, options.queries, 384, 50, options.rank)
    d = x.shape[1]

    flat = faiss.IndexFlatIP(d)
    flat.add(x)
    truth = flat.search(queries, K)[1]

    def by_faiss():
        index = faiss.IndexHNSWFlat(d, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 160
        index.add(x)
        return index

    def by_usearch():
        index = Index(ndim=d, metric="ip", dtype="f16", connectivity=16, expansion_add=160)
        index.add(np.arange(len(x)), x, threads=options.threads)
        return index

    ours = Ours(options.program, x, queries, options.threads)
    faiss_seconds, hnsw = timed(by_faiss)
    usearch_seconds, usearch = timed(by_usearch)
    faiss_mb = faiss.serialize_index(hnsw).nbytes / 1e6
    usearch_mb = usearch.serialized_length / 1e6

    def with_faiss(ef):
        hnsw.hnsw.efSearch = ef
        return one_by_one(lambda q: hnsw.search(q, K)[1], queries)

    def with_usearch(ef):
        usearch.expansion_search = ef
        return one_by_one(lambda q: usearch.search(q[0], K).keys, queries)

    asks = {"rolecluster exact": lambda: ours.ask("exact"),
            "rolecluster default": lambda: ours.ask("default"),
            "faiss flat": lambda: one_by_one(lambda q: flat.search(q, K)[1], queries)}
    for ef in (100, 200, 400):
        asks[f"rolecluster, {ef} candidates"] = lambda ef=ef: ours.ask(ef)
        asks[f"faiss HNSW16, ef {ef}"] = lambda ef=ef: with_faiss(ef)
        asks[f"usearch f16, ef {ef}"] = lambda ef=ef: with_usearch(ef)
    results = {name: [] for name in asks}
    for _ in range(options.rounds):
        for name, ask in asks.items():
            results[name].append(ask())
    print(f"{options.rows} x {d}, rank {options.rank or d}, {options.queries} queries, "
          f"{options.rounds} rounds, {options.threads} threads")
    print(f"built: rolecluster {ours.build:.1f} s, {ours.megabytes:.0f} MB with the rows; "
          f"faiss {faiss_seconds:.1f} s, {faiss_mb:.0f} MB; "
          f"usearch {usearch_seconds:.1f} s, {usearch_mb:.0f} MB")
    for name, runs in results.items():
        ms = statistics.median(run[0] for run in runs)
        found = runs[0][1]
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])
        print(f"{name:28} {ms:8.3f} ms  recall@10 {recall:.4f}")


if __name__ == "__main__":
    main()
