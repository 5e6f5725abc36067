"""Nearest rows against faiss, usearch and hnswlib on the same rows, in turns.

    cargo bench --no-run --bench search            # prints the path of the program
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-search.txt
    venv/bin/python benches/peers/search.py PROGRAM [--rows 100000] [--rounds 3] [--filter 0.01]

Rows are unit vectors of 384 numbers: four fifths around 50 directions, one fifth anywhere;
queries are drawn alike. `--rank R` keeps rows near a random space of R dimensions, as text
embeddings are; without it every direction of noise is used, the hardest case there is. In
every round each program answers every query, one at a time; the median over the rounds of
the median query is printed, and recall@10 against faiss flat. `--threads` counts for
building and for exact search.

`--filter SHARE` asks for the nearest of a share of the rows, which are spread evenly over all;
recall is against exact search among these. faiss gets a bitmap. hnswlib gets a function of
Python, called for every row that the walk comes to, which is most of its time. usearch has no
filter in Python: it is asked for twice as many rows as hold ten that pass on average, and the
rest is dropped.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

import faiss
import hnswlib
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
        answer = np.asarray(answer).reshape(-1)[:K].astype(np.int64)
        # A filter may leave fewer than were asked for.
        found.append(np.pad(answer, (0, K - len(answer)), constant_values=-1))
    return statistics.median(times), np.array(found)


def timed(build):
    start = time.perf_counter()
    build()
    return time.perf_counter() - start


def passing(n, share):
    """The same rows as `is_in` of `benches/search.rs` draws."""
    return np.arange(n, dtype=np.uint64) * 2654435761 % 2**32 < share * 2**32


class Faiss:
    name = "faiss HNSW16"

    def __init__(self, x, queries, threads, mask):
        faiss.omp_set_num_threads(threads)
        self.queries, self.sel = queries, None
        if mask is not None:
            # The selector does not keep its bits.
            self.bits = np.packbits(mask, bitorder="little")
            self.sel = faiss.IDSelectorBitmap(self.bits)
        self.flat = faiss.IndexFlatIP(x.shape[1])
        self.flat.add(x)
        self.index = faiss.IndexHNSWFlat(x.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
        self.index.hnsw.efConstruction = 160
        self.seconds = timed(lambda: self.index.add(x))
        self.megabytes = faiss.serialize_index(self.index).nbytes / 1e6

    def filtered(self, kind, **values):
        return kind(**values) if self.sel is None else kind(sel=self.sel, **values)

    def exact(self, queries):
        return self.flat.search(queries, K, params=self.filtered(faiss.SearchParameters))[1]

    def ask(self, ef):
        params = self.filtered(faiss.SearchParametersHNSW, efSearch=ef)
        return one_by_one(lambda q: self.index.search(q, K, params=params)[1], self.queries)


class Usearch:
    name = "usearch f16"

    def __init__(self, x, queries, threads, mask):
        self.queries, self.mask, self.count = queries, mask, K
        if mask is not None:
            self.count = min(len(x), int(2 * K / mask.mean()))
            self.name = f"usearch f16, of {self.count}"
        self.index = Index(ndim=x.shape[1], metric="ip", dtype="f16", connectivity=16, expansion_add=160)
        self.seconds = timed(lambda: self.index.add(np.arange(len(x)), x, threads=threads))
        self.megabytes = self.index.serialized_length / 1e6

    def nearest(self, query):
        keys = self.index.search(query[0], self.count).keys
        return keys if self.mask is None else keys[self.mask[keys]]

    def ask(self, ef):
        self.index.expansion_search = max(ef, self.count)
        return one_by_one(self.nearest, self.queries)


class Hnswlib:
    name = "hnswlib"

    def __init__(self, x, queries, threads, mask):
        self.queries = queries
        # Python finds a place of its own list sooner than one of an array.
        self.keep = None if mask is None else mask.tolist().__getitem__
        self.index = hnswlib.Index(space="ip", dim=x.shape[1])
        self.index.init_index(max_elements=len(x), ef_construction=160, M=16)
        self.seconds = timed(lambda: self.index.add_items(x, num_threads=threads))
        with tempfile.NamedTemporaryFile() as file:
            self.index.save_index(file.name)
            self.megabytes = os.path.getsize(file.name) / 1e6

    def nearest(self, query):
        try:
            return self.index.knn_query(query, k=K, num_threads=1, filter=self.keep)[0]
        except RuntimeError:
            # It found fewer than it was asked for, and gives none of them.
            return []

    def ask(self, ef):
        self.index.set_ef(ef)
        return one_by_one(self.nearest, self.queries)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--rank", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--filter", type=float, metavar="SHARE", help="of the rows, such as 0.01")
    options = parser.parse_args()
    x, queries = rows(options.rows, options.queries, 384, 50, options.rank)
    mask, only = None, ""
    if options.filter is not None:
        mask, only = passing(len(x), options.filter), f"filter {options.filter} "
        assert mask.sum() >= K, f"fewer than {K} rows pass"

    ours = Ours(options.program, x, queries, options.threads)
    peers = [kind(x, queries, options.threads, mask) for kind in (Faiss, Usearch, Hnswlib)]
    exact = peers[0].exact
    truth = exact(queries)
    asks = {"rolecluster exact": lambda: ours.ask(f"{only}exact"),
            "rolecluster default": lambda: ours.ask(f"{only}default"),
            "faiss flat": lambda: one_by_one(exact, queries)}
    for ef in (100, 200, 400):
        asks[f"rolecluster, {ef} candidates"] = lambda ef=ef: ours.ask(f"{only}{ef}")
        for peer in peers:
            asks[f"{peer.name}, ef {ef}"] = lambda ef=ef, peer=peer: peer.ask(ef)
    results = {name: [] for name in asks}
    for _ in range(options.rounds):
        for name, ask in asks.items():
            results[name].append(ask())
    d = x.shape[1]
    print(f"{options.rows} x {d}, rank {options.rank or d}, {options.queries} queries, "
          f"{options.rounds} rounds, {options.threads} threads"
          + ("" if mask is None else f", {mask.sum()} rows pass"))
    print(f"built: rolecluster {ours.build:.1f} s, {ours.megabytes:.0f} MB with the rows; "
          + "; ".join(f"{peer.name} {peer.seconds:.1f} s, {peer.megabytes:.0f} MB" for peer in peers))
    for name, runs in results.items():
        ms = statistics.median(run[0] for run in runs)
        found = runs[0][1]
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])
        print(f"{name:32} {ms:8.3f} ms  recall@10 {recall:.4f}")


if __name__ == "__main__":
    main()
