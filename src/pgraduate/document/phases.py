"""The six phases with what was really done in each: first start, last end, and the time that steps worked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgraduate.document.evidence import Evidence
from pgraduate.document.story import Phase
from pgraduate.model.figure import Figure
from pgraduate.report.model import StepReport, total

PHASES: tuple[tuple[str, frozenset[str]], ...] = (
    ("Prepare", frozenset({"assess", "schema", "server"})),
    ("Convert", frozenset({"translate", "code"})),
    ("Move", frozenset({"backup", "records", "copy", "verify", "restore"})),
    ("Prove", frozenset({"trial", "bench", "replay"})),
    ("Deploy", frozenset({"sync", "cutover", "rollback", "watch"})),
    ("Optimize", frozenset({"tune", "maintain", "archive", "doctor"})),
)
"""A step of schema that changed the target belongs to Move.  Writing the documents is no part of any phase: else each
writing would change them."""


def phases(evidence: Evidence) -> tuple[Phase, ...]:
    found: dict[str, list[StepReport]] = {name: [] for name, _ in PHASES}
    for step in evidence.report.steps:
        if (name := _phase_of(evidence, step)) is not None:
            found[name].append(step)
    return tuple(_phase(evidence, name, steps) for name, steps in found.items())


def _phase_of(evidence: Evidence, step: StepReport) -> str | None:
    verb = re.split(r"[ -]", step.verb)[0]
    if verb == "schema" and evidence.operations_of(step):
        return "Move"
    return next((name for name, verbs in PHASES if verb in verbs), None)


def _phase(evidence: Evidence, name: str, steps: Sequence[StepReport]) -> Phase:
    if not steps:
        return Phase(name, (), None, None, Figure("worked", None, "seconds", ""))
    ends = [end for step in steps if (end := evidence.end_of(step)) is not None]
    return Phase(
        name=name,
        verbs=tuple(dict.fromkeys(step.verb for step in steps)),
        began=min(step.started_at for step in steps),
        ended=max(ends) if len(ends) == len(steps) else None,
        worked=total("worked", "seconds", (step.seconds for step in steps)),
    )
