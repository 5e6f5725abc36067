"""Runs the recipes for vector stores as README prints them, and asks each for the nearest roles.

    python stores.py README.md FOLDER

FOLDER has a run of the sample in `out`. A store whose package cannot be installed is skipped aloud.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import pyarrow.parquet as pq


def recipes(readme: str) -> dict[str, str]:
    """The Python blocks of the part on vector stores, by the package each imports first but pyarrow."""
    part = readme.split("### Vector stores\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    blocks = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    names = [re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE) for block in blocks]
    return {next(n for n in names if n != "pyarrow"): block for names, block in zip(names, blocks)}


def nearest(folder: pathlib.Path) -> tuple[set[str], set[str]]:
    """Three roles nearest to the first, itself one of them, and to `1.1-en`."""
    rows = pq.read_table(folder / "out/vectors.parquet").to_pylist()

    def near(query: list[float]) -> set[str]:
        likeness = {row["id"]: sum(a * b for a, b in zip(query, row["vector"])) for row in rows}
        return set(sorted(likeness, key=likeness.get, reverse=True)[:3])

    return near(rows[0]["vector"]), near(next(r["vector"] for r in rows if r["id"] == "1.1-en"))


def main() -> None:
    readme, folder = (
        pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"),
        pathlib.Path(sys.argv[2]),
    )
    (folder / "stores").mkdir()
    of_first, of_english = nearest(folder)
    found = recipes(readme)
    assert set(found) == {"duckdb", "lancedb", "pymilvus", "pgserver", "qdrant_client"}, set(found)
    for name, recipe in found.items():
        if subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode:
            print(
                f"*** SKIPPED: {name} is not installed; its recipe was NOT tried ***",
                file=sys.stderr,
            )
            continue
        # Into a file: a server that a recipe starts may outlive it and keep a pipe open.
        said = folder / f"{name}.log"
        with said.open("w") as log:
            command = [sys.executable, "-c", recipe]
            done = subprocess.run(
                command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, timeout=900
            )
        told = said.read_text()
        assert done.returncode == 0, f"{name}: {told}"
        wanted = {"duckdb": of_english - {"1.1-en"}, "pgserver": of_english}.get(name, of_first)
        missing = [role for role in wanted if role not in told]
        assert not missing, f"{name}: no {missing} in {told}"
        print(f"{name}: the recipe of README finds the nearest roles", flush=True)


if __name__ == "__main__":
    main()
