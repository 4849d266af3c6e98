"""How far a table is, as the target says it: the lines of pgraduate.chunk.

A chunk's line commits with its rows, so the highest rowid that stands there is where a resume goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from pgraduate.copy.destination import script
from pgraduate.model.plan import TablePlan


@dataclass(frozen=True, slots=True)
class Progress:
    high: int | None
    """The highest rowid copied; None where nothing is, or the table has no rowid."""
    chunk: int
    """The number of the next chunk."""
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Chunk:
    number: int
    low: int | None
    high: int | None
    rows: int
    bytes: int


def read_progress(connection: psycopg.Connection, run_id: str, plan: TablePlan) -> Progress:
    row = connection.execute(script("progress"), {"run": run_id, **_names(plan)}).fetchone()
    assert row is not None
    return Progress(*row)


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


def count_side_lines(connection: psycopg.Connection, plan: TablePlan) -> tuple[int, int]:
    """Count the kept classes and the quarantined cells of a table."""
    row = connection.execute(script("side_lines"), _names(plan)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _names(plan: TablePlan) -> dict[str, str]:
    return {"schema": plan.schema, "table": plan.name}
