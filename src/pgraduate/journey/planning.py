"""From a sealed copy to the plan of its schema: selected, counted, planned; on a target, with what that says of roles.

The invariant: nothing is written to the target before the plan is in the journal and every decision is answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from pgraduate.compat import SCHEMA as COMPAT_SCHEMA
from pgraduate.events import Sink
from pgraduate.journey.existing import plan_into
from pgraduate.journey.selection import require_known_words
from pgraduate.journey.session import Session
from pgraduate.journey.sources import SealedSource
from pgraduate.merge import Result
from pgraduate.model.decision import require_answers
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.model.selected import select
from pgraduate.postgres.extensions import extension_schema
from pgraduate.postgres.role_needs import role_findings
from pgraduate.postgres.runs import RunSource
from pgraduate.report import vocabulary
from pgraduate.schema import plan as plan_schema
from pgraduate.settings import Identifiers, Policy, Settings
from pgraduate.sqlite import read_catalog, require_filters, take_census


def plan_source(
    record: RunSource, settings: Settings, *, sink: Sink, merge: Result | None = None, postgis: bool = False
) -> SchemaPlan:
    """Read a sealed copy's catalog, count what the selected columns hold, and plan what they become.

    `merge` is what made the copy out of several sources; `postgis` says that the target has that extension in public.
    """
    sealed = Path(record.sealed)
    chosen = select(read_catalog(sealed, name=record.name), settings.selection, record.schema)
    require_filters(sealed, chosen.catalog)
    census = take_census(sealed, chosen.catalog, sink=sink)
    return plan_schema(
        chosen,
        census,
        policy=settings.policy,
        exact_identifiers=settings.identifiers is Identifiers.EXACT,
        schema_name=record.schema,
        answers=settings.decisions,
        overrides=settings.types,
        roles=settings.roles,
        asked=merge.decisions if merge else (),
        found=merge.findings if merge else (),
        merge=merge.merge if merge else None,
        postgis=postgis,
    )


def plan_sources(walk: Session, records: Sequence[RunSource], merge: Result | None) -> list[SealedSource]:
    """Plan what every sealed source becomes on the target, and write the plans to the journal.

    Raises OpenDecisions where a person has to answer first.
    """
    with walk.step("schema", "plan the schema") as step:
        made = [_plan_on_target(walk, record, merge) for record in records]
        require_known_words(made)
        made = [_with_role_findings(walk.connection, made), *made[1:]]
        for plan in made:
            for decision in plan.decisions:
                step.decision(decision)
            for finding in plan.findings:
                step.finding(finding)
            for table in plan.tables:
                step.fact(vocabulary.COLUMNS, _columns(table))
            outcomes = Counter(item.outcome for item in plan.objects)
            step.fact(
                vocabulary.PLAN,
                {"source": plan.source, "schema": plan.schema, "tables": len(plan.tables), "objects": outcomes},
            )
            step.figure(f"{plan.source}: rows to copy", sum(table.rows for table in plan.tables), "rows")
        require_answers(decision for plan in made for decision in plan.decisions)
    return list(zip(records, made, strict=True))


def _plan_on_target(walk: Session, record: RunSource, merge: Result | None) -> SchemaPlan:
    if walk.settings.policy is Policy.EXISTING:
        return plan_into(walk.connection, record, walk.settings, sink=walk.sink)
    # A restore makes indexes before it grants anything: what they call has to stand where everybody may call it.
    postgis = extension_schema(walk.connection, "postgis") == "public"
    return plan_source(record, walk.settings, sink=walk.sink, merge=merge, postgis=postgis)


def _columns(table: TablePlan) -> dict[str, Any]:
    """Write what each column of a table becomes, and which writes it will refuse."""
    return {
        "schema": table.schema,
        "table": table.name,
        "columns": [
            {
                "name": column.target,
                "type": column.type,
                "representation": str(column.representation),
                "reason": column.reason,
                "refuses": list(column.refuses),
            }
            for column in table.columns
        ],
    }


def _with_role_findings(connection: psycopg.Connection, made: Sequence[SchemaPlan]) -> SchemaPlan:
    """Add to a run's first plan what the target says of the requested roles, which all its plans share."""
    first, schemas = made[0], [plan.schema for plan in made]
    compat = COMPAT_SCHEMA if any(plan.compat for plan in made) else None
    found = role_findings(connection, first.roles, schemas, compat=compat)
    return replace(first, findings=(*first.findings, *found))
