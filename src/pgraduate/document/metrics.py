"""Success, as goals that were set before anything was measured, and what keeps a database from production."""

from __future__ import annotations

from collections.abc import Iterator

from pgraduate.document.evidence import Evidence
from pgraduate.document.story import Metric
from pgraduate.model.decision import Decision
from pgraduate.model.figure import Figure
from pgraduate.model.result import Verdict
from pgraduate.report import vocabulary
from pgraduate.report.facts import Fact
from pgraduate.report.model import total

_NOT_CARRIED = "Objects not carried"
_QUARANTINED = "Cells in quarantine"
_DRILLED = "Tables that differ in the last restored backup"
_QUARANTINE = "quarantine:"


def metrics(evidence: Evidence) -> tuple[Metric, ...]:
    report = evidence.report
    drill = evidence.last(vocabulary.DRILL) or Fact()
    tests = evidence.last(vocabulary.TESTS) or Fact()
    return (
        _none("Rows that differ after the copy", report.totals.differing),
        _none(_NOT_CARRIED, total("not carried", "", (source.not_carried for source in report.sources))),
        _none(_QUARANTINED, report.totals.quarantined),
        _none("Tests that fail on PostgreSQL and passed on SQLite", tests.figure("failed after")),
        _none(_DRILLED, drill.figure("differing")),
    )


def _none(name: str, measured: Figure) -> Metric:
    goal = Figure("goal", 0, measured.unit, "goal")
    if measured.value is None:
        return Metric(name, goal, measured, "not measured")
    return Metric(name, goal, measured, "met" if measured.value == 0 else "missed")


def obstacles(evidence: Evidence, measured: tuple[Metric, ...]) -> tuple[str, ...]:
    """Say what keeps this from being called ready for production; a goal that was not measured is no obstacle alone,
    a backup that nobody has restored is."""
    return tuple(_obstacles(evidence, measured))


def _obstacles(evidence: Evidence, measured: tuple[Metric, ...]) -> Iterator[str]:
    if evidence.report.verdict is not Verdict.EQUAL:
        yield f"The comparison of the data says {evidence.report.verdict}."
    drill = evidence.last(vocabulary.DRILL)
    if drill is None:
        yield "No backup of this database has been restored and compared."
    elif drill.text("verdict") != "equal":
        yield "The last restored backup was not proven equal."
    for metric in measured:
        if metric.status == "missed" and metric.name != _DRILLED and not _was_decided(evidence, metric):
            yield f"A goal was missed: {metric.name[0].lower()}{metric.name[1:]}."


def _was_decided(evidence: Evidence, metric: Metric) -> bool:
    """Tell whether a person decided on everything that a missed goal counts: then it is known, and no obstacle."""
    decided = [item for item in evidence.report.decisions if item.answer is not None]
    quarantines = [item for item in decided if item.id.startswith(_QUARANTINE)]
    if metric.name == _QUARANTINED:
        return bool(quarantines) and all(_by_a_person(item) for item in quarantines)
    if metric.name == _NOT_CARRIED:
        leaving = [item for item in decided if item not in quarantines and _by_a_person(item) and _leaves(item)]
        return metric.measured.value is not None and metric.measured.value <= len(leaving)
    return False


def _by_a_person(decision: Decision) -> bool:
    return decision.answered_by != "safe option"


def _leaves(decision: Decision) -> bool:
    return any(option.key == decision.answer and option.leaves_behind for option in decision.options)
