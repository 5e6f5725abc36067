"""`build` on Spark or Ray finds what the program finds on one machine.

    python built.py local|spark|ray SAMPLES.jsonl FOLDER [MODEL]

Two workers, and the first of every kind is broken off half-way. What is compared: the boilerplate
list, who repeats whom and how, every place, and the counts; once with a sample that holds all
postings, and once with a fifth of them, where boilerplate and duplicates are still those of all.
"""

from __future__ import annotations

import collections
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pyarrow as pa

from equality import broken_once, ray_here, spark_here
from postings import postings
from rolecluster.worker import program

N = int(os.environ.get("ROLECLUSTER_TEST_POSTINGS", 1500))
GROUPING = ["-k", "6", "--lang", "en"]


def asked(*command: object) -> str:
    done = subprocess.run([program(), "--quiet", *map(str, command)], capture_output=True)
    # 3: a record was left out, as one of ours is.
    assert done.returncode in (0, 3), done.stderr.decode()
    return done.stdout.decode()


def places_of(run: pathlib.Path, source: pathlib.Path) -> dict[str, tuple]:
    said = json.loads(asked("assign", run, source, "--json"))
    return {place["id"]: told(place) for place in said}


def told(place: dict) -> tuple:
    """A place; strengths of those without one are nulls for engines."""
    strength = np.float32(place["strength"]) if place["cluster"] is not None else None
    return place["cluster"], place["cluster_name"], strength, place["reason"]


def compared(built, rows: list[dict], one: dict, places: dict[str, tuple]) -> None:
    intake = one["intake"]
    expected = [(s["sentence"], s["count"], s["source"]) for s in intake["boilerplate"]]
    found = [tuple(row.values()) for row in built.boilerplate.to_pylist()]
    assert found == expected, (found[:5], expected[:5])
    assert any(source == "recurring" for _, _, source in expected), "nothing recurs"

    expected = {
        d["role"]: (d["of"], d["kind"], np.float32(d["similarity"])) for d in intake["duplicates"]
    }
    duplicates = one["rows"](built.duplicates)
    found = {d["id"]: (d["of_id"], d["kind"], np.float32(d["similarity"])) for d in duplicates}
    assert len(duplicates) == len(found) and found == expected, set(found.items()) ^ set(
        expected.items()
    )
    assert {kind for _, kind, _ in expected.values()} == {"exact", "near"}

    answered = one["rows"](built.places)
    found = {row["id"]: told(row) for row in answered if row["id"] in places}
    assert len(answered) == len(rows), "rows were lost or doubled"
    assert found == places, [
        (id, found.get(id), places[id]) for id in places if found.get(id) != places[id]
    ][:5]

    counts: collections.Counter = collections.Counter()
    for row in answered:
        for column, value in (("", None), ("place", row["place"])):
            counts[column, value, row["cluster"], "postings"] += 1
            counts[column, value, row["cluster"], "jobs"] += row["id"] not in expected
    told_counts = {
        (row["column"], row["value"], row["cluster"], kind): row[kind]
        for row in built.counts.to_pylist()
        for kind in ("postings", "jobs")
    }
    assert told_counts == dict(counts)


def main() -> None:
    engine, source, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True)
    rows = postings(source, N)
    file = folder / "postings.jsonl"
    file.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    model = ["--model", sys.argv[4]] if len(sys.argv) > 4 else []
    options = {"model": sys.argv[4]} if model else {}
    asked("run", file, "--out", folder / "run", *GROUPING, *model)
    one = {"intake": json.loads((folder / "run" / "intake.json").read_text())}

    killed = folder / "killed" if engine == "local" else broken_once(folder)
    # Rows come in another order than that of their ids.
    table = pa.Table.from_pylist(rows[::-1])
    if engine == "local":
        import local as rc

        frame = table
        one["rows"] = lambda frame: pa.concat_tables(frame).to_pylist()
    elif engine == "spark":
        from rolecluster import spark as rc

        spark = spark_here()
        frame = spark.createDataFrame(table.to_pandas()).repartition(4)
        one["rows"] = lambda frame: [row.asDict() for row in frame.collect()]
    else:
        import ray

        from rolecluster import ray as rc

        ray_here()
        frame = ray.data.from_arrow(table).repartition(4)
        options |= {"concurrency": 2, "batch_size": 200, "num_cpus": 0.25}
        one["rows"] = lambda frame: frame.take_all()
    options |= {"by": ["place"], "cluster": GROUPING, "shards": 3, "buckets": 4}
    samples = {"all": len(rows), "fifth": len(rows) // 5}
    for name in os.environ.get("ROLECLUSTER_TEST_SAMPLES", "all fifth").split():
        sample = samples[name]
        built = rc.build(frame, str(folder / name), sample=sample, **options)
        places = places_of(folder / "run" if name == "all" else pathlib.Path(built.run), file)
        compared(built, rows, one, places)
        print(
            f"{engine}: build of {len(rows)} postings, a sample of {sample}: as on one machine",
            flush=True,
        )
    if engine == "local":
        return
    names = {path.name for path in killed.iterdir()}
    assert names == {"clean", "assign", "duplicates", "shard"}, names
    (spark.stop if engine == "spark" else ray.shutdown)()


if __name__ == "__main__":
    main()
