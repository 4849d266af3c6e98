"""SQLite's side of a comparison: a working copy that may be written, and one statement's answer from it.

Every statement runs inside a savepoint, so that its effect can be looked at and taken back.  Foreign keys are
enforced, as they are in PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from pgraduate.compare.answers import Answer, Failure, FailureKind
from pgraduate.compare.canonical import Cells
from pgraduate.model.storage import StorageClass
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.sealed import harden

Value = int | float | str | bytes | None
"""What a parameter may be bound to."""

_SAVEPOINT = "pgraduate_compare"


def open_working_copy(sealed: Path, directory: Path) -> apsw.Connection:
    """Copy a sealed database into a private directory and open the copy to be written and thrown away."""
    copy = directory / "working.db"
    shutil.copyfile(sealed, copy)
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(file_uri(copy, mode="rw"), flags=flags)
    harden(connection)
    connection.pragma("journal_mode", "MEMORY")
    connection.pragma("synchronous", "OFF")
    connection.pragma("foreign_keys", True)
    return connection


@contextmanager
def taken_back(connection: apsw.Connection, *, keep: bool) -> Iterator[None]:
    """Run a block inside a savepoint; unless `keep`, its changes go.

    A statement that failed with OR ROLLBACK has ended the savepoint itself.
    """
    connection.execute(f"SAVEPOINT {_SAVEPOINT}")
    try:
        yield
    finally:
        if connection.in_transaction:
            if not keep:
                connection.execute(f"ROLLBACK TO {_SAVEPOINT}")
            connection.execute(f"RELEASE {_SAVEPOINT}")


def classes_of(values: Sequence[Value]) -> tuple[StorageClass, ...]:
    """Give the storage classes in which SQLite takes Python values; a boolean is an integer."""
    return tuple(map(_class_of, values))


def _class_of(value: Value) -> StorageClass:
    match value:
        case None:
            return StorageClass.NULL
        case int():
            return StorageClass.INTEGER
        case float():
            return StorageClass.REAL
        case str():
            return StorageClass.TEXT
        case bytes():
            return StorageClass.BLOB


def answer(connection: apsw.Connection, sql: str, values: Sequence[Value] = ()) -> Answer:
    """Run one statement with its parameters' values and give its answer, its failure included."""
    names: list[str] | None = None

    def prepared(cursor: apsw.Cursor, _sql: str, _bindings: object) -> bool:
        nonlocal names
        names = [str(column[0]) for column in cursor.get_description()]
        return True

    cursor = connection.cursor()
    cursor.exec_trace = prepared
    try:
        rows: tuple[Cells, ...] = tuple(tuple(row) for row in cursor.execute(sql, tuple(values)))
    except apsw.Error as error:
        return Answer(failure=_failure(error, prepared=names is not None))
    except UnicodeDecodeError:
        return Answer(failure=Failure(FailureKind.OTHER, "a text is not valid in the database's encoding"))
    return Answer(tuple(names or ()), rows)


def refusal(connection: apsw.Connection, sql: str) -> Failure | None:
    """Give the failure of a statement that SQLite does not compile, None for any other; nothing runs."""
    if sql.lstrip()[:7].upper() == "EXPLAIN":
        return None
    try:
        list(connection.cursor().execute(f"EXPLAIN {sql}"))
    except apsw.BindingsError:
        return None
    except apsw.Error as error:
        return _failure(error, prepared=False)
    return None


_CONSTRAINTS = {
    apsw.SQLITE_CONSTRAINT_UNIQUE: FailureKind.UNIQUE,
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY: FailureKind.UNIQUE,
    apsw.SQLITE_CONSTRAINT_ROWID: FailureKind.UNIQUE,
    apsw.SQLITE_CONSTRAINT_NOTNULL: FailureKind.NOT_NULL,
    apsw.SQLITE_CONSTRAINT_CHECK: FailureKind.CHECK,
    apsw.SQLITE_CONSTRAINT_FOREIGNKEY: FailureKind.FOREIGN_KEY,
    apsw.SQLITE_CONSTRAINT_TRIGGER: FailureKind.RAISE,
}


def _failure(error: apsw.Error, *, prepared: bool) -> Failure:
    if not prepared:
        return Failure(FailureKind.STATEMENT, str(error))
    kind = _CONSTRAINTS.get(getattr(error, "extendedresult", 0), FailureKind.OTHER)
    # SQLite's constraint messages name columns; the words of RAISE() are the application's own and may hold a value.
    return Failure(kind, type(error).__name__ if kind is FailureKind.RAISE else str(error))
