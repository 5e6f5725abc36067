"""HDBSCAN against scikit-learn (brute force) and fast_hdbscan on the same rows, in turns.

    cargo bench --no-run --bench hdbscan           # prints the path of the program
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements-hdbscan.txt
    venv/bin/python benches/peers/cluster_hdbscan.py PROGRAM [--rows 2000 10000 50000] [--rounds 3]

Rows are unit vectors of 384 numbers: four fifths around 50 directions, one fifth anywhere. With
--dimension 5 they are like rows that were reduced: 50 groups of unequal width in a few dimensions,
the rest anywhere among them.
Every fit runs in a process of its own. Time is that of the fit alone, without imports,
reading and numba's compiling; memory is what the fit adds at its peak to what was resident
before. CPU seconds say what a fit costs when other programs keep the cores busy. scikit-learn
is left out above --brute rows, where its distance matrix would not fit.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

GROUPS, MIN_SAMPLES, MIN_CLUSTER_SIZE = 50, 5, 10
UNREDUCED = 384


def rows(n, dimension, seed=1):
    rng = np.random.default_rng(seed)
    if dimension < UNREDUCED:
        centres = rng.uniform(-10, 10, size=(GROUPS, dimension))
        widths = rng.uniform(0.1, 0.6, size=GROUPS)
        group = rng.integers(GROUPS, size=n)
        x = centres[group] + widths[group, None] * rng.normal(size=(n, dimension))
        anywhere = np.arange(n) % 5 == 0
        x[anywhere] = rng.uniform(-10, 10, size=(anywhere.sum(), dimension))
        return x.astype("<f4")
    centres = rng.normal(size=(GROUPS, dimension))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    x = 0.035 * rng.normal(size=(n, dimension))
    grouped = np.arange(n) % 5 > 0
    x[grouped] += centres[np.arange(n) // 5 % GROUPS][grouped]
    x = x[rng.permutation(n)]
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype("<f4")


def status(name):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def worker(program, path, dimension):
    x = np.fromfile(path, "<f4").reshape(-1, int(dimension))
    if program == "scikit-learn":
        from sklearn.cluster import HDBSCAN

        def fit(x):
            return HDBSCAN(
                min_samples=MIN_SAMPLES, min_cluster_size=MIN_CLUSTER_SIZE, algorithm="brute",
                n_jobs=-1, copy=False,
            ).fit(x).labels_
    else:
        from fast_hdbscan import HDBSCAN

        def fit(x):
            # It does not count a row among its own neighbours.
            return HDBSCAN(
                min_samples=MIN_SAMPLES - 1, min_cluster_size=MIN_CLUSTER_SIZE,
            ).fit(x).labels_
    fit(x[:600].copy())
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    resident, start, cpu = status("VmRSS:"), time.perf_counter(), time.process_time()
    labels = fit(x)
    print(json.dumps({
        "seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu,
        "peak_mb": status("VmHWM:"), "added_mb": status("VmHWM:") - resident,
        "labels": labels.tolist(),
    }))


def run(program, ours, path, dimension):
    if program == "rolecluster":
        given = {"ROLECLUSTER_PEER_ROWS": path, "ROLECLUSTER_PEER_DIMENSION": str(dimension)}
        command, env = [ours], {**os.environ, **given}
    else:
        command, env = [sys.executable, __file__, "--worker", program, path, str(dimension)], dict(os.environ)
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env=env, stdout=out)
        _, code, usage = os.wait4(process.pid, 0)
        if code:
            raise SystemExit(f"{program} failed")
        out.seek(0)
        answer = json.loads(out.read().splitlines()[-1])
    # Ours spends next to nothing outside the fit.
    answer.setdefault("cpu_seconds", usage.ru_utime + usage.ru_stime)
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, nargs="+", default=[2000, 10000, 50000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--brute", type=int, default=10000)
    parser.add_argument("--dimension", type=int, default=UNREDUCED)
    options = parser.parse_args()
    from sklearn.metrics import adjusted_rand_score

    for n in options.rows:
        programs = ["rolecluster", "fast_hdbscan"] + ["scikit-learn"] * (n <= options.brute)
        answers = {program: [] for program in programs}
        with tempfile.NamedTemporaryFile(suffix=".f32") as file:
            rows(n, options.dimension).tofile(file.name)
            for _ in range(options.rounds):
                for program in programs:
                    answers[program].append(run(program, options.program, file.name, options.dimension))
        ours = answers["rolecluster"]
        for program in programs:
            theirs = answers[program]
            middle = lambda name: statistics.median(a[name] for a in theirs)
            ratio = lambda name: statistics.median(t[name] / o[name] for t, o in zip(theirs, ours))
            labels = np.array(theirs[0]["labels"])
            print(
                f"{n:6} {program:13} {middle('seconds'):8.2f} s ({ratio('seconds'):6.2f} x)"
                f" {middle('cpu_seconds'):8.2f} cpu s ({ratio('cpu_seconds'):6.2f} x)"
                f" {middle('added_mb'):8.0f} MB added ({ratio('added_mb'):6.1f} x)"
                f" {labels.max() + 1:4} clusters, {(labels < 0).mean():.1%} noise,"
                f" ARI with ours {adjusted_rand_score(ours[0]['labels'], labels):.4f}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(*sys.argv[2:])
    else:
        main()
