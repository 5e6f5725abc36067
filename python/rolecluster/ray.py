"""rolecluster on Ray Data: `embed(dataset)`, `assign(dataset, run)` and others, a worker per actor.

    from rolecluster import ray as rc
    vectors = rc.embed(ray.data.read_parquet("postings"), keep=["url"], concurrency=4)
    places = rc.assign(dataset, "/shared/jobs")
    built = rc.build(dataset, "/shared/new", by=["place"], concurrency=4)

The program and, where one is named, the run folder must be on every machine. A block that an actor
loses is answered again by another and gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import ray
from ray.data import Dataset

from rolecluster import building, counting
from rolecluster.worker import Answering


def read(dataset: Dataset, **options: Any) -> Dataset:
    """The parts of a role from columns, whatever they are called."""
    return answered(dataset, "read", **options)


def clean(dataset: Dataset, **options: Any) -> Dataset:
    """Texts without stock phrases, and keys to count sentences and duplicates by."""
    return answered(dataset, "clean", **options)


def embed(dataset: Dataset, **options: Any) -> Dataset:
    """A vector for every row."""
    return answered(dataset, "embed", **options)


def assign(dataset: Dataset, run: str, **options: Any) -> Dataset:
    """The place of every row among the specialisations of a run folder."""
    return answered(dataset, "assign", run=run, **options)


def codes(dataset: Dataset, **options: Any) -> Dataset:
    """The standard occupations nearest every row."""
    return answered(dataset, "codes", **options)


def search(dataset: Dataset, run: str, **options: Any) -> Dataset:
    """The roles of a run folder most like the query in every row."""
    return answered(dataset, "search", run=run, **options)


def answered(
    dataset: Dataset,
    task: str,
    concurrency: int | tuple[int, int] = 1,
    batch_size: int = 1024,
    num_cpus: float = 1,
    **options: Any,
) -> Dataset:
    """The answers of `rolecluster worker --task TASK` to every row, beside the columns in `keep`.

    `concurrency` is the number of workers, each of which loads the model once and uses
    `num_cpus` processors.
    """
    options.setdefault("threads", max(1, int(num_cpus)))
    return dataset.map_batches(
        Answering,
        fn_constructor_kwargs={"task": task, "options": options},
        batch_format="pyarrow",
        batch_size=batch_size,
        concurrency=concurrency,
        num_cpus=num_cpus,
    )


def build(
    dataset: Dataset,
    out: str,
    concurrency: int | tuple[int, int] = 1,
    batch_size: int = 1024,
    num_cpus: float = 1,
    **options: Any,
) -> building.Built:
    """Everything from postings to counted specialisations: see `rolecluster.building`."""
    workers = {"concurrency": concurrency, "batch_size": batch_size, "num_cpus": num_cpus}
    return building.build(_Ray(workers), dataset, out, **options)


class _Ray:
    """What `build` asks of an engine."""

    def __init__(self, workers: dict[str, Any]) -> None:
        self._workers = workers

    def numbered(self, dataset: Dataset, order: str) -> Dataset:
        dataset.context.execution_options.preserve_order = True
        blocks = dataset.sort(order).to_arrow_refs()
        size = ray.remote(lambda block: block.num_rows)
        sizes = ray.get([size.remote(block) for block in blocks])
        starts = [sum(sizes[:at]) for at in range(len(sizes))]
        return ray.data.from_arrow_refs(list(map(_number.remote, blocks, starts)))

    def answered(self, dataset: Dataset, task: str, **options: Any) -> Dataset:
        return answered(dataset, task, **self._workers, **options)

    def mapped(self, dataset: Dataset, step: counting.Step) -> Dataset:
        return dataset.map_batches(lambda rows: step(rows), batch_format="pyarrow")

    def gathered(self, dataset: Dataset, step: counting.Step) -> Dataset:
        return dataset.groupby("bucket").map_groups(lambda rows: step(rows), batch_format="pyarrow")

    def kept(self, dataset: Dataset, path: str) -> Dataset:
        dataset = dataset.materialize()
        if dataset.count() == 0:  # nothing would be written
            return dataset
        dataset.write_parquet(path)
        return ray.data.read_parquet(path)

    def table(self, dataset: Dataset, schema: pa.Schema) -> pa.Table:
        batches = [rows.select(schema.names).cast(schema) for rows in _batches(dataset)]
        return pa.concat_tables([schema.empty_table(), *batches])

    def rows(self, dataset: Dataset, positions: np.ndarray) -> pa.Table:
        found = dataset.map_batches(
            lambda rows: counting.among(positions, rows), batch_format="pyarrow"
        )
        return pa.concat_tables(_batches(found)).sort_by("build_row")

    def each(self, n: int, work: Callable[[int], None]) -> None:
        task = ray.remote(max_retries=3, retry_exceptions=True)(lambda number: work(number))
        ray.get([task.remote(number) for number in range(1, n + 1)])


@ray.remote
def _number(block: pa.Table, start: int) -> pa.Table:
    numbers = range(start, start + block.num_rows)
    return block.append_column("build_row", pa.array(numbers, pa.int64()))


def _batches(dataset: Dataset) -> list[pa.Table]:
    batches = dataset.iter_batches(batch_format="pyarrow", batch_size=None)
    return [rows for rows in batches if rows.num_rows > 0]
