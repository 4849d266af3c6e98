"""sqlite3's module on the engine that the environment chose: `from pgraduate import dbapi as sqlite3`.

Every public name of the standard module stands here under its own name.  With DB_TYPE=sqlite `connect` is
`sqlite3.connect`; nothing of PostgreSQL is loaded before the first connection to it.
"""

from __future__ import annotations

import sqlite3 as _sqlite3
from sys import modules as _modules
from typing import TYPE_CHECKING, Any

from pgraduate.dbapi.engine import choose as _choose

if TYPE_CHECKING:
    from pgraduate.dbapi.connections import Connection as Connection
    from pgraduate.dbapi.cursors import Cursor as Cursor

_HERE = ("Connection", "Cursor", "connect")
__all__ = sorted({*_HERE, *(_name for _name in dir(_sqlite3) if not _name.startswith("_"))})


def connect(database: Any, *arguments: Any, **options: Any) -> Any:
    """Open a database as `sqlite3.connect` does, on the engine that the environment chooses.

    Raises sqlite3.OperationalError where the environment chooses none, or its server does not answer.
    """
    engine = _engine()
    if engine.is_sqlite:
        return _sqlite3.connect(database, *arguments, **options)
    from pgraduate.dbapi.connecting import connect_to_postgresql

    return connect_to_postgresql(engine, database, *arguments, **options)


def _engine() -> Any:
    from pgraduate.errors import PgraduateError

    try:
        return _choose()
    except PgraduateError as error:
        from pgraduate.dbapi.exceptions import as_sqlite

        raise as_sqlite(error) from error


def __getattr__(name: str) -> Any:
    if name == "Connection":
        from pgraduate.dbapi.connections import Connection

        return Connection
    if name == "Cursor":
        from pgraduate.dbapi.cursors import Cursor

        return Cursor
    if name == "dbapi2":
        # sqlite3's inner module: whoever reaches for it connects here too.
        return _modules[__name__]
    return getattr(_sqlite3, name)
