"""Tables of every kind go in and out."""

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import MODEL

import rolecluster

KINDS = {
    "pyarrow": lambda table: table,
    "pyarrow batches": lambda table: pa.RecordBatchReader.from_batches(
        table.schema, table.to_batches(max_chunksize=7)
    ),
    "pandas": lambda table: table.to_pandas(),
    "pandas categories": lambda table: table.to_pandas().astype({"title": "category"}),
    "polars": lambda table: pl.from_arrow(table),
    "duckdb": lambda table: duckdb.sql("select * from given", connection=_with(table)),
}


def _with(table):
    connection = duckdb.connect()
    connection.register("given", table)
    return connection


@pytest.fixture(scope="module")
def expected(postings):
    return rolecluster.embed(postings, model=MODEL, device="cpu").to_pyarrow()


@pytest.mark.parametrize("kind", KINDS)
def test_any_table_is_taken_as_it_is(kind, postings, expected):
    found = rolecluster.embed(KINDS[kind](postings), model=MODEL, device="cpu").to_pyarrow()
    assert found.num_rows == len(postings) and found.equals(expected)


def test_any_library_takes_the_answers(expected, postings):
    table = rolecluster.embed(postings, model=MODEL, device="cpu")
    ids = expected["id"].to_pylist()
    assert len(table) == len(ids) and table.columns == ["id", "vector", "reason"]
    assert table.to_pandas()["id"].tolist() == ids
    assert table.to_polars()["id"].to_list() == pl.DataFrame(table)["id"].to_list() == ids
    assert pd.DataFrame(table.to_pandas()).shape == (len(ids), 3)
    connection = duckdb.connect()
    connection.register("answers", table.to_pyarrow())
    assert connection.sql("select count(*) from answers").fetchall() == [(len(ids),)]
    assert table.metadata["rolecluster.task"] == "embed"


def test_columns_that_are_kept_are_not_copied(postings):
    one = postings.combine_chunks()
    answers = rolecluster.embed(one, model=MODEL, device="cpu", keep=["description"]).to_pyarrow()
    given = one["description"].chunk(0).buffers()[2].address
    assert [chunk.buffers()[2].address for chunk in answers["description"].chunks] == [given]


def test_a_table_without_rows_has_answers_without_rows(postings):
    for empty in (postings.slice(0, 0), postings.schema.empty_table()):
        answers = rolecluster.embed(empty, model=MODEL, device="cpu").to_pyarrow()
        assert answers.num_rows == 0 and answers.column_names == ["id", "vector", "reason"]


def test_what_is_no_table_is_refused():
    for source in ([{"title": "Nurse"}], "postings.jsonl", 3):
        with pytest.raises(TypeError, match="is no table; give one of pyarrow"):
            rolecluster.embed(source)
    with pytest.raises(TypeError, match="neither a table nor a file"):
        rolecluster.read(3)
