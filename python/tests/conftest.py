"""What the tests of the module share."""

import json
import os
import pathlib

import pyarrow as pa
import pytest

ROOT = pathlib.Path(os.environ.get("ROLECLUSTER_ROOT") or pathlib.Path(__file__).parents[2])
MODEL = str(ROOT / "tests/fixtures/models/tiny-bundled")

for name in [name for name in os.environ if name.startswith("ROLECLUSTER_")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def rows() -> list[dict]:
    lines = (ROOT / "data/samples/roles.jsonl").read_text().splitlines()
    kept = ("id", "title", "description")
    return [{name: json.loads(line)[name] for name in kept} for line in lines]


@pytest.fixture(scope="session")
def postings(rows) -> pa.Table:
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="session")
def run(postings, tmp_path_factory):
    import rolecluster

    out = tmp_path_factory.mktemp("runs") / "jobs"
    return rolecluster.cluster(postings, out, k=6, lang="en", model=MODEL, device="cpu")
