"""What a check says: findings that a person can act on, and how much was looked at to come to them.

The invariant: a check never passes on an empty sample in silence.  `Examination` counts what was examined, names what
could not be seen from here, and tells "nothing wrong" from "nothing looked at".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pgraduate.model.finding import Severity

RANK: Mapping[Severity, int] = {
    Severity.INFO: 0,
    Severity.NOTICE: 1,
    Severity.WARNING: 2,
    Severity.ERROR: 3,
}
"""How bad, as a number that grows with it."""


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """`code` is stable and in UPPER_SNAKE; `where` names an object or a session, never a row's value or a statement.

    `command` is what to run, as it stands; '' where a person has to choose first, and `risk` then says what.
    `facts` holds the same in a form for programs; names of objects in it are not quoted.
    """

    code: str
    severity: Severity
    where: str
    what: str
    why: str
    command: str
    risk: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """What one check looked at.  `examined` counts things of the kind `of`; `blind` lists what it cannot see.

    `skipped` says why nothing was looked at, '' where something was.  `figures` are measurements worth a graph, with
    None for one that could not be taken.
    """

    check: str
    examined: int
    of: str
    findings: tuple[HealthFinding, ...] = ()
    blind: tuple[str, ...] = ()
    figures: Mapping[str, int | float | None] = field(default_factory=dict)
    skipped: str = ""

    @property
    def outcome(self) -> str:
        """Say one of: found, clean, nothing there, not examined."""
        if self.skipped:
            return "not examined"
        if self.findings:
            return "found"
        return "clean" if self.examined else "nothing there"


def worst(examinations: tuple[Examination, ...]) -> Severity | None:
    """Give the worst severity among all findings, None where there are none."""
    found = [finding.severity for item in examinations for finding in item.findings]
    return max(found, key=RANK.__getitem__, default=None)
