"""The source's digests from a process of their own are those from this one."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.plans import column, make_source, plan, table

from pgraduate.compare import source_digests as room
from pgraduate.compare.canonical import Digest
from pgraduate.compare.digesting import Form
from pgraduate.compare.source import SourceRows
from pgraduate.errors import PgraduateError, SourceUnusable
from pgraduate.model.plan import SchemaPlan
from pgraduate.sqlite import open_sealed

SCRIPT = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); CREATE TABLE u (y TEXT)"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    rows = [(number, [number, f"é{number}", b"\xff", None, number / 3][number % 5]) for number in range(3000)]
    long = [("x" * size,) for size in (1, 8191, 8192, 8193, 100_000, 2)]
    return make_source(tmp_path / "a.db", SCRIPT, {"t": rows, "u": long})


PLAN = plan(
    table("t", [column("id", "integer"), column("x", "any_text:NUMERIC")], key=["id"], rowid_alias="id", rows=3000),
    table("u", [column("y", "text")], rows=6),
)


def digests(sealed: Path, planned: SchemaPlan = PLAN, *, undecoded: bool = False) -> list[Digest]:
    asked = [(table, Form(table.rowid_alias is not None, undecoded)) for table in planned.tables]
    with closing(open_sealed(sealed)) as source, room.source_digests(sealed, source, asked) as following:
        return [following() for _ in asked]


@pytest.mark.parametrize("undecoded", [False, True])
def test_both_ways_give_the_same_digests(sealed: Path, undecoded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    here = digests(sealed, undecoded=undecoded)
    monkeypatch.setattr(room, "WORTH_A_PROCESS", 0)
    assert digests(sealed, undecoded=undecoded) == here
    assert [item.rows for item in here] == [3000, 6]


def test_a_copy_that_cannot_be_read_is_the_same_error_either_way(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan(table("gone", [column("x", "text")]))
    with pytest.raises(SourceUnusable) as here:
        digests(sealed, planned)
    monkeypatch.setattr(room, "WORTH_A_PROCESS", 0)
    with pytest.raises(SourceUnusable) as there:
        digests(sealed, planned)
    assert here.value.to_json() == there.value.to_json()


def test_the_process_that_reads_sqlite_begins_without_the_driver_of_postgresql() -> None:
    program = f"import sys, {room.__name__}; print('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"False\n"


def test_a_process_that_dies_is_an_error(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(room, "__name__", "pgraduate.no_such_module")
    with pytest.raises(PgraduateError, match="and no answer"):
        digests(sealed)


def test_an_error_of_the_reader_ends_the_process(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WORTH_A_PROCESS", 0)
    asked = [(table, Form(False, False)) for table in PLAN.tables] * 1000
    with (
        pytest.raises(KeyError),
        closing(open_sealed(sealed)) as source,
        room.source_digests(sealed, source, asked),
    ):
        raise KeyError


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_a_text_has_the_bytes_of_utf_8_whatever_its_database_is_in(tmp_path: Path, encoding: str) -> None:
    script = f"PRAGMA encoding = '{encoding}'; CREATE TABLE t (s TEXT, n INTEGER)"
    rows = [("é\U0001f600", 1), (None, 2), (b"\xc3\xa9", 3), ("", None)]
    made = make_source(tmp_path / "a.db", script, {"t": rows})
    planned = plan(table("t", [column("s", "text"), column("n", "integer")], rows=4))
    with closing(open_sealed(made)) as source:
        found = list(SourceRows(source, planned.tables[0]).undecoded())
    assert found == [("é\U0001f600".encode(), 1), (None, 2), ("c3a9", 3), (b"", None)]
