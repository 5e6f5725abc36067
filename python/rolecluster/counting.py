"""Steps of `build`: tables in, tables out. An engine runs each on parts of a frame, or on all rows of
a `bucket`; the answer to a bucket does not depend on the order of its rows.

A key is spread over buckets by itself, so all rows of a key are in one. Keys, positions and counts
are whole numbers of 64 bits.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rolecluster.worker import Worker, WorkerError

#: In a band that many postings share, each meets this many before it and this many of the first.
NEIGHBOURS = 12
#: Postings by which it is told whether a sentence is about the work.
SAMPLED = 24
#: Places where words are counted.
WORD_PLACES = 1 << 20


@dataclass(frozen=True)
class Step:
    """What is done with a table, and the columns of what comes out."""

    work: Callable[[pa.Table], pa.Table]
    schema: pa.Schema

    def __call__(self, table: pa.Table) -> pa.Table:
        if table.num_rows == 0:
            return self.schema.empty_table()
        return self.work(table).select(self.schema.names).cast(self.schema)


def schema(**columns: str) -> pa.Schema:
    """Columns by their types; `ints` and `texts` are lists."""
    kinds = {"int": pa.int64(), "text": pa.string(), "share": pa.float32()}
    lists = {kind + "s": pa.list_(of) for kind, of in kinds.items()}
    return pa.schema([(name, (kinds | lists)[kind]) for name, kind in columns.items()])


def ints(table: pa.Table, name: str) -> np.ndarray:
    return table[name].combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)


def selected(names: Sequence[str], table: pa.Table) -> pa.Table:
    return table.select(list(names))


def first_only(table: pa.Table) -> pa.Table:
    """Rows that copy none."""
    return table.filter(pc.equal(table["build_row"], table["of"]))


def in_bucket(keys: np.ndarray, buckets: int) -> np.ndarray:
    return (keys.astype(np.uint64) % np.uint64(buckets)).astype(np.int64)


def text_keys(texts: Sequence[str | None]) -> np.ndarray:
    return np.array([zlib.crc32((text or "").encode()) for text in texts], dtype=np.int64)


def by_key(key: str, keep: Sequence[str], buckets: int, table: pa.Table) -> pa.Table:
    """Rows that have a key, each to its bucket."""
    table = table.filter(pc.is_valid(table[key])).select([key, *keep])
    return table.append_column("bucket", pa.array(in_bucket(ints(table, key), buckets)))


def by_text(key: str, buckets: int, table: pa.Table) -> pa.Table:
    """Texts, each to its bucket."""
    keys = in_bucket(text_keys(table[key].to_pylist()), buckets)
    return table.select([key]).append_column("bucket", pa.array(keys))


def repeated(key: str, table: pa.Table) -> pa.Table:
    """Texts that stand in several rows."""
    counts = table.group_by(key).aggregate([([], "count_all")])
    return counts.filter(pc.greater(counts["count_all"], 1))


def exploded(lists: Sequence[str], names: Sequence[str], buckets: int, table: pa.Table) -> pa.Table:
    """A row for every entry of some lists of one length, the first of which holds the keys: its
    `build_row`, its place `at` in the list and the entries by their `names`."""
    table = table.filter(pc.is_valid(table[lists[0]])).combine_chunks()
    columns = [table[name].combine_chunks() for name in lists]
    lengths = pc.list_value_length(columns[0]).to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    keys = pc.list_flatten(columns[0]).to_numpy(zero_copy_only=False).astype(np.int64)
    return pa.table(
        {
            "build_row": np.repeat(ints(table, "build_row"), lengths),
            "at": np.arange(lengths.sum(), dtype=np.int64) - np.repeat(starts, lengths),
            **{name: pc.list_flatten(column) for name, column in zip(names, columns)},
            "bucket": in_bucket(keys, buckets),
        }
    )


def first_of_each(key: str, table: pa.Table) -> pa.Table:
    """Every row beside the first of its key: `of`, `of_id`."""
    table = table.sort_by([(key, "ascending"), ("build_row", "ascending")]).combine_chunks()
    first = firsts(ints(table, key))
    at = np.flatnonzero(first)[np.cumsum(first) - 1]
    of = {"of": table["build_row"].take(at), "of_id": table["id"].take(at)}
    for name, column in of.items():
        table = table.append_column(name, column)
    return table


def firsts(keys: np.ndarray) -> np.ndarray:
    """Where a run of equal keys begins."""
    return np.concatenate([[True], keys[1:] != keys[:-1]])


def suspects(at_least: int, table: pa.Table) -> pa.Table:
    """Of each sentence that many say, postings spread evenly over all that do, in order."""
    table = table.sort_by([("key", "ascending"), ("build_row", "ascending")])
    keys, positions = ints(table, "key"), ints(table, "build_row")
    first = firsts(keys)
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(keys)))
    count, rank = np.repeat(counts, counts), np.arange(len(keys)) - np.repeat(starts, counts)
    wanted = np.minimum(count, SAMPLED)
    # The sample holds the ranks k * count / wanted, rounded up, for every k.
    taken = (rank * wanted) // count > ((rank - 1) * wanted) // count
    taken &= count >= at_least
    return pa.table({"key": keys[taken], "build_row": positions[taken]})


def listed(table: pa.Table) -> pa.Table:
    """Sentences left out, as the first posting writes them, and how many postings say each."""
    table = table.sort_by([(name, "ascending") for name in ("key", "build_row", "at")])
    keys = ints(table, "key")
    first = firsts(keys)
    says = first | firsts(ints(table, "build_row"))
    counts = np.add.reduceat(says.astype(np.int64), np.flatnonzero(first))
    return table.take(np.flatnonzero(first)).append_column("count", pa.array(counts))


def pairs(table: pa.Table) -> pa.Table:
    """Pairs of postings that share a band, as one machine pairs them."""
    table = table.sort_by([(name, "ascending") for name in ("key", "at", "build_row")])
    keys, bands, positions = (ints(table, name) for name in ("key", "at", "build_row"))
    starts = np.flatnonzero(firsts(keys) | firsts(bands))
    counts = np.diff(np.append(starts, len(keys)))
    start = np.repeat(starts, counts)
    at = np.arange(len(keys))
    found = [np.empty((0, 2), dtype=np.int64)]
    for back in range(1, NEIGHBOURS + 1):
        near = at[at - back >= start]
        found.append(np.stack([positions[near], positions[near - back]], axis=1))
    for ahead in range(NEIGHBOURS):
        far = at[start + ahead < at - NEIGHBOURS]
        found.append(np.stack([positions[far], positions[start[far] + ahead]], axis=1))
    found = np.unique(np.concatenate(found), axis=0)
    return pa.table({"later": found[:, 0], "earlier": found[:, 1]})


def groups(later: np.ndarray, earlier: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in pairs, and for each the first position that pairs link it with."""
    positions, places = np.unique(np.concatenate([earlier, later]), return_inverse=True)
    a, b = np.split(places, 2)
    label = np.arange(len(positions))
    while True:
        before = label.copy()
        least = np.minimum(label[a], label[b])
        np.minimum.at(label, a, least)
        np.minimum.at(label, b, least)
        label = label[label]
        if (label == before).all():
            return positions, positions[label]


