"""Recordings are what SQLite ran, line by line; what is no recording is refused by its line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from pgraduate.errors import UsageError
from pgraduate.workload import Execution, gather, read_recording, record, write_recording


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.executescript(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, n INTEGER DEFAULT 0);"
        "CREATE TRIGGER counted AFTER INSERT ON t BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END;"
    )
    return made


def test_the_trace_gives_statements_with_their_parameters(connection: sqlite3.Connection, tmp_path: Path) -> None:
    with record(connection, tmp_path / "w.jsonl"):
        connection.execute("BEGIN")
        connection.execute("INSERT INTO t (a) VALUES (?)", (b"\x00\xff",))
        connection.execute("COMMIT")
        connection.execute("SELECT a FROM t WHERE a <> ? AND n < 5", ("it's",)).fetchall()
    connection.execute("SELECT 1")
    recording = read_recording(tmp_path / "w.jsonl")
    assert recording.engine == "sqlite"
    assert recording.executions == (
        Execution("INSERT INTO t (a) VALUES (?)", (b"\x00\xff",)),
        Execution("SELECT a FROM t WHERE a <> ? AND n < ?", ("it's", 5)),
    )
    connection.close()


def test_the_same_read_twice_counts_twice(connection: sqlite3.Connection, tmp_path: Path) -> None:
    with record(connection, tmp_path / "w.jsonl"):
        for _ in range(2):
            connection.execute("SELECT a FROM t WHERE id = ?", (1,)).fetchall()
    assert len(read_recording(tmp_path / "w.jsonl").executions) == 2
    connection.close()


def test_a_recording_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_recording(tmp_path / "w.jsonl", "postgresql", [Execution("select 1")])
    assert (tmp_path / "w.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_was_written_is_read(tmp_path: Path) -> None:
    executions = (
        Execution("select $1", (None,), 0.25, 3, 2),
        Execution("select ?, ?, ?, ?", (1, 2.5, "ä'\n", b"\x01")),
    )
    write_recording(tmp_path / "w.jsonl", "postgresql", executions)
    assert read_recording(tmp_path / "w.jsonl").executions == executions


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["{}"], "w.jsonl"),
        (["nonsense"], "w.jsonl"),
        ([json.dumps({"format": "pgraduate.workload", "version": 9, "engine": "sqlite"})], "w.jsonl"),
        ([json.dumps({"format": "pgraduate.workload", "version": 1, "engine": "oracle"})], "w.jsonl:1"),
        (
            [json.dumps({"format": "pgraduate.workload", "version": 1, "engine": "sqlite"}), '{"sq": 1}'],
            "w.jsonl:2",
        ),
    ],
)
def test_what_is_no_recording_is_refused(lines: list[str], where: str, tmp_path: Path) -> None:
    (tmp_path / "w.jsonl").write_text("\n".join(lines))
    with pytest.raises(UsageError) as refused:
        read_recording(tmp_path / "w.jsonl")
    assert str(refused.value.where).endswith(where)


def test_kinds_are_counted_with_examples_that_differ() -> None:
    workload = gather(
        [("select 1 where a = 1", 2, 0.5), ("select 1 where a = 2", 1, 0.25), ("select 2", 1, None)], "x"
    )
    first, second = workload.statements
    assert (first.calls, first.seconds) == (3, 0.75)
    assert first.examples == ("select 1 where a = 1", "select 1 where a = 2")
    assert (second.calls, second.seconds) == (1, None)
    assert "= 1" not in first.text
    assert "= 1" not in repr(workload)
