"""What a doctor says of one symptom, and how findings become steps: looking first, then what takes nothing away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgraduate.health import HealthFinding
from pgraduate.model.figure import Figure


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise than in the good snapshot; figures where it was measured, else texts."""

    what: str
    before: str | Figure
    after: str | Figure


@dataclass(frozen=True, slots=True)
class NextStep:
    """`command` is '' where a person has to look or to choose first; `risk` says what the step can do."""

    what: str
    command: str
    risk: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`blind` lists what could not be seen; `never` what people do here and must not."""

    symptom: str
    sentence: str
    figures: tuple[Figure, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[HealthFinding, ...] = ()
    steps: tuple[NextStep, ...] = ()
    never: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()

    @property
    def troubled(self) -> bool:
        return bool(self.changes or self.findings)


def steps_of(findings: Iterable[HealthFinding], order: Mapping[str, int]) -> list[NextStep]:
    """Make steps of findings in the order that a symptom gives to their codes."""
    known = [finding for finding in findings if finding.code in order]
    known.sort(key=lambda finding: (order[finding.code], finding.where))
    return [NextStep(f"{item.where}: {item.what}", item.command, item.risk or item.why) for item in known]
