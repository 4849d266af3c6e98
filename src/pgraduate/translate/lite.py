"""SQLite's side of a comparison: a working copy that may be written, and one statement's answer from it.

Every statement runs inside a savepoint, so that its effect can be looked at and taken back.  Foreign keys are
enforced, as they are in PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import apsw

from pgraduate.compare.answers import Answer, Failure, FailureKind
from pgraduate.dialect.identifiers import quote
from pgraduate.dialect.pragmas import parse_pragma
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.writing.parser import Delete, Insert, parse_dml
from pgraduate.errors import NotTranslated
from pgraduate.model.cell import Cells
from pgraduate.model.storage import StorageClass
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.sealed import harden

Value = int | float | str | bytes | None
"""What a parameter may be bound to."""

LOCK_MILLISECONDS = 10_000
"""As long as the target's session waits for a lock (compare/sql/session.sql)."""

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
    connection.set_busy_timeout(LOCK_MILLISECONDS)
    return connection


_OF_THE_CONNECTION = ("synchronous", "temp_store", "busy_timeout")
"""Pragmas that SQLite sets for the connection: no rollback takes them back, and some it refuses inside a transaction."""


@contextmanager
def taken_back(connection: apsw.Connection, sql: str, *, keep: bool) -> Iterator[None]:
    """Run a block for a statement inside a savepoint; unless `keep`, its changes go.

    A statement that failed with OR ROLLBACK has ended the savepoint itself.  What is set for the connection needs to
    run outside of one, and is set back.
    """
    if (name := _set_for_the_connection(sql)) is not None and not connection.in_transaction:
        before = connection.pragma(name)
        yield
        if not keep:
            connection.pragma(name, before)
        return
    connection.execute(f"SAVEPOINT {_SAVEPOINT}")
    try:
        yield
    finally:
        if connection.in_transaction:
            if not keep:
                connection.execute(f"ROLLBACK TO {_SAVEPOINT}")
            connection.execute(f"RELEASE {_SAVEPOINT}")


def _set_for_the_connection(sql: str) -> str | None:
    """Give the name of a pragma that is set for the connection, None for any other statement."""
    tokens = tokenize(sql)
    if not tokens or not tokens[0].is_word("PRAGMA"):
        return None
    pragma = parse_pragma(sql)
    return pragma.name if pragma.argument is not None and pragma.name in _OF_THE_CONNECTION else None


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

    if "LIMIT" in sql.upper() and not _TAKES_A_FEW:
        sql = few_by_rowid(sql)
    cursor = connection.cursor()
    cursor.exec_trace = prepared
    try:
        rows: tuple[Cells, ...] = tuple(tuple(row) for row in cursor.execute(sql, tuple(values)))
    except apsw.Error as error:
        return Answer(failure=_failure(error, prepared=names is not None))
    except UnicodeDecodeError:
        return Answer(failure=Failure(FailureKind.OTHER, "a text is not valid in the database's encoding"))
    return Answer(tuple(names or ()), rows)


def numbers(connection: apsw.Connection) -> dict[str, int]:
    """Give what SQLite keeps with a connection."""
    return {
        "last_insert_rowid": connection.last_insert_rowid(),
        "changes": connection.changes(),
        "total_changes": connection.total_changes(),
    }


_TAKES_A_FEW = "ENABLE_UPDATE_DELETE_LIMIT" in apsw.compile_options


def few_by_rowid(sql: str) -> str:
    """Write UPDATE and DELETE with LIMIT as SQLite's manual defines them, for a SQLite that is built without them.

    Any other statement stays as it is.  The parameters keep their order.
    """
    try:
        statement = parse_dml(sql)
    except NotTranslated:
        return sql
    if isinstance(statement, Insert) or statement.few is None:
        return sql
    table = quote(statement.table) + (f" AS {quote(statement.alias)}" if statement.alias else "")
    where = f" WHERE {statement.where}" if statement.where is not None else ""
    chosen = f"rowid IN (SELECT rowid FROM {table}{where} {statement.few})"
    returning = f" RETURNING {statement.returning}" if statement.returning is not None else ""
    with_ = f"{statement.with_} " if statement.with_ is not None else ""
    if isinstance(statement, Delete):
        return f"{with_}DELETE FROM {table} WHERE {chosen}{returning}"
    sets = ", ".join(
        f"({', '.join(map(quote, a.columns))}) = {a.value}"
        if len(a.columns) > 1
        else f"{quote(a.columns[0])} = {a.value}"
        for a in statement.assignments
    )
    return f"{with_}UPDATE OR {statement.policy} {table} SET {sets} WHERE {chosen}{returning}"


def end(connection: apsw.Connection) -> None:
    """Take back a transaction that is open."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def refusal(
    connection: apsw.Connection, sql: str, values: Sequence[Value] = (), *, run: bool = False
) -> Failure | None:
    """Give the failure of a statement that SQLite refuses, None for any other.

    With `run` also what SQLite refuses only when it runs; what a write has changed is taken back.  A collation counts
    as unknown, although the stand-in of `harden` reads tables that declare it.
    """
    if tokenize(sql)[0].is_word(*_NOT_EXPLAINED):
        return None
    if (collation := _unknown_collation(connection, sql)) is not None:
        return Failure(FailureKind.STATEMENT, f"no such collation sequence: {collation}")
    try:
        list(connection.cursor().execute(f"EXPLAIN {sql}"))
    except apsw.BindingsError:
        pass
    except apsw.Error as error:
        return _failure(error, prepared=False)
    if not run:
        return None
    with taken_back(connection, sql, keep=False):
        return answer(connection, sql, values).failure


_NOT_EXPLAINED = ("EXPLAIN", "PRAGMA")
"""A pragma takes effect as soon as it is prepared, also behind EXPLAIN."""

_COLLATIONS = frozenset({"BINARY", "NOCASE", "RTRIM"})


def _unknown_collation(connection: apsw.Connection, sql: str) -> str | None:
    """Give the first collation behind COLLATE that no column of the database declares and SQLite does not have."""
    tokens = tokenize(sql)
    named = [
        following.name
        for token, following in pairwise(tokens)
        if token.is_word("COLLATE") and following.is_name and following.name.upper() not in _COLLATIONS
    ]
    definitions = " ".join(text for (text,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql <> ''"))
    return next((name for name in named if f"collate {name}".lower() not in definitions.lower()), None)


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
