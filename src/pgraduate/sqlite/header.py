"""The first hundred bytes of a database file.  Source: "Database File Format", section 1.3."""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"SQLite format 3\x00"
SIZE = 100


@dataclass(frozen=True, slots=True)
class Header:
    """`pages` is the size in pages that the header claims, 0 where it makes no valid claim."""

    page_size: int
    wal: bool
    pages: int
    sqlite_version: str

    @property
    def claimed_bytes(self) -> int:
        return self.page_size * self.pages


def parse(first_bytes: bytes) -> Header | None:
    """Read a header; None where the bytes are not those of a SQLite 3 database."""
    if len(first_bytes) < SIZE or not first_bytes.startswith(MAGIC):
        return None
    page_size = int.from_bytes(first_bytes[16:18], "big")
    change_counter, pages = struct.unpack(">II", first_bytes[24:32])
    valid_for, version = struct.unpack(">II", first_bytes[92:100])
    return Header(
        page_size=65536 if page_size == 1 else page_size,
        wal=first_bytes[19] == 2,
        pages=pages if change_counter == valid_for else 0,
        sqlite_version=f"{version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}" if version else "",
    )
