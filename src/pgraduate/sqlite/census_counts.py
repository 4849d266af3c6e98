"""The part of the census that SQLite counts itself, in two scans of one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import apsw

from pgraduate.model.catalog import Column, Table
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.names import quote

_COLUMNS_AT_ONCE = 150
"""SQLite gives at most 2,000 result columns; a wider table is scanned in parts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`small_whole_reals` are the whole reals that a 64-bit integer could hold."""

    values: int = 0
    integers: int = 0
    reals: int = 0
    texts: int = 0
    integer_min: int | None = None
    integer_max: int | None = None
    infinities: int = 0
    negative_zeros: int = 0
    whole_reals: int = 0
    small_whole_reals: int = 0
    text_longest: int = 0
    text_longest_bytes: int = 0
    blob_longest: int = 0

    @property
    def blobs(self) -> int:
        return self.values - self.integers - self.reals - self.texts


def count(
    connection: apsw.Connection, table: Table, columns: Sequence[Column]
) -> tuple[int, int, dict[str, Counts]]:
    """Give the number of rows, of rows with a NULL in the primary key, and each column's counts by its name."""
    nullable_key = " OR ".join(f"{quote(name)} IS NULL" for name in table.primary_key) or "0"
    rows, null_keys = _row(connection, table, ["count(*)", f"count(*) FILTER (WHERE {nullable_key})"])
    found: dict[str, Counts] = {}
    pending = iter(columns)
    while part := list(islice(pending, _COLUMNS_AT_ONCE)):
        found |= _details(connection, table, _classes(connection, table, part))
    return rows, null_keys, found


def _classes(connection: apsw.Connection, table: Table, columns: Sequence[Column]) -> dict[str, Counts]:
    expressions = []
    for column in columns:
        name = quote(column.name)
        expressions.append(f"count({name})")
        expressions += [
            f"count(*) FILTER (WHERE typeof({name}) = '{kind}')" for kind in ("integer", "real", "text")
        ]
    row = iter(_row(connection, table, expressions))
    return {column.name: Counts(next(row), next(row), next(row), next(row)) for column in columns}


def _details(connection: apsw.Connection, table: Table, classes: dict[str, Counts]) -> dict[str, Counts]:
    wanted = [(name, field, sql) for name, counts in classes.items() for field, sql in _measures(name, counts)]
    if not wanted:
        return classes
    row = _row(connection, table, [sql for _, _, sql in wanted])
    found = dict(classes)
    for (name, field, _), value in zip(wanted, row, strict=True):
        found[name] = replace(found[name], **{field: value})
    return {
        name: replace(counts, whole_reals=counts.whole_reals - counts.infinities) for name, counts in found.items()
    }


def _measures(name: str, counts: Counts) -> Iterator[tuple[str, str]]:
    """Say what is worth measuring in a column, given the classes that occur; filters only where they mix."""
    column = quote(name)
    kinds = (counts.integers > 0) + (counts.reals > 0) + (counts.texts > 0) + (counts.blobs > 0)

    def of(kind: str) -> str:
        return f" FILTER (WHERE typeof({column}) = '{kind}')" if kinds > 1 else ""

    if counts.integers:
        yield "integer_min", f"min({column}){of('integer')}"
        yield "integer_max", f"max({column}){of('integer')}"
    if counts.reals:
        real = f"typeof({column}) = 'real' AND "
        whole = f"{column} = CAST({column} AS INTEGER)"
        yield "infinities", f"count(*) FILTER (WHERE {real}{column} IN (9e999, -9e999))"
        # Of all functions of SQLite only atan2 tells −0.0 from 0.0 in every version.
        yield "negative_zeros", f"count(*) FILTER (WHERE {real}{column} = 0 AND atan2({column}, -1.0) < 0)"
        yield "small_whole_reals", f"count(*) FILTER (WHERE {real}{whole})"
        yield "whole_reals", f"count(*) FILTER (WHERE {real}({whole} OR abs({column}) >= 9223372036854775808.0))"
    if counts.texts:
        yield "text_longest", f"max(length({column})){of('text')}"
        yield "text_longest_bytes", f"max(octet_length({column})){of('text')}"
    if counts.blobs:
        yield "blob_longest", f"max(length({column})){of('blob')}"


def _row(connection: apsw.Connection, table: Table, expressions: Sequence[str]) -> tuple[int, ...]:
    sql = f"SELECT {', '.join(expressions)} FROM {rows_of(table)}"
    return tuple(connection.execute(sql).fetchall()[0])  # type: ignore[arg-type]
