"""SQLite's integrity check, made to speak of damage only.

The check also reports rows that break a NOT NULL, a CHECK or a declared type, and full-text indexes that do not
match their text.  Such a file reads perfectly, so these lines do not make a source unusable.  An index ordered by
a collation that only the application has cannot be judged: its table gets the quick check, which asks for no
order.  Where SQLite cannot check the whole file at once it checks table by table.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
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
    whole = "quick_check" if tables.foreign else "integrity_check"
    if (yield from _try(connection, f"{whole}({_ALL})")) and not tables.foreign:
        return
    for table in tables.judged:
        yield from _check_table(connection, table, ("integrity_check", "quick_check"))
    for table in tables.foreign:
        yield from _check_table(connection, table, ("quick_check",))


def _check_table(connection: apsw.Connection, table: str, checks: Iterable[str]) -> Iterator[str]:
    """Run the strongest check that works without the application's functions; read the rows where none does."""
    for check in checks:
        if (yield from _try(connection, f"{check}({quote(table)})")):
            return
    connection.execute(f'SELECT count(*) FROM "main".{quote(table)} NOT INDEXED').fetchall()


def _try(connection: apsw.Connection, pragma: str) -> Generator[str, None, bool]:
    """Give a check's lines; it returns False where an index or a column is computed by a function that only the
    application has, so that SQLite cannot prepare the check."""
    try:
        yield from _check(connection, pragma)
    except apsw.SQLError:
        return False
    return True


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
