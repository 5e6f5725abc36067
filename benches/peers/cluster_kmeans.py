"""k-means against scikit-learn and faiss on the same rows, in turns.

    cargo bench --no-run --bench cluster           # prints the path of the program
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-cluster.txt
    venv/bin/python benches/peers/cluster_kmeans.py PROGRAM [--rows 50000] [--rounds 3]

Rows are unit vectors of 384 numbers: four fifths around 50 directions, one fifth anywhere.
In every round each program fits once; the median over the rounds of time and inertia is
printed, and the ratio of times within the rounds. One start each, as faiss does by default.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

import faiss
import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans


def rows(n, d, groups, seed=1):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, d))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    x = 0.035 * rng.normal(size=(n, d))
    grouped = np.arange(n) % 5 > 0
    x[grouped] += centres[np.arange(n) // 5 % groups][grouped]
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def inertia(x, centroids):
    total = 0.0
    for block in np.array_split(x, max(1, len(x) // 4096)):
        products = block.astype(np.float64) @ centroids.T.astype(np.float64)
        squares = (centroids.astype(np.float64) ** 2).sum(1)
        total += (1.0 + squares - 2.0 * products).min(1).sum()
    return float(total)


class Ours:
    def __init__(self, program, x, restarts):
        self.restarts = restarts
        self.file = tempfile.NamedTemporaryFile(suffix=".rows")
        self.file.write(np.array(x.shape, dtype="<u8").tobytes() + x.astype("<f4").tobytes())
        self.file.flush()
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "ROLECLUSTER_PEER_ROWS": self.file.name},
        )

    def fit(self, k, seed):
        self.process.stdin.write(f"{k} {self.restarts} {seed}\n")
        self.process.stdin.flush()
        seconds, found, _ = self.process.stdout.readline().split()
        return float(seconds), float(found)


def timed(fit):
    start = time.perf_counter()
    centroids = fit()
    return time.perf_counter() - start, centroids


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--k", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    x, k = rows(options.rows, 384, 50), options.k
    programs = {f"rolecluster, {restarts} restarts": Ours(options.program, x, restarts) for restarts in (0, 10)}

    def by_faiss(seed):
        model = faiss.Kmeans(x.shape[1], k, niter=25, seed=seed, verbose=False,
                             max_points_per_centroid=len(x))
        model.train(x)
        return model.centroids

    peers = {
        "faiss": by_faiss,
        "scikit-learn lloyd": lambda s: KMeans(k, n_init=1, random_state=s).fit(x).cluster_centers_,
        "scikit-learn mini-batch": lambda s: MiniBatchKMeans(k, n_init=1, random_state=s).fit(x).cluster_centers_,
    }
    results = {name: [] for name in [*programs, *peers]}
    for seed in range(options.rounds):
        for name, program in programs.items():
            results[name].append(program.fit(k, seed))
        for name, fit in peers.items():
            seconds, centroids = timed(lambda: fit(seed))
            results[name].append((seconds, inertia(x, centroids)))
    first = results[next(iter(programs))]
    print(f"{options.rows} x 384, k = {k}, {options.rounds} rounds, {os.cpu_count()} cores")
    for name, runs in results.items():
        seconds = statistics.median(r[0] for r in runs)
        ratio = statistics.median(r[0] / own[0] for r, own in zip(runs, first))
        values = ", ".join(f"{r[1]:.0f}" for r in runs)
        print(f"{name:28} {seconds:7.2f} s  {ratio:5.2f} x  inertia {values}")


if __name__ == "__main__":
    main()
