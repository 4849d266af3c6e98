"""What a journal holds, asked by verb and by the name of a fact; every number comes out as a Figure of its step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pgraduate import report
from pgraduate.journal import Journal
from pgraduate.report import RunReport, vocabulary
from pgraduate.report.facts import Fact, facts
from pgraduate.report.model import StepReport

OWN_VERBS = frozenset({"document", "finish", "report", "status"})
"""Verbs that write about a run: what they did is not told, else each telling would change what is told."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One run's report, its entries, and the moments at which its steps ended."""

    report: RunReport
    entries: tuple[dict[str, Any], ...]
    ended: Mapping[str, str]

    @staticmethod
    def of(journal: Journal) -> Evidence:
        entries = tuple(journal.entries())
        ended = {str(item["step"]): str(item["at"]) for item in entries if item["type"] == "step_ended"}
        return Evidence(report.read(journal, without=OWN_VERBS), entries, ended)

    def facts(self, name: str) -> Iterator[Fact]:
        return facts(self.entries, name)

    def last(self, name: str) -> Fact | None:
        return next(iter(reversed(list(self.facts(name)))), None)

    def steps(self, *verbs: str) -> tuple[StepReport, ...]:
        return tuple(step for step in self.report.steps if step.verb in verbs)

    def done(self, *verbs: str) -> StepReport | None:
        """Give the last step of these verbs that came to its end."""
        return next((step for step in reversed(self.steps(*verbs)) if step.outcome == "done"), None)

    def end_of(self, step: StepReport | None) -> str | None:
        """Give the moment at which a step ended, as the journal has it."""
        return self.ended.get(step.name) if step is not None else None

    def when(self, fact: Fact | None) -> str | None:
        """Give the moment at which the step of a fact ended, None while it runs and where there is none."""
        return self.ended.get(fact.step) if fact is not None else None

    def stands(self, kind: str) -> bool:
        """Tell whether an operation of this kind was applied and not taken back since."""
        kinds = ("operation_applied", "operation_undone")
        last = [
            entry["type"] for entry in self.entries if entry["type"] in kinds and entry.get("operation") == kind
        ]
        return bool(last) and last[-1] == "operation_applied"

    def archives(self) -> tuple[Fact, ...]:
        """Give the last archive of each source."""
        return tuple({fact.text("source"): fact for fact in self.facts(vocabulary.ARCHIVE)}.values())

    def operations_of(self, step: StepReport) -> int:
        return sum(entry["type"] == "operation_planned" and entry["step"] == step.name for entry in self.entries)
