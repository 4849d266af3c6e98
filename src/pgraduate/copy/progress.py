"""How far a table is, as the target says it: the lines of pgraduate.chunk.

A chunk's line commits with its rows, and the chunk holds every row from its lowest to its highest rowid: what lies
between those of all chunks is what a resume has left to do, whichever connections copied them and in what order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.copy.destination import names_of, script
from pgraduate.events import Sink, StepProgress
from pgraduate.model.plan import TablePlan


@dataclass(frozen=True, slots=True)
class Progress:
    done: tuple[tuple[int, int], ...]
    """The lowest and the highest rowid of each chunk; () where nothing is copied, or the table has no rowid."""
    chunk: int
    """A number that is greater than every chunk's."""
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one load has copied of a table, in `seconds`."""

    rows: int
    bytes: int
    seconds: float
    path: str
    """How the rows were formatted; '' where none were sent."""
    connections: int = 1


@dataclass(frozen=True, slots=True)
class Chunk:
    number: int
    low: int | None
    high: int | None
    rows: int
    bytes: int


NOTHING = Progress((), 0, 0, 0)

TableKey = tuple[str, str]
"""A table's schema and name in the target."""


def read_progress(connection: psycopg.Connection, run_id: str) -> dict[TableKey, Progress]:
    """Read how far each table of a run is; one that is not begun is missing."""
    lines = connection.execute(script("progress"), {"run": run_id})
    return {
        (schema, table): Progress(tuple((low, high) for low, high in done), chunk, rows, sent)
        for schema, table, done, chunk, rows, sent in lines
    }


def mark_done(connection: psycopg.Connection, run_id: str, plan: TablePlan, chunk: Chunk) -> None:
    """Write the line of a chunk into the open transaction, which holds its rows."""
    connection.execute(
        script("chunk_done"),
        {
            "run": run_id,
            **_names(plan),
            "chunk": chunk.number,
            "low": chunk.low,
            "high": chunk.high,
            "rows": chunk.rows,
            "bytes": chunk.bytes,
        },
    )


def count_side_lines(connection: psycopg.Connection, plans: Sequence[TablePlan]) -> dict[TableKey, tuple[int, int]]:
    """Count the kept classes and the quarantined cells of each table; one that has neither is missing."""
    lines = connection.execute(script("side_lines"), names_of(plans))
    return {(schema, table): (kept, quarantined) for schema, table, kept, quarantined in lines}


def _names(plan: TablePlan) -> dict[str, str]:
    return {"schema": plan.schema, "table": plan.name}


class Meter:
    """Tells a sink how many of all rows are in the target."""

    def __init__(self, sink: Sink, total: int) -> None:
        self._sink = sink
        self._total = total
        self._done = 0

    def begin(self, rows: int) -> None:
        """Count rows that an earlier load has copied."""
        self._done += rows

    def add(self, rows: int, plan: TablePlan) -> None:
        self._done += rows
        self._sink.emit(StepProgress("copy", self._done, self._total, "rows", f"{plan.schema}.{plan.name}"))
