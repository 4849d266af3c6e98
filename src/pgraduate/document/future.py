"""What is to be done from here on: a calendar of maintenance, and next steps with dates counted from recorded events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pgraduate.document.evidence import Evidence
from pgraduate.document.story import CalendarLine, NextStep
from pgraduate.report import vocabulary

DRILL_DAYS = 30
"""Days between two restored backups."""
ARCHIVE_DAYS = 365
"""Days between two verifications of an archive."""
WRITERS_DAYS = 14
"""Days for which late writers are expected after an application moved."""
STATISTICS_DAYS = 35
"""Days of use after which an index that was never scanned may be called unused."""


_BACK_UP = "pgraduate maintain backup"
_RESTORE = "pgraduate maintain restore-drill"


def calendar(evidence: Evidence) -> tuple[CalendarLine, ...]:
    """Say what is to be done how often, and when this journal last saw it done."""
    drill, check = evidence.last(vocabulary.DRILL), evidence.last(vocabulary.CHECKED)
    archive, moved = evidence.last(vocabulary.ARCHIVE), evidence.last(vocabulary.RETENTION)
    retention = CalendarLine("Move old rows", "day", "pgraduate maintain retention run", evidence.when(moved))
    return (
        CalendarLine("Look at the server", "day", "pgraduate maintain check", evidence.when(check)),
        CalendarLine("Back up", "day", _BACK_UP, _executed(evidence, "back up")),
        CalendarLine(
            "Vacuum, analyze, reindex",
            "week",
            "pgraduate maintain run",
            evidence.when(evidence.last(vocabulary.MAINTAINED)),
        ),
        *([retention] if moved is not None else []),
        CalendarLine("Restore a backup", "month", _RESTORE, evidence.when(drill) or _executed(evidence, "restore")),
        CalendarLine("Verify the archive", "year", "pgraduate archive verify NAME", evidence.when(archive)),
    )


def next_steps(evidence: Evidence) -> tuple[NextStep, ...]:
    return tuple(sorted(_next_steps(evidence), key=lambda step: (step.by, step.what)))


def _next_steps(evidence: Evidence) -> Iterator[NextStep]:
    moved = evidence.end_of(evidence.done("verify"))
    if moved is None:
        return
    drilled = evidence.when(evidence.last(vocabulary.DRILL))
    if drilled is None:
        yield NextStep(_after(moved, 1), "Restore a backup and compare it", _RESTORE)
    else:
        yield NextStep(_after(drilled, DRILL_DAYS), "Restore a backup again", _RESTORE)
    archived = evidence.when(evidence.last(vocabulary.ARCHIVE))
    if archived is None:
        yield NextStep(_after(moved, WRITERS_DAYS), "Archive the SQLite file", "pgraduate archive FILE")
    else:
        yield NextStep(_after(archived, ARCHIVE_DAYS), "Verify the archive", "pgraduate archive verify NAME")
    if evidence.last(vocabulary.CHECKED) is None:
        yield NextStep(_after(moved, 1), "Look at the server for the first time", "pgraduate maintain check")
    yield NextStep(
        _after(moved, STATISTICS_DAYS), "Look for indexes that nothing uses", "pgraduate tune indexes plan"
    )


def _executed(evidence: Evidence, purpose: str) -> str | None:
    """Give when a command of this purpose was last executed with success."""
    facts = [fact for fact in evidence.facts(vocabulary.COMMAND) if fact.text("purpose") == purpose]
    return evidence.when(next((fact for fact in reversed(facts) if fact.value.get("exit_code") == 0), None))


def _after(moment: str, days: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(days=days)).date().isoformat()
