"""Loading tables into a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from pgraduate.copy import CellRefused, loader, load
from pgraduate.errors import Refused, SourceUnusable, TargetUnusable
from pgraduate.model.plan import SchemaPlan
from support.plans import RUN, column, make_source, plan, prepare_target, table


def _connect(target: str) -> Callable[[], psycopg.Connection]:
    return lambda: psycopg.connect(target)


def _load(target: str, source: Path, planned: SchemaPlan) -> tuple[loader.TableCopied, ...]:
    prepare_target(target, planned)
    return load(_connect(target), source, planned, RUN)


def test_values_of_every_class_arrive(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    rows = [
        (1, -(2**63), 1.5, "é\U0001f600", b"\x00\xff"),
        (2, 2**63 - 1, float("-inf"), "", b""),
        (3, None, None, None, None),
    ]
    source = make_source(
        tmp_path / "a.db", "CREATE TABLE t(id INTEGER PRIMARY KEY, i INT, r REAL, x TEXT, b BLOB)", {"t": rows}
    )
    columns = [
        column("id", "integer"),
        column("i", "integer"),
        column("r", "real"),
        column("x", "text"),
        column("b", "blob"),
    ]
    planned = plan(table("t", columns, key=["id"], rowid_alias="id"))
    (copied,) = _load(target, source, planned)
    assert connection.execute("SELECT * FROM app.t ORDER BY id").fetchall() == rows
    assert (copied.rows, copied.resumed_rows, copied.kept_classes, copied.quarantined) == (3, 0, 0, 0)
    assert copied.bytes > 0


EXTREMES = [-(2**63), -5, 0, 1, 2, 1000, 2**63 - 1]


def test_rowids_below_zero_with_holes_and_at_the_limit_are_all_copied_in_chunks(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_ROWS", 2)
    monkeypatch.setattr(loader, "BATCH_ROWS", 1)
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x TEXT)")
    _insert_rowids(source, EXTREMES)
    _load(target, source, plan(table("t", [column("x", "text")])))
    chunks = connection.execute("SELECT chunk, low, high, row_count FROM pgraduate.chunk ORDER BY chunk").fetchall()
    assert chunks == [(0, -(2**63), -5, 2), (1, 0, 1, 2), (2, 2, 1000, 2), (3, 2**63 - 1, 2**63 - 1, 1)]
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (7,)


def _insert_rowids(source: Path, rowids: list[int]) -> None:
    import apsw

    sqlite = apsw.Connection(str(source))
    sqlite.executemany("INSERT INTO t(rowid, x) VALUES (?, 'x')", [(rowid,) for rowid in rowids])
    sqlite.close()
