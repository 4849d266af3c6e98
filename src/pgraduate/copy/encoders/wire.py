"""The type in which a column travels, and what the server casts at its end."""

from __future__ import annotations

from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import Rule
from pgraduate.postgres.casting import Casting, casting


def wire_type(column: ColumnPlan, base: str) -> str:
    """Give the type whose binary form COPY expects: json, the text-like types and what the server casts are sent so."""
    cast = cast_of(column, base)
    if cast is not None:
        return cast.wire
    if column.representation.rule is Rule.ANY_VALUE:
        return "bytea"  # its encoder writes the type's binary form
    return base if base in _BINARY else "text"


def cast_of(column: ColumnPlan, base: str) -> Casting | None:
    """Say how the server casts a column's values; None where COPY sends its type."""
    return casting(column.representation, base, column.type)


_BINARY = frozenset(
    (
        "int2",
        "int4",
        "int8",
        "float8",
        "numeric",
        "bool",
        "uuid",
        "date",
        "timestamp",
        "timestamptz",
        "time",
        "interval",
        "jsonb",
        "inet",
        "bytea",
        "text",
    )
)
