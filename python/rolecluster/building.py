"""`build` on any engine: what the program does with a corpus in memory, over partitions.

The engine reads, cleans, embeds and assigns by workers, and counts by group-bys: sentences by their
keys, texts by theirs, MinHash bands, words. What is left is small and is settled by the program:
whether a sentence that many postings say is about the work (`worker --task recurring`), and which of
a group of postings that share bands repeat each other (`worker --task duplicates`, a group a row).

**Equal to one machine.** Boilerplate and duplicates are those of `rolecluster embed` on all postings
in the order of the column `order`; similarities are rounded to 32 bits. Where `sample` is no less
than the number of postings, so are the run folder and every place. Else the folder is that of
`embed SAMPLE --boilerplate FILE --no-recurring` and `cluster`, and places are those of `assign`: a
sample cannot give the specialisations that all postings would give. Three things differ. Ids
must differ (one machine numbers those that repeat; here they are refused). Columns are told by
name alone, where one machine looks at the first thousand rows too: name those that are called
otherwise, to both. The list of pairs that are similar and not merged is made for the sample only.

**What passes through the driver**: a number of eight bytes per posting, the postings by which
recurring sentences are told (24 for each, and 4,000), pairs that share bands, and the sample. A group
of postings linked by such pairs must fit into one worker.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rolecluster import counting
from rolecluster.counting import Step, ints, step
from rolecluster.worker import WorkerError, arguments, program

#: Options of `build` that are those of `rolecluster embed` too.
MODEL_OPTIONS = ("model", "revision", "device", "dtype", "dimensions", "prompt_name")

#: Pairs of postings that say how much any two resemble each other.
BASE_PAIRS = 2_000
#: A sentence recurs when at least this many say it, and the cube root of the number of postings.
MIN_RECURRING = 4
#: Sentences of the lexicon that one posting says are listed up to this many.
MAX_SINGLE_LISTED = 200


class Engine(Protocol):
    """What `build` asks of an engine. Frames are its own."""

    def numbered(self, frame: Any, order: str) -> Any:
        """Rows in the order of a column, with `build_row` from 0: no name of a part of a posting."""

    def answered(self, frame: Any, task: str, **options: Any) -> Any:
        """Answers of the worker."""

    def mapped(self, frame: Any, step: Step) -> Any:
        """A step, on tables of any size."""

    def gathered(self, frame: Any, step: Step) -> Any:
        """A step, on all rows of a `bucket` at once."""

    def kept(self, frame: Any, path: str) -> Any:
        """The same, in files, so that it is not done twice."""

    def table(self, frame: Any, schema: pa.Schema) -> pa.Table:
        """All rows, here."""

    def rows(self, frame: Any, positions: np.ndarray) -> pa.Table:
        """The rows at some positions, sorted, here."""

    def each(self, n: int, work: Callable[[int], None]) -> None:
        """`work` of 1 to `n`, on the machines."""


@dataclass
class Built:
    """What `build` made. `places` and `duplicates` are frames of the engine, kept in `out`."""

    #: The run folder; `search`, `assign`, `serve` and the rest take it.
    run: str
    #: A row for every posting: `build_row`, the columns in `by`, and those of `assign`.
    places: Any
    #: `build_row`, `id`, `of`, `of_id`, `kind` (`exact` or `near`), `similarity`.
    duplicates: Any
    #: `sentence`, `count`, `source`, as `intake.json` of a run folder lists them.
    boilerplate: pa.Table
    #: `column`, `value`, `cluster`, `cluster_name`, `postings`, `jobs` (those that repeat none); the
    #: rows with an empty `column` are the counts of the specialisations alone.
    counts: pa.Table


def build(
    engine: Engine,
    frame: Any,
    out: str,
    *,
    order: str = "id",
    sample: int = 100_000,
    seed: int = 42,
    by: Sequence[str] = (),
    shards: int = 8,
    buckets: int = 64,
    cluster: Sequence[str] = (),
    **options: Any,
) -> Built:
    """See the head of this module.

    `out` is a new folder that every machine sees. `shards` and `buckets` say into how many pieces the
    sample and the keys are cut; `cluster` are arguments of `rolecluster cluster`; other options are
    those of `rolecluster worker`.
    """
    folder = pathlib.Path(out).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{out} is not empty; name a new folder, or remove it")
    (folder / "steps").mkdir(parents=True)
    model = {name: options.pop(name) for name in MODEL_OPTIONS if name in options}
    # Workers run in other folders, so a relative path is made absolute; any other name is taken for
    # one of the Hub.
    if model.get("model") and os.path.isdir(model["model"]):
        model["model"] = os.path.abspath(model["model"])
    job = Job(engine, folder, buckets, options)
    postings = job.kept(engine.numbered(frame, order), "steps/postings")
    rows = job.recurring(postings)
    cleaning = {"keep": ["build_row"], "boilerplate": str(job.sentences), **options}
    cleaned = job.kept(engine.answered(postings, "clean", **cleaning), "steps/cleaned")
    boilerplate = job.boilerplate(cleaned)
    duplicates, repeats = job.duplicates(cleaned, len(rows))
    if sample < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, sample, replace=False))
    run = job.fit(engine.rows(postings, rows), shards, cluster, model)
    where = {name: model[name] for name in ("model", "device") if name in model}
    assigning = {"run": run, "keep": ["build_row", *by], **where, **options}
    places = job.kept(engine.answered(postings, "assign", **assigning), "places")
    counts = job.counts(places, by, repeats)
    shutil.rmtree(folder / "steps")
    return Built(run, places, duplicates, boilerplate, counts)


@dataclass
class Job:
    """A `build` at work."""

    engine: Engine
    folder: pathlib.Path
    buckets: int
    #: Options of the worker that name columns.
    columns: dict[str, Any]

    @property
    def sentences(self) -> pathlib.Path:
        """The sentences that recur, a line each."""
        return self.folder / "boilerplate.txt"

    def kept(self, frame: Any, name: str) -> Any:
        return self.engine.kept(frame, str(self.folder / name))

    def gathered(self, frame: Any, spread: Step, gather: Step) -> Any:
        """Rows spread over buckets by one step, gathered by another."""
        return self.engine.gathered(self.engine.mapped(frame, spread), gather)

    def table(self, frame: Any, spread: Step, gather: Step) -> pa.Table:
        return self.engine.table(self.gathered(frame, spread, gather), gather.schema)

    def recurring(self, postings: Any) -> np.ndarray:
        """Writes the sentences that recur, and returns the positions of what is a posting."""
        engine, buckets = self.engine, self.buckets
        answers = engine.answered(postings, "clean", keep=["build_row"], **self.columns)
        names = {"build_row": "int", "id": "text", "written_key": "int", "sentence_keys": "ints"}
        keep = step(counting.selected, list(names), **names)
        keys = self.kept(engine.mapped(answers, keep), "steps/keys")
        spread = step(counting.by_text, "id", buckets, id="text", bucket="int")
        twice = self.table(keys, spread, step(counting.repeated, "id", id="text"))
        if twice.num_rows > 0:
            raise ValueError(
                f"{twice.num_rows} ids repeat, such as {twice['id'][0]}; make them differ"
            )

        del names["sentence_keys"]
        spread = step(
            counting.by_key, "written_key", ["build_row", "id"], buckets, **names, bucket="int"
        )
        written = {"build_row": "int", "of": "int"}
        written = self.table(keys, spread, step(counting.first_of_each, "written_key", **written))
        rows = np.sort(ints(written, "build_row"))
        distinct = np.unique(ints(written, "of"))
        n = len(distinct)
        at_least = max(MIN_RECURRING, int(np.ceil(np.cbrt(n))))
        said = self.said_by(keys, distinct, at_least) if n >= at_least else {}
        self.sentences.write_text("")
        if said:
            self.settle(postings, distinct, said)
        return rows

    def said_by(self, keys: Any, distinct: np.ndarray, at_least: int) -> dict[int, list[int]]:
        """Positions of some postings that say each sentence which many say."""
        among = step(
            counting.among,
            distinct,
            build_row="int",
            id="text",
            written_key="int",
            sentence_keys="ints",
        )
        spread = step(
            counting.exploded,
            ["sentence_keys"],
            ["key"],
            self.buckets,
            build_row="int",
            key="int",
            bucket="int",
        )
        gather = step(counting.suspects, at_least, key="int", build_row="int")
        found = self.table(self.engine.mapped(keys, among), spread, gather)
        said: dict[int, list[int]] = {}
        for key, position in sorted(zip(found["key"].to_pylist(), found["build_row"].to_pylist())):
            said.setdefault(key, []).append(position)
        return said

    def settle(self, postings: Any, distinct: np.ndarray, said: dict[int, list[int]]) -> None:
        """Asks the program which of the sentences recur."""
        n, half = len(distinct), len(distinct) // 2
        pairs = max(1, min(BASE_PAIRS, half))
        first = np.arange(pairs) * half // pairs
        base = distinct[np.stack([first, (first + half) % n], axis=1).ravel()]
        needed = np.unique(np.concatenate([base, *said.values()]).astype(np.int64))
        found = self.engine.rows(postings, needed)
        roles = counting.roles(found, self.columns)
        place = {position: at for at, position in enumerate(needed.tolist())}
        said_by = [[key, [place[position] for position in at]] for key, at in said.items()]
        group = {"roles": roles, "said_by": said_by, "base": [place[at] for at in base.tolist()]}
        answer = counting.settled("recurring", [json.dumps(group)])
        sentences = answer["sentences"][0].as_py()
        # A line that begins with # would be a comment; keys of sentences are without it.
        lines = [sentence.lstrip("# ") + "\n" for sentence in sentences]
        self.sentences.write_text("".join(lines), encoding="utf-8")

    def boilerplate(self, cleaned: Any) -> pa.Table:
        """The sentences left out, as one machine lists them; all are in `boilerplate.parquet`."""
        lists = ["left_out_keys", "left_out", "left_out_sources"]
        names = ["key", "sentence", "source"]
        columns = {
            "build_row": "int",
            "at": "int",
            "key": "int",
            "sentence": "text",
            "source": "text",
        }
        spread = step(counting.exploded, lists, names, self.buckets, **columns, bucket="int")
        found = self.table(cleaned, spread, step(counting.listed, **columns, count="int"))
        order = [("count", "descending"), ("build_row", "ascending"), ("at", "ascending")]
        found = found.sort_by(order)
        pq.write_table(found, self.folder / "boilerplate.parquet")
        single = pc.and_(pc.equal(found["count"], 1), pc.equal(found["source"], "lexicon"))
        single = single.to_numpy()
        shown = ~single | (np.cumsum(single) <= MAX_SINGLE_LISTED)
        return found.filter(pa.array(shown)).select(["sentence", "count", "source"])

    def duplicates(self, cleaned: Any, n: int) -> tuple[Any, np.ndarray]:
        """Who repeats whom, as a frame, and the positions of those who do."""
        own = {"build_row": "int", "id": "text", "bands": "ints"}
        keep = [name for name in own]
        spread = step(
            counting.by_key, "text_key", keep, self.buckets, text_key="int", **own, bucket="int"
        )
        gather = step(counting.first_of_each, "text_key", **own, of="int", of_id="text")
        texts = self.kept(self.gathered(cleaned, spread, gather), "steps/texts")
        near = self.near(cleaned, texts, n)
        found = {"build_row": "int", "id": "text", "of": "int", "of_id": "text", "kind": "text"}
        last = step(counting.duplicates, near, **found, similarity="share")
        frame = self.kept(self.engine.mapped(texts, last), "duplicates")
        positions = self.engine.mapped(
            frame, step(counting.selected, ["build_row"], build_row="int")
        )
        return frame, np.sort(
            ints(self.engine.table(positions, counting.schema(build_row="int")), "build_row")
        )

    def near(self, cleaned: Any, texts: Any, n: int) -> pa.Table:
        """Postings whose text is nearly that of an earlier one."""
        engine, buckets = self.engine, self.buckets
        firsts = {"build_row": "int", "bands": "ints"}
        firsts = engine.mapped(texts, step(counting.first_only, **firsts))
        spread = step(
            counting.exploded,
            ["bands"],
            ["key"],
            buckets,
            build_row="int",
            at="int",
            key="int",
            bucket="int",
        )
        found = self.table(firsts, spread, step(counting.pairs, later="int", earlier="int"))
        columns = {
            "build_row": "int",
            "id": "text",
            "of": "int",
            "of_id": "text",
            "similarity": "share",
        }
        if found.num_rows == 0:
            return counting.schema(**columns).empty_table()
        pairs = np.unique(np.stack([ints(found, "later"), ints(found, "earlier")], axis=1), axis=0)
        later, earlier = np.ascontiguousarray(pairs.T)
        spread = step(
            counting.counted, "word_places", buckets, key="int", count="int", bucket="int"
        )
        words = self.table(
            cleaned, spread, step(counting.summed, ["key"], ["count"], key="int", count="int")
        )
        counts = np.zeros(counting.WORD_PLACES, dtype=np.int64)
        counts[ints(words, "key")] = ints(words, "count")
        positions, group = counting.groups(later, earlier)
        own = {
            "build_row": "int",
            "id": "text",
            "role_title": "text",
            "role_stack": "texts",
            "clean_text": "text",
            "word_places": "ints",
            "group": "int",
        }
        spread = step(counting.grouped, positions, group, buckets, **own, bucket="int")
        merged = step(counting.merged, later, earlier, n, counts, **columns)
        return self.table(cleaned, spread, merged).sort_by("build_row")

    def fit(
        self, sample: pa.Table, shards: int, cluster: Sequence[str], model: dict[str, Any]
    ) -> str:
        """Embeds a sample on the machines, and clusters it."""
        path, run = str(self.folder / "sample.parquet"), str(self.folder / "run")
        pq.write_table(sample.drop_columns(["build_row"]), path)
        shards = min(shards, sample.num_rows)
        given = ["--boilerplate", str(self.sentences), "--no-recurring"]
        given += arguments({**model, **self.columns})
        folders = [str(self.folder / "steps" / f"shard.{at}") for at in range(1, shards + 1)]
        self.engine.each(shards, Shard(path, folders, given))
        where = arguments({name: model[name] for name in ("model", "device") if name in model})
        asked(["merge", *folders, "--out", run, *where])
        asked(["cluster", run, *cluster])
        return run

    def counts(self, places: Any, by: Sequence[str], repeats: np.ndarray) -> pa.Table:
        """Postings and jobs of every specialisation, and by the values of columns."""
        keys = {"column": "text", "value": "text", "cluster": "int", "cluster_name": "text"}
        sums = {"postings": "int", "jobs": "int"}
        spread = step(
            counting.crosstab, list(by), repeats, self.buckets, **keys, **sums, bucket="int"
        )
        gather = step(counting.summed, list(keys), list(sums), **keys, **sums)
        found = self.table(places, spread, gather)
        found = found.sort_by([(name, "ascending") for name in ("column", "value", "cluster")])
        pq.write_table(found, self.folder / "counts.parquet")
        return found


@dataclass(frozen=True)
class Shard:
    """Embeds a share of the sample. One that is done twice goes on where it stopped."""

    sample: str
    folders: list[str]
    given: list[str]

    def __call__(self, number: int) -> None:
        share = ["--shard", f"{number}/{len(self.folders)}", "--out", self.folders[number - 1]]
        asked(["embed", self.sample, *share, *self.given])


def asked(command: Sequence[str]) -> None:
    """Runs a command of the program."""
    done = subprocess.run([program(), "--quiet", *command], capture_output=True, text=True)
    if done.returncode != 0:
        words = "\n".join(done.stderr.splitlines()[-5:])
        raise WorkerError(
            f"rolecluster {command[0]} ended with exit code {done.returncode}: {words}"
        )
