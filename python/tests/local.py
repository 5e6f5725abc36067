"""An engine that is none: frames are lists of tables in this process. `build` on it is tried in
seconds, and what Spark or Ray do otherwise is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from rolecluster import building, counting
from rolecluster.counting import Step
from rolecluster.worker import Answering

Frame = list[pa.Table]


class Local:
    def numbered(self, frame: Frame, order: str) -> Frame:
        table = pa.concat_tables(frame).sort_by(order)
        table = table.append_column("build_row", pa.array(range(len(table)), pa.int64()))
        return [table.slice(start, 400) for start in range(0, len(table), 400)]

    def answered(self, frame: Frame, task: str, **options: Any) -> Frame:
        worker = Answering(task, options)
        answers = [worker(table) for table in frame]
        worker.close()
        return answers

    def mapped(self, frame: Frame, step: Step) -> Frame:
        return [step(table) for table in frame]

    def gathered(self, frame: Frame, step: Step) -> Frame:
        table = pa.concat_tables(frame)
        # The order of rows in a bucket is not to matter.
        table = table.take(np.random.default_rng().permutation(len(table)))
        buckets = counting.ints(table, "bucket")
        return [step(table.filter(pa.array(buckets == bucket))) for bucket in np.unique(buckets)]

    def kept(self, frame: Frame, path: str) -> Frame:
        return frame

    def table(self, frame: Frame, schema: pa.Schema) -> pa.Table:
        return pa.concat_tables([schema.empty_table(), *frame])

    def rows(self, frame: Frame, positions: np.ndarray) -> pa.Table:
        return counting.among(positions, pa.concat_tables(frame)).sort_by("build_row")

    def each(self, n: int, work: Callable[[int], None]) -> None:
        for number in range(1, n + 1):
            work(number)


def build(frame: pa.Table, out: str, **options: Any) -> building.Built:
    return building.build(Local(), [frame], out, **options)
