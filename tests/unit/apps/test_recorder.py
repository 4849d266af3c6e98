"""The recorder: what it writes down, and that the application sees what it saw without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RECORDER = Path(__file__).parents[2] / "apps" / "recorder"

APPLICATION = """
import sqlite3

class Own(sqlite3.Connection):
    pass

connection = sqlite3.connect(":memory:", factory=Own)
assert isinstance(connection, Own)
connection.executescript("CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE INDEX i ON t(a)")
connection.execute("INSERT INTO t(a) VALUES (?)", ("text",))
assert connection.in_transaction
connection.executemany("INSERT INTO t(a) VALUES (:a)", ({"a": a} for a in (1, b"b", None, 1.5)))
connection.commit()
connection.row_factory = sqlite3.Row
assert connection.execute("SELECT a FROM t WHERE id = ?", (2,)).fetchone()["a"] == 1
assert connection.cursor().execute("SELECT count(*) FROM t").fetchone()[0] == 5
try:
    connection.execute("SELECT nothing FROM t")
except sqlite3.OperationalError:
    pass
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    environment = {**os.environ, "PYTHONPATH": str(RECORDER), "PGRADUATE_RECORDING": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", APPLICATION], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return tmp_path


def _lines(folder: Path) -> list[dict[str, Any]]:
    (file,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_every_statement_is_written_down_with_its_classes(recorded: Path) -> None:
    found = [(line["call"], line["sql"].split()[0], line["values"]) for line in _lines(recorded)]
    assert found == [
        ("executescript", "CREATE", []),
        ("execute", "INSERT", ["text"]),
        ("executemany", "INSERT", {"a": "integer"}),
        ("executemany", "INSERT", {"a": "blob"}),
        ("executemany", "INSERT", {"a": "null"}),
        ("executemany", "INSERT", {"a": "real"}),
        ("execute", "SELECT", ["integer"]),
        ("execute", "SELECT", []),
        ("execute", "SELECT", []),
    ]


def test_a_statement_that_sqlite_refuses_has_its_code(recorded: Path) -> None:
    assert [line["error"] for line in _lines(recorded)] == [None] * 8 + [1]


def test_a_statement_has_the_schema_that_it_met(recorded: Path) -> None:
    met = [line["schema"] for line in _lines(recorded)]
    schemas = {path.name.split(".")[0]: json.loads(path.read_text()) for path in recorded.glob("*.schema.json")}
    assert schemas[met[0]] == []
    assert [row[1] for row in schemas[met[1]]] == ["t", "i"]
    assert len(set(met[1:])) == 1


def test_databases_are_kept_after_the_first_second_and_fourth_write(recorded: Path) -> None:
    assert sorted(int(path.name.split(".")[2]) for path in recorded.glob("*.sample")) == [1, 2]
