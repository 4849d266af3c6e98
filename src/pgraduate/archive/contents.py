"""What a sealed database holds, table by table: the number of rows and a digest over them.

The digest is over storage classes and raw bytes, so that a text that is not valid in its encoding counts as it is.  It
does not depend on the order of rows.  A virtual table holds its rows in shadow tables, which are counted themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from pgraduate.compare.canonical import digest
from pgraduate.errors import SourceUnusable
from pgraduate.sqlite import open_sealed
from pgraduate.sqlite.integrity import damage
from pgraduate.sqlite.names import quote
from pgraduate.sqlite.pragmas import table_list, table_xinfo

_STORED = 0
"""`hidden` of a column whose values stand in the file and were not generated."""


@dataclass(frozen=True, slots=True)
class TableContent:
    """`digest` is 128 bits in hex over the rows as a multiset."""

    name: str
    rows: int
    digest: str


def read_contents(path: Path) -> tuple[TableContent, ...]:
    """Count and digest every table of a sealed file.

    Raises SourceUnusable where it is damaged or a table cannot be read.
    """
    connection = open_sealed(path)
    try:
        if lines := damage(connection):
            raise SourceUnusable(f"the database is corrupt: {'; '.join(lines)}", where=str(path))
        return tuple(_content(connection, row.name, bool(row.without_rowid)) for row in _tables(connection))
    except apsw.Error as error:
        raise SourceUnusable(f"SQLite cannot read the copy: {error}", where=str(path)) from error
    finally:
        connection.close()


def _tables(connection: apsw.Connection) -> list[Any]:
    kinds = ("table", "shadow")
    rows = [row for row in table_list(connection) if row.kind in kinds and row.name != "sqlite_schema"]
    return sorted(rows, key=lambda row: row.name)


def _content(connection: apsw.Connection, table: str, without_rowid: bool) -> TableContent:
    found = digest(_rows(connection, table, without_rowid))
    return TableContent(table, found.rows, str(found))


def _rows(connection: apsw.Connection, table: str, without_rowid: bool) -> Iterator[tuple[Any, ...]]:
    names = [column.name for column in table_xinfo(connection, table) if column.hidden == _STORED]
    taken = {name.lower() for name in names}
    rowid = next((name for name in ("_rowid_", "rowid", "oid") if name not in taken), None)
    items = [f"typeof({quote(name)}), {_bytes(quote(name))}" for name in names]
    if rowid is not None and not without_rowid:
        items.append(rowid)
    return iter(connection.execute(f"SELECT {', '.join(items)} FROM main.{quote(table)} NOT INDEXED"))


def _bytes(name: str) -> str:
    return f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
