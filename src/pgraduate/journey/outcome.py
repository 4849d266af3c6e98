"""From what was found to the verdict, the exit code and the document that a run returns.

The verdict speaks of data alone; the exit code also speaks of what was left behind and of what pgraduate decided by
itself.  Both follow from the findings by the rules here and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pgraduate.journal.journal import Journal, Step
from pgraduate.journey.destination import Destination
from pgraduate.journey.equality import Equality, equalities
from pgraduate.maintain.retention.ledger import Archived
from pgraduate.model.decision import Decision
from pgraduate.model.finding import Finding
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.result import ObjectResult, TableResult, Verdict, ViewResult
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import to_json
from pgraduate.model.wording import counted, differ
from pgraduate.postgres.runs import RunSource
from pgraduate.report import vocabulary
from pgraduate.verify import Verification

SCHEMA_VERSION = 1

_GRAVITY = (Verdict.EQUAL, Verdict.INCOMPLETE, Verdict.DIFFERENT)


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    exit_code: int
    why: tuple[str, ...]
    """One sentence for everything that keeps the exit code from 0."""
    tables: tuple[TableResult, ...]
    views: tuple[ViewResult, ...]
    objects: tuple[ObjectResult, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]
    equalities: tuple[Equality, ...] = ()
    """What "equal" means for each type that is another than SQLite's storage class."""

    @staticmethod
    def of(
        found: Iterable[tuple[SchemaPlan, Verification, tuple[ObjectResult, ...]]], moved: Sequence[Archived] = ()
    ) -> Outcome:
        """Draw the conclusion from what was found for each source; `moved` is what retention took from the target."""
        found = tuple(found)
        tables = tuple(table for _, verification, _ in found for table in verification.tables)
        views = tuple(view for _, verification, _ in found for view in verification.views)
        objects = tuple(replace(item, schema=plan.schema) for plan, _, results in found for item in results)
        decisions = tuple(decision for plan, _, _ in found for decision in plan.decisions)
        findings = tuple(finding for plan, _, _ in found for finding in plan.findings)
        verdict = max((verification.verdict for _, verification, _ in found), key=_GRAVITY.index)
        differences = (*_differences(tables, views, objects), *_moved(tables, moved))
        reservations = tuple(_reservations(tables, views, objects, decisions))
        exit_code = 4 if verdict is not Verdict.EQUAL else 3 if reservations else 0
        why = differences + reservations
        meant = equalities(plan for plan, _, _ in found)
        return Outcome(verdict, exit_code, why, tables, views, objects, decisions, findings, meant)

    def write(self, step: Step) -> None:
        """Write the evidence to the journal, the verdict last."""
        for table in self.tables:
            step.fact(vocabulary.TABLE, to_json(table) | {"verdict": table.verdict.value})
        for view in self.views:
            step.fact(vocabulary.VIEW, to_json(view))
        for item in self.objects:
            step.fact(vocabulary.OBJECT, to_json(item))
        step.figure("rows compared", sum(table.rows_source for table in self.tables), "rows")
        step.figure("cells compared", sum(table.cells for table in self.tables), "cells")
        step.fact(
            vocabulary.VERDICT,
            {
                "verdict": self.verdict.value,
                "exit_code": self.exit_code,
                "why": list(self.why),
                "equal_means": [str(equality) for equality in self.equalities],
            },
        )


def _differences(
    tables: Sequence[TableResult], views: Sequence[ViewResult], objects: Sequence[ObjectResult]
) -> Iterable[str]:
    for table in tables:
        if table.differing:
            yield f"{table.schema}.{table.name}: {differ(table.differing)}"
    for view in views:
        if view.error:
            yield f"view {view.name}: {view.error}"
        elif view.differing:
            yield f"view {view.name}: {differ(view.differing)}{_apart(view, tables, objects)}"


def _apart(view: ViewResult, tables: Sequence[TableResult], objects: Sequence[ObjectResult]) -> str:
    """Say which tables a view reads whose cells stand in quarantine: what it computes of them differs."""
    text = " ".join(item.source_sql or "" for item in objects if (item.kind, item.name) == ("view", view.name))
    held = (table.source_table for table in tables if table.quarantined and table.source == view.source)
    read = [name for name in held if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
    return f"; it reads {', '.join(read)}, with cells in quarantine" if read else ""


def _moved(tables: Sequence[TableResult], moved: Sequence[Archived]) -> Iterable[str]:
    """Say where rows are that the comparison has to call missing."""
    compared = {(table.schema, table.name) for table in tables if table.differing}
    for item in moved:
        if (item.schema, item.table) in compared:
            where = "dropped" if item.destination == "drop" else f"moved to {item.destination}"
            yield (
                f"{item.schema}.{item.table}: retention {where} {counted(item.rows, 'row')} since,"
                " and those of the source among them differ as missing"
            )


def _reservations(
    tables: Sequence[TableResult],
    views: Sequence[ViewResult],
    objects: Sequence[ObjectResult],
    decisions: Sequence[Decision],
) -> Iterable[str]:
    quarantined = sum(table.quarantined for table in tables)
    if quarantined:
        yield f"{counted(quarantined, 'cell')} in quarantine"
    for view in views:
        if view.reordered:
            yield (
                f"view {view.name}: an aggregate joined the same values in another order in "
                f"{counted(view.reordered, 'row')}; without ORDER BY inside of it no engine promises one"
            )
        if view.unsteady:
            yield (
                f"view {view.name}: its answer depends on the moment or on chance, and {differ(view.unsteady)}; "
                "compare it by eye"
            )
    for decision in decisions:
        if decision.counts_against_zero:
            who = "by the safe option" if decision.answered_by == "safe option" else "by pgraduate.toml"
            yield f"{decision.id} decided {who}: {decision.answer}"
    for item in objects:
        if item.outcome == "not_carried":
            yield f"{item.kind} {item.name} of {item.schema} not carried: {item.reason}"


def document(
    journal: Journal,
    destination: Destination,
    server: ServerIdentity,
    sealed: Sequence[tuple[RunSource, SchemaPlan]],
    outcome: Outcome,
    reports: Mapping[str, Path],
) -> dict[str, Any]:
    """Give the result of a run as the JSON document that the command prints and the library returns."""
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "run",
        "run_id": journal.run_id,
        "verdict": outcome.verdict.value,
        "exit_code": outcome.exit_code,
        "why": list(outcome.why),
        "equal_means": to_json(outcome.equalities),
        "target": {
            "conninfo": destination.target.conninfo,
            "label": destination.label,
            "server": to_json(server),
        },
        "sources": [to_json(record) for record, _ in sealed],
        "tables": [to_json(table) | {"verdict": table.verdict.value} for table in outcome.tables],
        "views": to_json(outcome.views),
        "objects": to_json(outcome.objects),
        "decisions": to_json(outcome.decisions),
        "findings": to_json(outcome.findings),
        "report": {name: str(path) for name, path in reports.items()},
    }
