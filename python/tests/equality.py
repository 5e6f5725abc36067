"""Spark or Ray gives the same vectors and places as the program on one machine.

    python equality.py spark|ray POSTINGS.jsonl FOLDER

The first worker is broken off half-way: the engine answers its rows again by another, and nothing is
lost or doubled.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from rolecluster.worker import program

#: Copies of the sample, each with other titles: a few hundred postings.
COPIES = 3


def on_one_machine(postings: pathlib.Path, folder: pathlib.Path) -> dict[str, dict]:
    """Vector and place of every posting by its id, from the commands."""
    run = str(folder / "run")
    quiet = [program(), "--quiet"]
    subprocess.run([*quiet, "run", postings, "--out", run, "-k", "8", "--lang", "en"], check=True)
    vectors = pq.read_table(f"{run}/vectors.parquet").to_pylist()
    said = subprocess.run(
        [program(), "assign", run, postings, "--json"], check=True, capture_output=True
    )
    places = {place["id"]: place for place in json.loads(said.stdout)}
    return {
        row["id"]: {
            "vector": row["vector"],
            "cluster": places[row["id"]]["cluster"],
            "reason": places[row["id"]]["reason"],
        }
        for row in vectors
    }


def broken_once(folder: pathlib.Path) -> pathlib.Path:
    """Puts a program before ours that breaks off the first worker of every task that an engine
    repeats, within its first answers, and the first shard. The folder has the names of those that
    were.
    """
    wrapper, killed = folder / "rolecluster", folder / "killed"
    killed.mkdir()
    wrapper.write_text(
        f"""#!/usr/bin/env bash
case "$1 $3" in
  "worker clean"|"worker embed"|"worker assign"|"worker codes"|"worker duplicates")
    if mkdir "{killed}/$3" 2> /dev/null; then
      # All of it ends, also where the program has said all that it was asked and waits for more.
      "{program()}" "$@" | {{ head -c 3000; kill -9 $$; }}
    fi ;;
esac
if [[ " $* " == *" --shard "* ]] && mkdir "{killed}/shard" 2> /dev/null; then
  "{program()}" "$@" &
  sleep 0.5
  kill -9 $!
  exit 137
fi
exec "{program()}" "$@"
"""
    )
    wrapper.chmod(0o755)
    os.environ["ROLECLUSTER_PROGRAM"] = str(wrapper)
    return killed


def spark_here():
    """Two executors, each a process of its own."""
    import pyspark
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_HOME", os.path.dirname(pyspark.__file__))
    return (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.executorEnv.ROLECLUSTER_PROGRAM", program())
        .config("spark.executorEnv.PYTHONPATH", os.environ.get("PYTHONPATH", ""))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )


def ray_here() -> None:
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    # A worker that is killed is an actor's error, which Ray repeats only when told.
    ray.data.DataContext.get_current().actor_task_retry_on_errors = True


def by_spark(table: pa.Table, run: str) -> tuple[list[dict], list[dict]]:
    from rolecluster import spark as rc

    spark = spark_here()
    frame = spark.createDataFrame(table.to_pandas()).repartition(6)
    vectors = rc.embed(frame, run=run, keep=["url"]).collect()
    places = rc.assign(frame, run).collect()
    cleaned = rc.clean(frame)
    assert rc.sentence_counts(cleaned).count() > 0
    assert rc.copies(cleaned).count() >= 0 and rc.candidates(cleaned).count() > 0
    spark.stop()
    return [row.asDict() for row in vectors], [row.asDict() for row in places]


def by_ray(table: pa.Table, run: str) -> tuple[list[dict], list[dict]]:
    import ray

    from rolecluster import ray as rc

    ray_here()
    dataset = ray.data.from_arrow(table).repartition(6)
    options = {"concurrency": 2, "batch_size": 50, "num_cpus": 0.5}
    vectors = rc.embed(dataset, run=run, keep=["url"], **options).take_all()
    places = rc.assign(dataset, run, **options).take_all()
    ray.shutdown()
    return vectors, places


def main() -> None:
    engine, source, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True)
    rows = []
    for copy in range(COPIES):
        for line in pathlib.Path(source).read_text().splitlines():
            row = json.loads(line)
            rows.append(
                {
                    "id": f"{copy}-{row['id']}",
                    "title": f"{row['title']} {copy}" if copy else row["title"],
                    "description": row["description"],
                    "stack": row.get("stack") or [],
                    "url": f"https://example.org/{copy}/{row['id']}",
                }
            )
    postings = folder / "postings.jsonl"
    postings.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    expected = on_one_machine(postings, folder)
    killed = broken_once(folder)
    answer = {"spark": by_spark, "ray": by_ray}[engine]
    vectors, places = answer(pa.Table.from_pylist(rows), str(folder / "run"))
    assert {path.name for path in killed.iterdir()} >= {"embed", "assign"}, "no worker was killed"
    assert len(vectors) == len(places) == len(expected) == len(rows), "rows were lost or doubled"
    for row in vectors:
        assert row["reason"] is None, row["reason"]
        assert list(row["vector"]) == expected[row["id"]]["vector"], row["id"]
        assert row["url"].endswith(row["id"].split("-", 1)[1]), row["id"]
    for row in places:
        found = (row["cluster"], row["reason"])
        assert found == (expected[row["id"]]["cluster"], expected[row["id"]]["reason"]), row["id"]
    print(f"{engine}: {len(rows)} postings, the same vectors and places as on one machine")


if __name__ == "__main__":
    main()
