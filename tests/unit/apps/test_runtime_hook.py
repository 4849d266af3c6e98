"""The hook that gives an unchanged application the runtime: who gets it, and who keeps the standard module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = "import pgraduate_substituted, runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"
HOOK = Path(__file__).parents[2] / "apps" / "runtime"


def said(tmp_path: Path, program: str, *, active: bool = True) -> str:
    (tmp_path / "app.py").write_text(program)
    switch = {"PGRADUATE_RUNTIME": "", "DB_TYPE": "sqlite"} if active else {}
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path / "app.py")],
        env={**os.environ, **switch, "PYTHONPATH": os.pathsep.join([str(HOOK), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "program",
    [
        "import sqlite3; print(sqlite3.__name__)",
        "import sqlite3 as database; print(database.__name__)",
        "from sqlite3 import connect; print(connect.__module__)",
        "import sqlite3.dbapi2 as database; print(database.__name__)",
        "def later():\n    import sqlite3\n    return sqlite3.__name__\nprint(later())",
    ],
)
def test_an_applications_import_gives_the_runtime(tmp_path: Path, program: str) -> None:
    assert said(tmp_path, program) == "pgraduate.dbapi"


def test_without_its_switch_the_hook_does_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, "import sqlite3; print(sqlite3.__name__)", active=False) == "sqlite3"


def test_the_runtime_itself_keeps_the_standard_module(tmp_path: Path) -> None:
    program = "import sqlite3\nfrom pgraduate.dbapi import rows\nprint(rows.sqlite3.__name__)"
    assert said(tmp_path, program) == "sqlite3"
