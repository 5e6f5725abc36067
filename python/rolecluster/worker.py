"""One `rolecluster worker` process, asked batch by batch."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

#: The columns of the answers of every task, and their types as engines know them.
ANSWERS: dict[str, list[tuple[str, pa.DataType]]] = {
    "read": [(name, pa.string()) for name in ("id", "title", "description")]
    + [("stack", pa.list_(pa.string()))]
    + [(name, pa.string()) for name in ("section", "date", "place", "company", "pay", "fields")]
    + [("reason", pa.string())],
    "clean": [
        ("id", pa.string()),
        ("clean_text", pa.string()),
        ("left_out", pa.list_(pa.string())),
        ("left_out_keys", pa.list_(pa.int64())),
        ("left_out_sources", pa.list_(pa.string())),
        ("written_key", pa.int64()),
        ("sentence_keys", pa.list_(pa.int64())),
        ("text_key", pa.int64()),
        ("bands", pa.list_(pa.int64())),
        ("word_places", pa.list_(pa.int64())),
        ("role_title", pa.string()),
        ("role_stack", pa.list_(pa.string())),
        ("reason", pa.string()),
    ],
    "embed": [("id", pa.string()), ("vector", pa.list_(pa.float32())), ("reason", pa.string())],
    "assign": [
        ("id", pa.string()),
        ("cluster", pa.int64()),
        ("cluster_name", pa.string()),
        ("direction", pa.int64()),
        ("direction_name", pa.string()),
        ("strength", pa.float32()),
        ("likeness", pa.float32()),
        ("reason", pa.string()),
    ],
    "codes": [
        ("id", pa.string()),
        ("code", pa.string()),
        ("code_title", pa.string()),
        ("code_score", pa.float32()),
        ("code_also", pa.list_(pa.string())),
        ("reason", pa.string()),
    ],
    "recurring": [
        ("id", pa.string()),
        ("keys", pa.list_(pa.int64())),
        ("sentences", pa.list_(pa.string())),
        ("reason", pa.string()),
    ],
    "duplicates": [
        ("id", pa.string()),
        ("repeats", pa.list_(pa.int64())),
        ("similarity", pa.list_(pa.float32())),
        ("reason", pa.string()),
    ],
    "search": [
        ("id", pa.string()),
        ("ids", pa.list_(pa.string())),
        ("scores", pa.list_(pa.float32())),
        ("reason", pa.string()),
    ],
}


class WorkerError(RuntimeError):
    """The program ended with an error; its words are the message."""

    #: Whether it did not end by itself.
    killed = False


def program() -> str:
    """The program: ROLECLUSTER_PROGRAM, else the command that the wheel has installed beside this
    Python, else `rolecluster` on the path."""
    named = os.environ.get("ROLECLUSTER_PROGRAM")
    if named:
        return named
    if importlib.util.find_spec("rolecluster._rolecluster") is not None:
        ending = sysconfig.get_config_var("EXE") or ""
        own = os.path.join(sysconfig.get_path("scripts"), "rolecluster" + ending)
        if os.path.exists(own):
            return own
    return "rolecluster"


def arguments(options: Mapping[str, object]) -> list[str]:
    """Options by their names as the program takes them; `None` is left out."""
    given: list[str] = []
    for name, value in options.items():
        if value is None:
            continue
        flag = f"-{name}" if len(name) == 1 else "--" + name.replace("_", "-")
        several = isinstance(value, Sequence) and not isinstance(value, str)
        for one in value if several else [value]:
            given += [flag, str(one)]
    return given


class Worker:
    """Answers batches of rows of one schema: one row for every row, in the same order.

    `options` are those of `rolecluster worker --help`, without dashes, underscores for hyphens:
    `Worker("assign", run="jobs", keep=["url"])`. What is named by a list is given several times.
    """

    def __init__(self, task: str, **options: object) -> None:
        if task not in ANSWERS:
            raise ValueError(f"unknown task {task!r}; there are: {', '.join(ANSWERS)}")
        command = [program(), "worker", "--task", task, *arguments(options)]
        self._said = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said
            )
        except OSError as error:
            raise WorkerError(
                f"cannot start {command[0]}: {error}; install the wheel or the program on every "
                "machine, or name the program by ROLECLUSTER_PROGRAM"
            ) from error
        self._kept = options.get("keep") or []
        self._task = task
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._reader: pa.RecordBatchStreamReader | None = None
        self._schema: pa.Schema | None = None

    def answer(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The answers to a batch, in one or several batches."""
        try:
            # The program takes a batch whole before it answers, so neither waits for the other.
            if self._writer is None:
                self._schema = batch.schema
                self._writer = pa.ipc.new_stream(self._process.stdin, batch.schema)
            self._writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=self._schema))
            self._process.stdin.flush()
            if self._reader is None:
                self._reader = pa.ipc.open_stream(self._process.stdout)
            missing = batch.num_rows
            while missing > 0:
                answers = self._reader.read_next_batch()
                missing -= answers.num_rows
                yield self._engine_types(answers)
        except (OSError, StopIteration, pa.ArrowInvalid) as error:
            raise self._failure() from error

    def answer_table(self, table: pa.Table) -> pa.Table:
        """The answers to a table."""
        batches = [answers for batch in table.to_batches() for answers in self.answer(batch)]
        if not batches:
            kept = [table.schema.field(name) for name in self._kept]
            return pa.schema(kept + [pa.field(*of) for of in ANSWERS[self._task]]).empty_table()
        return pa.Table.from_batches(batches)

    def close(self) -> None:
        """Ends the program, and raises what went wrong in it until now."""
        asked = self._writer is not None
        try:
            if asked:
                self._writer.close()
            self._process.stdin.close()
            self._process.stdout.read()
        except OSError as error:
            raise self._failure() from error
        # One that was never asked complains of its empty input.
        if self._process.wait() != 0 and asked:
            raise self._failure()

    def _engine_types(self, answers: pa.RecordBatch) -> pa.RecordBatch:
        """Vectors as lists: Spark knows no lists of fixed length."""
        columns, fields = list(answers.columns), list(answers.schema)
        for name, kind in ANSWERS[self._task]:
            at = answers.schema.get_field_index(name)
            if fields[at].type != kind:
                columns[at] = columns[at].cast(kind)
            fields[at] = pa.field(name, kind)
        return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))

    def _failure(self) -> WorkerError:
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").splitlines()
        words = [line for line in lines if not line.startswith("{")]
        error = WorkerError(f"rolecluster ended with exit code {code}: " + "\n".join(words[-5:]))
        error.killed = code < 0 or code > 128
        return error


class Answering:
    """A worker that is begun when it is asked, and begun again after an error."""

    def __init__(self, task: str, options: dict[str, object]) -> None:
        self._task, self._options = task, options
        self._worker: Worker | None = None
        self._schema: pa.Schema | None = None

    def __call__(self, table: pa.Table) -> pa.Table:
        schema = table.schema.remove_metadata()
        if self._worker is None or schema != self._schema:
            # Tables may differ in schema; a worker has one.
            self.close()
            self._worker, self._schema = Worker(self._task, **self._options), schema
        try:
            return self._worker.answer_table(table.replace_schema_metadata(None))
        except WorkerError:
            # An engine may ask again; a new worker answers then.
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
