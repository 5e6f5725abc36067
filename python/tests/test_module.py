"""The functions do what the program does, and fail in its words."""

import doctest
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import MODEL, ROOT

import rolecluster
from rolecluster import api, options, worker
from rolecluster import run as run_module


def program(*arguments: object, **more) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "rolecluster", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, **more)


def test_a_table_makes_the_folder_that_its_file_makes(run, postings, tmp_path):
    pq.write_table(postings, tmp_path / "postings.parquet")
    out = tmp_path / "jobs"
    typed = ["--out", out, "-k", 6, "--lang", "en", "--model", MODEL, "--device", "cpu", "--quiet"]
    made = program("run", tmp_path / "postings.parquet", *typed)
    assert made.returncode == 0, made.stderr
    for name in ("vectors.parquet", "clusters.json", "clustering.json"):
        assert (out / name).read_bytes() == (pathlib.Path(run.path) / name).read_bytes(), name
    vectors = run.vectors().to_pyarrow()
    assert vectors["id"].to_pylist() == postings["id"].to_pylist()
    assert vectors["vector"].to_pylist() == pq.read_table(out / "vectors.parquet")["vector"].to_pylist()
    exported = program("export", out, "--format", "parquet", "--out", tmp_path / "roles.parquet")
    assert exported.returncode == 0, exported.stderr
    left_out = ["file"]
    ours, theirs = run.roles().to_pyarrow(), pq.read_table(tmp_path / "roles.parquet")
    assert ours.drop(left_out).equals(theirs.drop(left_out))
    assert run.report()["schema_version"] == json.loads((out / "report.json").read_text())["schema_version"]
    found = run.specialisations().to_pyarrow()
    assert found.num_rows == 6 and sum(found["roles"].to_pylist()) == len(postings)


def test_search_finds_what_the_program_finds(run):
    said = program("search", run.path, "GPU clusters", "-k", 4, "--json", "--explain", "--device", "cpu")
    hits = json.loads(said.stdout)
    found = run.search("GPU clusters", k=4, explain=True).to_pyarrow().to_pylist()
    assert len(hits) == 4
    for hit, row in zip(hits, found, strict=True):
        why = hit.pop("explanation")
        assert (row["sentence"], row["technologies"]) == (why["sentence"], why["technologies"])
        assert row["score"] == pytest.approx(hit.pop("score"), abs=1e-6)
        assert {name: row[name] for name in hit} == hit
    queries = pa.table({"query": ["GPU clusters", ""]})
    first, second = rolecluster.search(queries, run, k=4).to_pyarrow().to_pylist()
    assert first["ids"] == [hit["id"] for hit in hits] and second["reason"] == "the text is empty"
    like = run.search(like=hits[0]["id"], k=2).to_pyarrow()
    assert hits[0]["id"] not in like["id"].to_pylist()


def test_a_search_for_nothing_is_refused(run):
    with pytest.raises(rolecluster.UsageError, match="give a text to search for"):
        run.search()


def test_assign_places_roles_of_the_run_where_they_are(run, postings):
    places = rolecluster.assign(postings, run, keep=["title"]).to_pyarrow()
    assert places["cluster"].to_pylist() == run.roles().to_pyarrow()["cluster"].to_pylist()
    again = rolecluster.assign(postings, run.path, device="cpu").to_pyarrow()
    assert again["cluster"].to_pylist() == places["cluster"].to_pylist()


def test_read_takes_files_and_tables(tmp_path, rows):
    file = tmp_path / "postings.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "none", "title": ""}]))
    with pytest.warns(UserWarning, match="skipped"):
        roles = rolecluster.read(file).to_pyarrow()
    assert roles["title"].to_pylist() == [row["title"] for row in rows]
    table = rolecluster.read(pa.Table.from_pylist(rows)).to_pyarrow()
    assert table.equals(roles)


