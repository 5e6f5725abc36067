"""Job postings, in any language, grouped into named specialisations.

Tables go in and out as Arrow does: those of pyarrow, pandas, Polars, DuckDB and others are taken as
they are, and `Table` is taken by them. `read`, `embed` and `assign` answer every row of a table,
`cluster` makes a run folder, `Run` is an opened one. What goes wrong is a `RoleclusterError` in the
words of the program, which is `python -m rolecluster`.

`rolecluster.spark` and `rolecluster.ray` do so on every machine of a cluster, by `Worker`, which
needs pyarrow.
"""

from typing import Any

from rolecluster._rolecluster import (
    FolderError,
    InputError,
    LockedError,
    ModelError,
    RoleclusterError,
    Table,
    UsageError,
    __version__,
)
from rolecluster.api import assign, cluster, embed, read, search
from rolecluster.run import Run

__all__ = [
    "FolderError",
    "InputError",
    "LockedError",
    "ModelError",
    "RoleclusterError",
    "Run",
    "Table",
    "UsageError",
    "Worker",
    "WorkerError",
    "__version__",
    "assign",
    "cluster",
    "embed",
    "read",
    "search",
]


def __getattr__(name: str) -> Any:
    # pyarrow is loaded by those who need it.
    if name in ("Worker", "WorkerError"):
        from rolecluster import worker

        return getattr(worker, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
