"""The runtime for asyncio, in aiosqlite's shape: `from pgraduate.dbapi import aio as aiosqlite`, on either engine.

Each connection has one thread of its own, in which everything of it happens, in the order in which it was asked for.  The
invariant: a connection's statements never meet a second thread, and the event loop waits for a database nowhere but where
`isolation_level` is set.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from sqlite3 import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Row,
    Warning,
    paramstyle,
    register_adapter,
    register_converter,
    sqlite_version,
    sqlite_version_info,
)
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar, cast

from pgraduate import dbapi

__all__ = [
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Row",
    "Warning",
    "connect",
    "paramstyle",
    "register_adapter",
    "register_converter",
    "sqlite_version",
    "sqlite_version_info",
]

_CHUNK = 64
"""Rows that iteration fetches at a time."""

Result = TypeVar("Result")
Held = TypeVar("Held")


class _Closes(Protocol):
    async def close(self) -> None: ...


Closing = TypeVar("Closing", bound=_Closes)


class _Promise(Generic[Closing]):
    """What may be awaited, or entered with `async with`, which closes it at the end."""

    def __init__(self, made: Callable[[], Coroutine[Any, Any, Closing]]) -> None:
        self._made = made
        self._entered: Closing | None = None

    def __await__(self) -> Generator[Any, Any, Closing]:
        return self._made().__await__()

    async def __aenter__(self) -> Closing:
        self._entered = await self._made()
        return self._entered

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._entered is not None:
            await self._entered.close()


def connect(database: Any, *, iter_chunk_size: int = _CHUNK, **options: Any) -> _Promise[Connection]:
    """Open a database: `await connect(…)`, or `async with connect(…) as db`, which closes it.

    Takes what `pgraduate.dbapi.connect` takes, and raises what it raises.
    """

    async def made() -> Connection:
        thread = ThreadPoolExecutor(1, thread_name_prefix="pgraduate-aio")
        try:
            plain = await _in_thread(thread, lambda: dbapi.connect(database, **options))
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return Connection(plain, thread, iter_chunk_size)

    return _Promise(made)


async def _in_thread(thread: ThreadPoolExecutor, call: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(thread, call)


class _Below(Generic[Held]):
    """A plain attribute, which is that of the connection or cursor below."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, above: Any, owner: type) -> Held:
        if above is None:
            return cast("Held", self)
        return cast("Held", getattr(above._plain, self._name))


class _Settable(_Below[Held]):
    """One that may be set, as sqlite3's may."""

    def __set__(self, above: Any, value: Held) -> None:
        setattr(above._plain, self._name, value)


