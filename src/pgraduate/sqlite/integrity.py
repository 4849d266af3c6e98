"""SQLite's integrity check, made to speak of damage only.

The check also reports rows that break a NOT NULL, a CHECK or a declared type, and full-text indexes that do not
match their text.  Such a file reads perfectly, so these lines do not make a source unusable.  An index ordered by
a collation that only the application has cannot be judged: its table gets the check without indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apsw

from pgraduate.sqlite import pragmas
from pgraduate.sqlite.names import quote
from pgraduate.sqlite.sealed import BUILT_IN_COLLATIONS

_ALL = 2_147_483_647
_SHOWN = 3
_NOT_DAMAGE = re.compile(
    r"NULL value in |CHECK constraint failed in |(NUMERIC|TEXT|REAL|INTEGER|BLOB|non-[A-Z]+) value in "
    r"|malformed inverted index |unable to validate the inverted index |fts5: |In RTree "
)
_ORDER_OF = "row not in PRIMARY KEY order for "


@dataclass(frozen=True, slots=True)
class _Tables:
    """Table names by whether SQLite can judge their indexes."""

    judged: tuple[str, ...]
    foreign: tuple[str, ...]


def damage(connection: apsw.Connection) -> tuple[str, ...]:
    """Give the first lines of damage that SQLite finds in a database, () where it is whole."""
    connection.pragma("ignore_check_constraints", True)
    found: list[str] = []
    try:
        for line in _lines(connection):
            if not _NOT_DAMAGE.match(line):
                found.append(line)
            if len(found) == _SHOWN:
                break
    except apsw.CorruptError as error:
        # The check itself stops at a page that it cannot walk over.
        found = found or [str(error)]
    return tuple(found)


def _lines(connection: apsw.Connection) -> Iterator[str]:
    tables = _by_collation(connection)
    if not tables.foreign:
        try:
            yield from _check(connection, f"integrity_check({_ALL})")
            return
        except apsw.SQLError:
            # An index or a column is computed by a function that only the application has.
            pass
    order_unknown = {_ORDER_OF + table for table in tables.foreign}
    for table in tables.judged:
        yield from _check_table(connection, table, ("integrity_check", "quick_check"))
    for table in tables.foreign:
        for line in _check_table(connection, table, ("quick_check",)):
            if line not in order_unknown:
                yield line


def _check_table(connection: apsw.Connection, table: str, checks: Iterable[str]) -> Iterator[str]:
    """Run the strongest check that works without the application's functions; read the rows where none does."""
    for check in checks:
        try:
            yield from list(_check(connection, f"{check}({quote(table)})"))
            return
        except apsw.SQLError:
            continue
    connection.execute(f'SELECT count(*) FROM "main".{quote(table)} NOT INDEXED').fetchall()


def _check(connection: apsw.Connection, pragma: str) -> Iterator[str]:
    for (line,) in connection.execute(f'PRAGMA "main".{pragma}'):
        if line != "ok":
            yield str(line)


def _by_collation(connection: apsw.Connection) -> _Tables:
    judged: list[str] = []
    foreign: list[str] = []
    for table in pragmas.table_list(connection):
        if table.kind not in ("table", "shadow"):
            continue
        collations = {
            term.collation.upper()
            for index in pragmas.index_list(connection, table.name)
            for term in pragmas.index_terms(connection, index.name)
        }
        (foreign if collations - BUILT_IN_COLLATIONS else judged).append(table.name)
    return _Tables(tuple(judged), tuple(foreign))
