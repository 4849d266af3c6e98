"""Verifying a source: every table and view in one snapshot, and a verdict that is durable before it is told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import apsw
import psycopg
from apsw.ext import query_info

from pgraduate.compare.merged import compare_merged, read_lines
from pgraduate.compare.source_digests import source_digests
from pgraduate.compare.table import compare_table
from pgraduate.compare.target import TargetRows
from pgraduate.compare.view import compare_view
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.model.merge import Merge
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.model.representation import Representation
from pgraduate.model.result import TableResult, Verdict, ViewResult
from pgraduate.sqlite import open_sealed
from pgraduate.sqlite.ddl import parse_virtual
from pgraduate.sqlite.names import fold, quote
from pgraduate.verify.filtered import selected_rows


@dataclass(frozen=True, slots=True)
class Verification:
    tables: tuple[TableResult, ...]
    views: tuple[ViewResult, ...]
    verdict: Verdict


def verify(
    connection: psycopg.Connection,
    sealed: Path,
    plan: SchemaPlan,
    run_id: str,
    *,
    show_values: bool = False,
    sink: Sink | None = None,
) -> Verification:
    """Compare everything that a source became with its sealed copy, and record the verdict.

    All reading happens in one repeatable-read, read-only snapshot; the verdict's lines are committed synchronously
    before this returns.  Raises Refused for a connection inside a transaction, TargetUnusable for a table that is
    missing or may not be read, SourceUnusable for a sealed copy that cannot be read.
    """
    if connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        raise Refused("a verification needs a connection that is not inside a transaction", where="verify")
    sink = sink or Silence()
    with closing(open_sealed(sealed)) as source, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = _compare_tables(connection, source, sealed, plan, show_values, sink)
        if plan.merge is not None:
            tables = _compare_with_parts(connection, plan.merge, plan, run_id, tables, show_values)
        views = _views(connection, source, sealed, plan, sink)
    _record(connection, run_id, tables)
    return Verification(tables, views, judge(tables, views))


def _compare_tables(
    connection: psycopg.Connection,
    source: apsw.Connection,
    sealed: Path,
    plan: SchemaPlan,
    show_values: bool,
    sink: Sink,
) -> tuple[TableResult, ...]:
    """Compare table after table, while the sealed copy's own digests are taken beside."""
    targets = [TargetRows(connection, table) for table in plan.tables]
    asked = [(table, rows.form) for table, rows in zip(plan.tables, targets, strict=True)]
    with source_digests(sealed, source, asked) as next_digest:
        return tuple(
            compare_table(
                connection,
                source,
                table,
                source=plan.source,
                show_values=show_values,
                sink=sink,
                target_rows=rows,
                source_digest=next_digest,
            )
            for table, rows in zip(plan.tables, targets, strict=True)
        )


def _compare_with_parts(
    connection: psycopg.Connection,
    merge: Merge,
    plan: SchemaPlan,
    run_id: str,
    results: Sequence[TableResult],
    show_values: bool,
) -> tuple[TableResult, ...]:
    """Compare what was merged with the sources themselves, under the mapping that the target holds."""
    with ExitStack() as stack:
        parts = {part.name: stack.enter_context(closing(open_sealed(Path(part.sealed)))) for part in merge.parts}
        lines = read_lines(connection, run_id)
        return tuple(
            compare_merged(connection, parts, table, merge, lines, result, show_values=show_values)
            for table, result in zip(plan.tables, results, strict=True)
        )


def judge(tables: Sequence[TableResult], views: Sequence[ViewResult]) -> Verdict:
    """Give the verdict over data: different where rows differ, incomplete where a view could not be asked."""
    if any(table.differing for table in tables) or any(view.differing for view in views):
        return Verdict.DIFFERENT
    if any(view.error is not None for view in views):
        return Verdict.INCOMPLETE
    return Verdict.EQUAL


def _views(
    connection: psycopg.Connection, source: apsw.Connection, sealed: Path, plan: SchemaPlan, sink: Sink
) -> tuple[ViewResult, ...]:
    if not any(_is_view(item) and item.outcome != "not_carried" for item in plan.objects):
        return ()
    with selected_rows(source, sealed, plan) as rows:
        return tuple(_compare_views(connection, rows, plan, sink))


def _compare_views(
    connection: psycopg.Connection, source: apsw.Connection, plan: SchemaPlan, sink: Sink
) -> list[ViewResult]:
    planned = [item for item in plan.objects if _is_view(item) and item.outcome != "not_carried"]
    results = []
    for number, view in enumerate(planned, 1):
        schema, name = _resolve(connection, view)
        representations = (
            _representations(source, view.name, plan) if view.kind == "view" else _searched(view, plan)
        )
        results.append(
            compare_view(connection, source, view.name, schema, name, representations, source=plan.source)
        )
        sink.emit(StepProgress("verify", number, len(planned), "objects", f"view {view.name}"))
    return results


def _is_view(item: ObjectPlan) -> bool:
    """Whether a view stands for the object; what is made for a virtual table behind the rows is one."""
    return item.kind == "view" or (item.kind == "virtual table" and item.phase == "after rows")


def _resolve(connection: psycopg.Connection, view: ObjectPlan) -> tuple[str, str]:
    row = connection.execute(script("relation"), {"name": view.target}).fetchone()
    if row is None:
        raise TargetUnusable(
            "the target lacks a view",
            where=f"view {view.name}",
            hint="finish the schema first: `pgraduate run`",
        )
    return str(row[0]), str(row[1])


def _representations(source: apsw.Connection, view: str, plan: SchemaPlan) -> dict[str, Representation]:
    """Find the output columns of a view that are plain columns of a table, and how these stand in the target."""
    tables = {table.source.lower(): table for table in plan.tables}
    found: dict[str, Representation] = {}
    try:
        described = query_info(source, f"SELECT * FROM {quote(view)}").description_full or ()
    except apsw.Error:
        # The comparison itself will say why SQLite gives no answer.
        return found
    for output, _, _, table_name, column_name in described:
        table = tables.get((table_name or "").lower())
        for column in table.columns if table else ():
            if column.source.lower() == (column_name or "").lower():
                found[output.lower()] = column.representation
    return found


def _searched(item: ObjectPlan, plan: SchemaPlan) -> dict[str, Representation]:
    """Find how the columns stand of the table whose text a full-text table searches; it shows them by their names."""
    content = fold(parse_virtual(item.source_sql or "").options["content"])
    table = next(table for table in plan.tables if fold(table.source) == content)
    return {column.source.lower(): column.representation for column in table.columns}


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.verify").joinpath("sql", f"{name}.sql").read_text("utf-8")


def _record(connection: psycopg.Connection, run_id: str, tables: Sequence[TableResult]) -> None:
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
            cursor.executemany(
                script("verdict"),
                [
                    {
                        "run": run_id,
                        "schema": table.schema,
                        "table": table.name,
                        "rows": table.rows_target,
                        "digest": table.digest,
                        "differing": table.differing,
                    }
                    for table in tables
                ],
            )
    except psycopg.errors.InsufficientPrivilege:
        raise TargetUnusable(
            "the role may not write the verdict",
            where="table pgraduate.verdict",
            hint="verify as the role that made the run",
        ) from None
    except psycopg.errors.ForeignKeyViolation:
        raise Refused(f"the target knows no run {run_id}", where="table pgraduate.run") from None
