"""Person-hours, from what a person would have to look at: counted things times minutes that are assumed and said.

The unit of five minutes is the one that migration estimates have long been made in (ora2pg's cost unit); how many
units a thing takes is a rule of thumb, printed with the sum, so that a reader can put in numbers of his own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pgraduate.model.figure import Figure
from pgraduate.model.plan import SchemaPlan

UNIT = 5
"""Minutes."""

_UNITS = {
    ("open decision", "to answer"): 3,
    ("safe decision", "to confirm"): 1,
    ("kind", "of writes that would now fail, to look for in the code"): 3,
    ("column", "with cells in quarantine"): 2,
    ("translated view", "to read"): 1,
    ("translated trigger", "to read"): 2,
    ("object", "not carried, to do without or to write"): 6,
}
"""What is counted, by the noun that takes the plural and the words behind it."""


@dataclass(frozen=True, slots=True)
class EffortLine:
    what: str
    count: Figure
    minutes: Figure
    """Per thing, assumed."""


@dataclass(frozen=True, slots=True)
class Effort:
    hours: Figure
    lines: tuple[EffortLine, ...]
    basis: str


def effort(plan: SchemaPlan) -> Effort:
    """Estimate the hours that a person spends on the schema and its data; the application's code is not in it."""
    counts = _counts(plan)
    lines = tuple(
        _line(f"{noun if counts[noun] == 1 else f'{noun}s'} {rest}", counts[noun], units * UNIT)
        for (noun, rest), units in _UNITS.items()
        if counts[noun]
    )
    minutes = sum(counts[noun] * units * UNIT for (noun, _), units in _UNITS.items())
    return Effort(
        Figure("person-hours", round(minutes / 60, 1), "", "schema"),
        lines,
        "counts of the plan times assumed minutes; the application's code is not measured",
    )


def _line(what: str, count: int, minutes: int) -> EffortLine:
    return EffortLine(what, Figure(what, count, "", "schema"), Figure("assumed", minutes, "", "assumed"))


def _counts(plan: SchemaPlan) -> Counter[str]:
    columns = [column for table in plan.tables for column in table.columns]
    made = Counter(item.kind for item in plan.objects if item.outcome == "translated")
    return Counter(
        {
            "open decision": sum(decision.answer is None for decision in plan.decisions),
            "safe decision": sum(item.answered_by == "safe option" for item in plan.decisions),
            "kind": len({write for column in columns for write in column.refuses}),
            "column": sum(column.quarantines for column in columns),
            "translated view": made["view"],
            "translated trigger": made["trigger"],
            "object": len(plan.not_carried),
        }
    )
