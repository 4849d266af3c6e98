"""Loading a plan's tables: COPY in chunks, each committed with the line that says so.

The invariant: a chunk's rows, its side lines and its line in pgraduate.chunk commit together, so the target alone
says what a resume has left to do.  Over one connection rows arrive in the order of their rowids; memory is bounded by
one row and the side lines of one chunk, for each connection.

A table that is not too large is one transaction, and its rows arrive frozen.  Rows of a transaction that nobody has
looked at yet are marked by the first one who does, and that is the builder of the first key: it writes the whole table
a second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import apsw
import psycopg

from pgraduate.copy import session
from pgraduate.copy.chunks import ChunkLimits, TableChunks
from pgraduate.copy.connections import Jobs, connections
from pgraduate.copy.destination import ColumnTypes, make_new, require_empty
from pgraduate.copy.failures import explained, explained_of
from pgraduate.copy.parallel import Work, copy_by_ranges, worth_dividing
from pgraduate.copy.progress import (
    NOTHING,
    Meter,
    Progress,
    Share,
    TableKey,
    count_side_lines,
    read_progress,
)
from pgraduate.copy.ranges import WHOLE, missing
from pgraduate.copy.size import most_bytes
from pgraduate.events import Silence, Sink
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.postgres.locks import begin_load
from pgraduate.sqlite import open_sealed

CHUNK_ROWS = 1_000_000
CHUNK_BYTES = 64 * 1024 * 1024
CHUNK_LINES = 20_000
"""A chunk ends at about the row that reaches one of the three.  Reader and server wait for each other at its end, which
64 MB make rare, and a kill costs at most that much work; the side lines are what a chunk holds in memory."""

FREEZE_BYTES = 2 * 1024 * 1024 * 1024
"""Tables of so many bytes at most are one transaction and are loaded with FREEZE; VACUUM does it for the others.  Of
1.4 GB in 300,000 rows the primary key took 1.5 s where the rows came in chunks and 0.2 s where they came frozen; the
price is that a table begins anew after a kill, about 20 s of work at most on the machine of docs/performance.md."""

SMALL_BYTES = 1024 * 1024
"""Up to here the files of new storage cost more than it takes VACUUM to freeze the rows."""

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
    connections: int = 1
    """How many connections copied it."""


def load(
    connect: Callable[[], psycopg.Connection],
    sealed: Path,
    plan: SchemaPlan,
    run_id: str,
    *,
    jobs: Jobs | None = None,
    sink: Sink | None = None,
) -> tuple[TableCopied, ...]:
    """Copy every row of the sealed copy into the tables of the plan, going on where an earlier load stopped.

    With `jobs`, large tables are cut into ranges of rowids that several connections copy.  Durable when it returns.  The
    largest table comes first; the results stand in the plan's order.  Raises CellRefused for a value that its column's
    representation does not allow, Refused for a table with foreign rows, SourceUnusable, TargetUnusable, and Interrupted
    where the connection or a process was lost.
    """
    sink = sink or Silence()
    with explained(), closing(open_sealed(sealed)) as source, connect() as connection:
        buffer = session.prepare(connection)
        token = begin_load(connection)
        loader = _Loader(connection, source, plan, run_id, buffer, sink)
        largest_first = sorted(plan.tables, key=lambda table: table.rows, reverse=True)
        large = [table for table in largest_first if worth_dividing(table, sealed)]
        number = 1 if jobs is None or not large or loader.existing else connections(connection, jobs, sink)
        shares: dict[str, Share] = {}
        if jobs is not None and number > 1:
            work = Work(jobs.target, sealed, run_id, token, _limits())
            shares |= loader.copy_together(large, work, number)
        for table in largest_first:
            if table.source not in shares:
                with explained_of(table):
                    shares[table.source] = loader.copy(table, frozen=_freezes(table, sealed, plan))
        session.commit_durably(connection, run_id)
        cells = count_side_lines(connection, plan.tables)
    return tuple(_copied(table, loader.begun(table), shares[table.source], cells) for table in plan.tables)


def _freezes(table: TablePlan, sealed: Path, plan: SchemaPlan) -> bool:
    """Say whether a table is worth new storage, which rows that arrive frozen need, and fits one transaction."""
    return plan.policy != "existing" and SMALL_BYTES < most_bytes(table, sealed) <= FREEZE_BYTES


def _copied(plan: TablePlan, begun: Progress, share: Share, cells: dict[TableKey, tuple[int, int]]) -> TableCopied:
    kept, quarantined = cells.get((plan.schema, plan.name), (0, 0))
    return TableCopied(
        source=plan.source,
        schema=plan.schema,
        name=plan.name,
        rows=begun.rows + share.rows,
        bytes=begun.bytes + share.bytes,
        seconds=share.seconds,
        resumed_rows=begun.rows,
        kept_classes=kept,
        quarantined=quarantined,
        path=share.path,
        connections=share.connections,
    )


def _limits() -> ChunkLimits:
    return ChunkLimits(CHUNK_ROWS, CHUNK_BYTES, CHUNK_LINES)


class _Loader:
    """One load as its first connection leads it; over that one alone, small chunks of several tables share a
    transaction."""

    def __init__(
        self,
        connection: psycopg.Connection,
        sealed: apsw.Connection,
        plan: SchemaPlan,
        run_id: str,
        buffer: int,
        sink: Sink,
    ) -> None:
        self.existing = plan.policy == "existing"
        """Tables of the application, with its keys and triggers: they get their rows in order, over one connection."""
        self._connection = connection
        self._sealed = sealed
        self._run_id = run_id
        self._buffer = buffer
        self._meter = Meter(sink, sum(table.rows for table in plan.tables))
        self._progress = read_progress(connection, run_id)
        self._types = ColumnTypes(connection, plan.tables)
        self._pending_rows = 0
        self._pending_bytes = 0

    def begun(self, plan: TablePlan) -> Progress:
        """Tell how far an earlier load came with a table."""
        return self._progress.get((plan.schema, plan.name), NOTHING)

    def copy_together(self, plans: list[TablePlan], work: Work, number: int) -> dict[str, Share]:
        """Copy what is missing of large tables over several connections."""
        begun = [(plan, self._begin(plan, new=False)) for plan in plans]
        self._connection.commit()
        return copy_by_ranges(self._sealed, begun, work, number, self._meter)

    def copy(self, plan: TablePlan, *, frozen: bool) -> Share:
        """Copy what is missing of one table; all of it in one transaction, where its rows shall arrive frozen."""
        started = time.monotonic()
        chunks = TableChunks(
            self._connection, self._sealed, plan, self._run_id, self._types, self._buffer, _limits()
        )
        progress = self._begin(plan, new=frozen)
        rows, sent = 0, 0
        frozen = frozen and progress.chunk == 0
        # Without a rowid to go on from, all chunks of a table commit together: it is done or not begun.
        has_rowid = chunks.table.rowid is not None
        parts = missing(progress.done) if has_rowid else (WHOLE,) if progress.chunk == 0 else ()
        numbers = count(progress.chunk)
        for part in parts:
            for chunk in chunks.copy(part, numbers, frozen=frozen):
                rows, sent = rows + chunk.rows, sent + chunk.bytes
                self._pending_rows += chunk.rows
                self._pending_bytes += chunk.bytes
                if has_rowid and not frozen:
                    self._commit_what_is_due()
                self._meter.add(chunk.rows, plan)
        self._commit_what_is_due()
        return Share(rows, sent, time.monotonic() - started, chunks.path)

    def _begin(self, plan: TablePlan, *, new: bool) -> Progress:
        """Tell how far a table is; see to it that one which this run has not begun is empty, and `new` in storage."""
        progress = self.begun(plan)
        if progress.chunk == 0:
            if new:
                make_new(self._connection, plan)
            else:
                require_empty(self._connection, plan)
        self._meter.begin(progress.rows)
        return progress

    def _commit_what_is_due(self) -> None:
        if self._pending_rows >= BATCH_ROWS or self._pending_bytes >= BATCH_BYTES:
            self._connection.commit()
            self._pending_rows = self._pending_bytes = 0
