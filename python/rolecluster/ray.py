"""rolecluster on Ray Data: `embed(dataset)`, `assign(dataset, run)` and others, a worker per actor.

    from rolecluster import ray as rc
    vectors = rc.embed(ray.data.read_parquet("postings"), keep=["url"], concurrency=4)
    places = rc.assign(dataset, "/shared/jobs")

The program and, where one is named, the run folder must be on every machine. A block that an actor
loses is answered again by another and gives the same rows.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from ray.data import Dataset

from rolecluster.worker import Worker, WorkerError


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


class Answering:
    """An actor with a worker."""

    def __init__(self, task: str, options: dict[str, Any]) -> None:
        self._task, self._options = task, options
        self._worker: Worker | None = None
        self._schema: pa.Schema | None = None

    def __call__(self, table: pa.Table) -> pa.Table:
        schema = table.schema.remove_metadata()
        if self._worker is None or schema != self._schema:
            # Blocks may differ in schema; a worker has one.
            self.close()
            self._worker, self._schema = Worker(self._task, **self._options), schema
        try:
            return self._worker.answer_table(table.replace_schema_metadata(None))
        except WorkerError:
            # Ray may ask again; a new worker answers then.
            self._worker = None
            raise

    def close(self) -> None:
        """Ends the worker, if there is one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:  # the actor ends; what was asked was answered
            pass
