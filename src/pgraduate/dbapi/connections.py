"""The connection: sqlite3's, over a database of the server.

Every statement goes one way: found in the mirror's cache or prepared, run in the session, its errors told in SQLite's
words.  No server connection is held between transactions.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal

import psycopg

from pgraduate.dbapi import records
from pgraduate.dbapi.binding import bound, named
from pgraduate.dbapi.commands import command
from pgraduate.dbapi.converting import type_names
from pgraduate.dbapi.cursors import Counting, Cursor, Parameters
from pgraduate.dbapi.definitions import define
from pgraduate.dbapi.exceptions import as_sqlite, coded
from pgraduate.dbapi.lending import Lender
from pgraduate.dbapi.mirror import COUNTERS, Mirror, Shape
from pgraduate.dbapi.places import Place
from pgraduate.dbapi.pragmas import Asked, pragma
from pgraduate.dbapi.preparing import Prepared, labels_of, prepare, prepare_many, require_kept
from pgraduate.dbapi.refusals import Refusals
from pgraduate.dbapi.running import follow, run, run_many
from pgraduate.dbapi.sessions import Session, Spoiled
from pgraduate.dbapi.statements import Kind, kind_of
from pgraduate.dbapi.violations import failed_check, is_primary, violated
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.reading.tokens import split_statements
from pgraduate.errors import NotTranslated, PgraduateError

LEGACY_TRANSACTION_CONTROL = -1
_LEVELS = ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE")
_COMPUTED = re.compile(rf"sqlite_|pragma_|(?:{'|'.join(COUNTERS)})\s*\(", re.IGNORECASE)
_UNKNOWN = ("no such table", "no such column", "has no column")
_FAILURES = (psycopg.Error, PgraduateError, Spoiled)


class Connection(Refusals):
    """`place` names the database, and `shape` is what the process knows of it."""

    Warning = sqlite3.Warning
    Error = sqlite3.Error
    InterfaceError = sqlite3.InterfaceError
    DatabaseError = sqlite3.DatabaseError
    DataError = sqlite3.DataError
    OperationalError = sqlite3.OperationalError
    IntegrityError = sqlite3.IntegrityError
    InternalError = sqlite3.InternalError
    ProgrammingError = sqlite3.ProgrammingError
    NotSupportedError = sqlite3.NotSupportedError

    def __init__(
        self,
        pool: Lender,
        place: Place,
        shape: Shape,
        *,
        timeout: float = 5.0,
        detect_types: int = 0,
        isolation_level: str | None = "",
        autocommit: bool | int = LEGACY_TRANSACTION_CONTROL,
        check_same_thread: bool = True,
        savepoints: str = "auto",
    ) -> None:
        self.row_factory: Callable[..., Any] | None = None
        self.text_factory: Callable[[bytes], Any] | type = str
        self.place = place
        self._pool = pool
        self._shape = shape
        self._mirror = shape.mirror
        self._before: Mirror | None = None
        self._session = Session(pool, shape.mirror.schema, timeout, savepoints)
        self._counts = Counting()
        self._own = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._own.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
        self._thread = threading.get_ident() if check_same_thread else None
        # Also where close() is never called: at the end of the object, or of the process.
        self._drop = weakref.finalize(self, _drop, pool, place.schema) if place.is_private else None
        self._detect = detect_types
        self._trace: Callable[[str], object] | None = None
        self._open = True
        self.isolation_level = isolation_level
        self.autocommit = autocommit

    # sqlite3's attributes

    @property
    def isolation_level(self) -> str | None:
        return self._level

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        if level is not None and not isinstance(level, str):
            raise TypeError(f"isolation_level must be str or None, not {type(level).__name__}")
        if level is not None and level.upper() not in _LEVELS:
            raise ValueError("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
        if level is None and self._session.is_open:
            self.commit()
        self._level = level

    @property
    def autocommit(self) -> bool | int:
        return self._autocommit

    @autocommit.setter
    def autocommit(self, value: bool | int) -> None:
        if value not in (True, False, LEGACY_TRANSACTION_CONTROL):
            raise ValueError("autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL")
        self._autocommit = value
        self._legacy = value == LEGACY_TRANSACTION_CONTROL and not isinstance(value, bool)
        if self._legacy:
            return
        if value is True and self._session.is_open:
            self._finish(self._session.commit)
        elif value is False and not self._session.is_open:
            self._session.begin()

    @property
    def in_transaction(self) -> bool:
        return self._session.is_open

    @property
    def total_changes(self) -> int:
        return self._counts.total

    # sqlite3's methods

    def cursor(self, factory: Callable[[Connection], Any] = Cursor) -> Any:
        self._require_usable()
        made = factory(self)
        if not isinstance(made, Cursor):
            raise TypeError(f"factory must return a cursor, not {type(made).__name__}")
        if self.row_factory is not None:
            made.row_factory = self.row_factory
        return made

    def execute(self, sql: str, parameters: Parameters = (), /) -> Cursor:
        cursor: Cursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Cursor:
        cursor: Cursor = self.cursor()
        return cursor.executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> Cursor:
        cursor: Cursor = self.cursor()
        return cursor.executescript(sql_script)

    def commit(self) -> None:
        self._require_usable()
        if self._session.is_open and self._autocommit is not True:
            self._finish(self._session.commit)
            if self._autocommit is False and not self._legacy:
                self._session.begin()

    def rollback(self) -> None:
        self._require_usable()
        if self._session.is_open and self._autocommit is not True:
            self._finish(self._session.rollback)
            if self._autocommit is False and not self._legacy:
                self._session.begin()

    def close(self) -> None:
        """Roll back what is open, and drop a database that only this connection knew."""
        self._require_thread()
        if not self._open:
            return
        self._open = False
        self._session.rollback()
        self._own.close()
        if self._drop is not None:
            self._drop()

    def interrupt(self) -> None:
        """Ask the server to give up the statement that runs."""
        busy = self._session.held or self._session.running
        if busy is not None:
            busy.cancel_safe()

    def set_trace_callback(self, trace_callback: Callable[[str], object] | None) -> None:
        self._trace = trace_callback

    def __enter__(self) -> Connection:
        self._require_usable()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Commit, or roll back after an exception; the connection stays open."""
        if kind is not None:
            self.rollback()
            return False
        try:
            self.commit()
        except sqlite3.Error:
            self.rollback()
            raise
        return False

    def __call__(self, sql: str, /) -> Any:
        raise sqlite3.NotSupportedError("a connection is not called: use execute()")

    def __del__(self) -> None:
        # What other connections would wait for.
        session = getattr(self, "_session", None)
        if session is not None and session.held is not None:
            session.rollback()

    # the way of a statement

    def _execute(self, cursor: Cursor, sql: str, parameters: Parameters) -> None:
        if self._mirror is not self._shape.mirror and self._before is None:
            self._mirror = self._shape.mirror
        try:
            self._try(cursor, sql, parameters)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
            if self._session.is_open or not self._refresh():
                raise self._told(error) from error
            # Another process has changed the definitions.
            self._execute(cursor, sql, parameters)
        except _FAILURES as error:
            raise self._told(error) from error

    def _try(self, cursor: Cursor, sql: str, parameters: Parameters) -> None:
        values = self._bound(sql, parameters)
        prepared = self._mirror.cache.get((sql, *map(type, values)))
        if prepared is None:
            prepared = self._prepared(cursor, sql, values)
            if prepared is None:
                return
        if self._trace is not None:
            self._trace(sql)
        if prepared.begins and not self._session.is_open and self._legacy and self._level is not None:
            self._session.begin()
        self._run(cursor, prepared, values)

    def _bound(self, sql: str, parameters: Parameters) -> tuple[Any, ...]:
        if isinstance(parameters, Mapping):
            return bound(named(parameters, labels_of(sql, self._mirror)))
        return bound(parameters) if parameters else ()

    def _prepared(self, cursor: Cursor, sql: str, values: tuple[Any, ...]) -> Prepared | None:
        """Prepare a query or a write; anything else is carried out here, and None returned."""
        kind = kind_of(sql)
        if kind in (Kind.QUERY, Kind.WRITE):
            return self._of_tables(cursor, sql, kind, values)
        cursor.description, cursor.rowcount = None, -1
        if self._trace is not None:
            self._trace(sql)
        if kind is not Kind.EMPTY:
            self._mirror.check(sql, values)
        match kind:
            case Kind.TRANSACTION:
                self._finish(lambda: command(sql, self._session))
            case Kind.DEFINITION:
                self._define(sql)
            case Kind.PRAGMA:
                self._pragma(cursor, sql)
            case Kind.UPKEEP:
                self._upkeep(sql)
            case Kind.OTHER:
                raise sqlite3.NotSupportedError(f"{sql.split()[0].upper()} has no meaning on PostgreSQL")
        return None

    def _of_tables(self, cursor: Cursor, sql: str, kind: Kind, values: tuple[Any, ...]) -> Prepared | None:
        if kind is Kind.QUERY and _COMPUTED.search(sql) and self._from_mirror(cursor, sql, values):
            return None
        try:
            prepared = self._translated(sql, kind, values)
        except sqlite3.OperationalError as error:
            if not str(error).startswith(_UNKNOWN) or not self._refresh():
                raise
            # Another process has made it.
            prepared = self._translated(sql, kind, values)
        prepared.source = sql
        self._mirror.keep((sql, *map(type, values)), prepared)
        return prepared

    def _translated(self, sql: str, kind: Kind, values: tuple[Any, ...]) -> Prepared:
        return prepare(sql, kind, values, self._mirror)

    def _from_mirror(self, cursor: Cursor, sql: str, values: tuple[Any, ...]) -> bool:
        """Answer a question to the catalog or about this connection; False where it reads tables."""
        self._refresh()
        if not all(table.startswith(("sqlite_", "pragma_")) for table, _ in self._mirror.reads(sql, values)):
            return False
        counts = self._counts
        names, rows = self._mirror.answer(sql, values, (counts.last_rowid, counts.changes, counts.total))
        self._show(cursor, names, rows)
        return True

    def _run(self, cursor: Cursor, prepared: Prepared, values: tuple[Any, ...]) -> None:
        if prepared.writes:
            self._require_writable()
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
        if prepared.writes:
            cursor.rowcount = max(result.rowcount, 0)
            self._counts.count(cursor.rowcount)

    def _conversions(self, prepared: Prepared) -> tuple[str | None, ...] | None:
        if not self._detect or prepared.names is None:
            return None
        if prepared.declared is None:
            prepared.declared = self._mirror.declared(prepared.source, prepared.names)
        return type_names(prepared.names, prepared.declared, self._detect)

    def _ran(
        self, cursor: Cursor, connection: psycopg.Connection, prepared: Prepared, values: tuple[Any, ...]
    ) -> psycopg.RawCursor:
        result = run(connection, prepared, values)
        if prepared.gives_rowid and result.rowcount > 0:
            number = int(result.fetchall()[-1][0])
            cursor.lastrowid = self._counts.last_rowid = number
            if prepared.follows is not None:
                follow(connection, prepared, number)
        return result

    def _execute_many(self, cursor: Cursor, sql: str, parameters: Iterable[Parameters]) -> None:
        if kind_of(sql) is not Kind.WRITE:
            raise sqlite3.ProgrammingError("executemany() can only execute DML statements.")
        self._require_writable()
        count = 0
        try:
            if self._legacy and self._level is not None and not self._session.is_open:
                self._session.begin()
            for rows in _alike(self._bound(sql, row) for row in parameters):
                prepared = self._prepared_many(sql, rows[0])
                if prepared.loses:
                    require_kept((value for row in rows for value in row), prepared.loses)
                count += self._many(prepared, rows)
        except _FAILURES as error:
            raise self._told(error) from error
        finally:
            self._counts.count(count)
        cursor.rowcount = count

    def _prepared_many(self, sql: str, values: tuple[Any, ...]) -> Prepared:
        key = (None, sql, *map(type, values))
        prepared: Prepared | None = self._mirror.cache.get(key)
        if prepared is None:
            prepared = prepare_many(sql, values, self._mirror)
            self._mirror.keep(key, prepared)
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

    def _execute_script(self, cursor: Cursor, script: str) -> None:
        if not isinstance(script, str):
            raise TypeError(f"executescript() argument must be str, not {type(script).__name__}")
        if self._legacy:
            self.commit()
        level, self._level = self._level, None
        try:
            for statement in split_statements(script):
                self._execute(cursor, statement, ())
                cursor._rows = None
        except NotTranslated as error:
            raise self._told(error) from error
        finally:
            self._level = level
            cursor.description = None

    # definitions and the catalog

    def _define(self, sql: str) -> None:
        self._require_writable()

        def work(connection: psycopg.Connection) -> Mirror:
            with connection.transaction():
                connection.execute(f"SELECT pg_catalog.pg_advisory_xact_lock({self._session.key + 1})".encode())
                before = self._mirror if self.place.is_private else records.reload(connection, self._mirror)
                defined = define(sql, before)
                for text in defined.texts:
                    connection.execute(text.encode())
                if not defined.texts:
                    return before
                version = before.version + 1
                if not self.place.is_private:
                    version = records.record(connection, before, defined.gone, defined.new)
                defined.mirror.version = version
                return defined.mirror

        if self._session.is_open and self._before is None:
            self._before = self._mirror
        self._mirror = self._session.run(work, writes=True)
        if not self._session.is_open:
            self._shape.mirror = self._mirror

    def _finish(self, end: Callable[[], None]) -> None:
        """End or begin a transaction; definitions become everyone's with its commit, or are forgotten."""
        try:
            end()
        except _FAILURES as error:
            raise self._told(error) from error
        finally:
            if self._before is not None and not self._session.is_open:
                if self._session.was_kept:
                    self._shape.mirror = self._mirror
                else:
                    self._mirror = self._before
                self._before = None

    def _refresh(self) -> bool:
        """Read the definitions again where another process has changed them; say whether it has."""
        if self.place.is_private or (self._session.is_open and self._before is not None):
            return False
        with self._pool.borrowed() as connection:
            found = records.reload(connection, self._mirror)
        if found is self._mirror:
            return False
        self._mirror = self._shape.mirror = found
        return True

    def _pragma(self, cursor: Cursor, sql: str) -> None:
        self._refresh()
        answer = pragma(sql, self._mirror, self._own)
        if isinstance(answer, Asked):
            self._kept(cursor, answer)
        else:
            self._show(cursor, *answer)

    def _kept(self, cursor: Cursor, asked: Asked) -> None:
        schema = self._mirror.schema
        if self.place.is_private:
            found = self._own.execute(
                f"PRAGMA {asked.name}" + (f" = {asked.value}" if asked.value is not None else "")
            ).fetchall()
        else:
            found = self._session.run(
                lambda connection: records.kept(connection, schema, asked.name, asked.value),
                writes=asked.value is not None,
            )
        if asked.value is None:
            self._show(cursor, (asked.name,), found)

    def _upkeep(self, sql: str) -> None:
        """VACUUM, ANALYZE and REINDEX: the server does all three of its own accord, and their rights are its owner's."""
        if self._session.is_open and sql.lstrip()[:6].upper() == "VACUUM":
            raise sqlite3.OperationalError("cannot VACUUM from within a transaction")
        if "INTO" in sql.upper().split():
            raise sqlite3.NotSupportedError("VACUUM INTO has no meaning on PostgreSQL: pg_dump makes a copy")
        tables = [
            qualified(shape.schema, shape.target) for shape in self._mirror.shapes.values() if not shape.is_view
        ]
        if tables and sql.lstrip()[:7].upper() != "REINDEX":
            verb = "VACUUM" if sql.lstrip()[:6].upper() == "VACUUM" else "ANALYZE"
            self._session.run(
                lambda connection: connection.execute(f"{verb} {', '.join(tables)}".encode()), writes=False
            )

    # errors and guards

    def _show(self, cursor: Cursor, names: tuple[str, ...] | None, rows: list[tuple[Any, ...]]) -> None:
        cursor.rowcount = -1
        if names is None:
            cursor.description = None
            return
        cursor._show(iter(rows), tuple((name, None, None, None, None, None, None) for name in names))

    def _told(self, error: BaseException) -> sqlite3.Error:
        if isinstance(error, Spoiled):
            assert isinstance(error.__cause__, psycopg.Error)
            return as_sqlite(error.__cause__)
        if isinstance(error, psycopg.errors.IntegrityError):
            told = as_sqlite(error, lambda _table, _constraint: violated(error, self._mirror))
            if isinstance(error, psycopg.errors.UniqueViolation) and is_primary(error, self._mirror):
                coded(told, "SQLITE_CONSTRAINT_PRIMARYKEY", 1555)
            if isinstance(error, psycopg.errors.CheckViolation) and (check := failed_check(error, self._mirror)):
                told.args = (f"CHECK constraint failed: {check}",)
            return told
        assert isinstance(error, Exception)
        return as_sqlite(error)

    def _require_writable(self) -> None:
        if not self.place.writable:
            raise coded(sqlite3.OperationalError("attempt to write a readonly database"), "SQLITE_READONLY", 8)

    def _require_usable(self) -> None:
        if self._thread is not None:
            self._require_thread()
        if not self._open:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")

    def _require_thread(self) -> None:
        if self._thread is not None and self._thread != threading.get_ident():
            raise sqlite3.ProgrammingError(
                "SQLite objects created in a thread can only be used in that same thread. The object was created in "
                f"thread id {self._thread} and this is thread id {threading.get_ident()}."
            )


def _drop(pool: Lender, schema: str) -> None:
    with pool.borrowed() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {quote(schema)} CASCADE".encode())


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
