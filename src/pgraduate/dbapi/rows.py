"""Genuine `sqlite3.Row` objects for rows that came from PostgreSQL.

A Row takes its names from a cursor of the standard module.  One cursor per list of names, over an empty database in
memory, has them; it never sees a value.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

_LISTS = 512
"""Lists of column names that are kept: an application has a few hundred statements."""


@lru_cache(maxsize=_LISTS)
def naming_cursor(names: tuple[str, ...], _thread: int) -> sqlite3.Cursor:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    listed = ", ".join(f"NULL AS {_quoted(name)}" for name in names) or "NULL"
    return connection.execute(f"SELECT {listed}")


def row_maker(names: Sequence[str]) -> Callable[[tuple[Any, ...]], sqlite3.Row]:
    """Give what turns the values of one row into a `sqlite3.Row` with these column names."""
    cursor = naming_cursor(tuple(names), threading.get_ident())
    row = sqlite3.Row
    return lambda values: row(cursor, values)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
