"""rolecluster on Spark: `embed(df)`, `assign(df, run)` and others, a worker per partition.

    from rolecluster import spark as rc
    vectors = rc.embed(postings, keep=["url"])
    places = rc.assign(postings, "/shared/jobs")
    built = rc.build(postings, "/shared/new", by=["place"])

The program and, where one is named, the run folder must be on every machine. A partition that an
executor loses is answered again by another and gives the same rows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import StructField, StructType
from pyspark.sql.pandas.types import from_arrow_schema, from_arrow_type

from rolecluster import building, counting
from rolecluster.worker import ANSWERS, Worker


def read(df: DataFrame, **options: Any) -> DataFrame:
    """The parts of a role from columns, whatever they are called."""
    return answered(df, "read", **options)


def clean(df: DataFrame, **options: Any) -> DataFrame:
    """Texts without stock phrases, and keys for `sentence_counts` and `candidates`."""
    return answered(df, "clean", **options)


def embed(df: DataFrame, **options: Any) -> DataFrame:
    """A vector for every row."""
    return answered(df, "embed", **options)


def assign(df: DataFrame, run: str, **options: Any) -> DataFrame:
    """The place of every row among the specialisations of a run folder."""
    return answered(df, "assign", run=run, **options)


def codes(df: DataFrame, **options: Any) -> DataFrame:
    """The standard occupations nearest every row."""
    return answered(df, "codes", **options)


def search(df: DataFrame, run: str, **options: Any) -> DataFrame:
    """The roles of a run folder most like the query in every row."""
    return answered(df, "search", run=run, **options)


def answered(df: DataFrame, task: str, keep: Sequence[str] = (), **options: Any) -> DataFrame:
    """The answers of `rolecluster worker --task TASK` to every row, beside the columns in `keep`."""
    kept = [df.schema[name] for name in keep]
    fields = [StructField(name, from_arrow_type(kind)) for name, kind in ANSWERS[task]]
    work = functools.partial(_partition, task, {"keep": list(keep), **options})
    return df.mapInArrow(work, StructType(kept + fields))


def _partition(
    task: str, options: dict[str, Any], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    worker = None
    for batch in batches:
        # A partition without rows needs no model.
        worker = worker or Worker(task, **options)
        yield from worker.answer(batch)
    if worker is not None:
        worker.close()


def build(df: DataFrame, out: str, **options: Any) -> building.Built:
    """Everything from postings to counted specialisations: see `rolecluster.building`."""
    return building.build(_Spark(), df, out, **options)


class _Spark:
    """What `build` asks of an engine."""

    answered = staticmethod(answered)

    def numbered(self, df: DataFrame, order: str) -> DataFrame:
        # The numbers rise with the order, and say partition and row.
        df = df.sort(order).withColumn("build_row", f.monotonically_increasing_id()).cache()
        part = f.shiftright("build_row", 33)
        start, starts = 0, {}
        for at, size in sorted(df.groupBy(part).count().collect()):
            starts[at], start = start, start + size
        begin = f.create_map(*[f.lit(part) for pair in starts.items() for part in pair])[part]
        row = f.col("build_row").bitwiseAND((1 << 33) - 1)
        return df.withColumn("build_row", (begin + row).cast("long"))

    def mapped(self, df: DataFrame, step: counting.Step) -> DataFrame:
        return _mapped(df, step, from_arrow_schema(step.schema))

    def gathered(self, df: DataFrame, step: counting.Step) -> DataFrame:
        schema = from_arrow_schema(step.schema)
        return df.groupBy("bucket").applyInArrow(lambda rows: step(rows), schema)

    def kept(self, df: DataFrame, path: str) -> DataFrame:
        df.write.parquet(path)
        return df.sparkSession.read.schema(df.schema).parquet(path)

    def table(self, df: DataFrame, schema: pa.Schema) -> pa.Table:
        return df.toArrow().select(schema.names).cast(schema)

    def rows(self, df: DataFrame, positions: np.ndarray) -> pa.Table:
        among = functools.partial(counting.among, positions)
        return _mapped(df, among, df.schema).toArrow().sort_by("build_row")

    def each(self, n: int, work: Callable[[int], None]) -> None:
        SparkSession.active().sparkContext.parallelize(range(1, n + 1), n).foreach(work)


def _mapped(df: DataFrame, work: Callable[[pa.Table], pa.Table], schema: StructType) -> DataFrame:
    def over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from work(pa.Table.from_batches([batch])).to_batches()

    return df.mapInArrow(over, schema)


def sentence_counts(cleaned: DataFrame) -> DataFrame:
    """In how many different postings each sentence stands: `sentence_key`, `roles`.

    Postings that are written alike count once, as on one machine.
    """
    once = cleaned.where("written_key is not null").dropDuplicates(["written_key"])
    keys = once.select(f.explode("sentence_keys").alias("sentence_key"))
    return keys.groupBy("sentence_key").agg(f.count("*").alias("roles"))


def copies(cleaned: DataFrame) -> DataFrame:
    """Texts that several postings have, spelling aside: `text_key`, `ids`."""
    texts = cleaned.where("text_key is not null").groupBy("text_key")
    return texts.agg(f.sort_array(f.collect_list("id")).alias("ids")).where(f.size("ids") > 1)


def candidates(cleaned: DataFrame) -> DataFrame:
    """Postings that may be near duplicates, for they share a MinHash band: `band`, `ids`."""
    bands = cleaned.select("id", f.explode("bands").alias("band")).groupBy("band")
    return bands.agg(f.sort_array(f.collect_list("id")).alias("ids")).where(f.size("ids") > 1)
