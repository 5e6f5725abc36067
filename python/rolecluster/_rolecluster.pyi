"""The part of the package that is written in Rust. People call `rolecluster` instead."""

import os
from typing import Any, final

from rolecluster.options import ArrowTable

__all__ = [
    "FolderError",
    "InputError",
    "LockedError",
    "ModelError",
    "RoleclusterError",
    "Searcher",
    "Table",
    "UsageError",
    "Worker",
    "__version__",
    "cluster",
    "main",
    "read",
    "report",
    "roles",
    "specialisations",
    "vectors",
]

__version__: str

class RoleclusterError(Exception):
    """What went wrong, in the words of the program."""

class UsageError(RoleclusterError):
    """An option cannot be followed."""

class InputError(RoleclusterError):
    """Postings cannot be read, or there is none."""

class ModelError(RoleclusterError):
    """A model cannot be loaded, or the device is not there."""

class FolderError(RoleclusterError):
    """A run folder is missing, unfinished, damaged or of another model."""

class LockedError(FolderError):
    """Another process writes to the run folder."""

@final
class Table:
    """A table that pyarrow, pandas, Polars, DuckDB and others take as it is."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""

    @property
    def metadata(self) -> dict[str, str]:
        """What there is to know of the table, such as the model that made its vectors."""

    def to_pyarrow(self) -> Any:
        """The same as a `pyarrow.Table`; no column is copied."""

    def to_pandas(self) -> Any:
        """The same as a `pandas.DataFrame`; needs pyarrow."""

    def to_polars(self) -> Any:
        """The same as a `polars.DataFrame`; no column is copied."""

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Worker:
    """A task with its model loaded, that answers any number of tables."""

    def __new__(cls, arguments: list[str]) -> Worker: ...
    @property
    def notes(self) -> list[str]:
        """What to know about the model: a sentence each."""

    def answer(self, table: ArrowTable) -> Table:
        """One row for every row, in the same order."""

@final
class Searcher:
    """A run folder opened for searching."""

    def __new__(cls, arguments: list[str]) -> Searcher: ...
    def search(self, arguments: list[str]) -> Table:
        """The roles most like a query, best first."""

def main(arguments: list[str]) -> int: ...
def read(arguments: list[str]) -> tuple[Table, list[str]]: ...
def cluster(
    arguments: list[str], table: ArrowTable | None, watched: bool
) -> tuple[list[str], list[str]]: ...
def roles(folder: str | os.PathLike[str]) -> Table: ...
def vectors(folder: str | os.PathLike[str]) -> Table: ...
def specialisations(folder: str | os.PathLike[str]) -> Table: ...
def report(folder: str | os.PathLike[str]) -> str: ...
