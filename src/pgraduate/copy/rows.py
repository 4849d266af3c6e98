"""One row on its way from SQLite to COPY: classes checked, cells encoded, side lines collected.

The invariant: a row is either encoded whole and exactly, or the load stops at it.  A cell that PostgreSQL cannot
hold leaves its bytes in a side line, a cell whose class would be lost leaves its class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pgraduate.copy import classes, encoders
from pgraduate.copy.encoders.any_class import any_bytes
from pgraduate.copy.encoders.wire import wire_type
from pgraduate.copy.row_format import STRICT, RowRefused, RowWriter
from pgraduate.copy.source import Row, SourceTable
from pgraduate.errors import PgraduateError
from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import Rule


class CellRefused(PgraduateError):
    """A stored value is not one that the plan's representation of its column allows."""

    code = "CELL_REFUSED"


@dataclass(frozen=True, slots=True)
class SideLine:
    """A line for pgraduate.kept_class (`value` is None) or pgraduate.quarantine; `key` holds encoded values."""

    column: str
    storage_class: str
    value: bytes | None
    reason: str | None
    rowid: int | None
    key: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """`rows` were written, `last` is the last of them as it was read."""

    rows: int
    last: Any


class _Walked:
    """Rows that pass by, the last of them remembered."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.last: Row = ()

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.last = row
            yield row


_BYTES_OF_TEXT: frozenset[type] = frozenset((bytes, type(None)))


class RowEncoder:
    """Encode rows of one table for COPY.  `lines` grows with the side lines of the rows since it was last taken."""

    def __init__(self, table: SourceTable, bases: tuple[str, ...]) -> None:
        self.lines: list[SideLine] = []
        self._table = table
        self._bases = bases
        self._columns = table.columns
        self._width = len(table.columns)
        self._allowed = tuple(
            _BYTES_OF_TEXT if place in table.undecoded else classes.allowed(column)
            for place, column in enumerate(table.columns)
        )
        self._accepted: set[tuple[type, ...]] = set()
        self._key = key_places(table)
        encoding = [(place, _encoder(column, bases[place], table)) for place, column in enumerate(table.columns)]
        self._encoders = tuple((place, encode) for place, encode in encoding if encode is not None)
        questions = [
            (place, classes.class_kept(column, bases[place])) for place, column in enumerate(table.columns)
        ]
        self._questions = tuple((place, kept) for place, kept in questions if kept is not None)
        self._raw = table.raw

    def encode(self, row: Row) -> Row | list[Any]:
        """Give the values that COPY sends for a row as `SourceTable` reads it.

        Raises CellRefused, naming table, column and rowid, for a value that its representation does not allow.
        """
        cells: Row | list[Any] = row[: self._width]
        bad: list[tuple[int, bytes, str]] = []
        misfits: list[tuple[int, Any, str]] = []
        if self._raw:
            cells = list(cells)
            bad = self._restore_texts(row, cells)
        kinds = tuple(map(type, cells))
        if kinds not in self._accepted:
            self._accept(kinds, row)
        if not (self._encoders or self._questions or bad):
            return cells
        values = list(cells)
        for place, encode in self._encoders:
            cell = values[place]
            if cell is not None:
                try:
                    values[place] = encode(cell)
                except encoders.NotRepresentable as refused:
                    if not self._columns[place].misfits:
                        raise self._refused(place, row, str(refused)) from None
                    values[place] = None
                    misfits.append((place, cell, str(refused)))
        if self._questions or bad or misfits:
            self._keep(cells, values, row, bad, misfits)
        return values

    @property
    def sends_rows_as_read(self) -> bool:
        """Whether a row goes out as SQLite gives it, its classes checked by the formatter of each column's type."""
        return (
            not (self._encoders or self._questions or self._raw)
            and all(
                base in STRICT or (place in self._table.reals and base == "float8")
                for place, base in enumerate(map(wire_type, self._columns, self._bases))
            )
            and (self._table.rowid is None or self._table.rowid_place >= 0)
        )

    def write(self, rows: Iterator[Row], writer: RowWriter, *, most_bytes: int, most_lines: int) -> Written:
        """Write rows until they end, or the bytes of the chunk or the side lines suffice.

        Raises CellRefused as `encode` does.
        """

        def enough(sent: int) -> bool:
            return sent >= most_bytes

        walked = _Walked(rows)
        try:
            if self.sends_rows_as_read:
                return Written(*writer.write(rows, enough))
            count, _ = writer.write(self._until(walked, most_lines), enough)
            return Written(count, walked.last)
        except RowRefused as refused:
            row = tuple(refused.row) if self.sends_rows_as_read else walked.last
            self.encode(row)  # names the cell
            raise

    def _until(self, rows: Iterable[Row], most_lines: int) -> Iterator[Row | list[Any]]:
        lines, encode = self.lines, self.encode
        for row in rows:
            yield encode(row)
            if len(lines) >= most_lines:
                return

    def take_lines(self) -> list[SideLine]:
        lines = self.lines.copy()
        self.lines.clear()
        return lines

    def _restore_texts(self, row: Row, cells: list[Any]) -> list[tuple[int, bytes, str]]:
        """Turn raw bytes of texts into texts, and name those that cannot stand as they are."""
        bad = []
        for place, kind in zip(self._raw, row[self._width :], strict=False):
            if kind != "text":
                continue
            stored: bytes = cells[place]
            try:
                text = stored.decode(self._table.encoding)
            except UnicodeDecodeError:
                text = stored.decode(self._table.encoding, "replace").replace("\x00", "\ufffd")
                bad.append((place, stored, "not valid in the encoding of the source"))
            else:
                holds_nul = self._columns[place].representation.rule is not Rule.ANY_BYTES
                if holds_nul and "\x00" in text:
                    text = text.replace("\x00", "\ufffd")
                    bad.append((place, stored, "holds a NUL character"))
            cells[place] = text
        return bad

    def _keep(
        self,
        cells: Row | list[Any],
        values: list[Any],
        row: Row,
        bad: list[tuple[int, bytes, str]],
        misfits: list[tuple[int, Any, str]],
    ) -> None:
        bytes_of = {place: stored for place, stored, _ in bad}
        quarantined = bytes_of.keys() | {place for place, _, _ in misfits}
        found: list[tuple[int, str, bytes | None, str | None]] = [
            (place, "text", stored, reason) for place, stored, reason in bad
        ]
        found += [
            (place, classes.NAMES[type(cell)], any_bytes(cell), reason)
            for place, cell, reason in misfits
            if place not in bytes_of
        ]
        for place, kept in self._questions:
            cell = cells[place]
            if cell is not None and place not in quarantined and (name := kept(cell)) is not None:
                found.append((place, name, None, None))
        if found:
            rowid = self._rowid(row)
            key = tuple(values[place] for place in self._key)
            self.lines += [
                SideLine(self._columns[place].target, name, value, reason, rowid, key)
                for place, name, value, reason in found
            ]

    def _accept(self, kinds: tuple[type, ...], row: Row) -> None:
        for place, kind in enumerate(kinds):
            if kind not in self._allowed[place]:
                name = "blob" if place in self._table.undecoded and kind is str else classes.NAMES[kind]
                raise self._refused(place, row, f"a value of class {name}")
        self._accepted.add(kinds)

    def _rowid(self, row: Row) -> int | None:
        return int(row[self._table.rowid_place]) if self._table.rowid is not None else None

    def _refused(self, place: int, row: Row, why: str) -> CellRefused:
        column = self._columns[place]
        rowid = f", rowid {self._rowid(row)}" if self._table.rowid is not None else ""
        return CellRefused(
            f"column {column.source} is planned as {column.type} ({column.representation}) and holds {why}",
            where=f"table {self._table.plan.source}, column {column.source}{rowid}",
            hint="the plan was made from other data: assess the source and make the schema again",
        )


def key_places(table: SourceTable) -> tuple[int, ...]:
    """Give the places of the columns whose text in PostgreSQL names a row: all, for a table without a key."""
    if not table.plan.key:
        return tuple(range(len(table.columns)))
    places = {column.source: place for place, column in enumerate(table.columns)}
    return tuple(places[name] for name in table.plan.key)


def _encoder(column: ColumnPlan, base: str, table: SourceTable) -> encoders.Encoder | None:
    try:
        encode = encoders.encoder(column, base)
        return encoders.judging(column, encode, classes.fitting(column)) if column.misfits else encode
    except encoders.NotRepresentable as impossible:
        raise CellRefused(
            str(impossible),
            where=f"table {table.plan.source}, column {column.source}",
            hint="the target's column has another type than the plan: make the schema again",
        ) from None
