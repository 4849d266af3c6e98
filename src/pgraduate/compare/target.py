"""The checker's reading of a target table: rows in the binary format, decoded back to SQLite cells.

Where no value is stored out of line, rows take less than a page and arrive many at a time; elsewhere one by one,
so that memory holds a single row of any size.  Cells whose class or bytes are kept beside the table are joined to
their rows by the server, on the text of the key, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import psycopg
from psycopg import capabilities, sql
from psycopg.rows import tuple_row

from pgraduate.compare.digesting import LONG, Form, texts_as_bytes
from pgraduate.compare.failures import readable
from pgraduate.compare.restored import restored_cells
from pgraduate.errors import TargetUnusable
from pgraduate.model.cell import Cell, Cells, raw_text, unreadable
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.model.representation import Rule
from pgraduate.postgres.decoders import Reading, class_of_bytes, reading, stands_for
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.postgres.json_value import json_value

AT_ONCE = 128
"""Rows that arrive together.  A row without out-of-line values takes less than a page of 8 KB, compressed as far as
PostgreSQL compresses; more rows than this save no time."""


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.compare").joinpath("sql", f"{name}.sql").read_text("utf-8")


class TargetRows:
    """The rows of one table.  Everything is read in the transaction that the caller holds open."""

    def __init__(self, connection: psycopg.Connection, table: TablePlan) -> None:
        """Look at the table; raises TargetUnusable where it or one of its columns is missing or unreadable."""
        self._connection = connection
        self._table = table
        self.where = f"table {table.schema}.{table.name}"
        with readable(self.where):
            connection.execute(script("session"))
            names = {"schema": table.schema, "table": table.name}
            bases: dict[str, str] = dict(connection.execute(script("columns"), names).fetchall())
            storage = connection.execute(script("storage"), names).fetchone()
            self._restored = restored_cells(connection, table, bases, self._row_key())
        assert storage is not None
        self.kept_classes, self.quarantined = int(storage[0]), int(storage[1])
        self._exceptional = bool(self.kept_classes or self.quarantined or list(self._restored))
        self._readings = tuple(self._reading(column, bases) for column in table.columns)
        self._decoders = tuple(
            (place, item.natural) for place, item in enumerate(self._readings) if item.natural is not None
        )
        self._places = {column.target: place for place, column in enumerate(table.columns)}
        plain = all(item.sql != "{}" or bases[column.target] == item.wire for item, column in self._pairs())
        self._many_at_once = (
            plain and not storage[2] and not self._exceptional and capabilities.has_stream_chunked()
        )
        self.form = Form(
            ordered=not self._exceptional and _keyed_by_rowid(table),
            undecoded=not self._exceptional and not self._many_at_once and table.longest >= LONG,
        )

    def cells(self) -> Iterator[Cells]:
        """Stream every row's cells in the plan's order of columns."""
        if self._many_at_once:
            return self._decoded(self._stream()) if self._decoders else self._stream()
        rows = self._run(with_place=False)
        if self._exceptional:
            return map(self._with_exceptions, rows)
        return map(self._natural, rows) if self._decoders else rows

    def undecoded(self) -> Iterator[Cells]:
        """Stream every row's cells, its texts as their bytes in UTF-8 where `texts_as_bytes` has the column."""
        rows = self._run(with_place=False, undecoded=texts_as_bytes(self._table))
        return map(self._natural, rows) if self._decoders else rows

    def named(self) -> Iterator[tuple[Cells, str | None]]:
        """Stream every row with its place, the ctid."""
        read = self._with_exceptions if self._exceptional else self._natural
        return ((read(row[:-1]), f"ctid={row[-1]}") for row in self._run(with_place=True))

    def _reading(self, column: ColumnPlan, bases: dict[str, str]) -> Reading:
        if column.target not in bases:
            what = f"the target's table has no column {column.target}" if bases else "the target has no such table"
            raise TargetUnusable(what, where=self.where, hint="copy the source first: `pgraduate run`")
        return reading(column.representation, bases[column.target])

    def _run(self, *, with_place: bool, undecoded: frozenset[int] = frozenset()) -> Iterator[tuple[Any, ...]]:
        """Stream what the server sends: the columns, the three arrays of exceptions if there are any, the place."""
        # On the wire a text is its bytes: read as bytea it stays what it is.
        wires = ["bytea" if place in undecoded else item.wire for place, item in enumerate(self._readings)]
        wires += ["text[]", "text[]", "bytea[]"] if self._exceptional else []
        wires += ["text"] if with_place else []
        with (
            readable(self.where),
            self._connection.cursor() as cursor,
            cursor.copy(self._query(with_place)) as copy,
        ):
            copy.set_types(wires)
            yield from copy.rows()

    def _pairs(self) -> Iterator[tuple[Reading, ColumnPlan]]:
        return zip(self._readings, self._table.columns, strict=True)

    def _stream(self) -> Iterator[Cells]:
        cursor = self._connection.cursor(binary=True, row_factory=tuple_row)
        with readable(self.where), cursor:
            yield from cursor.stream(self._select(), size=AT_ONCE)

    def _decoded(self, rows: Iterator[Cells]) -> Iterator[Cells]:
        """Decode column by column, many rows at once."""
        while block := list(islice(rows, AT_ONCE)):
            columns: list[Sequence[Cell]] = list(zip(*block, strict=True))
            for place, decode in self._decoders:
                columns[place] = [None if value is None else decode(value) for value in columns[place]]
            yield from zip(*columns, strict=True)

    def _natural(self, row: Cells) -> Cells:
        cells = list(row)
        for place, decode in self._decoders:
            value = cells[place]
            if value is not None:
                cells[place] = decode(value)
        return tuple(cells)

    def _with_exceptions(self, sent: tuple[Any, ...]) -> Cells:
        *row, columns, classes, stored = sent
        if columns is None:
            return self._natural(tuple(row))
        cells = list(self._natural(tuple(row)))
        for column, name, content in zip(columns, classes, stored, strict=True):
            if column not in self._places:
                continue
            place = self._places[column]
            if content is not None and self._table.columns[place].misfits and row[place] is None:
                cells[place] = self._misfit(place, content, name)
            elif content is not None:
                honest = name == "text" and stands_for(self._stood(place, row[place], cells[place]), content)
                cells[place] = raw_text(content) if honest else unreadable((name, content, row[place]))
            elif (value := row[place]) is not None:
                cells[place] = self._readings[place].kept(value, name)
        return tuple(cells)

    def _stood(self, place: int, value: Any, cell: Cell) -> Any:
        """Give what stands in the place of a text in quarantine; in an any_value only a text may."""
        if self._table.columns[place].representation.rule is not Rule.ANY_VALUE:
            return value
        return cell if isinstance(cell, str) else None

    def _misfit(self, place: int, content: bytes, name: str) -> Cell:
        """Read a cell that could not be converted from the bytes that keep it."""
        if name == "text" and b"\0" in content:
            return raw_text(content)
        cell = class_of_bytes(content, name)
        documents = self._table.columns[place].representation.rule in (Rule.JSON_VALUE, Rule.LIST)
        return json_value(cell) if documents and isinstance(cell, str) else cell

    def _query(self, with_place: bool) -> sql.Composed:
        place = ["t.ctid::pg_catalog.text"] if with_place else []
        if not self._exceptional:
            return copy_out(self._select(*place))
        table, items, relation = self._table, self._items(), self._relation()
        key = self._row_key()
        copy = f"pg_catalog.row_number() OVER (PARTITION BY {key})" if not table.key else "1"
        inner = [f"{item} AS c{number}" for number, item in enumerate([*items, *place])]
        outer = [f"r.c{number}" for number in range(len(items))] + ["e.columns", "e.classes", "e.bytes"]
        outer += [f"r.c{len(items)}"] if with_place else []
        return copy_out(
            f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)}, {key} AS row_key, {copy} AS copy"
            f" FROM {relation}) AS r LEFT JOIN (",
            sql.SQL(script("exceptions")).format(
                schema=sql.Literal(table.schema), table=sql.Literal(table.name), restored=self._restored
            ),
            ') AS e ON e.row_key COLLATE "C" = r.row_key AND e.copy = r.copy',
        )

    def _select(self, *more: str) -> sql.SQL:
        order = ""
        if self.form.ordered:
            order = f" ORDER BY t.{quote(self._table.column(self._table.key[0]).target)}"
        return sql.SQL(f"SELECT {', '.join([*self._items(), *more])} FROM {self._relation()}{order}")

    def _items(self) -> list[str]:
        return [item.sql.format(f"t.{quote(column.target)}") for item, column in self._pairs()]

    def _relation(self) -> str:
        return f"{qualified(self._table.schema, self._table.name)} AS t"

    def _row_key(self) -> str:
        table = self._table
        key = [table.column(name) for name in table.key] or [item for item in table.columns if not item.generated]
        return "ARRAY[" + ", ".join(f't.{quote(item.target)}::pg_catalog.text COLLATE "C"' for item in key) + "]"


def _keyed_by_rowid(table: TablePlan) -> bool:
    """Say whether both engines sort the table's key alike, and the source without work: an alias of the rowid."""
    if table.rowid_alias is None or table.key != (table.rowid_alias,):
        return False
    return table.column(table.rowid_alias).representation.rule is Rule.INTEGER


def copy_out(*parts: str | sql.Composable) -> sql.Composed:
    """Wrap the parts of a query in a binary COPY to the client."""
    query = sql.Composed([sql.SQL(part) if isinstance(part, str) else part for part in parts])
    return sql.SQL("COPY (") + query + sql.SQL(") TO STDOUT (FORMAT BINARY)")
