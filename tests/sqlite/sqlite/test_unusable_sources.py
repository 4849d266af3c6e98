"""Sources that cannot be read whole: each says precisely why, and stays as it was."""

from __future__ import annotations

import io
import json
import os
import tempfile
from pathlib import Path

import pytest
from support.sqlite_files import (
    Footprint,
    crash_in_other_process,
    make,
    other_process,
    public_directory,
    unprivileged,
)

from pgraduate.errors import Refused, SourceUnusable, UsageError
from pgraduate.sqlite import inspect, seal, worker

ROWS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "


def filled(path: Path) -> Path:
    return make(
        path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)",
        ROWS + "INSERT INTO t SELECT i, 'row ' || i FROM n",
        "CREATE INDEX by_s ON t (s)",
    )


def refusal(path: Path, sealed: Path) -> SourceUnusable:
    """Give the one error that inspecting and sealing both end with, checking that sealing left nothing."""
    before = Footprint.of(path.parent) if path.parent.is_dir() else None
    with pytest.raises(SourceUnusable) as sealing:
        seal(path, sealed)
    assert list(sealed.parent.glob(".pgraduate-*")) == []
    assert not sealed.exists()
    assert before is None or Footprint.of(path.parent) == before
    assert sealing.value.exit_code == 6
    assert sealing.value.where == str(path)
    return sealing.value


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    (tmp_path / "sealed").mkdir()
    return tmp_path / "sealed" / "copy.db"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path / "source" / "app.db"


def test_a_missing_file_is_named(source: Path, sealed: Path) -> None:
    assert refusal(source, sealed).what == "there is no such file"
    assert not source.exists()


def test_a_directory_is_named(source: Path, sealed: Path) -> None:
    source.mkdir()
    assert refusal(source, sealed).what == "this is a directory"


def test_a_pipe_is_named_and_not_waited_for(source: Path, sealed: Path) -> None:
    os.mkfifo(source)
    assert refusal(source, sealed).what.startswith("this is not a regular file")


def test_an_empty_file_is_named(source: Path, sealed: Path) -> None:
    source.touch()
    assert refusal(source, sealed).what == "the file is empty"


@pytest.mark.parametrize("content", [b"just some text\n" * 100, bytes(range(256)) * 32, b"SQLite format 2\0" * 64])
def test_a_file_of_another_kind_is_no_database_or_encrypted(source: Path, sealed: Path, content: bytes) -> None:
    source.write_bytes(content)
    assert refusal(source, sealed).what == "the file is not a SQLite 3 database, or it is encrypted"


def test_a_file_cut_short_says_how_much_is_there(source: Path, sealed: Path) -> None:
    size = filled(source).stat().st_size
    os.truncate(source, size - 8192)
    assert refusal(source, sealed).what == f"the file is truncated: it has {size - 8192:,} of {size:,} bytes"


def test_a_file_cut_inside_its_header_is_truncated(source: Path, sealed: Path) -> None:
    os.truncate(filled(source), 60)
    assert refusal(source, sealed).what.startswith("the file is truncated")


def test_a_damaged_page_is_named_as_the_integrity_check_does(source: Path, sealed: Path) -> None:
    filled(source)
    with source.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096)
    error = refusal(source, sealed)
    assert error.what.startswith("the database is corrupt: ")
    assert "page" in error.what.lower()


@pytest.mark.parametrize("column", ["s TEXT", "s TEXT CHECK (own(s))"])
def test_an_index_that_lacks_rows_is_damage(source: Path, sealed: Path, column: str) -> None:
    """Also where a CHECK calls a function that only the application has."""
    filled(source)
    make(
        source,
        "CREATE TABLE other (a)",
        "CREATE INDEX elsewhere ON other (a)",
        "PRAGMA writable_schema = ON",
        "DELETE FROM sqlite_master WHERE name = 'by_s'",
        "UPDATE sqlite_master SET tbl_name = 't', name = 'by_s', sql = 'CREATE INDEX by_s ON t (s)'"
        " WHERE name = 'elsewhere'",
        f"UPDATE sqlite_master SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, {column})' WHERE name = 't'",
    )
    assert "missing from index by_s" in refusal(source, sealed).what


def test_broken_sql_in_the_schema_names_the_object(source: Path, sealed: Path) -> None:
    filled(source)
    make(
        source,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, (' WHERE name = 't'",
    )
    assert "malformed database schema (t)" in refusal(source, sealed).what


def test_a_locked_source_names_the_process_that_holds_it(source: Path, sealed: Path) -> None:
    filled(source)
    with other_process(source, "db.execute('BEGIN EXCLUSIVE')\nready()") as writer:
        what = refusal(source, sealed).what
    assert what.startswith(f"the database is locked by process {writer.pid} (")
    assert what.endswith("and stayed so for 5 s")


def test_a_source_that_this_user_may_not_read_says_so() -> None:
    with public_directory() as directory:
        source = filled(directory / "app.db")
        source.chmod(0o000)
        answer = ask_unprivileged("inspect", source)
    assert error_of(answer)["message"] == "the file may not be read by this user"


def test_a_directory_that_this_user_may_not_enter_says_so() -> None:
    with public_directory() as directory:
        (directory / "inner").mkdir()
        source = filled(directory / "inner" / "app.db")
        (directory / "inner").chmod(0o000)
        answer = ask_unprivileged("inspect", source)
    assert error_of(answer)["message"] == "the file cannot be reached: Permission denied"


def test_a_journal_that_this_user_may_not_read_is_not_overlooked() -> None:
    with public_directory() as directory:
        source = filled(directory / "app.db")
        leave_hot_journal(source)
        source.chmod(0o644)
        (directory / "app.db-journal").chmod(0o000)
        answer = ask_unprivileged("inspect", source)
    assert str(error_of(answer)["message"]).startswith("the rollback journal beside the database may not be read")


def test_inspecting_ends_with_the_same_error_as_sealing(source: Path) -> None:
    source.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(SourceUnusable, match="not a SQLite 3 database"):
        inspect(source)


def test_the_sealed_copy_never_replaces_its_source(source: Path) -> None:
    filled(source)
    with pytest.raises(UsageError, match="cannot replace its own source"):
        seal(source, source.parent / ".." / source.parent.name / source.name)


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
def test_the_sealed_copy_never_lands_beside_anothers_journal(source: Path, sealed: Path, suffix: str) -> None:
    filled(source)
    sealed.with_name(sealed.name + suffix).touch()
    with pytest.raises(Refused, match="another database lives there"):
        seal(source, sealed)


def test_a_destination_that_does_not_exist_is_a_usage_error(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        seal(filled(source), tmp_path / "nowhere" / "copy.db")


def leave_hot_journal(source: Path) -> None:
    crash_in_other_process(
        source,
        "db.execute('PRAGMA cache_size = 2')\ndb.execute('BEGIN IMMEDIATE')\n"
        "db.execute(\"UPDATE t SET s = 'half-written'\")",
    )


def ask_unprivileged(action: str, source: Path) -> dict[str, object]:
    def ask() -> dict[str, object]:
        output = io.StringIO()
        with tempfile.TemporaryDirectory(prefix="pgu", dir="/tmp") as work:
            worker.answer({"action": action, "path": str(source), "work": work}, output)
        answer: dict[str, object] = json.loads(output.getvalue())
        return answer

    return unprivileged(ask)


def error_of(answer: dict[str, object]) -> dict[str, object]:
    error = answer["error"]
    assert isinstance(error, dict)
    return error
