"""Where a table's rows divide into parts of about the same size: keys that its b-tree itself is divided at.

The interior pages of a table's b-tree hold the rowids that part its leaves.  One level of them, some hundred pages of
a file of any size, says how the rows really lie, however large the gaps between their rowids.  Source: "Database File
Format", section 1.6.  The invariant: a wrong answer costs balance, never a row; who uses it covers all rowids anyway.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import apsw

from pgraduate.sqlite.header import SIZE, parse

_INTERIOR_TABLE = 0x05
_HEAD = 12
"""Bytes of an interior page's header."""
_SIGN, _RANGE = 2**63, 2**64


def divisions(sealed: apsw.Connection, path: Path, table: str, wanted: int) -> list[int]:
    """Give rowids that part the rows of a table, ascending: at least `wanted` where the table has so many leaves.

    `path` is the sealed copy that the connection reads: a file that nobody writes and that has no -wal.  Between two of
    them lie about as many pages as between two others.  () for a table of one page, without rowid, or virtual.
    """
    row = sealed.execute(
        "SELECT rootpage FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE", (table,)
    ).fetchone()
    if row is None or not row[0]:
        return []
    descriptor = os.open(path, os.O_RDONLY)
    try:
        header = parse(os.pread(descriptor, SIZE, 0))
        if header is None:
            return []
        level, found = [int(row[0])], list[int]()
        while len(found) < wanted:
            children, keys = list[int](), list[int]()
            for number in level:
                page = os.pread(descriptor, header.page_size, (number - 1) * header.page_size)
                for child, key in _cells(page, SIZE if number == 1 else 0):
                    children.append(child)
                    if key is not None:
                        keys.append(key)
            if not keys:
                break
            level, found = children, sorted({*found, *keys})
        return found
    finally:
        os.close(descriptor)


def _cells(page: bytes, start: int) -> Iterator[tuple[int, int | None]]:
    """Give each child page with the largest rowid below it, the last one without; nothing for a leaf."""
    if page[start : start + 1] != bytes((_INTERIOR_TABLE,)):
        return
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    for place in range(start + _HEAD, start + _HEAD + 2 * count, 2):
        cell = int.from_bytes(page[place : place + 2], "big")
        yield int.from_bytes(page[cell : cell + 4], "big"), _varint(page, cell + 4)
    yield int.from_bytes(page[start + 8 : start + _HEAD], "big"), None


def _varint(page: bytes, place: int) -> int:
    """Read a signed 64-bit number of one to nine bytes."""
    value = 0
    for byte in page[place : place + 8]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    else:
        value = value << 8 | page[place + 8]
    return value - _RANGE if value >= _SIGN else value
