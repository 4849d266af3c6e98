"""The way of a statement: found in the cache or prepared, run in the session, its errors told in SQLite's words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg

from pgraduate.dbapi.arriving import Arriving
from pgraduate.dbapi.binding import bound, named
from pgraduate.dbapi.converting import type_names
from pgraduate.dbapi.cursors import Cursor, Parameters
from pgraduate.dbapi.database import FAILURES, Database
from pgraduate.dbapi.mirror import COUNTERS
from pgraduate.dbapi.pragmas import Rows
from pgraduate.dbapi.preparing import Prepared, labels_of, prepare, prepare_many, require_kept
from pgraduate.dbapi.registered import Registered
from pgraduate.dbapi.running import follow, run, run_many
from pgraduate.dbapi.statements import Kind, kind_of
from pgraduate.dialect.reading.tokens import split_statements
from pgraduate.errors import NotTranslated

_NUMBERS = "sqlite_sequence"
"""A table of the catalog with rows, which the mirror has not: the server's sequences know them."""
_COMPUTED = re.compile(rf"sqlite_|pragma_|(?:{'|'.join(COUNTERS)})\s*\(", re.IGNORECASE)
_UNKNOWN = ("no such table", "no such column", "has no column")


class Executor:
    """`begins` says that a write begins a transaction of its own accord, `detect` is connect's detect_types.

    `registered` are the connection's own functions, which no statement may use.
    """

    def __init__(self, database: Database, detect: int, registered: Registered) -> None:
        self.begins = True
        self.trace: Callable[[str], object] | None = None
        self._database = database
        self._session = database.session
        self._counts = database.counts
        self._detect = detect
        self._registered = registered

    def execute(self, cursor: Cursor, sql: str, parameters: Parameters) -> None:
        self._database.catch_up()
        try:
            self._try(cursor, sql, parameters)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
            if self._session.is_open or not self._database.refresh():
                raise self._database.told(error) from error
            # Another process has changed the definitions.
            self.execute(cursor, sql, parameters)
        except FAILURES as error:
            raise self._database.told(error) from error

    def _try(self, cursor: Cursor, sql: str, parameters: Parameters) -> None:
        if self._registered.any:
            self._registered.require_unused(sql, self._database.mirror)
        values = self._bound(sql, parameters)
        prepared = self._database.mirror.cache.get((sql, *map(type, values)))
        if prepared is None:
            prepared = self._prepared(cursor, sql, values)
            if prepared is None:
                return
        if self.trace is not None:
            self.trace(sql)
        if prepared.begins and self.begins and not self._session.is_open:
            self._session.begin()
        self._run(cursor, prepared, values)

    def _bound(self, sql: str, parameters: Parameters) -> tuple[Any, ...]:
        if isinstance(parameters, Mapping):
            return bound(named(parameters, labels_of(sql, self._database.mirror)))
        return bound(parameters) if parameters else ()

    def _prepared(self, cursor: Cursor, sql: str, values: tuple[Any, ...]) -> Prepared | None:
        """Prepare a query or a write; anything else is carried out here, and None returned."""
        kind = kind_of(sql)
        if kind in (Kind.QUERY, Kind.WRITE):
            return self._of_tables(cursor, sql, kind, values)
        cursor.description, cursor.rowcount = None, -1
        if self.trace is not None:
            self.trace(sql)
        if kind is not Kind.EMPTY:
            self._database.mirror.check(sql, values)
        match kind:
            case Kind.TRANSACTION:
                self._database.control(sql)
            case Kind.DEFINITION:
                self._database.define(sql)
            case Kind.PRAGMA:
                _show(cursor, self._database.pragma(sql))
            case Kind.UPKEEP:
                self._database.upkeep(sql)
            case Kind.OTHER:
                raise sqlite3.NotSupportedError(f"{sql.split()[0].upper()} has no meaning on PostgreSQL")
        return None

    def _of_tables(self, cursor: Cursor, sql: str, kind: Kind, values: tuple[Any, ...]) -> Prepared | None:
        if kind is Kind.QUERY and _COMPUTED.search(sql) and self._from_mirror(cursor, sql, values):
            return None
        try:
            prepared = prepare(sql, kind, values, self._database.mirror)
        except sqlite3.OperationalError as error:
            if not str(error).startswith(_UNKNOWN) or not self._database.refresh():
                raise
            # Another process has made it.
            prepared = prepare(sql, kind, values, self._database.mirror)
        prepared.source = sql
        self._database.mirror.keep((sql, *map(type, values)), prepared)
        return prepared

    def _from_mirror(self, cursor: Cursor, sql: str, values: tuple[Any, ...]) -> bool:
        """Answer a question to the catalog or about this connection; False where it reads tables."""
        self._database.refresh()
        read = {table for table, _ in self._database.mirror.reads(sql, values)}
        if _NUMBERS in read or not all(table.startswith(("sqlite_", "pragma_")) for table in read):
            return False
        counts = self._counts
        _show(cursor, self._database.mirror.answer(sql, values, (counts.last_rowid, counts.changes, counts.total)))
        return True

    def _run(self, cursor: Cursor, prepared: Prepared, values: tuple[Any, ...]) -> None:
        if prepared.writes:
            self._database.require_writable()
            if prepared.loses:
                require_kept(values, prepared.loses)
        result = self._session.run(
            lambda connection: self._ran(cursor, connection, prepared, values), writes=prepared.writes
        )
        if prepared.description is not None:
            cursor._take(result, prepared.convert, prepared.description, self._conversions(prepared))
            cursor.rowcount = -1
        else:
            cursor.description = None
        if prepared.writes and not isinstance(result, Arriving):
            cursor.rowcount = max(result.rowcount, 0) if prepared.counted else 0
            self._counts.count(cursor.rowcount)

    def _conversions(self, prepared: Prepared) -> tuple[str | None, ...] | None:
        if not self._detect or prepared.names is None:
            return None
        if prepared.declared is None:
            prepared.declared = self._database.mirror.declared(prepared.source, prepared.names)
        return type_names(prepared.names, prepared.declared, self._detect)

    def _ran(
        self, cursor: Cursor, connection: psycopg.Connection, prepared: Prepared, values: tuple[Any, ...]
    ) -> psycopg.RawCursor | Arriving:
        result = run(connection, prepared, values, self._counts)
        if isinstance(result, Arriving):
            return result
        if prepared.gives_rowid and result.rowcount > 0:
            number = int(result.fetchall()[-1][-1])
            result.scroll(0, mode="absolute")
            cursor.lastrowid = self._counts.last_rowid = number
            if prepared.follows is not None:
                follow(connection, prepared, number)
        return result

    def execute_many(self, cursor: Cursor, sql: str, parameters: Iterable[Parameters]) -> None:
        if kind_of(sql) is not Kind.WRITE:
            raise sqlite3.ProgrammingError("executemany() can only execute DML statements.")
        self._database.require_writable()
        count = 0
        try:
            if self._registered.any:
                self._registered.require_unused(sql, self._database.mirror)
            if self.begins and not self._session.is_open:
                self._session.begin()
            for rows in _alike(self._bound(sql, row) for row in parameters):
                prepared = self._prepared_many(sql, rows[0])
                if prepared.loses:
                    require_kept((value for row in rows for value in row), prepared.loses)
                count += self._many(prepared, rows)
        except FAILURES as error:
            raise self._database.told(error) from error
        finally:
            self._counts.count(count)
        cursor.rowcount = count

    def _prepared_many(self, sql: str, values: tuple[Any, ...]) -> Prepared:
        key = (None, sql, *map(type, values))
        prepared: Prepared | None = self._database.mirror.cache.get(key)
        if prepared is None:
            prepared = prepare_many(sql, values, self._database.mirror)
            self._database.mirror.keep(key, prepared)
        return prepared

    def _many(self, prepared: Prepared, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run rows as one batch; where one fails, those before it stay, as in SQLite."""
        try:
            return self._session.run(lambda connection: run_many(connection, prepared, rows), writes=True)
        except psycopg.Error:
            if len(rows) == 1 or self._session.spoiled is not None:
                raise
        half = len(rows) // 2
        return self._many(prepared, rows[:half]) + self._many(prepared, rows[half:])

    def execute_script(self, cursor: Cursor, script: str) -> None:
        begins, self.begins = self.begins, False
        try:
            for statement in split_statements(script):
                self.execute(cursor, statement, ())
                cursor._rows = None
        except NotTranslated as error:
            raise self._database.told(error) from error
        finally:
            self.begins = begins
            cursor.description = None


def _show(cursor: Cursor, answer: Rows) -> None:
    """Show rows that no server gave."""
    names, rows = answer
    cursor.rowcount = -1
    if names is None:
        cursor.description = None
        return
    cursor._show(iter(rows), tuple((name, None, None, None, None, None, None) for name in names))


def _alike(rows: Iterable[tuple[Any, ...]], most: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
    """Cut rows into runs whose values have the same classes."""
    run: list[tuple[Any, ...]] = []
    kinds: tuple[type, ...] = ()
    for row in rows:
        now = tuple(map(type, row))
        if run and (now != kinds or len(run) >= most):
            yield run
            run = []
        kinds = now
        run.append(row)
    if run:
        yield run
