"""The private copy of a source: one moment, or none."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.sqlite_files import crash_in_other_process, make, other_process

from pgraduate.errors import Refused, SourceUnusable
from pgraduate.sqlite import locks, private_copy
from pgraduate.sqlite.private_copy import copy_privately

Usage = namedtuple("Usage", "total used free")
Copy = Callable[[Path, int, Path], None]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A WAL database whose last row is in its -wal only, and which nobody has open."""
    path = make(tmp_path / "app.db", "PRAGMA journal_mode = WAL", "CREATE TABLE t (a)")
    crash_in_other_process(path, "db.execute('INSERT INTO t VALUES (1)')")
    return path


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def rows(path: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT a FROM t ORDER BY a").fetchall()


def test_the_copy_has_the_rows_of_the_wal(source: Path, work: Path) -> None:
    assert rows(copy_privately(source, work, patience=1)) == [(1,)]


def test_a_commit_during_the_copy_makes_it_start_again(
    source: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy: Copy = private_copy._copy
    attempts = []

    def interrupted(path: Path, descriptor: int, to: Path) -> None:
        copy(path, descriptor, to)
        attempts.append(to)
        if len(attempts) == 1:
            crash_in_other_process(path, "db.execute('INSERT INTO t VALUES (2)')")

    monkeypatch.setattr(private_copy, "_copy", interrupted)
    assert rows(copy_privately(source, work, patience=1)) == [(1,), (2,)]
    assert len(attempts) == 2


def test_a_source_that_never_rests_is_refused_after_a_few_attempts(
    source: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def restless(path: Path, descriptor: int, to: Path) -> None:
        attempts.append(to)
        with path.with_name("app.db-wal").open("ab") as wal:
            wal.write(b"more")

    monkeypatch.setattr(private_copy, "_copy", restless)
    with pytest.raises(SourceUnusable, match="writes without a pause"):
        copy_privately(source, work, patience=1)
    assert 1 < len(attempts) <= 5


def test_a_file_that_changed_just_now_is_not_trusted_yet(source: Path, work: Path) -> None:
    """Its time stamp may not show a second change within the same tick of the kernel's clock."""
    source.touch()
    touched = time.monotonic()
    copy_privately(source, work, patience=1)
    assert time.monotonic() - touched > 0.05


def test_a_copy_waits_for_a_writer_only_so_long(tmp_path: Path, work: Path) -> None:
    path = make(tmp_path / "rollback.db", "CREATE TABLE t (a)")
    with (
        other_process(path, "db.execute('BEGIN EXCLUSIVE')\nready()"),
        pytest.raises(SourceUnusable, match="the database is locked by process"),
    ):
        copy_privately(path, work, patience=0.1)


def test_a_copy_holds_writers_off(tmp_path: Path) -> None:
    path = make(tmp_path / "rollback.db", "CREATE TABLE t (a)")
    with (
        other_process(
            path,
            "db.execute('PRAGMA busy_timeout = 0')\ndb.execute('BEGIN IMMEDIATE')\nready()\n"
            "db.execute('INSERT INTO t VALUES (1)')\nsys.stdin.readline()\n"
            "try:\n    db.execute('COMMIT')\nexcept sqlite3.OperationalError:\n    print('held off', flush=True)"
            "\nelse:\n    print('committed', flush=True)",
        ) as writer,
        locks.shared(path, patience=1),
    ):
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == b"held off\n"


def test_a_disk_without_room_is_refused_before_the_copy(
    source: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10_000, 9_000, 1_000))
    with pytest.raises(Refused, match="and the disk has 1,000"):
        copy_privately(source, work, patience=1)
    assert list(work.iterdir()) == []
