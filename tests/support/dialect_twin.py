"""The same small database in SQLite and in PostgreSQL, and one statement run on both.

PostgreSQL's values are read back through the representation that the translation names, so that a comparison sees
SQLite's value and storage class.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import apsw
import psycopg
from support.any_values import text_form

from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import affinity_of
from pgraduate.postgres import any_value

Value = int | float | str | bytes | None
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Column:
    """A column as SQLite declares it and as the plan has it in PostgreSQL."""

    name: str
    declared: str
    type: str
    representation: Representation
    collation: str = "BINARY"
    not_null: bool = False


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    primary_key: str | None = None

    def view(self) -> TableView:
        columns = tuple(
            ColumnView(
                c.name, c.name.lower(), c.type, affinity_of(c.declared), c.representation, c.collation, c.not_null
            )
            for c in self.columns
        )
        keys = ((self.primary_key,),) if self.primary_key else ()
        return TableView(self.name, "app", self.name.lower(), columns, self.primary_key, keys)


def schema_of(tables: Sequence[Table]) -> SimpleSchema:
    return SimpleSchema.of(*(table.view() for table in tables))


def sqlite_with(tables: Sequence[Table]) -> apsw.Connection:
    """Make the tables in a new SQLite database in memory."""
    connection = apsw.Connection(":memory:")
    for table in tables:
        columns = ", ".join(
            f'"{c.name}" {c.declared}'
            + (" PRIMARY KEY" if c.name == table.primary_key else "")
            + (f" COLLATE {c.collation}" if c.collation != "BINARY" else "")
            for c in table.columns
        )
        connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
        marks = ", ".join("?" for _ in table.columns)
        connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)
    return connection


def load(connection: psycopg.Connection, tables: Sequence[Table]) -> None:
    """Make the tables in PostgreSQL, in the schema app."""
    connection.execute("CREATE SCHEMA app")
    for table in tables:
        columns = ", ".join(
            f'"{c.name.lower()}" {c.type}' + (' COLLATE "C"' if c.type.startswith(("text", "varchar")) else "")
            for c in table.columns
        )
        connection.execute(f'CREATE TABLE app."{table.name.lower()}" ({columns})'.encode())
        marks = ", ".join(f"%s::{c.type}" for c in table.columns)
        for row in table.rows:
            values = [stored(value, c.representation) for value, c in zip(row, table.columns, strict=True)]
            connection.execute(f'INSERT INTO app."{table.name.lower()}" VALUES ({marks})'.encode(), values)


def stored(value: Value, representation: Representation) -> object:
    """Give a value as it stands in PostgreSQL by its representation."""
    if value is None:
        return None
    match representation.rule:
        case Rule.BOOLEAN:
            return bool(value)
        case Rule.BOOLEAN_TEXT:
            return value == representation.detail.split("/")[1]
        case Rule.TIMESTAMP:
            return str(value).replace("T", " ").removesuffix("Z").removesuffix("+00:00")
        case Rule.EPOCH:
            unit = {"s": 1, "ms": 1000, "us": 1_000_000}[representation.detail]
            assert isinstance(value, int)
            return datetime.fromtimestamp(value / unit, UTC).replace(tzinfo=None)
        case Rule.ANY_TEXT:
            return str(value)
        case Rule.ANY_VALUE:
            return text_form(value)
        case _:
            return value


def run_sqlite(connection: apsw.Connection, sql: str) -> tuple[list[str], list[tuple[Value, ...]]]:
    cursor = connection.cursor()
    cursor.execute(sql)
    try:
        names = [column[0] for column in cursor.get_description()]
    except apsw.ExecutionCompleteError:
        names = []
    return names, [tuple(row) for row in cursor]


def run_postgres(connection: psycopg.Connection, translation: Translation) -> list[tuple[Value, ...]]:
    rows = connection.execute(translation.sql.encode()).fetchall()
    return [
        tuple(sqlite_value(value, column) for value, column in zip(row, translation.columns, strict=True))
        for row in rows
    ]


def sqlite_value(value: object, column: OutputColumn) -> Value:
    """Read a value of PostgreSQL as the value of SQLite that it stands for."""
    representation = column.representation
    assert representation is not None
    if value is None:
        return None
    match representation.rule, value:
        case ((Rule.INTEGER | Rule.REAL | Rule.TEXT | Rule.BLOB), (int() | float() | str() | bytes())):
            return value
        case Rule.NUMBER, Decimal() if representation.detail == "scale":
            return int(value) if value.is_finite() and value.as_tuple().exponent == 0 else float(value)
        case Rule.NUMBER, (Decimal() | float()):
            return int(value) if value == int(value) else float(value)
        case Rule.BOOLEAN, bool():
            return int(value)
        case Rule.BOOLEAN_TEXT, bool():
            return representation.detail.split("/")[value]
        case Rule.UUID, UUID():
            return str(value)
        case Rule.DATE, date():
            return value.isoformat()
        case Rule.TIMESTAMP, datetime():
            return _text_of(value, representation.detail)
        case Rule.EPOCH, datetime():
            unit = {"s": 1, "ms": 1000, "us": 1_000_000}[representation.detail]
            return round(value.replace(tzinfo=UTC).timestamp() * unit)
        case Rule.ANY_TEXT, str():
            return _natural(value)
        case Rule.ANY_VALUE, str():
            return any_value.read(value)
    raise AssertionError(f"{column} cannot read {type(value).__name__}")


def _text_of(value: datetime, form: str) -> str:
    assert form in ("YYYY-MM-DD HH:MM:SS", "YYYY-MM-DD[ HH:MM:SS]", "YYYY-MM-DDTHH:MM:SS.fffZ")
    if form == "YYYY-MM-DDTHH:MM:SS.fffZ":
        return value.isoformat(timespec="milliseconds") + "Z"
    text = value.isoformat(sep=" ")
    return text.removesuffix(" 00:00:00") if "[" in form else text


def _natural(text: str) -> Value:
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text


def same(one: Value, other: Value) -> bool:
    """Compare values and storage classes; doubles within the tolerance that views are compared with."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=TOLERANCE)
    return one == other


def key(row: Sequence[Value]) -> tuple[tuple[int, str], ...]:
    """An order over rows of any classes, tolerant of the last digits of a double."""
    ranks = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}
    return tuple((ranks[type(v)], f"{v:.9g}" if isinstance(v, int | float) else repr(v)) for v in row)


def difference(expected: list[tuple[Value, ...]], found: list[tuple[Value, ...]], *, ordered: bool) -> str | None:
    """Say what differs between two results, None where nothing does."""
    if not ordered:
        expected, found = sorted(expected, key=key), sorted(found, key=key)
    if len(expected) != len(found):
        return f"{len(expected)} rows expected, {len(found)} found"
    for one, other in zip(expected, found, strict=True):
        if len(one) != len(other) or not all(same(a, b) for a, b in zip(one, other, strict=True)):
            return f"expected {one!r}, found {other!r}"
    return None
