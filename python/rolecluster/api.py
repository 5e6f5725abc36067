"""The functions of the package. Each takes the options of a command of the program."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from rolecluster import _rolecluster
from rolecluster._rolecluster import Table
from rolecluster.options import ArrowTable, Path, flags, is_table, paths, table
from rolecluster.run import Run, place, worker

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from rolecluster.options import Columns, EmbedOptions, ReadOptions, RunOptions

#: A table, or files of any format that the program reads.
Source = Union[ArrowTable, Path, Sequence[Path]]

_LOG = logging.getLogger("rolecluster")


def read(source: Source, **options: Unpack[ReadOptions]) -> Table:
    """The parts of roles: `id`, `title`, `description`, `stack` and more, whatever they are called.

    Of a table every row is answered, by the names of the columns alone, and one that is no role has
    a `reason`. Of files only roles are there, and what was left out is a warning.

    >>> import pyarrow as pa
    >>> rows = pa.table({"Job title": ["Nurse", ""], "salary": ["3000", "1"]})
    >>> read(rows).to_pyarrow().select(["title", "pay", "reason"]).to_pylist()
    [{'title': 'Nurse', 'pay': '3000', 'reason': None}, \
{'title': None, 'pay': None, 'reason': 'has no title, no description and no stack'}]
    """
    if is_table(source):
        return worker("read", **options).answer(table(source))
    roles, told = _rolecluster.read(
        ["embed", "--dry-run", *flags(**options), "--", *paths(source)]
    )
    _warn(told)
    return roles


def embed(
    rows: ArrowTable,
    *,
    run: Path | None = None,
    keep: str | Sequence[str] = (),
    **options: Unpack[EmbedOptions],
) -> Table:
    """A unit vector for every row: `id`, `vector`, `reason`, after the columns in `keep`.

    With `run` the model, its prompt and what is left out of the texts are those of the run folder.

    >>> import pyarrow as pa
    >>> rows = pa.table({"title": ["Nurse", "Krankenpfleger"], "city": ["Leeds", "Ulm"]})
    >>> vectors = embed(rows, keep=["city"], device="cpu")
    >>> vectors
    <rolecluster.Table: 2 rows of city, id, vector, reason>
    >>> len(vectors.to_pyarrow()["vector"][0])
    384
    """
    return worker("embed", run=run, keep=keep if isinstance(keep, str) else list(keep), **options).answer(table(rows))


def assign(
    rows: ArrowTable,
    run: Path | Run,
    *,
    keep: str | Sequence[str] = (),
    model: str | None = None,
    device: str | None = None,
    **columns: Unpack[Columns],
) -> Table:
    """The place of every row among the specialisations of a run: `cluster`, `cluster_name`,
    `direction`, `direction_name`, `strength`, `likeness`, and a `reason` where it has none.

    `model` says where the model of the run is now, if it was moved.
    """
    return place(table(rows), run, keep=keep if isinstance(keep, str) else list(keep), model=model, device=device, **columns)


def search(
    query: str | ArrowTable, run: Path | Run, *, k: int = 10, mode: str = "hybrid"
) -> Table:
    """The roles of a run most like a text, best first; or, for a table with a column `query`, the
    `ids` and `scores` of the roles most like each of its rows.

    `Run.search` knows filters and keeps the model loaded.
    """
    run = run if isinstance(run, Run) else Run.open(run)
    if isinstance(query, str):
        return run.search(query, k=k, mode=mode)
    return run.search_all(query, k=k, mode=mode)


def cluster(
    source: Source, out: Path, *, progress: bool = False, **options: Unpack[RunOptions]
) -> Run:
    """Reads, cleans, embeds, clusters and names roles, and writes them into the run folder `out`:
    what `rolecluster run` does, of files or of a table.

    `progress` draws a bar on a terminal.
    """
    typed = ["run", *flags(out=out, **options), "--"]
    if is_table(source):
        notes, told = _rolecluster.cluster([*typed, "-"], table(source), progress)
    else:
        notes, told = _rolecluster.cluster([*typed, *paths(source)], None, progress)
    for note in notes:
        _LOG.info(note)
    _warn(told)
    return Run.open(out, device=options.get("device"))


def _warn(told: list[str]) -> None:
    for warning in told:
        warnings.warn(warning, stacklevel=3)