@pytest.mark.parametrize(
    ("kind", "call", "command"),
    [
        (
            rolecluster.UsageError,
            lambda postings, _: rolecluster.embed(postings, device="abacus"),
            ["embed", "x", "--out", "y", "--device", "abacus"],
        ),
        (
            rolecluster.UsageError,
            lambda postings, _: rolecluster.embed(postings, modell="bundled"),
            ["worker", "--task", "embed", "--modell=bundled"],
        ),
        (
            rolecluster.InputError,
            lambda postings, out: rolecluster.cluster("no/such/file.csv", out),
            ["run", "no/such/file.csv", "--out", "{out}"],
        ),
        (
            rolecluster.ModelError,
            lambda postings, _: rolecluster.embed(postings, model="./no-model"),
            ["run", "{postings}", "--out", "{out}", "--model", "./no-model"],
        ),
        (
            rolecluster.FolderError,
            lambda postings, out: rolecluster.Run.open(out),
            ["search", "{out}", "x"],
        ),
    ],
)
def test_errors_are_exceptions_with_the_same_words(kind, call, command, postings, tmp_path):
    out, file = str(tmp_path / "none"), tmp_path / "postings.parquet"
    pq.write_table(postings, file)
    with pytest.raises(kind) as raised:
        call(postings, out)
    said = program(*[word.format(out=out, postings=file) for word in command]).stderr.decode()
    assert str(raised.value).splitlines()[0] in said and str(raised.value)
    assert isinstance(raised.value, rolecluster.RoleclusterError)


def test_a_column_that_is_missing_is_named(postings):
    with pytest.raises(rolecluster.InputError, match='the table.*"name".*title'):
        rolecluster.embed(postings, title_column="name", model=MODEL)


def test_an_interrupt_ends_the_work_and_leaves_the_folder_whole(postings, tmp_path):
    many = pa.concat_tables(
        [
            postings.set_column(1, "title", pa.array([f"{t} {i}" for t in postings["title"].to_pylist()]))
            .set_column(0, "id", pa.array([f"{n}-{i}" for n in postings["id"].to_pylist()]))
            for i in range(60)
        ]
    )
    out = tmp_path / "jobs"
    # A shell's background job is started with interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        rolecluster.cluster(many, out, k=6, lang="en", device="cpu")
    timer.join()
    signal.signal(signal.SIGINT, before)
    # Had the call gone on to its end, there would be a report.
    with pytest.raises(rolecluster.FolderError):
        rolecluster.Run.open(out).report()
    # The lock is gone, and the work can be taken up.
    made = rolecluster.cluster(postings, out, k=3, lang="en", device="cpu", replace=True)
    assert len(made.vectors()) == len(postings)


def test_other_threads_go_on_meanwhile(postings):
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(None)

    thread = threading.Thread(target=tick)
    worker = rolecluster._rolecluster.Worker(["worker", "--task=embed", "--device=cpu"])
    thread.start()
    before = len(ticks)
    worker.answer(postings)
    during = len(ticks) - before
    done.set()
    thread.join()
    assert during >= 10


def test_the_program_is_inside(tmp_path):
    said = program("--version")
    version = next(
        line.split('"')[1] for line in (ROOT / "Cargo.toml").read_text().splitlines() if line.startswith("version")
    )
    assert said.stdout.decode() == f"rolecluster {version}\n"
    assert rolecluster.__version__ == version
    codes = [program(*words).returncode for words in (["--help"], ["rnu"], ["run", "no.csv", "--out", tmp_path])]
    assert codes == [0, 2, 4]


def test_the_worker_gives_the_same_answers(postings):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, postings.schema) as stream:
        stream.write_table(postings)
    typed = ["worker", "--task", "embed", "--model", MODEL, "--device", "cpu"]
    said = program(*typed, input=sink.getvalue().to_pybytes())
    answers = pa.ipc.open_stream(said.stdout).read_all()
    assert answers.equals(rolecluster.embed(postings, model=MODEL, device="cpu").to_pyarrow())


def test_the_engines_run_the_program_of_the_wheel(postings):
    assert pathlib.Path(worker.program()).parent == pathlib.Path(sys.executable).parent
    process = rolecluster.Worker("embed", model=MODEL, device="cpu")
    answers = process.answer_table(postings)
    process.close()
    expected = rolecluster.embed(postings, model=MODEL, device="cpu").to_pyarrow()
    assert answers["id"].equals(expected["id"])
    assert answers["vector"].to_pylist() == expected["vector"].to_pylist()


@pytest.mark.parametrize("module", [api, options, run_module])
def test_examples_in_the_documentation(module):
    outcome = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert outcome.attempted > 0 and outcome.failed == 0
