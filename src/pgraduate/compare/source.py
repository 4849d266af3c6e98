"""The checker's own reading of a source table: what is stored, as cells.

It shares no code with the loader.  Where the plan expects texts that PostgreSQL cannot hold, in columns of any
class kept as bytes, and in a UTF-16 database (whose invalid texts SQLite would repair in silence), every text is
read as its raw bytes and decoded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from pgraduate.compare.digesting import texts_as_bytes
from pgraduate.errors import SourceUnusable
from pgraduate.model.cell import Cell, Cells, raw_text
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.model.representation import Rule
from pgraduate.postgres.json_value import json_value
from pgraduate.sqlite.names import quote

_ENCODINGS = {"UTF-8": "utf_8", "UTF-16le": "utf_16_le", "UTF-16be": "utf_16_be"}


def text_encoding(sealed: apsw.Connection) -> str:
    """Give Python's name of the encoding in which a database stores its texts."""
    return _ENCODINGS[str(sealed.execute("PRAGMA encoding").get)]


class SourceRows:
    """The rows of one table, each with the text that names its place (its rowid) where the table has one."""

    def __init__(self, sealed: apsw.Connection, table: TablePlan) -> None:
        self._sealed = sealed
        self._table = table
        self._encoding = text_encoding(sealed)
        self._raw = {
            place for place, column in enumerate(table.columns) if self._encoding != "utf_8" or _may_be_raw(column)
        }

        self._documents = [
            place
            for place, column in enumerate(table.columns)
            if column.representation.rule in (Rule.JSON_VALUE, Rule.LIST)
        ]
        """The columns that are compared by their values as JSON."""

    def cells(self) -> Iterator[Cells]:
        """Stream every row's cells in the plan's order of columns; a table with an alias of its rowid in its order."""
        rows = self._run(None)
        return map(self._read, rows) if self._raw or self._documents else rows

    def undecoded(self) -> Iterator[Cells]:
        """Stream every row's cells, its texts as their bytes in UTF-8 where `texts_as_bytes` has the column.

        A blob in such a column is a text then: it cannot be taken for a text's bytes.
        """
        places = texts_as_bytes(self._table)
        rows = self._run(None, undecoded=places - self._raw)
        if self._raw or self._documents:
            encoded = sorted(places & self._raw)
            return (_with_bytes(self._read(row), encoded) for row in rows)
        return rows

    def named(self) -> Iterator[tuple[Cells, str | None]]:
        """Stream every row with its place."""
        place = self._place()
        for row in self._run(place):
            cells = row if place is None else row[:-1]
            yield (
                self._read(cells) if self._raw or self._documents else cells,
                None if place is None else f"rowid={row[-1]!r}",
            )

    def _run(self, place: str | None, undecoded: frozenset[int] = frozenset()) -> Iterator[Cells]:
        name_of_table = quote(self._table.source)
        names = [f"{name_of_table}.{quote(column.source)}" for column in self._table.columns]
        items = [
            f"CASE WHEN typeof({name}) = 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
            if number in self._raw
            else f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB)"
            f" WHEN 'blob' THEN lower(hex({name})) ELSE {name} END"
            if number in undecoded
            else name
            for number, name in enumerate(names)
        ]
        # One extra item per raw column says whether its bytes were a text.
        items += [f"typeof({names[number]}) = 'text'" for number in sorted(self._raw)]
        if place is not None:
            items.append(place)
        alias = self._table.rowid_alias
        order = f" ORDER BY {name_of_table}.{quote(alias)}" if alias is not None else ""
        # On a line of its own, so that a comment in the filter ends with it.
        chosen = f" WHERE (\n{self._table.filter}\n) IS TRUE" if self._table.filter is not None else ""
        try:
            yield from self._sealed.execute(
                f"SELECT {', '.join(items)} FROM {name_of_table} NOT INDEXED{chosen}{order}"
            )
        except (apsw.Error, UnicodeDecodeError) as error:
            what = "a text is not valid in the database's encoding" if isinstance(error, ValueError) else str(error)
            raise SourceUnusable(
                f"the sealed copy cannot be read: {what}",
                where=f"table {self._table.source}",
                hint="the plan was made from other data: assess the source again",
            ) from None

    def _read(self, row: Cells) -> Cells:
        cells = list(self._decoded(row) if self._raw else row)
        for place in self._documents:
            cell = cells[place]
            if isinstance(cell, str):
                cells[place] = json_value(cell)
        return tuple(cells)

    def _decoded(self, row: Cells) -> Cells:
        width = len(self._table.columns)
        cells: list[Cell] = list(row[:width])
        for number, is_text in zip(sorted(self._raw), row[width:], strict=True):
            stored = cells[number]
            if is_text and isinstance(stored, bytes):
                cells[number] = self._text(stored, self._table.columns[number])
        return tuple(cells)

    def _text(self, stored: bytes, column: ColumnPlan) -> Cell:
        try:
            text = stored.decode(self._encoding)
        except UnicodeDecodeError:
            return raw_text(stored)
        # bytea holds a NUL as it is; every other column has such a text in quarantine, by its bytes.
        if "\0" in text and column.representation.rule is not Rule.ANY_BYTES:
            return raw_text(stored)
        return text

    def _place(self) -> str | None:
        if self._table.without_rowid:
            return None
        if self._table.rowid_alias:
            return f"{quote(self._table.source)}.{quote(self._table.rowid_alias)}"
        names = {name.lower() for name in self._table.left_out}
        names |= {column.source.lower() for column in self._table.columns}
        free = next((name for name in ("_rowid_", "rowid", "oid") if name not in names), None)
        return None if free is None else f"{quote(self._table.source)}.{free}"


def _with_bytes(cells: Cells, places: Sequence[int]) -> Cells:
    """Give texts as their bytes in UTF-8, and blobs as their digits."""
    changed = list(cells)
    for place in places:
        match changed[place]:
            case str() as text:
                changed[place] = text.encode()
            case bytes() as blob:
                changed[place] = blob.hex()
    return tuple(changed)


def _may_be_raw(column: ColumnPlan) -> bool:
    return column.quarantines or column.representation.rule is Rule.ANY_BYTES
