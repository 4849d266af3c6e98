"""PostgreSQL's errors as sqlite3's: its classes, its codes, and the words that applications read.

Applications branch on the class, on `sqlite_errorname`, and some on the text ("UNIQUE constraint failed: user.name").
What has no counterpart keeps PostgreSQL's primary message under the nearest class.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from pgraduate.errors import NotTranslated, PgraduateError


@dataclass(frozen=True, slots=True)
class _Said:
    kind: type[sqlite3.Error]
    name: str
    code: int
    message: str


Columns = Callable[[str, str], tuple[str, ...]]
"""Gives the source's names, `table.column`, of the columns of a constraint, by table and constraint."""


def as_sqlite(error: Exception, columns: Columns | None = None) -> sqlite3.Error:
    """Turn an error into the one that sqlite3 would have raised; its cause is the error itself."""
    said = _said(error, columns)
    made = coded(said.kind(said.message), said.name, said.code)
    made.__cause__ = error
    return made


def coded(error: sqlite3.Error, name: str, code: int) -> sqlite3.Error:
    """Give an error its name and code, as SQLite's own have them."""
    error.sqlite_errorname, error.sqlite_errorcode = name, code
    return error


def _said(error: Exception, columns: Columns | None) -> _Said:
    match error:
        case psycopg.errors.UniqueViolation():
            return _constraint("SQLITE_CONSTRAINT_UNIQUE", 2067, "UNIQUE constraint failed", error, columns)
        case psycopg.errors.NotNullViolation():
            return _constraint("SQLITE_CONSTRAINT_NOTNULL", 1299, "NOT NULL constraint failed", error, columns)
        case psycopg.errors.CheckViolation():
            name = error.diag.constraint_name or ""
            return _Said(sqlite3.IntegrityError, "SQLITE_CONSTRAINT_CHECK", 275, f"CHECK constraint failed: {name}")
        case psycopg.errors.ForeignKeyViolation():
            return _Said(
                sqlite3.IntegrityError, "SQLITE_CONSTRAINT_FOREIGNKEY", 787, "FOREIGN KEY constraint failed"
            )
        case psycopg.errors.IntegrityError():
            # What a translated RAISE() says is the application's own text.
            message = error.diag.message_primary or "constraint failed"
            return _Said(sqlite3.IntegrityError, "SQLITE_CONSTRAINT_TRIGGER", 1811, message)
        case psycopg.errors.SerializationFailure() | psycopg.errors.DeadlockDetected():
            return _Said(sqlite3.OperationalError, "SQLITE_BUSY", 5, "database is locked")
        case psycopg.errors.LockNotAvailable():
            return _Said(sqlite3.OperationalError, "SQLITE_BUSY", 5, "database is locked")
        case psycopg.errors.UndefinedTable():
            return _Said(sqlite3.OperationalError, "SQLITE_ERROR", 1, f"no such table: {_quoted_word(error)}")
        case psycopg.errors.UndefinedColumn():
            return _Said(sqlite3.OperationalError, "SQLITE_ERROR", 1, f"no such column: {_quoted_word(error)}")
        case psycopg.errors.DuplicateTable():
            return _Said(sqlite3.OperationalError, "SQLITE_ERROR", 1, f"table {_quoted_word(error)} already exists")
        case psycopg.errors.InsufficientPrivilege() | psycopg.errors.ReadOnlySqlTransaction():
            return _Said(sqlite3.OperationalError, "SQLITE_READONLY", 8, "attempt to write a readonly database")
        case psycopg.errors.DiskFull():
            return _Said(sqlite3.OperationalError, "SQLITE_FULL", 13, "database or disk is full")
        case psycopg.errors.QueryCanceled():
            return _Said(sqlite3.OperationalError, "SQLITE_INTERRUPT", 9, "interrupted")
        case NotTranslated():
            return _Said(sqlite3.NotSupportedError, "SQLITE_ERROR", 1, _with_hint(error))
        case PgraduateError():
            return _Said(sqlite3.OperationalError, "SQLITE_CANTOPEN", 14, _with_hint(error))
        case psycopg.errors.InvalidTextRepresentation() | psycopg.errors.InvalidDatetimeFormat():
            return _Said(sqlite3.NotSupportedError, "SQLITE_MISMATCH", 20, _misfit(error))
        case psycopg.errors.DataError():
            return _Said(
                sqlite3.DataError, "SQLITE_MISMATCH", 20, error.diag.message_primary or "datatype mismatch"
            )
        case psycopg.OperationalError() if error.sqlstate is None or error.sqlstate.startswith(("08", "57P0")):
            return _Said(sqlite3.OperationalError, "SQLITE_IOERR", 10, "disk I/O error: the connection was lost")
        case psycopg.Error():
            message = error.diag.message_primary or str(error)
            return _Said(sqlite3.OperationalError, "SQLITE_ERROR", 1, message)
    return _Said(sqlite3.OperationalError, "SQLITE_ERROR", 1, str(error))


def _constraint(name: str, code: int, words: str, error: psycopg.Error, columns: Columns | None) -> _Said:
    """Name the columns of a violated constraint as SQLite does."""
    diagnosis = error.diag
    table, constraint, column = diagnosis.table_name, diagnosis.constraint_name, diagnosis.column_name
    if columns is not None and table and constraint:
        named = ", ".join(columns(table, constraint)) or constraint
    elif table and column:
        named = f"{table}.{column}"
    else:
        named = constraint or table or ""
    return _Said(sqlite3.IntegrityError, name, code, f"{words}: {named}")


def _misfit(error: psycopg.Error) -> str:
    """Say what a column cannot hold, without the value, which PostgreSQL's message has."""
    message = (error.diag.message_primary or "").partition(": ")[0]
    type = message.removeprefix("invalid input syntax for type ")
    if type in ("bigint", "integer", "smallint"):
        return (
            "a number with a fraction, or a text, for an INTEGER column, which holds whole numbers alone on PostgreSQL: "
            "declare it NUMERIC, which holds any value there"
        )
    return f"a value that is no {type}, for a column that holds nothing else on PostgreSQL"


def _quoted_word(error: psycopg.Error) -> str:
    """Give the name that PostgreSQL's message puts in quotes, without its schema."""
    message = error.diag.message_primary or ""
    _, quote, rest = message.partition('"')
    name = rest.partition('"')[0] if quote else message.removeprefix("column ").partition(" ")[0]
    return name.rpartition(".")[2]


def _with_hint(error: PgraduateError) -> str:
    return f"{error.what}; {error.hint}" if error.hint else error.what
