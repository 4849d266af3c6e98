"""Which operations of a run still stand: planned in its journal, and not taken back since.

The journal keeps the undo plans; whether one was carried out in full is never read from here, so undoing an operation
that did not take effect changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgraduate.journal.journal import Journal, Step
from pgraduate.model.operation import Plan
from pgraduate.model.wire import from_json


@dataclass(frozen=True, slots=True)
class Standing:
    """One planned operation: the step that planned it, that step's verb, and the moment as the journal has it."""

    step: str
    verb: str
    planned_at: str
    plan: Plan


def standing(journal: Journal) -> list[Standing]:
    """List the operations that were not taken back, in the order in which they were planned."""
    undone = {
        (entry["of"], entry["planned_at"]) for entry in journal.entries() if entry["type"] == "operation_undone"
    }
    return [item for item in _planned(journal) if (item.step, item.planned_at) not in undone]


def record_undone(step: Step, item: Standing) -> None:
    """Write down, durably, that an operation was taken back."""
    step.journal.append(
        "operation_undone",
        step.name,
        durable=True,
        of=item.step,
        planned_at=item.planned_at,
        operation=item.plan.operation,
        subject=item.plan.subject,
    )


def _planned(journal: Journal) -> Iterator[Standing]:
    for entry in journal.entries():
        if entry["type"] == "operation_planned":
            step = str(entry["step"])
            yield Standing(step, step.rpartition("-")[0], str(entry["at"]), from_json(Plan, entry))
