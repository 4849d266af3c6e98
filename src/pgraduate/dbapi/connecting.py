"""`connect`: the engine that the environment chose, the database that the path means, a connection over both.

What is known of a database's shape is shared by all connections of the process, so that only the first one asks for
it whole.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import psycopg

from pgraduate.dbapi.connections import LEGACY_TRANSACTION_CONTROL, Connection
from pgraduate.dbapi.engine import Engine
from pgraduate.dbapi.exceptions import as_sqlite
from pgraduate.dbapi.lending import Lender
from pgraduate.dbapi.mirror import Shape
from pgraduate.dbapi.opening import open_place
from pgraduate.dbapi.places import Place, place_of
from pgraduate.dbapi.pool import pool_of
from pgraduate.errors import PgraduateError
from pgraduate.settings import load

_LENDERS: dict[Engine, Lender] = {}
_SHAPES: dict[tuple[Engine, str], Shape] = {}
"""By path, and by schema behind a space, which no resolved path begins with."""
_MAKING = threading.Lock()


def connect_to_postgresql(
    engine: Engine,
    database: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    timeout: float = 5.0,
    detect_types: int = 0,
    isolation_level: str | None = "",
    check_same_thread: bool = True,
    factory: Callable[..., Any] = Connection,
    cached_statements: int = 128,
    uri: bool = False,
    *,
    autocommit: bool | int = LEGACY_TRANSACTION_CONTROL,
    savepoints: str = "auto",
) -> Any:
    """Open a database of the server with sqlite3's arguments.

    `savepoints` says where a failing statement is taken back alone: `auto` where SQLite's rules need it, `always`
    before every statement of a transaction, `never`.  Raises sqlite3.OperationalError where the database or the
    server cannot be opened.
    """
    if savepoints not in ("auto", "always", "never"):
        raise ValueError("savepoints must be 'auto', 'always' or 'never'")
    try:
        place = place_of(database, uri=uri, mapped=load().runtime_paths)
        lender = _lender(engine)
        shape = _opened(engine, lender, place)
    except (psycopg.Error, PgraduateError) as error:
        raise as_sqlite(error) from error
    return factory(
        lender,
        place,
        shape,
        timeout=timeout,
        detect_types=detect_types,
        isolation_level=isolation_level,
        autocommit=autocommit,
        check_same_thread=check_same_thread,
        savepoints=savepoints,
    )


def _lender(engine: Engine) -> Lender:
    with _MAKING:
        return _LENDERS.setdefault(engine, Lender(pool_of(engine)))


def _opened(engine: Engine, lender: Lender, place: Place) -> Shape:
    """Give what is known of a place, as its records have it now."""
    known = _SHAPES.get((engine, place.path)) if place.path is not None else None
    with lender.borrowed() as connection:
        mirror = open_place(connection, place, known.mirror if known is not None else None)
    if place.path is None:
        return Shape(mirror)
    shape = _SHAPES.setdefault((engine, f" {mirror.schema}"), Shape(mirror))
    shape.mirror = mirror
    _SHAPES[engine, place.path] = shape
    return shape
