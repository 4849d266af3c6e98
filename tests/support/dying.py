"""A connection whose session ends, without warning, after a number of statements."""

from __future__ import annotations

from typing import Any

import psycopg


class Killed(Exception):
    """The process died here."""


class _DyingCursor(psycopg.Cursor[Any]):
    def execute(self, *arguments: Any, **options: Any) -> Any:
        assert isinstance(self.connection, _DyingConnection)
        self.connection.count()
        return super().execute(*arguments, **options)


class _DyingConnection(psycopg.Connection[Any]):
    left = 0

    def count(self) -> None:
        if self.left == 0:
            self.pgconn.finish()
            raise Killed
        self.left -= 1


def dying(conninfo: str, *, after: int) -> _DyingConnection:
    """Connect; the session is cut off when statement number `after` (from 0) is about to be sent."""
    connection = _DyingConnection.connect(conninfo, autocommit=True, cursor_factory=_DyingCursor)
    connection.left = after
    return connection
