"""Taking a run back: its operations undone in reverse order, until the catalog is as it was.

What was done is read from the target, never from a record on this side.  The invariant: rows that anybody wrote
after the run are not lost; where there are any, nothing is undone (exit code 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from pgraduate.compare import target_digest
from pgraduate.errors import Refused, UsageError
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal.journal import Journal, runs
from pgraduate.journey.destination import open_destination
from pgraduate.journey.operations import REGISTRY, plan_compat, plan_grants, plan_records
from pgraduate.model.operation import Plan
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.postgres.identity import identify
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.roles import remaining_roles
from pgraduate.postgres.runs import RunRecord, forget, known_runs, plans
from pgraduate.postgres.search_path import plan_search_path
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import Settings


def undo(settings: Settings, run_id: str | None = None, *, sink: Sink | None = None) -> dict[str, Any]:
    """Take a run back, by default the target's last one; return what was removed.

    Raises Refused when rows were written since, UsageError when there is no such run.
    """
    sink = sink or Silence()
    destination = open_destination(settings)
    with destination.target.connect("undo") as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        take_run_lock(connection)
        record = _chosen(known_runs(connection), run_id)
        made = plans(connection, record.run_id)
        for plan in made:
            for table in plan.tables:
                _require_unwritten(connection, record, table)
        operations = _operations(connection, record, made)
        if record.run_id in runs(settings.state):
            journal = Journal.open(settings.state, record.run_id)
            with journal.step("undo") as step:
                step.server(server)
                step.fact("undo", {"run_id": record.run_id, "operations": [plan.operation for plan in operations]})
                _take_back(connection, record, made, operations)
        else:
            _take_back(connection, record, made, operations)
        kept = remaining_roles(connection, record.run_id)
        for role in kept:
            sink.emit(Notice(f"role {role} stays: others use it by now; `pgraduate uninstall` lists it"))
    return {
        "schema_version": 1,
        "command": "undo",
        "run_id": record.run_id,
        "removed": [
            {"operation": plan.operation, "subject": plan.subject, "statements": list(plan.undo)}
            for plan in operations
        ],
        "kept": [{"kind": "role", "name": role} for role in kept],
        "target": {"conninfo": destination.target.conninfo, "label": destination.label},
    }


def _chosen(known: Sequence[RunRecord], run_id: str | None) -> RunRecord:
    if not known:
        raise UsageError("this target knows no run", hint="`pgraduate status` shows what stands there")
    if run_id is None:
        return known[-1]
    for record in known:
        if record.run_id == run_id:
            return record
    names = ", ".join(record.run_id for record in known)
    raise UsageError(f"this target knows no run '{run_id}'", hint=f"it knows {names}")


def _operations(connection: psycopg.Connection, record: RunRecord, made: Sequence[SchemaPlan]) -> list[Plan]:
    """List the run's operations in the order in which they are taken back."""
    forward = [plan_create(plan, record.run_id) for plan in made]
    forward += [plan_finish(plan, record.run_id) for plan in made]
    forward.append(plan_search_path(connection, [plan.schema for plan in made]))
    grants = plan_grants(connection, record.run_id, made)
    return [*([grants] if grants else []), *reversed(forward)]


def _take_back(
    connection: psycopg.Connection, record: RunRecord, made: Sequence[SchemaPlan], operations: Sequence[Plan]
) -> None:
    for plan in operations:
        REGISTRY[plan.operation].undo(connection, plan)
    forget(connection, record.run_id, [plan.schema for plan in made])
    for plan in (plan_compat(), plan_records()):
        REGISTRY[plan.operation].undo(connection, plan)


def _require_unwritten(connection: psycopg.Connection, record: RunRecord, table: TablePlan) -> None:
    """Refuse where a table's rows are no longer those that the run wrote."""
    present = connection.execute(
        "SELECT to_regclass(format('%%I.%%I', %s::text, %s::text)) IS NOT NULL", (table.schema, table.name)
    ).fetchone()
    if not (present and present[0]):
        return
    rows, digest = target_digest(connection, table)
    verdict = connection.execute(
        "SELECT row_count, digest FROM pgraduate.verdict"
        " WHERE run_id = %s AND schema_name = %s AND table_name = %s",
        (record.run_id, table.schema, table.name),
    ).fetchone()
    if verdict is not None:
        untouched = (rows, digest) == tuple(verdict)
    else:
        copied = connection.execute(
            "SELECT coalesce(sum(row_count), 0)::bigint FROM pgraduate.chunk"
            " WHERE run_id = %s AND schema_name = %s AND table_name = %s",
            (record.run_id, table.schema, table.name),
        ).fetchone()
        untouched = copied is not None and rows == copied[0]
    if not untouched:
        raise Refused(
            f"rows of {table.schema}.{table.name} were written after run {record.run_id}; undo would lose them",
            where=f"{table.schema}.{table.name}",
            hint="save what was written, or drop the schema yourself if nothing in it is needed",
        )
