"""Without its compiled part the package has the engines, and says what is missing.

    PYTHONPATH=python python uncompiled.py
"""

from __future__ import annotations

import importlib
import os

import rolecluster
from rolecluster import worker


def refusal(name: str) -> str:
    try:
        getattr(rolecluster, name)
    except ImportError as error:
        return str(error)
    raise AssertionError(f"{name} was found")


def main() -> None:
    for name in ("embed", "Run", "Table", "__version__", "_rolecluster"):
        assert "the compiled part of the package" in refusal(name), refusal(name)
    assert not hasattr(rolecluster, "embedd")
    assert rolecluster.Worker is worker.Worker
    importlib.import_module("rolecluster.building")
    os.environ["ROLECLUSTER_PROGRAM"] = "/opt/rolecluster"
    assert worker.program() == "/opt/rolecluster"
    del os.environ["ROLECLUSTER_PROGRAM"]
    assert worker.program() == "rolecluster"
    print("without the compiled part: the engines are there, and the rest says what is missing")


if __name__ == "__main__":
    main()