class Connection:
    """A connection whose methods are awaited; plain attributes are those of the connection below."""

    in_transaction = _Below[bool]()
    total_changes = _Below[int]()
    row_factory = _Settable[Any]()
    text_factory = _Settable[Any]()

    def __init__(self, plain: sqlite3.Connection, thread: ThreadPoolExecutor, chunk: int) -> None:
        self._plain = plain
        self._thread = thread
        self._chunk = chunk
        self._open = True

    async def _do(self, call: Callable[[], Result]) -> Result:
        if not self._open:
            raise ProgrammingError("Cannot operate on a closed database.")
        return await _in_thread(self._thread, call)

    def _cursor(self, call: Callable[[], sqlite3.Cursor]) -> _Promise[Cursor]:
        async def made() -> Cursor:
            return Cursor(self, await self._do(call))

        return _Promise(made)

    def cursor(self) -> _Promise[Cursor]:
        return self._cursor(self._plain.cursor)

    def execute(self, sql: str, parameters: Any = ()) -> _Promise[Cursor]:
        return self._cursor(lambda: self._plain.execute(sql, parameters))

    def executemany(self, sql: str, parameters: Iterable[Any]) -> _Promise[Cursor]:
        return self._cursor(lambda: self._plain.executemany(sql, parameters))

    def executescript(self, sql: str) -> _Promise[Cursor]:
        return self._cursor(lambda: self._plain.executescript(sql))

    async def execute_fetchall(self, sql: str, parameters: Any = ()) -> list[Any]:
        return await self._do(lambda: self._plain.execute(sql, parameters).fetchall())

    async def execute_insert(self, sql: str, parameters: Any = ()) -> Any:
        """Insert a row; give the row that holds its id."""

        def call() -> Any:
            with_id = self._plain.execute(sql, parameters)
            with_id.execute("SELECT last_insert_rowid()")
            return with_id.fetchone()

        return await self._do(call)

    async def commit(self) -> None:
        await self._do(self._plain.commit)

    async def rollback(self) -> None:
        await self._do(self._plain.rollback)

    async def close(self) -> None:
        """Close the connection and end its thread; a second time does nothing."""
        if not self._open:
            return
        try:
            await self._do(self._plain.close)
        finally:
            self._open = False
            self._thread.shutdown(wait=False)

    async def interrupt(self) -> None:
        # In the calling thread: the connection's own is busy with what is to be interrupted.
        self._plain.interrupt()

    async def create_function(
        self, name: str, num_params: int, func: Callable[..., Any] | None, deterministic: bool = False
    ) -> None:
        await self._do(lambda: self._plain.create_function(name, num_params, func, deterministic=deterministic))

    async def enable_load_extension(self, value: bool) -> None:
        await self._do(lambda: self._plain.enable_load_extension(value))

    async def load_extension(self, path: str) -> None:
        await self._do(lambda: self._plain.load_extension(path))

    async def set_progress_handler(self, handler: Callable[[], int | None] | None, n: int) -> None:
        await self._do(lambda: self._plain.set_progress_handler(handler, n))

    async def set_trace_callback(self, handler: Callable[[str], Any] | None) -> None:
        await self._do(lambda: self._plain.set_trace_callback(handler))

    async def iterdump(self) -> AsyncIterator[str]:
        for line in await self._do(lambda: list(self._plain.iterdump())):
            yield line

    async def backup(self, target: Connection | sqlite3.Connection, **options: Any) -> None:
        plain = target._plain if isinstance(target, Connection) else target
        await self._do(lambda: self._plain.backup(plain, **options))

    @property
    def isolation_level(self) -> str | None:
        return self._plain.isolation_level

    @isolation_level.setter
    def isolation_level(self, level: Any) -> None:
        # An attribute cannot be awaited, and setting None commits: this one waits for the connection's thread.
        self._thread.submit(setattr, self._plain, "isolation_level", level).result()

    async def __aenter__(self) -> Connection:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Cursor:
    """A cursor whose methods are awaited; `async for` gives its rows."""

    connection = _Below[sqlite3.Connection]()
    description = _Below[Any]()
    rowcount = _Below[int]()
    lastrowid = _Below["int | None"]()
    arraysize = _Settable[int]()
    row_factory = _Settable[Any]()

    def __init__(self, connection: Connection, plain: sqlite3.Cursor) -> None:
        self._connection = connection
        self._plain = plain

    async def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        await self._connection._do(lambda: self._plain.execute(sql, parameters))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Cursor:
        await self._connection._do(lambda: self._plain.executemany(sql, parameters))
        return self

    async def executescript(self, sql: str) -> Cursor:
        await self._connection._do(lambda: self._plain.executescript(sql))
        return self

    async def fetchone(self) -> Any:
        return await self._connection._do(self._plain.fetchone)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return await self._connection._do(
            lambda: self._plain.fetchmany(self._plain.arraysize if size is None else size)
        )

    async def fetchall(self) -> list[Any]:
        return await self._connection._do(self._plain.fetchall)

    async def close(self) -> None:
        if self._connection._open:
            await self._connection._do(self._plain.close)

    async def __aiter__(self) -> AsyncIterator[Any]:
        while rows := await self.fetchmany(self._connection._chunk):
            for row in rows:
                yield row

    async def __aenter__(self) -> Cursor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
