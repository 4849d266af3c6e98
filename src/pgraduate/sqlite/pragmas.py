"""SQLite's catalog pragmas as typed rows, for the main database only."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import apsw

from pgraduate.sqlite.names import quote


class TableListRow(NamedTuple):
    schema: str
    name: str
    kind: str
    columns: int
    without_rowid: int
    strict: int


class ColumnRow(NamedTuple):
    """`hidden` is 1 for a virtual table's hidden column, 2 for a virtual and 3 for a stored generated column."""

    position: int
    name: str
    declared: str | None
    not_null: int
    default: str | None
    key_position: int
    hidden: int


class IndexListRow(NamedTuple):
    number: int
    name: str
    unique: int
    origin: str
    partial: int


class IndexTermRow(NamedTuple):
    """`cid` is -1 for the rowid, -2 for an expression."""

    number: int
    cid: int
    column: str | None
    descending: int
    collation: str
    is_key: int


class ForeignKeyRow(NamedTuple):
    """`parent_column` is None where the parent's primary key is meant."""

    number: int
    position: int
    parent: str
    column: str
    parent_column: str | None
    on_update: str
    on_delete: str
    match: str


_Row = TypeVar("_Row", TableListRow, ColumnRow, IndexListRow, IndexTermRow, ForeignKeyRow)


def table_list(connection: apsw.Connection) -> list[TableListRow]:
    rows = _rows(connection, TableListRow, "table_list")
    return [row for row in rows if row.schema == "main"]


def table_xinfo(connection: apsw.Connection, table: str) -> list[ColumnRow]:
    """Raises apsw.SQLError for a view that cannot be prepared or a virtual table without its module."""
    return _rows(connection, ColumnRow, f"table_xinfo({quote(table)})")


def index_list(connection: apsw.Connection, table: str) -> list[IndexListRow]:
    """Give a table's indexes, the last made first."""
    return _rows(connection, IndexListRow, f"index_list({quote(table)})")


def index_terms(connection: apsw.Connection, index: str) -> list[IndexTermRow]:
    """Give an index's own terms, without the columns that SQLite appends."""
    return [row for row in _rows(connection, IndexTermRow, f"index_xinfo({quote(index)})") if row.is_key]


def foreign_key_list(connection: apsw.Connection, table: str) -> list[ForeignKeyRow]:
    """Give one row per column of each foreign key; keys are numbered from the last."""
    return _rows(connection, ForeignKeyRow, f"foreign_key_list({quote(table)})")


def _rows(connection: apsw.Connection, kind: type[_Row], pragma: str) -> list[_Row]:
    return [kind._make(row) for row in connection.execute(f'PRAGMA "main".{pragma}').fetchall()]
