"""`import pgraduate.dbapi` stays light: what it may load is listed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ALLOWED = {"pgraduate", "pgraduate.version", "pgraduate.errors", "pgraduate.dbapi", "pgraduate.dbapi.engine"}


def loaded(program: str) -> set[str]:
    """Give the modules outside the standard library that a program has loaded at its end."""
    show = "; import sys; print('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; before = set(sys.modules); {program}{show}"],
        env={**os.environ, "DB_TYPE": "sqlite"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in done.stdout.split() if name.partition(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize(
    "program", ["import pgraduate.dbapi", "from pgraduate import dbapi as db; db.connect(':memory:').close()"]
)
def test_what_an_application_on_sqlite_loads(program: str) -> None:
    assert loaded(program) <= ALLOWED


def test_apsw_is_never_in_the_applications_process(tmp_path: Path) -> None:
    """A second SQLite library in one process would cancel the file's locks."""
    assert "apsw" not in loaded(f"from pgraduate import dbapi; dbapi.connect({str(tmp_path / 'a.db')!r}).close()")
