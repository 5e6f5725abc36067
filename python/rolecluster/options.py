"""Options of the functions: those of the program, with underscores for hyphens.

What they mean and what they are when left out says `python -m rolecluster COMMAND --help`. As with
the program, the environment (`ROLECLUSTER_DEVICE`) and the settings file say what is left open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol, TypedDict, Union

#: A file, a folder or a pattern.
Path = Union[str, "os.PathLike[str]"]


class ArrowTable(Protocol):
    """Anything with the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Columns(TypedDict, total=False):
    """Which column holds what; told by its name when left out."""

    id_column: str
    title_column: str
    text_column: str | Sequence[str]
    stack_column: str
    section_column: str
    date_column: str
    place_column: str
    company_column: str
    pay_column: str


class ReadOptions(Columns, total=False):
    """How files are read; the columns are for tables too."""

    encoding: str
    input_format: Literal["markdown", "jsonl", "json", "csv", "tsv", "parquet"]
    sheet: str
    no_header: bool
    skip_lines: int


class EmbedOptions(Columns, total=False):
    """Which model, where it computes, and a file of sentences to leave out."""

    boilerplate: Path
    model: str
    revision: str
    device: str
    dtype: str
    dimensions: int
    prompt_name: str


class RunOptions(ReadOptions, EmbedOptions, total=False):
    """How a run folder is made."""

    add: bool
    replace: bool
    near_duplicates: float
    no_recurring: bool
    algorithm: Literal["kmeans", "hdbscan", "gmm"]
    k: int
    detail: Literal["coarse", "normal", "fine"]
    min_cluster_size: int
    min_samples: int
    reduce: Literal["diffusion", "umap", "none"]
    max_noise: float
    directions: Path
    seed: int
    lang: str
    index: Literal["auto", "exact", "hnsw"]
    namer: str
    namer_model: str
    namer_key: str
    namer_timeout: int


def flags(**options: Any) -> list[str]:
    """Options as they are typed.

    >>> flags(k=8, text_column=["tasks", "profile"], add=True, replace=False, lang=None)
    ['-k', '8', '--text-column=tasks', '--text-column=profile', '--add']
    """
    return [flag for name, value in options.items() for flag in _typed(name, value)]


def _typed(name: str, value: Any) -> Iterator[str]:
    several = isinstance(value, Sequence) and not isinstance(value, str)
    for one in value if several else [value]:
        long = "--" + name.strip("_").replace("_", "-")
        if one is None or one is False:
            continue
        if one is True:
            yield long
        elif len(name) == 1:
            yield from (f"-{name}", str(one))
        else:
            yield f"{long}={os.fspath(one) if isinstance(one, os.PathLike) else one}"


def is_table(source: object) -> bool:
    """Whether something is a table rather than the name of a file."""
    return hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__")


def table(source: object) -> Any:
    """The table, unless it is none."""
    if is_table(source):
        return source
    raise TypeError(
        f"{type(source).__name__} is no table; give one of pyarrow, pandas, Polars, DuckDB or "
        "another that has __arrow_c_stream__ (files are for read and cluster)"
    )


def paths(source: object) -> list[str]:
    """The files of a source that is no table."""
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)]
    if isinstance(source, Sequence) and all(isinstance(s, (str, os.PathLike)) for s in source):
        return [os.fspath(one) for one in source]
    raise TypeError(
        f"{type(source).__name__} is neither a table nor a file; give a table of pyarrow, pandas, "
        "Polars, DuckDB or another that has __arrow_c_stream__, or paths"
    )
