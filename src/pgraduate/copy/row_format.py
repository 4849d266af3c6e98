"""Rows as binary COPY data: psycopg's own formatter of one row, and the way without it.

The C function that formats a row is not a public name of psycopg, and calling it directly saves a third of the
client's time.  This module is the only one that touches it: it is tried on a known row first, and where it is missing
or answers anything else, rows go through the public `Copy.write_row`.  The invariant: both ways send the same bytes,
and both refuse a value of another class than the type on the wire, but for an integer in a double.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from struct import pack
from typing import Any, Protocol

import psycopg
from psycopg import adapt
from psycopg.abc import Transformer
from psycopg.pq import Format

from pgraduate.copy.sending import Sender

Row = Sequence[Any]
FormatRow = Callable[[Row, Transformer, bytearray], None]

BLOCK = 128 * 1024
"""Bytes that are handed over at once; between 32 KB and 4 MB no difference was measured."""

STRICT = frozenset(("int8", "text", "bytea"))
"""Wire types whose formatters take one Python type and refuse every other: the class is checked while encoding."""

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + pack("!ii", 0, 0)
_TRAILER = pack("!h", -1)


class RowRefused(Exception):
    """The formatter does not take this row; the row itself is in `row`, never in a message."""

    def __init__(self, row: Row) -> None:
        super().__init__("a value of another class than its column's")
        self.row = row


class RowWriter(Protocol):
    """Takes rows until it is told that enough have been taken."""

    path: str
    """Which way the rows go, for reports and benchmarks."""
    sent: int
    """Bytes of COPY data so far."""

    def write(self, rows: Iterable[Row], enough: Callable[[int], bool], /) -> tuple[int, Row | None]:
        """Format rows until they end or `enough` says so of the bytes sent; give their number and the last one.

        `enough` is asked after each block.  Raises RowRefused.
        """
        ...

    def finish(self) -> None: ...


@dataclass(slots=True)
class FormattedWriter:
    """Formats into one buffer by the private function, and hands over whole blocks."""

    sender: Sender
    transformer: Transformer
    format_row: FormatRow
    sent: int = 0
    path: str = "psycopg's row formatter"

    def __post_init__(self) -> None:
        self._send(bytearray(_SIGNATURE))

    def write(self, rows: Iterable[Row], enough: Callable[[int], bool], /) -> tuple[int, Row | None]:
        format_row, transformer, block = self.format_row, self.transformer, bytearray()
        count, row = 0, None
        try:
            for count, row in enumerate(rows, 1):  # noqa: B007 - both are read behind the loop
                format_row(row, transformer, block)
                if len(block) >= BLOCK:
                    self._send(block)
                    block = bytearray()
                    if enough(self.sent):
                        break
        except (TypeError, ValueError, OverflowError, AttributeError):
            raise RowRefused(row or ()) from None
        if block:
            self._send(block)
        return count, row

    def finish(self) -> None:
        """Send what ends the data."""
        self._send(bytearray(_TRAILER))

    def _send(self, block: bytearray) -> None:
        self.sent += len(block)
        self.sender.send(block)


@dataclass(slots=True)
class PublicWriter:
    """The way through psycopg's public interface."""

    copy: psycopg.Copy
    counted: Callable[[], int]
    """Gives the bytes that were sent."""
    sent: int = 0
    path: str = "psycopg's write_row"

    def write(self, rows: Iterable[Row], enough: Callable[[int], bool], /) -> tuple[int, Row | None]:
        write_row, counted, asked = self.copy.write_row, self.counted, 0
        count, row = 0, None
        try:
            for count, row in enumerate(rows, 1):  # noqa: B007 - both are read behind the loop
                write_row(row)
                if (sent := counted()) > asked:
                    asked = sent
                    if enough(sent):
                        break
        except (TypeError, ValueError, OverflowError, AttributeError):
            raise RowRefused(row or ()) from None
        self.sent = counted()
        return count, row

    def finish(self) -> None:
        """psycopg itself ends the data when the COPY is left."""


@cache
def private_format() -> FormatRow | None:
    """Give psycopg's function that formats one row, None where there is none that answers as expected."""
    try:
        from psycopg._copy_base import format_row_binary
    except ImportError:
        return None
    types = ("int8", "float8", "text", "bytea")
    known = (-2, 0.5, "é", b"\0\xff")
    expected = pack("!h", 5) + b"".join(
        pack("!i", len(value)) + value for value in (pack("!q", -2), pack("!d", 0.5), "é".encode(), b"\0\xff")
    )
    block = bytearray()
    try:
        format_row_binary((*known, None), transformer((*types, "text")), block)
    except (TypeError, ValueError, AttributeError, psycopg.Error):
        return None
    return format_row_binary if bytes(block) == expected + pack("!i", -1) else None


def transformer(types: Sequence[str], connection: psycopg.Connection | None = None) -> Transformer:
    """Make the transformer that formats rows of these wire types, the strict way."""
    made = adapt.Transformer(connection)
    oids = [made.adapters.types.get_oid(name) for name in types]
    made.set_dumper_types(oids, Format.BINARY)
    return made
