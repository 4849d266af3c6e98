"""A prepared statement on a server connection: bound, run, and its result handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from pgraduate.dbapi.arriving import CHUNK, Arriving
from pgraduate.dbapi.cells import Convert, conversion
from pgraduate.dbapi.counting import Counting
from pgraduate.dbapi.preparing import Prepared, Text

_SET = b"SELECT pg_catalog.set_config($1, $2, true)"


def run(
    connection: psycopg.Connection, prepared: Prepared, values: tuple[Any, ...], counts: Counting
) -> psycopg.RawCursor | Arriving:
    """Run a statement, in one transaction with those that belong before it and with the numbers that it reads.

    The rows of a query that runs for the first time, or whose last result was large, may be still arriving.
    """
    cursor = psycopg.RawCursor(connection)
    if prepared.may_be_large:
        return _run_large(cursor, prepared, values)
    if not (prepared.before or prepared.counters):
        _send(cursor, prepared.text, values)
    else:
        with connection.transaction():
            for name in prepared.counters:
                cursor.execute(_SET, (f"pgraduate.{name}", str(counts.number(name))))
            for text in prepared.before:
                _send(cursor, text, values)
            _send(cursor, prepared.text, values)
    if not prepared.settled:
        _settle(prepared, cursor)
    if (
        cursor.rowcount > CHUNK
        and prepared.names is not None
        and not (prepared.writes or prepared.before or prepared.counters)
    ):
        prepared.may_be_large = True
    return cursor


def _run_large(cursor: psycopg.RawCursor, prepared: Prepared, values: tuple[Any, ...]) -> Arriving:
    text = prepared.text
    found = Arriving.of(cursor, text.sql, values if text.choose is None else text.choose(values))
    if not prepared.settled:
        _settle(prepared, cursor)
        # A result without rows may say nothing of its columns; what has no rows needs no conversion.
    prepared.may_be_large = found.rest is not None
    return found


def follow(connection: psycopg.Connection, prepared: Prepared, number: int) -> None:
    """Let a table's numbers go on behind one that was given by hand."""
    assert prepared.follows is not None
    psycopg.RawCursor(connection).execute(prepared.follows, (number,))


def run_many(connection: psycopg.Connection, prepared: Prepared, rows: Sequence[tuple[Any, ...]]) -> int:
    """Run a write for each row of values, and give the number of rows that it changed."""
    cursor = psycopg.RawCursor(connection)
    text = prepared.text
    if not prepared.before:
        chosen = rows if text.choose is None else [text.choose(row) for row in rows]
        failure: psycopg.Error | None = None
        with connection.pipeline() as pipeline:
            try:
                cursor.executemany(text.sql, chosen)
                pipeline.sync()
            except psycopg.Error as error:
                # Raised behind the pipeline, which would else speak of the rows that it had still to send.
                failure = error
        if failure is not None:
            raise failure
        return max(cursor.rowcount, 0)
    count = 0
    with connection.transaction():
        for row in rows:
            for before in prepared.before:
                _send(cursor, before, row)
            _send(cursor, text, row)
            count += max(cursor.rowcount, 0)
    return count


def _send(cursor: psycopg.RawCursor, text: Text, values: tuple[Any, ...]) -> None:
    cursor.execute(text.sql, values if text.choose is None else text.choose(values))


def _settle(prepared: Prepared, cursor: psycopg.RawCursor) -> None:
    """Learn from the first result in which types the server answers."""
    if not prepared.columns:
        prepared.settled = True
        return
    result = cursor.pgresult
    if result is None or result.nfields != len(prepared.columns) + prepared.gives_rowid:
        return
    types = cursor.connection.adapters.types
    bases = [
        found.name if (found := types.get(result.ftype(place))) is not None else "text"
        for place in range(len(prepared.columns))
    ]
    prepared.convert = conversion(prepared.columns, bases)
    if prepared.gives_rowid:
        prepared.convert = _before_the_number(prepared.convert)
    prepared.settled = True


def _before_the_number(convert: Convert | None) -> Convert:
    """Leave out the row's number, which stands behind what the statement returns."""
    return lambda row: row[:-1] if convert is None else convert(row[:-1])