def counted(name: str, buckets: int, table: pa.Table) -> pa.Table:
    """How often each number of some lists comes."""
    keys, counts = np.unique(pc.list_flatten(table[name]).to_numpy(), return_counts=True)
    return pa.table({"key": keys, "count": counts, "bucket": in_bucket(keys, buckets)})


def summed(keys: Sequence[str], sums: Sequence[str], table: pa.Table) -> pa.Table:
    found = table.group_by(list(keys)).aggregate([(name, "sum") for name in sums])
    return found.rename_columns({f"{name}_sum": name for name in sums})


def among(positions: np.ndarray, table: pa.Table) -> pa.Table:
    """Rows at some positions, which are sorted."""
    return table.filter(pa.array(np.isin(ints(table, "build_row"), positions)))


def grouped(positions: np.ndarray, group: np.ndarray, buckets: int, table: pa.Table) -> pa.Table:
    """Rows of a group, each to its bucket."""
    table = among(positions, table)
    own = group[np.searchsorted(positions, ints(table, "build_row"))]
    table = table.append_column("group", pa.array(own))
    return table.append_column("bucket", pa.array(in_bucket(own, buckets)))


def merged(
    later: np.ndarray, earlier: np.ndarray, n: int, counts: np.ndarray, table: pa.Table
) -> pa.Table:
    """Postings that repeat an earlier one of their group, by the program."""
    table = table.sort_by([("group", "ascending"), ("build_row", "ascending")])
    positions, ids = ints(table, "build_row"), table["id"].to_pylist()
    starts = np.flatnonzero(firsts(ints(table, "group")))
    gathered = []
    for start, end in zip(starts, np.append(starts[1:], len(positions))):
        rows, own = table.slice(start, end - start), positions[start:end]
        inside = np.isin(later, own)
        names = ("role_title", "clean_text", "role_stack")
        titles, texts, stacks = (rows[name].to_pylist() for name in names)
        places = np.unique(pc.list_flatten(rows["word_places"]).to_numpy())
        said = zip(titles, texts, stacks)
        roles = [{"title": title, "text": text, "stack": stack} for title, text, stack in said]
        linked = [np.searchsorted(own, side[inside]) for side in (earlier, later)]
        group = {
            "roles": roles,
            "pairs": np.stack(linked, axis=1).tolist(),
            "n_roles": n,
            "counts": np.stack([places, counts[places]], axis=1).tolist(),
        }
        gathered.append(json.dumps(group))
    answers = settled("duplicates", gathered)
    of = np.concatenate(
        [
            start + np.array(row, dtype=np.int64)
            for start, row in zip(starts, answers["repeats"].to_pylist())
        ]
    )
    similarity = pc.list_flatten(answers["similarity"].combine_chunks())
    repeats = pa.array(of != np.arange(len(of)))
    found = {
        "build_row": positions,
        "id": ids,
        "of": positions[of],
        "of_id": [ids[at] for at in of],
    }
    return pa.table({**found, "similarity": similarity}).filter(repeats)


