"""Loading a plan's tables: COPY in chunks, each committed with the line that says so.

The invariant: a chunk's rows, its side lines and its line in pgraduate.chunk commit together, so the target alone
says what a resume has left to do.  Rows arrive in the order of their rowids; memory is bounded by one row and the
side lines of one chunk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import apsw
import psycopg

from pgraduate.copy import session
from pgraduate.copy.chunk_stream import ChunkStream
from pgraduate.copy.destination import base_types, make_new, require_empty
from pgraduate.copy.failures import bad_texts_named, explained
from pgraduate.copy.progress import Chunk, count_side_lines, mark_done, read_progress
from pgraduate.copy.rows import RowEncoder, key_places
from pgraduate.copy.side_lines import write_side_lines
from pgraduate.copy.source import Row, SourceTable, source_table
from pgraduate.errors import TargetUnusable
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.sqlite import open_sealed

CHUNK_ROWS = 1_000_000
CHUNK_BYTES = 64 * 1024 * 1024
CHUNK_LINES = 20_000
"""A chunk ends at about the row that reaches one of the three.  Reader and server wait for each other at its end, which
64 MB make rare, and a kill costs at most that much work; the side lines are what a chunk holds in memory."""

FREEZE_ROWS = 100_000
"""Tables of so many rows at most fit one transaction and are loaded with FREEZE; VACUUM does it for the others."""

BATCH_ROWS = 20_000
BATCH_BYTES = 4 * 1024 * 1024
"""Chunks smaller than this share a transaction with those of the next tables."""


@dataclass(frozen=True, slots=True)
class TableCopied:
    """One table as it stands in the target.  `rows` and `bytes` (of the COPY stream) include what an earlier,
    interrupted load of the run copied; `resumed_rows` are those rows alone, `seconds` this load's share."""

    source: str
    schema: str
    name: str
    rows: int
    bytes: int
    seconds: float
    resumed_rows: int
    kept_classes: int
    quarantined: int
    path: str = ""
    """How the rows were formatted; '' where this load sent none."""


def load(
    connect: Callable[[], psycopg.Connection],
    sealed: Path,
    plan: SchemaPlan,
    run_id: str,
    *,
    sink: Sink | None = None,
) -> tuple[TableCopied, ...]:
    """Copy every row of the sealed copy into the tables of the plan, going on where an earlier load stopped.

    Durable when it returns.  The largest table comes first; the results stand in the plan's order.  Raises
    CellRefused for a value that its column's representation does not allow, Refused for a table with foreign
    rows, SourceUnusable, TargetUnusable, and Interrupted where the connection was lost.
    """
    with explained(), closing(open_sealed(sealed)) as source, connect() as connection:
        buffer = session.prepare(connection)
        loader = _Loader(connection, source, plan, run_id, sink or Silence(), buffer)
        copied = {table.source: loader.copy(table) for table in sorted(plan.tables, key=_size, reverse=True)}
        session.commit_durably(connection, run_id)
    return tuple(copied[table.source] for table in plan.tables)


def _size(table: TablePlan) -> int:
    return table.rows


class _Loader:
    """One load over one connection; small chunks of several tables share a transaction."""

    def __init__(
        self,
        connection: psycopg.Connection,
        sealed: apsw.Connection,
        plan: SchemaPlan,
        run_id: str,
        sink: Sink,
        buffer: int,
    ) -> None:
        self._connection = connection
        self._sealed = sealed
        self._run_id = run_id
        self._sink = sink
        self._buffer = buffer
        self._path = ""
        self._existing = plan.policy == "existing"
        self._total = sum(table.rows for table in plan.tables)
        self._done = 0
        self._pending_rows = 0
        self._pending_bytes = 0

    def copy(self, plan: TablePlan) -> TableCopied:
        """Copy what is missing of one table."""
        started = time.monotonic()
        table = source_table(self._sealed, plan)
        bases = base_types(self._connection, plan, table.columns)
        progress = read_progress(self._connection, self._run_id, plan)
        if progress.chunk == 0:
            if self._freezes(plan):
                make_new(self._connection, plan)
            else:
                require_empty(self._connection, plan)
        rows, sent, number = progress.rows, progress.bytes, progress.chunk
        self._done += rows
        # Without a rowid to go on from, all chunks of a table commit together: it is done or not begun.
        if table.rowid is not None or number == 0:
            encoder = RowEncoder(table, bases)
            stream = table.rows(self._sealed, after=progress.high)
            while (first := next(stream, None)) is not None:
                chunk = self._copy_chunk(table, bases, encoder, number, first, stream)
                rows, sent, number = rows + chunk.rows, sent + chunk.bytes, number + 1
                self._done += chunk.rows
                self._pending_rows += chunk.rows
                self._pending_bytes += chunk.bytes
                if table.rowid is not None:
                    self._commit_what_is_due()
                self._sink.emit(StepProgress("copy", self._done, self._total, "rows", f"{plan.schema}.{plan.name}"))
        self._commit_what_is_due()
        kept, quarantined = count_side_lines(self._connection, plan)
        return TableCopied(
            source=plan.source,
            schema=plan.schema,
            name=plan.name,
            rows=rows,
            bytes=sent,
            seconds=time.monotonic() - started,
            resumed_rows=progress.rows,
            kept_classes=kept,
            quarantined=quarantined,
            path=self._path if number > progress.chunk else "",
        )

    def _copy_chunk(
        self,
        table: SourceTable,
        bases: tuple[str, ...],
        encoder: RowEncoder,
        number: int,
        first: Row,
        stream: Iterator[Row],
    ) -> Chunk:
        plan = table.plan
        with (
            bad_texts_named(table, self._sealed),
            ChunkStream.open(
                self._connection,
                plan,
                table.columns,
                bases,
                self._buffer,
                frozen=number == 0 and self._freezes(plan),
                undecoded=table.undecoded,
            ) as out,
        ):
            rows = islice(chain((first,), stream), CHUNK_ROWS)
            self._path = out.writer.path
            written = encoder.write(rows, out.writer, most_bytes=CHUNK_BYTES, most_lines=CHUNK_LINES)
        if out.taken != written.rows:
            raise TargetUnusable(
                f"PostgreSQL took {out.taken} of {written.rows} rows",
                where=f"table {plan.schema}.{plan.name}",
                hint="a trigger or a rule of the table drops rows: remove it for the time of the load",
            )
        if taken := encoder.take_lines():
            places = key_places(table)
            write_side_lines(
                self._connection,
                plan,
                [table.columns[place] for place in places],
                [bases[place] for place in places],
                taken,
            )
        place = table.rowid_place
        low, high = (first[place], written.last[place]) if table.rowid is not None else (None, None)
        chunk = Chunk(number, low, high, written.rows, out.writer.sent)
        mark_done(self._connection, self._run_id, plan, chunk)
        return chunk

    def _freezes(self, plan: TablePlan) -> bool:
        """Say whether the rows of a table arrive frozen: those of one transaction, in a table of this run."""
        return not self._existing and plan.rows <= FREEZE_ROWS

    def _commit_what_is_due(self) -> None:
        if self._pending_rows >= BATCH_ROWS or self._pending_bytes >= BATCH_BYTES:
            self._connection.commit()
            self._pending_rows = self._pending_bytes = 0
