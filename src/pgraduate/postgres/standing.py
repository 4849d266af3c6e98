"""A schema that somebody else made: what rows must look like to be taken there, and what watches over them.

Read once, before anything is decided; the invariant is that every definition is qualified, so that it can be given
again in any session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import psycopg

from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.postgres.records import script


@dataclass(frozen=True, slots=True)
class StandingTable:
    name: str
    owned: bool
    """This role may change the table as its owner."""
    partitioned: bool


@dataclass(frozen=True, slots=True)
class StandingColumn:
    """`type` is the server's name of the type, `base` pg_type's name without a domain ('enum' for an enum type),
    `base_type` that type with its modifiers."""

    table: str
    name: str
    type: str
    base: str
    base_type: str
    labels: tuple[str, ...]
    not_null: bool
    filled: bool
    """A row that does not name the column gets a value: a default, an identity, an expression."""
    generated: bool
    sequence: str | None
    """The sequence that numbers the column, qualified and quoted."""
    default: str | None


@dataclass(frozen=True, slots=True)
class StandingForeignKey:
    schema: str
    table: str
    name: str
    columns: tuple[str, ...]
    parent_schema: str
    parent: str
    parent_columns: tuple[str, ...]
    definition: str
    validated_apart: bool
    """It is valid, and can be created first and validated then."""


@dataclass(frozen=True, slots=True)
class StandingKey:
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandingRule:
    """What a table asks of its rows that only the server can judge.

    `expression` must hold for a check and for a partitioned table's bounds; it is the end of the definition of a unique
    index or of an exclusion; of a 'refused' there is none: a column's domain or generation may refuse a value.
    """

    table: str
    kind: Literal["check", "unique_index", "exclusion", "partition", "refused"]
    name: str
    expression: str
    definition: str


@dataclass(frozen=True, slots=True)
class StandingTrigger:
    """`fires` is pg_trigger's tgenabled: O, A or R."""

    table: str
    name: str
    fires: str


@dataclass(frozen=True, slots=True)
class StandingSequence:
    """`position` is what setval takes to give the sequence the place that it had."""

    name: str
    last_value: int
    called: bool
    largest: int


@dataclass(frozen=True, slots=True)
class StandingSchema:
    schema: str
    tables: tuple[StandingTable, ...]
    columns: tuple[StandingColumn, ...]
    foreign_keys: tuple[StandingForeignKey, ...]
    keys: tuple[StandingKey, ...]
    triggers: tuple[StandingTrigger, ...]
    sequences: tuple[StandingSequence, ...]
    rules: tuple[StandingRule, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    """Rows by table, of the tables that were asked for."""

    def columns_of(self, table: str) -> tuple[StandingColumn, ...]:
        return tuple(column for column in self.columns if column.table == table)

    def sequence(self, name: str) -> StandingSequence:
        return next(item for item in self.sequences if item.name == name)


def read_standing(connection: psycopg.Connection, schema: str) -> StandingSchema:
    """Read what stands in a schema; a schema that does not exist has no tables."""
    with connection.transaction():
        connection.execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)")
        columns = _read(connection, "standing_columns", schema, StandingColumn)
        return StandingSchema(
            schema,
            _read(connection, "standing_tables", schema, StandingTable),
            columns,
            _read(connection, "standing_foreign_keys", schema, StandingForeignKey),
            _read(connection, "standing_keys", schema, StandingKey),
            _read(connection, "standing_triggers", schema, StandingTrigger),
            tuple(
                _sequence(connection, name) for name in sorted({item.sequence for item in columns if item.sequence})
            ),
            _read(connection, "standing_rules", schema, StandingRule),
        )


def count_rows(connection: psycopg.Connection, schema: str, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {qualified(schema, table)}".encode()).fetchone()
    return int(row[0]) if row else 0


def count_references(connection: psycopg.Connection, key: StandingForeignKey) -> int:
    """Count the rows of the child that refer to some parent."""
    complete = " AND ".join(f"{quote(name)} IS NOT NULL" for name in key.columns)
    relation = qualified(key.schema, key.table)
    row = connection.execute(f"SELECT count(*) FROM {relation} WHERE {complete}".encode()).fetchone()
    return int(row[0]) if row else 0


def read_keys(
    connection: psycopg.Connection, schema: str, table: str, columns: Sequence[str]
) -> frozenset[tuple[str | None, ...]]:
    """Read some columns of every row, as text: for tables that hold a framework's own lists."""
    items = ", ".join(f"{quote(name)}::text" for name in columns)
    return frozenset(connection.execute(f"SELECT {items} FROM {qualified(schema, table)}".encode()).fetchall())


def _sequence(connection: psycopg.Connection, name: str) -> StandingSequence:
    row = connection.execute(script("catalog_position").replace("{sequence}", name).encode()).fetchone()
    assert row is not None, "a sequence has one row"
    return StandingSequence(name, *row)


T = TypeVar("T")


def _read(connection: psycopg.Connection, name: str, schema: str, kind: type[T]) -> tuple[T, ...]:
    rows = connection.execute(script(name), {"schema": schema})
    return tuple(kind(*(tuple(item) if isinstance(item, list) else item for item in row)) for row in rows)
