"""What a merge asks and reports, resolved the moment it is asked, so that the rest follows the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pgraduate.model.decision import Decision, Option, resolve
from pgraduate.model.finding import Finding, Severity


@dataclass(slots=True)
class Questions:
    schema: str
    answers: Mapping[str, str]
    decisions: list[Decision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def ask(
        self,
        kind: str,
        where: str,
        question: str,
        evidence: str,
        options: tuple[Option, ...],
        safe: str | None = None,
    ) -> str:
        """Give the answer; an open question goes on as if its first option were taken."""
        asked = Decision(f"{kind}:{self.schema}.{where}", question, options, evidence, safe)
        (resolved,) = resolve((asked,), self.answers)
        self.decisions.append(resolved)
        return resolved.answer or options[0].key

    def find(self, code: str, severity: Severity, where: str, what: str, hint: str | None = None) -> None:
        self.findings.append(Finding(code, severity, where, what, hint))

    def leaves_behind(self, table: str) -> None:
        """Mark the answers by which rows of a table stay behind; a safe option that does so is open again."""
        start = (f"merge_key:{self.schema}.{table}(", f"merge_unique:{self.schema}.{table}(")
        for place, decision in enumerate(self.decisions):
            if decision.id.startswith(start) and decision.answer in ("first", "last"):
                options = tuple(
                    replace(option, leaves_behind=True) if option.key in ("first", "last") else option
                    for option in decision.options
                )
                by_hand = decision.answered_by == "pgraduate.toml"
                self.decisions[place] = replace(
                    decision,
                    options=options,
                    safe=None,
                    answer=decision.answer if by_hand else None,
                    answered_by=decision.answered_by if by_hand else None,
                )
