"""What the documents tell, as one value: texts, moments and Figures, and nothing that a template would have to count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgraduate.document.commands import Command
from pgraduate.model.figure import Figure
from pgraduate.report import RunReport

Status = Literal["met", "missed", "not measured"]
Words = tuple["str | Figure", ...]
"""A sentence whose numbers are Figures."""


@dataclass(frozen=True, slots=True)
class Phase:
    """`began` and `ended` are the journal's moments, None for a phase that was not walked."""

    name: str
    verbs: tuple[str, ...]
    began: str | None
    ended: str | None
    worked: Figure


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    goal: Figure
    measured: Figure
    status: Status


@dataclass(frozen=True, slots=True)
class Timing:
    """One statement or load, timed before and after what `what` names."""

    what: str
    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """`last` is the moment of the last execution in this journal, None where there is none."""

    what: str
    every: str
    command: str
    last: str | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """`by` is an ISO date."""

    by: str
    what: str
    command: str


@dataclass(frozen=True, slots=True)
class WrittenCommand:
    """A command with the step that executed it, None where the journal holds no successful execution."""

    command: Command
    step: str | None
    when: str | None


@dataclass(frozen=True, slots=True)
class Rollback:
    """`rehearsed` is the moment of the last rehearsal, with what it took; None where there was none."""

    ways: tuple[str, ...]
    rehearsed: str | None
    rehearsal: Words


@dataclass(frozen=True, slots=True)
class Story:
    """`obstacles` say what keeps the database from being ready for production, () where nothing recorded does."""

    report: RunReport
    title: str
    phases: tuple[Phase, ...]
    statistics: tuple[Figure, ...]
    timings: tuple[Timing, ...]
    tests: tuple[Figure, ...]
    code: tuple[Figure, ...]
    metrics: tuple[Metric, ...]
    rollback: Rollback
    lessons: tuple[Words, ...]
    calendar: tuple[CalendarLine, ...]
    next_steps: tuple[NextStep, ...]
    commands: tuple[WrittenCommand, ...]
    archives: tuple[Words, ...]
    obstacles: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.obstacles

    def written(self, purpose: str) -> tuple[WrittenCommand, ...]:
        """Give the commands of one purpose that were executed."""
        return tuple(item for item in self.commands if item.command.purpose == purpose and item.step is not None)

    @property
    def missing(self) -> tuple[WrittenCommand, ...]:
        return tuple(item for item in self.commands if item.step is None)
