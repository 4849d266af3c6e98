"""The rows of one table, loaded as a run would load them into a table that is gone at the end of the transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import psycopg

from pgraduate.copy.chunk_stream import ChunkStream
from pgraduate.copy.destination import ColumnTypes
from pgraduate.copy.rows import RowEncoder
from pgraduate.copy.session import SEND_BUFFER
from pgraduate.copy.source import Row, source_table
from pgraduate.model.plan import TablePlan
from pgraduate.sqlite import open_sealed

CHUNK_BYTES = 64 * 1024 * 1024
CHUNK_LINES = 20_000


def rehearse(connection: psycopg.Connection, sealed: Path, plan: TablePlan, stand_in: str) -> None:
    """Load every row into `pg_temp.<stand_in>`, whose columns are those of the plan's table, in the open transaction.

    Nothing is recorded.  Raises CellRefused and SourceUnusable as a load does, and lets PostgreSQL's own errors pass:
    they are the answer.
    """
    with closing(open_sealed(sealed)) as source:
        table = source_table(source, plan)
        bases = ColumnTypes(connection, [plan]).of(plan, table.columns)
        encoder = RowEncoder(table, bases)
        there = replace(plan, schema="pg_temp", name=stand_in)
        rows: Iterator[Row] = table.rows(source)
        while (first := next(rows, None)) is not None:
            with ChunkStream.open(
                connection, there, table.columns, bases, SEND_BUFFER, frozen=False, undecoded=table.undecoded
            ) as out:
                encoder.write(chain((first,), rows), out.writer, most_bytes=CHUNK_BYTES, most_lines=CHUNK_LINES)
            encoder.take_lines()