def roles(rows: pa.Table, columns: dict[str, object]) -> list[dict[str, object]]:
    """Title, description and technologies of rows, as the program reads them."""
    read = answered("read", rows.drop_columns(["build_row"]), **columns)
    names = {"title": "title", "text": "description", "stack": "stack"}
    return read.select(list(names.values())).rename_columns(list(names)).to_pylist()


def answered(task: str, rows: pa.Table, tries: int = 3, **options: object) -> pa.Table:
    """The answers of a program that is started for these rows, and again where it ends: not every
    engine does a step again that failed."""
    worker = Worker(task, **options)
    try:
        answers = worker.answer_table(rows)
        worker.close()
        return answers
    except WorkerError as error:
        if tries == 1 or not error.killed:
            raise
        return answered(task, rows, tries - 1, **options)


def settled(task: str, gathered: Sequence[str]) -> pa.Table:
    """What a task of the program says of gathered rows."""
    with_ids = {"id": [str(at) for at in range(len(gathered))], "gathered": gathered}
    table = pa.table(with_ids, pa.schema(dict.fromkeys(with_ids, pa.string())))
    answers = answered(task, table)
    for reason in answers["reason"].to_pylist():
        if reason is not None:
            raise ValueError(f"worker --task {task}: {reason}")
    return answers


def duplicates(near: pa.Table, table: pa.Table) -> pa.Table:
    """Postings that repeat another, of rows beside the first of their text."""
    later = ints(near, "build_row")
    position, of = ints(table, "build_row"), ints(table, "of")
    place = np.searchsorted(later, of)
    is_near = np.isin(of, later)
    place[~is_near] = len(later)
    padded = {name: near[name].to_pylist() + [None] for name in ("of", "of_id", "similarity")}
    own = zip(is_near, place, of.tolist(), table["of_id"].to_pylist())
    rows = [
        (padded["of"][at], padded["of_id"][at], "near", padded["similarity"][at])
        if merged
        else (first, first_id, "exact", 1.0)
        for merged, at, first, first_id in own
    ]
    columns = {"build_row": position, "id": table["id"]}
    for at, name in enumerate(("of", "of_id", "kind", "similarity")):
        columns[name] = [row[at] for row in rows]
    return pa.table(columns).filter(pa.array(is_near | (position != of)))


def crosstab(by: Sequence[str], repeats: np.ndarray, buckets: int, table: pa.Table) -> pa.Table:
    """Postings and jobs of each specialisation, by the values of some columns and in all."""
    own = table.select(["cluster", "cluster_name"])
    jobs = pa.array(~np.isin(ints(table, "build_row"), repeats), pa.int64())
    own = own.append_column("postings", pa.array(np.ones(len(table), dtype=np.int64)))
    own = own.append_column("jobs", pc.cast(jobs, pa.int64()))
    parts = []
    for name in ["", *by]:
        value = pc.cast(table[name], pa.string()) if name else pa.nulls(len(table), pa.string())
        part = own.append_column("value", value)
        parts.append(part.append_column("column", pa.array([name] * len(table))))
    keys = ["column", "value", "cluster", "cluster_name"]
    found = summed(keys, ["postings", "jobs"], pa.concat_tables(parts))
    told = [
        f"{column}\0{value}" for column, value in zip(*(found[k].to_pylist() for k in keys[:2]))
    ]
    return found.append_column("bucket", pa.array(in_bucket(text_keys(told), buckets)))


def step(work: Callable[..., pa.Table], *args: object, **columns: str) -> Step:
    """A step with its first arguments, and its columns."""
    return Step(functools.partial(work, *args), schema(**columns))
