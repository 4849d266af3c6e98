"""The connection: sqlite3's attributes and methods over a database of the server.

No server connection is held between transactions.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Literal

from pgraduate.dbapi.cursors import Cursor, Parameters
from pgraduate.dbapi.database import Database
from pgraduate.dbapi.executing import Executor
from pgraduate.dbapi.lending import Lender
from pgraduate.dbapi.mirror import Shape
from pgraduate.dbapi.places import Place
from pgraduate.dbapi.refusals import Refusals
from pgraduate.dbapi.registered import Registered

LEGACY_TRANSACTION_CONTROL = -1
_LEVELS = ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE")


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
        self._database = Database(pool, place, shape, timeout, savepoints)
        self._session = self._database.session
        self._registered = Registered()
        self._executor = Executor(self._database, detect_types, self._registered)
        self._thread = threading.get_ident() if check_same_thread else None
        self._open = True
        self._legacy = True
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
        self._executor.begins = self._legacy and level is not None

    @property
    def autocommit(self) -> bool | int:
        return self._autocommit

    @autocommit.setter
    def autocommit(self, value: bool | int) -> None:
        if value not in (True, False, LEGACY_TRANSACTION_CONTROL):
            raise ValueError("autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL")
        self._autocommit = value
        self._legacy = value == LEGACY_TRANSACTION_CONTROL and not isinstance(value, bool)
        self._executor.begins = self._legacy and self._level is not None
        if self._legacy:
            return
        if value is True and self._session.is_open:
            self._database.finish(self._session.commit)
        elif value is False and not self._session.is_open:
            self._session.begin()

    @property
    def in_transaction(self) -> bool:
        return self._session.is_open

    @property
    def total_changes(self) -> int:
        return self._database.counts.total

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
            self._database.finish(self._session.commit)
            if self._autocommit is False and not self._legacy:
                self._session.begin()

    def rollback(self) -> None:
        self._require_usable()
        if self._session.is_open and self._autocommit is not True:
            self._database.finish(self._session.rollback)
            if self._autocommit is False and not self._legacy:
                self._session.begin()

    def close(self) -> None:
        """Roll back what is open, and drop a database that only this connection knew."""
        self._require_thread()
        if not self._open:
            return
        self._open = False
        self._database.close()

    def interrupt(self) -> None:
        """Ask the server to give up the statement that runs."""
        busy = self._session.held or self._session.running
        if busy is not None:
            busy.cancel_safe()

    def set_trace_callback(self, trace_callback: Callable[[str], object] | None) -> None:
        self._executor.trace = trace_callback

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

    # what a cursor asks for

    def _execute(self, cursor: Cursor, sql: str, parameters: Parameters) -> None:
        self._executor.execute(cursor, sql, parameters)

    def _execute_many(self, cursor: Cursor, sql: str, parameters: Iterable[Parameters]) -> None:
        self._executor.execute_many(cursor, sql, parameters)

    def _execute_script(self, cursor: Cursor, script: str) -> None:
        if not isinstance(script, str):
            raise TypeError(f"executescript() argument must be str, not {type(script).__name__}")
        if self._legacy:
            self.commit()
        self._executor.execute_script(cursor, script)

    # guards

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
