"""Where the rooms of a plan lay down what they found: decisions, findings, objects.

A decision is resolved the moment it is asked, so that the rest of the plan follows its answer; an open one lets
the plan go on as if its first option were taken, and the journey stops there before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgraduate.model.decision import Decision, Option, resolve
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.plan import ObjectPlan


@dataclass(slots=True)
class Docket:
    answers: Mapping[str, str]
    decisions: list[Decision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    objects: list[ObjectPlan] = field(default_factory=list)
    compat: bool = False

    def ask(
        self, id: str, question: str, evidence: str, options: tuple[Option, ...], *, safe: str | None = None
    ) -> str:
        """Ask once, and give the answer that the plan goes on with.

        Raises UsageError where pgraduate.toml answers with something that is not an option.
        """
        for earlier in self.decisions:
            if earlier.id == id:
                return earlier.answer or options[0].key
        (resolved,) = resolve((Decision(id, question, options, evidence, safe),), self.answers)
        self.decisions.append(resolved)
        return resolved.answer or options[0].key

    def find(self, code: str, severity: Severity, where: str, what: str, hint: str | None = None) -> None:
        self.findings.append(Finding(code, severity, where, what, hint))

    def add(self, item: ObjectPlan) -> None:
        self.objects.append(item)
