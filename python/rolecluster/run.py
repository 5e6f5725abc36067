"""An opened run folder."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rolecluster import _rolecluster
from rolecluster._rolecluster import Table
from rolecluster.options import ArrowTable, Path, flags, table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from rolecluster.options import Columns


class Run:
    """A run folder, as `cluster` or `rolecluster run` has made it. Models are loaded when they are
    first needed, and kept.

    >>> Run.open("no/such/folder")
    Traceback (most recent call last):
    rolecluster.FolderError: ...
    """

    def __init__(self, path: Path, *, model: str | None = None, device: str | None = None) -> None:
        self.path = os.fspath(path)
        self._opened = {"model": model, "device": device}
        self._model = flags(**self._opened)
        self._worker = functools.lru_cache(maxsize=4)(self._load)
        self._searcher = _rolecluster.Searcher(["search", *self._model, "--", self.path])

    @classmethod
    def open(cls, path: Path, *, model: str | None = None, device: str | None = None) -> Run:
        """Opens a folder. `model` says where its model is now, if it was moved."""
        return cls(path, model=model, device=device)

    def __repr__(self) -> str:
        return f"<rolecluster.Run: {self.path}>"

    def specialisations(self) -> Table:
        """A row for each specialisation: `cluster`, `name`, `roles`, `direction`,
        `direction_name`, `technologies`."""
        return _rolecluster.specialisations(self.path)

    def roles(self) -> Table:
        """A row for each role, with all that the input said and all that was found, as
        `rolecluster export --format parquet` writes it."""
        return _rolecluster.roles(self.path)

    def vectors(self) -> Table:
        """The vectors of the roles: `id`, `vector`."""
        return _rolecluster.vectors(self.path)

    def report(self) -> dict[str, Any]:
        """Everything that was found: `report.json`."""
        found: dict[str, Any] = json.loads(_rolecluster.report(self.path))
        return found

    def search(
        self,
        query: str | None = None,
        *,
        like: str | None = None,
        k: int | None = None,
        mode: str | None = None,
        filter: str | Sequence[str] = (),
        min_score: float | None = None,
        not_: str | None = None,
        explain: bool = False,
    ) -> Table:
        """The roles most like a text, or like the role with the id `like`, best first; none where
        nothing is near. Options are those of `rolecluster search --help`."""
        filters = [filter] if isinstance(filter, str) else list(filter)
        typed = flags(
            like=like, k=k, mode=mode, filter=filters, min_score=min_score, not_=not_,
            explain=explain,
        )  # fmt: skip
        queries = [] if query is None else [query]
        return self._searcher.search(["search", *typed, "--", self.path, *queries])

    def search_all(self, queries: ArrowTable, *, k: int = 10, mode: str = "hybrid") -> Table:
        """The `ids` and `scores` of the roles most like each row of a table with a column `query`."""
        return self._worker("search", k=k, mode=mode).answer(table(queries))

    def assign(
        self, rows: ArrowTable, *, keep: str | Sequence[str] = (), **columns: Unpack[Columns]
    ) -> Table:
        """The place of every row of a table, see `rolecluster.assign`."""
        kept = (keep,) if isinstance(keep, str) else tuple(keep)
        return self._worker("assign", keep=kept, **_hashable(columns)).answer(table(rows))

    def _load(self, task: str, **options: Any) -> _rolecluster.Worker:
        typed = flags(task=task, run=self.path, **options)
        return _rolecluster.Worker(["worker", *typed, *self._model])


def worker(task: str, **options: Any) -> _rolecluster.Worker:
    """A task, loaded."""
    return _rolecluster.Worker(["worker", *flags(task=task, **options)])


def place(rows: ArrowTable, run: Path | Run, **options: Any) -> Table:
    """Rows assigned to a run that may be open."""
    if isinstance(run, Run):
        model, device = options.pop("model"), options.pop("device")
        if model is None and device is None:
            return run.assign(rows, **options)
        given = {"model": model, "device": device}
        opened = {name: given[name] or run._opened[name] for name in given}
        run, options = run.path, {**options, **opened}
    return worker("assign", run=run, **options).answer(rows)


def _hashable(options: Any) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in options.items()}
