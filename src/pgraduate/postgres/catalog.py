"""The catalog of one schema as the server tells it: what really stands there, whatever was planned.

Definitions are the server's own rendering, so two catalogs are the same exactly when these values are equal.
Queries hold for PostgreSQL 14 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import psycopg

from pgraduate.postgres.records import script


@dataclass(frozen=True, slots=True)
class LoadedTable:
    name: str
    permanent: bool
    """False for UNLOGGED, whose rows do not survive a crash."""


@dataclass(frozen=True, slots=True)
class LoadedColumn:
    """`type` is the server's full name of the type; `collation` is None for the type's own collation."""

    table: str
    name: str
    type: str
    collation: str | None
    not_null: bool
    identity: bool
    generated: bool
    expression: str | None
    """The default, or the expression of a generated column."""
    sequence: str | None
    """The sequence that numbers the column, as an identity or by its default, qualified and quoted by the server."""


@dataclass(frozen=True, slots=True)
class LoadedConstraint:
    """`kind` is p, u, c or f, as in pg_constraint."""

    table: str
    name: str
    kind: str
    validated: bool
    index_valid: bool
    definition: str


@dataclass(frozen=True, slots=True)
class LoadedIndex:
    table: str
    name: str
    unique: bool
    valid: bool
    definition: str


@dataclass(frozen=True, slots=True)
class LoadedView:
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class LoadedTrigger:
    table: str
    name: str
    enabled: bool
    function: str
    definition: str


@dataclass(frozen=True, slots=True)
class LoadedFunction:
    """`volatility` is i, s or v; `digest` the md5 of the whole definition."""

    name: str
    arguments: str
    volatility: str
    digest: str


@dataclass(frozen=True, slots=True)
class LoadedCatalog:
    schema: str
    exists: bool
    tables: tuple[LoadedTable, ...]
    columns: tuple[LoadedColumn, ...]
    constraints: tuple[LoadedConstraint, ...]
    indexes: tuple[LoadedIndex, ...]
    views: tuple[LoadedView, ...]
    triggers: tuple[LoadedTrigger, ...]
    functions: tuple[LoadedFunction, ...]


@dataclass(frozen=True, slots=True)
class SequencePosition:
    """`next_value` is what the sequence gives next; None where every number is used up."""

    sequence: str
    next_value: int | None


def read_catalog(connection: psycopg.Connection, schema: str) -> LoadedCatalog:
    """Read the objects of one schema ; a schema that does not exist is empty."""
    with connection.transaction():
        return LoadedCatalog(
            schema,
            _exists(connection, schema),
            _rows(connection, "catalog_tables", schema, LoadedTable),
            _rows(connection, "catalog_columns", schema, LoadedColumn),
            _rows(connection, "catalog_constraints", schema, LoadedConstraint),
            _rows(connection, "catalog_indexes", schema, LoadedIndex),
            _rows(connection, "catalog_views", schema, LoadedView),
            _rows(connection, "catalog_triggers", schema, LoadedTrigger),
            _rows(connection, "catalog_functions", schema, LoadedFunction),
        )


def read_position(connection: psycopg.Connection, sequence: str) -> SequencePosition:
    """Ask an identity's sequence, named as `LoadedColumn.sequence` gives it, for its position."""
    question = script("catalog_position").replace("{sequence}", sequence)
    row = connection.execute(question.encode()).fetchone()
    assert row is not None, "a sequence has one row"
    last, called, largest = row
    following = last + 1 if called else last
    return SequencePosition(sequence, following if following <= largest else None)


T = TypeVar("T")


def _rows(connection: psycopg.Connection, name: str, schema: str, kind: type[T]) -> tuple[T, ...]:
    return tuple(kind(*row) for row in connection.execute(script(name), {"schema": schema}))


def _exists(connection: psycopg.Connection, schema: str) -> bool:
    row = connection.execute(script("catalog_schema"), {"schema": schema}).fetchone()
    return bool(row and row[0])
