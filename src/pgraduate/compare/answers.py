"""What an engine answers to one statement, in SQLite's terms.

PostgreSQL's values arrive as the texts that the server writes and are turned back through the representations of the
translation's output columns, so that both answers are cells of the same kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import psycopg

from pgraduate.dialect.translation import OutputColumn
from pgraduate.model.cell import Cells
from pgraduate.postgres.cell_reader import cell_reader


class FailureKind(StrEnum):
    """Why a statement failed, as far as an application can tell in either engine."""

    UNIQUE = "unique"
    NOT_NULL = "not null"
    CHECK = "check"
    FOREIGN_KEY = "foreign key"
    RAISE = "raise"
    STATEMENT = "statement"
    """The text itself is refused: syntax, names, types."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Failure:
    """`message` holds no row's value."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The result columns' names and the rows, both empty for a statement that returns nothing."""

    names: tuple[str, ...] = ()
    rows: tuple[Cells, ...] = ()
    failure: Failure | None = None


_BY_SQLSTATE = {
    "23505": FailureKind.UNIQUE,
    "23502": FailureKind.NOT_NULL,
    "23514": FailureKind.CHECK,
    "23503": FailureKind.FOREIGN_KEY,
    "23000": FailureKind.RAISE,
}


def failure_of(error: psycopg.Error) -> Failure:
    """Say why PostgreSQL failed; the words of classes 22 and 23 may quote a value, so they are left out."""
    state = error.sqlstate or ""
    kind = FailureKind.STATEMENT if state.startswith("42") else _BY_SQLSTATE.get(state, FailureKind.OTHER)
    name = type(error).__name__
    words = "" if state.startswith(("22", "23")) else error.diag.message_primary or ""
    return Failure(kind, f"{state or 'connection lost'} {words or name}")


def answer_of(cursor: psycopg.Cursor, columns: Sequence[OutputColumn]) -> Answer:
    """Read the text result that a cursor holds, through the translation's output columns."""
    result = cursor.pgresult
    if result is None or result.nfields == 0:
        return Answer()
    if result.nfields != len(columns):
        message = f"{result.nfields} columns where the translation has {len(columns)}"
        return Answer(failure=Failure(FailureKind.STATEMENT, message))
    types = cursor.connection.adapters.types
    bases = [found.name if (found := types.get(result.ftype(place))) else "text" for place in range(len(columns))]
    readers = [cell_reader(column.representation, base) for column, base in zip(columns, bases, strict=True)]
    rows = tuple(
        tuple(
            read(value.decode()) if (value := result.get_value(row, place)) is not None else None
            for place, read in enumerate(readers)
        )
        for row in range(result.ntuples)
    )
    return Answer(tuple(column.name for column in columns), rows)
