"""Job postings, in any language, grouped into named specialisations.

Tables go in and out as Arrow does: those of pyarrow, pandas, Polars, DuckDB and others are taken as
they are, and `Table` is taken by them. `read`, `embed` and `assign` answer every row of a table,
`cluster` makes a run folder, `Run` is an opened one, `search` finds roles in it. What goes wrong is a
`RoleclusterError` in the words of the program, which is `python -m rolecluster`. All of this is the
compiled part of the package.

`rolecluster.spark` and `rolecluster.ray` do so on every machine of a cluster, by `Worker`, which keeps
one process of the program. They need pyarrow and a program, and no compiled part: the program is the
one named by the environment variable ROLECLUSTER_PROGRAM, else the command `rolecluster` that the
wheel has installed, else `rolecluster` on the path.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from rolecluster.worker import Worker, WorkerError

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

_COMPILED = "_rolecluster"

#: Where each name is: modules are loaded by those who need them.
_PLACES = {
    "Run": "run",
    "Worker": "worker",
    "WorkerError": "worker",
    **dict.fromkeys(("assign", "cluster", "embed", "read", "search"), "api"),
}


def __getattr__(name: str) -> Any:
    if name == _COMPILED:
        return _compiled()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place = _PLACES.get(name)
    module = _compiled() if place is None else importlib.import_module(f"{__name__}.{place}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _compiled() -> ModuleType:
    """The part that is written in Rust."""
    name = f"{__name__}.{_COMPILED}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(
            f"the compiled part of the package, {name}, is not in {', '.join(__path__)}: install "
            "the wheel (`pip install ./python` in the source tree makes it). Without it there are "
            "rolecluster.spark, rolecluster.ray and rolecluster.Worker, which run the program that "
            "ROLECLUSTER_PROGRAM names",
            name=name,
        ) from error
