"""The first hundred bytes of a database file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pgraduate.sqlite.header import MAGIC, SIZE, parse


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_header_says_what_sqlite_says(tmp_path: Path, page_size: int, mode: str) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}")
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE t (a)")
    header = parse(path.read_bytes()[:SIZE])
    assert header is not None
    assert (header.page_size, header.wal, header.sqlite_version) == (
        page_size,
        mode == "wal",
        sqlite3.sqlite_version,
    )
    assert header.claimed_bytes == path.stat().st_size


def test_a_size_that_an_old_library_left_behind_is_no_claim() -> None:
    stale = bytearray(MAGIC.ljust(SIZE, b"\0"))
    stale[16:18] = (4096).to_bytes(2, "big")
    stale[24:28] = (7).to_bytes(4, "big")
    stale[28:32] = (1000).to_bytes(4, "big")
    stale[92:96] = (6).to_bytes(4, "big")
    header = parse(bytes(stale))
    assert header is not None
    assert (header.pages, header.claimed_bytes, header.sqlite_version) == (0, 0, "")


@pytest.mark.parametrize("start", [b"", MAGIC, b"x" * SIZE, b"SQLite format 2\0".ljust(SIZE, b"\0")])
def test_other_bytes_are_no_header(start: bytes) -> None:
    assert parse(start) is None
