"""What of sqlite3's connection has no meaning in PostgreSQL: each is refused with its reason, never passed over.

A function or a collation is refused where a statement uses it.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NoReturn

from pgraduate.dbapi.registered import Registered

_REASONS = {
    "backup": "the database is not a file: pg_dump makes a copy",
    "iterdump": "pg_dump writes the database as SQL",
    "serialize": "the database is not a file",
    "deserialize": "the database is not a file",
    "load_extension": "SQLite's extensions do not run in PostgreSQL",
    "enable_load_extension": "SQLite's extensions do not run in PostgreSQL",
    "blobopen": "read and write the column as a whole",
    "getlimit": "the server has limits of its own",
    "setlimit": "the server has limits of its own",
    "set_authorizer": "GRANT and REVOKE say what a role may do",
    "set_progress_handler": "statement_timeout ends a statement that runs too long",
}


def refuse(name: str) -> NoReturn:
    raise sqlite3.NotSupportedError(f"{name}() has no meaning on PostgreSQL: {_REASONS[name]}")


class Refusals:
    """The methods themselves.  Taking a hook away again is no change, and accepted."""

    _registered: Registered

    def backup(self, *_: Any, **__: Any) -> NoReturn:
        refuse("backup")

    def iterdump(self, **_: Any) -> NoReturn:
        refuse("iterdump")

    def serialize(self, **_: Any) -> NoReturn:
        refuse("serialize")

    def deserialize(self, *_: Any, **__: Any) -> NoReturn:
        refuse("deserialize")

    def load_extension(self, *_: Any, **__: Any) -> NoReturn:
        refuse("load_extension")

    def enable_load_extension(self, enable: bool, /) -> None:
        if enable:
            refuse("enable_load_extension")

    def blobopen(self, *_: Any, **__: Any) -> NoReturn:
        refuse("blobopen")

    def create_function(self, name: str, narg: int, func: Any, *, deterministic: bool = False) -> None:
        self._registered.function("create_function", name, taken_away=func is None)

    def create_aggregate(self, name: str, n_arg: int, aggregate_class: Any) -> None:
        self._registered.function("create_aggregate", name, taken_away=aggregate_class is None)

    def create_window_function(self, name: str, num_params: int, aggregate_class: Any, /) -> None:
        self._registered.function("create_window_function", name, taken_away=aggregate_class is None)

    def create_collation(self, name: str, callable: Any, /) -> None:
        self._registered.collation(name, taken_away=callable is None)

    def getlimit(self, category: int, /) -> NoReturn:
        refuse("getlimit")

    def setlimit(self, category: int, limit: int, /) -> NoReturn:
        refuse("setlimit")

    def set_authorizer(self, authorizer_callback: Any) -> None:
        if authorizer_callback is not None:
            refuse("set_authorizer")

    def set_progress_handler(self, progress_handler: Any, n: int) -> None:
        if progress_handler is not None:
            refuse("set_progress_handler")
