"""Asking the server which of some values a type of its own takes and gives back as they are.

The invariant: it reads, and leaves nothing behind; a value that the server refuses costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import psycopg

from pgraduate.postgres.casting import Casting

Value = str | float | Decimal


def count_kept(connection: psycopg.Connection, casting: Casting, values: Sequence[Value]) -> int:
    """Count the values that come back as they were.

    One refused value fails a statement, so that a list with such a value is halved until it stands alone: k refused ones
    of n cost about k·log n statements.
    """
    with connection.transaction(force_rollback=True):
        # The settings under which the loader writes and the checker reads.
        connection.execute(
            "SELECT pg_catalog.set_config('IntervalStyle', 'postgres', true),"
            " pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true),"
            " pg_catalog.set_config('search_path', 'pg_catalog', true)"
        )
        return _count(connection, casting, values)


def _count(connection: psycopg.Connection, casting: Casting, values: Sequence[Value]) -> int:
    if not values:
        return 0
    query = (
        f"SELECT count(*) FROM pg_catalog.unnest(%s::pg_catalog.{casting.wire}[]) AS u (v)"
        f" WHERE {casting.kept.format('v').replace('%', '%%')}"
    )
    try:
        with connection.transaction():
            row = connection.execute(query.encode(), (list(values),)).fetchone()
            return int(row[0]) if row else 0
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.FeatureNotSupported):
        if len(values) == 1:
            return 0
        middle = len(values) // 2
        return _count(connection, casting, values[:middle]) + _count(connection, casting, values[middle:])
