"""The cursor: sqlite3's, over a result that the server gave."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pgraduate.dbapi.cells import Convert
from pgraduate.dbapi.converting import converted, converters, shown_name
from pgraduate.dbapi.rows import row_maker

if TYPE_CHECKING:
    from pgraduate.dbapi.connections import Connection

Parameters = Sequence[Any] | Mapping[str, Any]
Description = tuple[tuple[str, None, None, None, None, None, None], ...]


class Cursor:
    """`description`, `rowcount`, `lastrowid` and `arraysize` are sqlite3's."""

    def __init__(self, connection: Connection, /) -> None:
        self.connection = connection
        self.description: Description | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1
        self.row_factory: Callable[..., Any] | None = connection.row_factory
        self._rows: Iterator[tuple[Any, ...]] | None = None
        self._make: Callable[[tuple[Any, ...]], Any] | None = None
        self._closed = False

    def execute(self, sql: str, parameters: Parameters = (), /) -> Cursor:
        self._require_open()
        self._rows = None
        self.connection._execute(self, sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Cursor:
        self._require_open()
        self._rows = None
        self.description = None
        self.connection._execute_many(self, sql, parameters)
        return self

    def executescript(self, sql_script: str, /) -> Cursor:
        self._require_open()
        self._rows = None
        self.description = None
        self.connection._execute_script(self, sql_script)
        return self

    def fetchone(self) -> Any:
        self._require_open()
        rows = self._rows
        if rows is None:
            return None
        row = next(rows, None)
        if row is None:
            self._rows = None
            return None
        return row if self._make is None else self._make(row)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        self._require_open()
        wanted = self.arraysize if size is None else size
        found: list[Any] = []
        while len(found) < wanted and (row := self.fetchone()) is not None:
            found.append(row)
        return found

    def fetchall(self) -> list[Any]:
        self._require_open()
        rows, self._rows = self._rows, None
        if rows is None:
            return []
        return list(rows) if self._make is None else [self._make(row) for row in rows]

    def __iter__(self) -> Cursor:
        self._require_open()
        return self

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def setinputsizes(self, sizes: Any, /) -> None:
        """Do nothing, as sqlite3 does."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Do nothing, as sqlite3 does."""

    def close(self) -> None:
        self.connection._require_usable()
        self._rows = None
        self._closed = True

    def _require_open(self) -> None:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed cursor.")
        self.connection._require_usable()

    def _take(
        self,
        result: Iterable[tuple[Any, ...]],
        convert: Convert | None,
        description: Description,
        types: Sequence[str | None] | None = None,
    ) -> None:
        """Show the rows of a server's result; a value is read when it is fetched."""
        rows: Iterator[tuple[Any, ...]] = iter(result)
        self._show(map(convert, rows) if convert is not None else rows, description, types)

    def _show(
        self, rows: Iterator[tuple[Any, ...]], description: Description, types: Sequence[str | None] | None = None
    ) -> None:
        self._rows = rows
        self.description = description
        factory = self.row_factory
        text_factory = self.connection.text_factory
        if types is not None:
            self._rows = converted(rows, converters(types), _text_by(text_factory))
            description = tuple((shown_name(column[0]), *column[1:]) for column in description)
            self.description = description
        elif text_factory is not str:
            self._rows = (tuple(map(_text_by(text_factory), row)) for row in self._rows)
        if factory is None:
            self._make = None
        elif factory is sqlite3.Row:
            self._make = row_maker([column[0] for column in description])
        else:
            self._make = lambda row: factory(self, row)


def _text_by(factory: Callable[[bytes], Any]) -> Callable[[Any], Any]:
    if factory is str:
        return lambda value: value
    return lambda value: factory(value.encode()) if type(value) is str else value
