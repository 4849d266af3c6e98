"""The lines of pgraduate.retention_batch: what each batch took from each table, and where it is.

Invariant: a line and the deletion that it tells of commit together, so a segment without a line holds rows that are still
live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg.rows import class_row

from pgraduate.maintain.retention.family import Family, Member
from pgraduate.maintain.retention.scripts import script
from pgraduate.model.retention import Destination


@dataclass(frozen=True, slots=True)
class Stored:
    """`place` is an archive table's name or a segment's path, None for dropped rows; `checksum` is a segment's SHA-256."""

    rows: int
    place: str | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    batch: int
    root_schema: str
    root_table: str
    age_column: str
    age_unit: str | None
    schema_name: str
    table_name: str
    destination: str
    place: str | None
    checksum: str | None
    row_count: int
    restored: int = 0

    @staticmethod
    def of(family: Family, member: Member, batch: int, destination: Destination, stored: Stored) -> Line:
        unit = family.age.unit.value if family.age.unit else None
        root = family.root
        return Line(
            batch,
            root.schema,
            root.name,
            family.age.column,
            unit,
            member.schema,
            member.name,
            destination.value,
            stored.place,
            stored.checksum,
            stored.rows,
        )

    @property
    def label(self) -> str:
        return f"{self.schema_name}.{self.table_name}"


@dataclass(frozen=True, slots=True)
class Archived:
    """How many rows of a table retention took and did not bring back, by where they went."""

    schema: str
    table: str
    destination: str
    rows: int


def next_number(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_catalog.nextval('pgraduate.retention_number')").fetchone()
    assert row is not None
    return int(row[0])


def record(connection: psycopg.Connection, line: Line, *, moments: Sequence[str]) -> None:
    """Write a line in the transaction that moved its rows; `moments` are those of the roots, as timestamps in UTC."""
    connection.execute(
        script("record_batch"),
        {name: getattr(line, name) for name in line.__slots__} | {"moments": list(moments)},
    )


def lines_between(
    connection: psycopg.Connection, schema: str, table: str, low: datetime, high: datetime
) -> list[Line]:
    """Read and lock the lines of all batches that may hold rows of a range which are not live."""
    bounds = {name: moment.astimezone(UTC).replace(tzinfo=None) for name, moment in (("low", low), ("high", high))}
    with connection.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(script("batches_between"), {"schema": schema, "table": table} | bounds).fetchall()


def mark_restored(connection: psycopg.Connection, line: Line, rows: int, left: Stored | None = None) -> None:
    """Say that rows of a batch came back; `left` is the segment that holds the others, None where the place stays."""
    connection.execute(
        script("mark_restored"),
        {
            "batch": line.batch,
            "schema": line.schema_name,
            "table": line.table_name,
            "rows": rows,
            "place": left.place if left else line.place,
            "checksum": left.checksum if left else line.checksum,
        },
    )


def known_segments(connection: psycopg.Connection) -> frozenset[str]:
    """Give the places of all segments that a line tells of."""
    rows = connection.execute("SELECT place FROM pgraduate.retention_batch WHERE destination = 'csv'")
    return frozenset(place for (place,) in rows if place is not None)


def archived(connection: psycopg.Connection) -> tuple[Archived, ...]:
    """Count by table what retention took and did not bring back; nothing where it never ran."""
    row = connection.execute("SELECT pg_catalog.to_regclass('pgraduate.retention_batch') IS NOT NULL").fetchone()
    if not (row and row[0]):
        return ()
    with connection.cursor(row_factory=class_row(Archived)) as cursor:
        return tuple(cursor.execute(script("archived")))
