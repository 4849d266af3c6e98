"""Recording on SQLite: a trace callback that writes each statement of a connection into a recording.

SQLite hands the callback the statement with its values written in.  The recorder takes them out again as parameters,
so that equal statements are found to be equal; a literal of the application's own text becomes a parameter too, and
who asks tells the two apart by whether it ever changed.  What a trigger does is traced as well, and Python hands over
the text of the statement that fired it: a write that stands straight behind itself, in a database with triggers, is
taken for that and stays out.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlglot import TokenType

from pgraduate.workload.fingerprint import Value, is_literal, tokens_of
from pgraduate.workload.recording import Execution, write_execution, write_header

_LEFT_OUT = (
    "PRAGMA",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "ANALYZE",
)
"""What speaks to SQLite itself or ends a transaction: nothing in it can be tuned or translated."""

_WRITES = ("INSERT", "REPLACE", "UPDATE", "DELETE", "WITH")


@contextmanager
def record(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Append what a connection of the standard library's sqlite3 runs to a recording, until the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if os.fstat(file.fileno()).st_size == 0:
            write_header(file, "sqlite")
        connection.set_trace_callback(_Trace(file, has_triggers=_has_triggers(connection)))
        try:
            yield
        finally:
            connection.set_trace_callback(None)


class _Trace:
    """Writes what SQLite hands over; keeps the text before, to know a trigger's echo."""

    def __init__(self, file: IO[str], *, has_triggers: bool) -> None:
        self._file = file
        self._has_triggers = has_triggers
        self._before = ""

    def __call__(self, expanded: str) -> None:
        echo = self._has_triggers and expanded == self._before
        self._before = expanded
        first = expanded.lstrip().upper()
        if expanded.startswith("--") or first.startswith(_LEFT_OUT) or (echo and first.startswith(_WRITES)):
            return
        sql, parameters = parametrized(expanded)
        write_execution(self._file, Execution(sql, parameters))


def _has_triggers(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
    return found is not None


def parametrized(expanded: str) -> tuple[str, tuple[Value, ...]]:
    """Give a SQLite statement with `?` for each literal, and the literals' values in their order."""
    parts: list[str] = []
    values: list[Value] = []
    copied = 0
    for token in tokens_of(expanded, "sqlite"):
        if not is_literal(token):
            continue
        parts += [expanded[copied : token.start], "?"]
        copied = token.end + 1
        values.append(_value(token.token_type, token.text))
    return "".join(parts) + expanded[copied:], tuple(values)


def _value(kind: TokenType, text: str) -> Value:
    if kind is TokenType.HEX_STRING:
        return bytes.fromhex(text)
    if kind is not TokenType.NUMBER:
        return text
    try:
        return int(text, 0)
    except ValueError:
        return float(text)
