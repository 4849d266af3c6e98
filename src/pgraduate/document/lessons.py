"""Lessons that follow from recorded events, each with the event; where nothing happened there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator

from pgraduate.document.evidence import Evidence
from pgraduate.document.story import Words
from pgraduate.model.finding import Severity


def lessons(evidence: Evidence) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(_lessons(evidence)))


def _lessons(evidence: Evidence) -> Iterator[Words]:
    yield from _stops(evidence)
    report = evidence.report
    if report.totals.quarantined.value:
        yield (
            report.totals.quarantined,
            " could not stand in their columns and are kept apart: look at what wrote them.",
        )
    if report.totals.kept_classes.value:
        yield (
            report.totals.kept_classes,
            " held another type than their column declares: SQLite let the application write them.",
        )
    for item in report.not_carried:
        yield (f"The {item.kind} {item.name} was not carried: {item.reason}.",)
    for decision in report.decisions:
        if decision.answer is not None:
            by = "by its safe option" if decision.answered_by == "safe option" else "by a person"
            yield (f"{decision.question} Answered {by}: {decision.answer}.",)
    for finding in report.findings:
        if finding.severity in (Severity.WARNING, Severity.ERROR):
            yield (f"{finding.where}: {finding.what}",)
    for fact in evidence.archives():
        if fact.value.get("references"):
            yield (
                f"Places that still named {fact.text('source')} when it was archived: ",
                fact.figure("references"),
                ". A late writer would begin there.",
            )


def _stops(evidence: Evidence) -> Iterator[Words]:
    for step in evidence.report.steps:
        if step.outcome == "failed":
            yield (f"{step.name} stopped with {step.code}: {step.message or 'no message'}.",)
        elif step.outcome == "not ended":
            yield (f"{step.name} was interrupted; what followed went on from what stood in the target.",)
