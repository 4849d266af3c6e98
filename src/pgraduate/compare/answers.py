"""What an engine answers to one statement, in SQLite's terms.

PostgreSQL's values arrive as the texts that the server writes and are turned back through the representations of the
translation's output columns, so that both answers are cells of the same kind.  The invariant: a value that its
column's representation could not have produced is a marked cell, and so a difference; it is never coerced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import psycopg

from pgraduate.compare.canonical import Cell, Cells, unreadable
from pgraduate.compare.decoders import reading
from pgraduate.dialect.translation import OutputColumn
from pgraduate.model.representation import Representation, Rule


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


def cell_reader(representation: Representation | None, base: str) -> Callable[[str], Cell]:
    """Give what reads the server's text of a value; `base` is pg_type's name of its type.

    A column without a representation is read by its type alone.
    """
    chosen = representation or _BY_BASE.get(base, Representation(Rule.TEXT))
    parse = _parser(chosen, base)

    def read(text: str) -> Cell:
        try:
            return parse(text)
        except (ValueError, KeyError, OverflowError):
            return unreadable(text)

    return read


_BY_BASE = {
    "int2": Representation(Rule.INTEGER),
    "int4": Representation(Rule.INTEGER),
    "int8": Representation(Rule.INTEGER),
    "float4": Representation(Rule.REAL),
    "float8": Representation(Rule.REAL),
    "numeric": Representation(Rule.NUMBER),
    "bytea": Representation(Rule.BLOB),
    "bool": Representation(Rule.BOOLEAN),
}

BY_SCALE = "scale"
"""The detail of a computed number: an INTEGER exactly where the numeric's scale is 0."""


def _parser(representation: Representation, base: str) -> Callable[[str], Cell]:
    if representation.rule is Rule.NUMBER and representation.detail == BY_SCALE:
        return lambda text: int(text) if text.removeprefix("-").isdigit() else float(text)
    if representation.rule is Rule.ANY_TEXT and representation.detail in ("NUMERIC", "INTEGER"):
        return _dynamic
    found = reading(representation, base)
    arrive = _microseconds if representation.rule is Rule.EPOCH else _WIRES[found.wire]
    natural = found.natural
    if natural is None:
        return arrive
    return lambda text: natural(arrive(text))


def _dynamic(text: str) -> Cell:
    """Read the text form of a value of any class: a number where it is written as one, else a text.

    Unlike in a table's column, where an affinity has been at work, 1.0 is a REAL here.
    """
    if _DIGITS.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return int(text)
    if text in ("Infinity", "-Infinity") or (_REAL.fullmatch(text) and repr(float(text)) == text):
        return float(text)
    return text


_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,18}")
_REAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?")


def _microseconds(text: str) -> str:
    """Give a timestamp as the microseconds since 1970 in which its reading expects it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return str((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def _bytes(text: str) -> bytes:
    if not text.startswith("\\x"):
        raise ValueError("bytea in another form than hex")
    return bytes.fromhex(text[2:])


_WIRES: dict[str, Callable[[str], Cell]] = {
    "int8": int,
    "int4": lambda text: {"t": 1, "f": 0}[text],
    "float8": float,
    "text": lambda text: text,
    "bytea": _bytes,
}
"""What the text of a value is in the type in which a reading expects it."""
