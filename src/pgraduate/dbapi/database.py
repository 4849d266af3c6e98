"""A connection's database: what it knows of the definitions, its transaction, and what has changed through it.

The invariant: a transaction's own definitions are seen by this connection alone until it commits; then all connections of
the process see them, and a rollback only forgets them.
"""

from __future__ import annotations

import logging
import sqlite3
import weakref
from collections.abc import Callable

import psycopg

from pgraduate.dbapi import records
from pgraduate.dbapi.commands import command
from pgraduate.dbapi.counting import Counting
from pgraduate.dbapi.definitions import define
from pgraduate.dbapi.exceptions import coded
from pgraduate.dbapi.lending import Lender
from pgraduate.dbapi.mirror import Mirror, Shape
from pgraduate.dbapi.places import Place
from pgraduate.dbapi.pragmas import OF_STATEMENTS, Asked, Rows, pragma
from pgraduate.dbapi.sessions import Session, Spoiled
from pgraduate.dbapi.violations import told
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.pragmas import parse_pragma
from pgraduate.dialect.transactions import Verb, parse_transaction
from pgraduate.errors import PgraduateError

_LOGGER = logging.getLogger("pgraduate.dbapi")
FAILURES = (psycopg.Error, PgraduateError, Spoiled)


class Database:
    """`place` names it, `mirror` is what this connection sees of its definitions."""

    def __init__(self, pool: Lender, place: Place, shape: Shape, timeout: float, savepoints: str) -> None:
        self.place = place
        self.mirror = shape.mirror
        self.session = Session(pool, shape.mirror.schema, timeout, savepoints)
        self.counts = Counting()
        self._pool = pool
        self._shape = shape
        self._before: Mirror | None = None
        self._marks: list[Mirror] = []
        self._recursive = self._legacy = False
        self._own = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._own.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
        # Also where close() is never called: at the end of the object, or of the process.
        self._drop = weakref.finalize(self, _drop, pool, place.schema) if place.is_private else None

    def close(self) -> None:
        self.session.close()
        self._own.close()
        if self._drop is not None:
            self._drop()

    def catch_up(self) -> None:
        """See what other connections of this process have defined."""
        if self.mirror is not self._shape.mirror and self._before is None:
            self.mirror = self._shape.mirror

    def refresh(self) -> bool:
        """Read the definitions again where another process has changed them; say whether it has."""
        if self.place.is_private or (self.session.is_open and self._before is not None):
            return False
        with self._pool.borrowed() as connection:
            found = records.reload(connection, self.mirror)
        if found is self.mirror:
            return False
        self.mirror = self._shape.mirror = found
        return True

    def finish(self, end: Callable[[], None]) -> None:
        """End or begin a transaction; definitions become everyone's with its commit, or are forgotten."""
        try:
            end()
        except FAILURES as error:
            raise self.told(error) from error
        finally:
            if self._before is not None and not self.session.is_open:
                if self.session.was_kept:
                    self._shape.mirror = self.mirror
                else:
                    self.mirror = self._before
                self._before = None

    def control(self, sql: str) -> None:
        """BEGIN, COMMIT, SAVEPOINT and the like; definitions that a savepoint takes back are forgotten."""
        del self._marks[len(self.session.names) :]
        self.finish(lambda: command(sql, self.session))
        names = len(self.session.names)
        del self._marks[names:]
        if names > len(self._marks):
            self._marks.append(self.mirror)
        if parse_transaction(sql).verb is Verb.ROLLBACK_TO:
            self.mirror = self._marks[-1]

    def define(self, sql: str) -> None:
        """Carry out CREATE, ALTER or DROP."""
        self.require_writable()

        def work(connection: psycopg.Connection) -> Mirror:
            with connection.transaction():
                connection.execute(f"SELECT pg_catalog.pg_advisory_xact_lock({self.session.key + 1})".encode())
                before = self.mirror if self.place.is_private else records.reload(connection, self.mirror)
                defined = define(sql, before, legacy=self._legacy)
                for text in defined.texts:
                    connection.execute(text.encode())
                if not defined.texts:
                    return before
                version = before.version + 1
                if not self.place.is_private:
                    version = records.record(connection, before, defined.gone, defined.new)
                defined.mirror.version = version
                return defined.mirror

        if self.session.is_open and self._before is None:
            self._before = self.mirror
        self.mirror = self.session.run(work, writes=True)
        if not self.session.is_open:
            self._shape.mirror = self.mirror

    def pragma(self, sql: str) -> Rows:
        self.refresh()
        if parse_pragma(sql).name == "page_count":
            return ("page_count",), [(self._pages(),)]
        answer = pragma(sql, self.mirror, self._own)
        self._recursive, self._legacy = (
            bool(self._own.execute(f"PRAGMA {name}").fetchone()[0]) for name in OF_STATEMENTS
        )
        return self._kept(answer) if isinstance(answer, Asked) else answer

    def _pages(self) -> int:
        """Give the size of the tables and their indexes in pages of `PRAGMA page_size`."""
        (size,) = self._own.execute("PRAGMA page_size").fetchone()
        text = records.script("size").encode()
        schema = self.mirror.schema
        found = self.session.run(
            lambda connection: psycopg.RawCursor(connection).execute(text, (schema,)).fetchone(), writes=False
        )
        assert found is not None
        return -(-int(found[0]) // int(size))

    def _kept(self, asked: Asked) -> Rows:
        schema = self.mirror.schema
        if self.place.is_private:
            text = f"PRAGMA {asked.name}" + (f" = {asked.value}" if asked.value is not None else "")
            found = self._own.execute(text).fetchall()
        else:
            found = self.session.run(
                lambda connection: records.kept(connection, schema, asked.name, asked.value),
                writes=asked.value is not None,
            )
        return ((asked.name,), found) if asked.value is None else (None, [])

    def upkeep(self, sql: str) -> None:
        """VACUUM, ANALYZE and REINDEX: the server does all three of its own accord, and their rights are its owner's."""
        verb = sql.split()[0].rstrip(";").upper()
        if self.session.is_open and verb == "VACUUM":
            raise sqlite3.OperationalError("cannot VACUUM from within a transaction")
        if "INTO" in sql.upper().split():
            raise sqlite3.NotSupportedError("VACUUM INTO has no meaning on PostgreSQL: pg_dump makes a copy")
        tables = [
            qualified(shape.schema, shape.target) for shape in self.mirror.shapes.values() if not shape.is_view
        ]
        if tables and verb != "REINDEX":
            text = f"{verb} {', '.join(tables)}".encode()
            self.session.run(lambda connection: connection.execute(text), writes=False)

    def told(self, error: BaseException) -> sqlite3.Error:
        """Give the exception that sqlite3 would raise."""
        return told(error, self.mirror, self._checks)

    def _checks(self, schema: str, table: str) -> list[str]:
        with self._pool.borrowed() as connection, psycopg.RawCursor(connection) as cursor:
            rows = cursor.execute(records.script("checks").encode(), (schema, table)).fetchall()
        return [name for (name,) in rows]

    def require_writable(self) -> None:
        if not self.place.writable:
            raise coded(sqlite3.OperationalError("attempt to write a readonly database"), "SQLITE_READONLY", 8)
        if self._recursive and self.mirror.has_triggers:
            raise sqlite3.NotSupportedError(
                "a write under PRAGMA recursive_triggers = on has no meaning on PostgreSQL where the database has "
                "triggers: they do not fire again while they run, as by SQLite's default"
            )


def _drop(pool: Lender, schema: str) -> None:
    """Drop the schema of a database in memory, where the server is still there: sqlite3's close() does not fail either."""
    try:
        with pool.borrowed() as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {quote(schema)} CASCADE".encode())
    except (sqlite3.OperationalError, psycopg.OperationalError) as error:
        _LOGGER.warning("the schema %s of a database in memory stays behind: %s", schema, error)
