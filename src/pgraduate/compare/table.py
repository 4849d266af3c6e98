"""Comparing one table: two digests in constant memory, and the differing rows by name only where they disagree."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import psycopg

from pgraduate.compare.canonical import Digest
from pgraduate.compare.digesting import take_digest
from pgraduate.compare.drilldown import Drilldown, drill_down
from pgraduate.compare.source import SourceRows
from pgraduate.compare.target import TargetRows
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.model.plan import TablePlan
from pgraduate.model.result import TableResult


def compare_table(
    connection: psycopg.Connection,
    sealed: apsw.Connection,
    table: TablePlan,
    *,
    source: str = "",
    show_values: bool = False,
    sink: Sink | None = None,
    target_rows: TargetRows | None = None,
    source_digest: Callable[[], Digest] | None = None,
) -> TableResult:
    """Compare every cell of a table, value and storage class, between the sealed copy and the target.

    The caller's transaction should be one repeatable-read snapshot: a table that differs is read a second time to
    name its rows.  `source` is the source's file stem; values appear in the result only with `show_values`.
    `target_rows` and `source_digest` are given where they were begun before: the latter is asked once, behind the
    reading of the target.  Raises TargetUnusable and SourceUnusable for a side that cannot be read.
    """
    sink = sink or Silence()
    with connection.transaction():
        target_rows = target_rows or TargetRows(connection, table)
        source_rows = SourceRows(sealed, table)
        found = take_digest(target_rows, table, target_rows.form, _teller(table, sink, "target"))
        if source_digest is not None:
            expected = source_digest()
        else:
            expected = take_digest(source_rows, table, target_rows.form, _teller(table, sink, "source"))
        if expected == found:
            drilled = Drilldown(0, ())
        else:
            drilled = drill_down(source_rows, target_rows, table, show_values=show_values)
    return TableResult(
        source=source,
        schema=table.schema,
        name=table.name,
        source_table=table.source,
        rows_source=expected.rows,
        rows_target=found.rows,
        cells=expected.rows * len(table.columns),
        differing=drilled.differing,
        quarantined=target_rows.quarantined,
        kept_classes=target_rows.kept_classes,
        digest=str(found),
        differences=drilled.differences,
    )


def target_digest(connection: psycopg.Connection, table: TablePlan) -> tuple[int, str]:
    """Give the number of rows and the digest of a table as it stands, comparable with TableResult.digest."""
    with connection.transaction():
        rows = TargetRows(connection, table)
        found = take_digest(rows, table, rows.form)
    return found.rows, str(found)


def _teller(table: TablePlan, sink: Sink, side: str) -> Callable[[int], None]:
    detail = f"{table.schema}.{table.name}, {side}"
    return lambda rows: sink.emit(StepProgress("verify", rows, table.rows, "rows", detail))
