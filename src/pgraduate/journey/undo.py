"""Taking a step or a whole run back: operations undone in reverse order, until the catalog is as it was.

What was done is read from the target, never from a record on this side; only the undo plans of the verbs behind `run`
come from the journal.  The invariant: rows that anybody wrote after the run are not lost; where there are any, nothing
is undone (exit code 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import psycopg

from pgraduate.compare.table import target_digest
from pgraduate.errors import Refused, UsageError
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal import Standing, standing
from pgraduate.journey.choice import choose_run
from pgraduate.journey.existing import require_unreferenced
from pgraduate.journey.operations import OF_A_RUN, REGISTRY, plan_compat, plan_grants, plan_records, reach_of
from pgraduate.journey.session import Session, open_session
from pgraduate.model.operation import Plan, Reach
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.postgres.roles import remaining_roles
from pgraduate.postgres.runs import RunRecord, forget, known_runs, made_objects, plans
from pgraduate.postgres.search_path import plan_search_path
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import Policy, Settings

RUN_ID = re.compile(r"\d{8}-\d{6}-\d{3}")
"""How a run is named; a step is named by its verb and a number."""


def undo(settings: Settings, what: str | None = None, *, sink: Sink | None = None) -> dict[str, Any]:
    """Take back `what`: a run by its id, by default the target's last one; or a step, or a verb's last one.

    Returns the document of what was removed.  Raises Refused when rows written since would be lost, UsageError
    when there is no such run or step.
    """
    sink = sink or Silence()
    run_id = what if what and RUN_ID.fullmatch(what) else None
    with open_session(settings, "undo", run_id, sink=sink, known_only=True) as session:
        if what is None or run_id is not None:
            return _undo_run(session, choose_run(session.connection, run_id, settings), sink)
        return _undo_step(session, what)


def _undo_step(session: Session, what: str) -> dict[str, Any]:
    """Take back the operations of one step, the last one first."""
    items = step_operations(standing(session.journal), what)
    if not items:
        raise UsageError(
            f"nothing that stands was done under the name '{what}'",
            where=f"run {session.journal.run_id}",
            hint=f"a run of the target, a verb or a step: {_names(session)}",
        )
    with session.step("undo", f"take back {items[0].step}") as step:
        kinds = [item.plan.operation for item in items]
        touched = any(reach_of(kind) is Reach.DATABASE for kind in kinds)
        step.fact("undo", {"step": items[0].step, "operations": kinds, "database": touched})
        for item in items:
            session.take_back(step, item)
    return _document(session, [item.plan for item in items], step=items[0].step)


def step_operations(items: Sequence[Standing], what: str) -> list[Standing]:
    """Choose the operations of the step `what`, or of the last step of the verb `what`; the last one first."""
    steps = [item.step for item in items if what in (item.step, item.verb) and not _of_a_run(item)]
    return [item for item in reversed(items) if steps and item.step == steps[-1] and not _of_a_run(item)]


def _of_a_run(item: Standing) -> bool:
    return item.plan.operation in OF_A_RUN


def _names(session: Session) -> str:
    """Name what an undo could take."""
    runs = [record.run_id for record in known_runs(session.connection)]
    steps = dict.fromkeys(item.step for item in standing(session.journal) if not _of_a_run(item))
    return ", ".join([*runs, *steps]) or "this target knows none"


def _undo_run(session: Session, record: RunRecord, sink: Sink) -> dict[str, Any]:
    """Take back what later verbs did, and then the run itself."""
    connection = session.connection
    made = plans(connection, record.run_id)
    for plan in made:
        _require_unwritten_plan(connection, record, plan)
    later = [item for item in reversed(standing(session.journal)) if not _of_a_run(item)]
    operations = _operations(connection, record, made)
    with session.step("undo", f"take back run {record.run_id}") as step:
        names = [*(item.plan.operation for item in later), *(plan.operation for plan in operations)]
        step.fact("undo", {"run_id": record.run_id, "operations": names})
        for item in later:
            session.take_back(step, item)
        _take_back(connection, record, made, operations)
    kept = remaining_roles(connection, record.run_id)
    for role in kept:
        sink.emit(Notice(f"role {role} stays: others use it by now; `pgraduate uninstall` lists it"))
    return _document(session, [*(item.plan for item in later), *operations], kept=kept)


def _document(
    session: Session, removed: Sequence[Plan], *, kept: Sequence[str] = (), step: str | None = None
) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "command": "undo",
        "run_id": session.journal.run_id,
        "step": step,
        "removed": [
            {"operation": plan.operation, "subject": plan.subject, "statements": list(plan.undo)}
            for plan in removed
        ],
        "kept": [{"kind": "role", "name": role} for role in kept],
        "target": session.target_document(),
    }


def _operations(connection: psycopg.Connection, record: RunRecord, made: Sequence[SchemaPlan]) -> list[Plan]:
    """List the run's operations in the order in which they are taken back."""
    forward = [plan_create(plan, record.run_id) for plan in made]
    forward += [plan_finish(plan, record.run_id) for plan in made]
    if own := [plan.schema for plan in made if plan.policy != Policy.EXISTING]:
        forward.append(plan_search_path(connection, own))
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


def _require_unwritten_plan(connection: psycopg.Connection, record: RunRecord, plan: SchemaPlan) -> None:
    tables = plan.tables
    if plan.policy == Policy.EXISTING:
        # What the run has not begun to load holds the target's own rows still.
        begun = made_objects(connection, record.run_id, plan.source, "table")
        tables = tuple(table for table in tables if table.source in begun)
        require_unreferenced(connection, plan.schema, frozenset(table.name for table in tables))
    for table in tables:
        _require_unwritten(connection, record, table)


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
