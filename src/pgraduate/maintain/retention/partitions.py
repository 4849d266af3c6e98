"""A plan, for a person, to partition a big table that is only appended to: then its old rows go by the month.

DETACH PARTITION takes a month out at once and leaves nothing to vacuum.  The change asks for a window and decisions (the
primary key gains a column), so it is printed and never executed here.  The standing table becomes the first partition as
it is: a validated CHECK lets ATTACH PARTITION skip reading it (PostgreSQL's manual, ALTER TABLE).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from pgraduate.maintain.retention.ages import INTEGERS, MOMENTS, in_unit
from pgraduate.maintain.retention.family import Family
from pgraduate.maintain.retention.scripts import script
from pgraduate.model.retention import Unit
from pgraduate.postgres.identifiers import qualified, quote, shorten

BIG_ROWS = 10_000_000
"""Estimated rows; below, batches keep up."""
_APPENDED = 0.05
"""Updates may be this part of the inserts."""
_AHEAD = 3
"""So many months are made in advance."""


@dataclass(frozen=True, slots=True)
class PartitionPlan:
    """`statements` run in their order; between `BEGIN` and `COMMIT` the table is locked, for moments."""

    table: str
    rows: int
    statements: tuple[str, ...]
    risks: tuple[str, ...]


def plan_partitions(
    connection: psycopg.Connection, family: Family, *, now: datetime, big: int = BIG_ROWS
) -> PartitionPlan | None:
    """Plan partitions by month for the root of a family, None where it is small, is updated, or has no fitting age."""
    age, root = family.age, family.root
    if age.type not in MOMENTS | INTEGERS or root.kind != "r" or root.inherits:
        return None
    with connection.cursor(row_factory=dict_row) as cursor:
        facts = cursor.execute(script("partition_facts"), {"table": root.oid}).fetchone()
    if facts is None or facts["rows"] < big or facts["updated"] > _APPENDED * max(facts["inserted"], 1):
        return None
    months = _months(now, _AHEAD + 1)
    bounds = [_literal(family, month) for month in months]
    return PartitionPlan(
        root.label, facts["rows"], tuple(_statements(family, facts, months, bounds)), tuple(_risks(family, facts))
    )


def _statements(family: Family, facts: dict[str, Any], months: list[datetime], bounds: list[str]) -> Iterator[str]:
    root, column = family.root, quote(family.age.column)
    table, first = qualified(root.schema, root.name), shorten(f"{root.name}_until_{months[0]:%Y_%m}")
    check = quote(shorten(f"{root.name}_partition_bound"))
    yield (
        f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL AND {column} < {bounds[0]}) NOT VALID;"
    )
    yield f"ALTER TABLE {table} VALIDATE CONSTRAINT {check};"
    names = [*facts["key"], *([] if family.age.column in facts["key"] else [family.age.column])]
    key = ", ".join(map(quote, names)) if facts["key"] else ""
    wide = quote(shorten(f"{root.name}_partition_key"))
    widened = bool(key) and len(names) > len(facts["key"])
    if widened:
        yield f"CREATE UNIQUE INDEX CONCURRENTLY {wide} ON {table} ({key});"
    yield "BEGIN;"
    yield "SET LOCAL lock_timeout = '2s';"
    yield f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;"
    if widened:
        yield f"ALTER TABLE {table} DROP CONSTRAINT {quote(facts['key_name'])};"
        yield f"ALTER TABLE {table} ADD CONSTRAINT {wide} PRIMARY KEY USING INDEX {wide};"
    for identity in facts["identities"]:
        yield f"ALTER TABLE {table} ALTER COLUMN {quote(identity)} DROP IDENTITY;"
    yield f"ALTER TABLE {table} RENAME TO {quote(first)};"
    old = qualified(root.schema, first)
    yield (
        f"CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMMENTS)"
        f" PARTITION BY RANGE ({column});"
    )
    yield f"ALTER TABLE {table} ATTACH PARTITION {old} FOR VALUES FROM (MINVALUE) TO ({bounds[0]});"
    for month, low, high in zip(months, bounds, bounds[1:], strict=False):
        part = qualified(root.schema, shorten(f"{root.name}_{month:%Y_%m}"))
        yield f"CREATE TABLE {part} PARTITION OF {table} FOR VALUES FROM ({low}) TO ({high});"
    if key:
        yield f"ALTER TABLE {table} ADD PRIMARY KEY ({key});"
    for identity, highest in zip(facts["identities"], facts["highest"], strict=True):
        sequence = qualified(root.schema, shorten(f"{root.name}_{identity}_partition_seq"))
        name = quote(identity)
        yield f"CREATE SEQUENCE {sequence} START WITH {highest} OWNED BY {table}.{name};"
        literal = sequence.replace("'", "''")
        yield f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{literal}');"
    yield "COMMIT;"
    yield f"ALTER TABLE {old} DROP CONSTRAINT {check};"


def _risks(family: Family, facts: dict[str, Any]) -> Iterator[str]:
    column = family.age.column
    if facts["key"] and column not in facts["key"]:
        yield f"{column} becomes part of the primary key: what was the key is no longer kept unique by itself"
    yield "between BEGIN and COMMIT, which takes moments, nobody reads or writes the table; try it on a copy first"
    if facts["identities"]:
        yield "identity columns become defaults from a sequence: an INSERT may then name a value of its own"
    yield f"rows without {column} refuse VALIDATE CONSTRAINT: fill it first"
    yield "a month for which no partition was made refuses its rows: make the next ones in time, or a DEFAULT partition"
    if family.keys:
        names = ", ".join(sorted({key.name for key in family.keys}))
        yield f"foreign keys lead to this table ({names}): the statements fail until they gain {column} or go"
    for noun in ("triggers", "indexes", "foreign_keys", "grants"):
        if facts[noun]:
            yield f"{facts[noun]} {noun.replace('_', ' ')} of the table must be made again on the new one"


def _months(now: datetime, count: int) -> list[datetime]:
    """Give the firsts of the months after this one, in UTC."""
    month = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month
    return [datetime((month + n) // 12, (month + n) % 12 + 1, 1, tzinfo=UTC) for n in range(count)]


def _literal(family: Family, moment: datetime) -> str:
    if family.age.type in INTEGERS:
        return str(int(in_unit(moment, family.age.unit or Unit.SECONDS)))
    forms = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S", "timestamptz": "%Y-%m-%d %H:%M:%S+00"}
    return f"'{moment.strftime(forms[family.age.type])}'"
