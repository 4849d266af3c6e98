"""What a long step tells the world while it works.

Rooms emit events, a sink shows them; the sinks live in `cli/`, so that a library call is silent by default.
An event never carries a row's value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StepStarted:
    step: str
    title: str


@dataclass(frozen=True, slots=True)
class StepProgress:
    """`done` of `total` units; `total` is None where it is not known."""

    step: str
    done: int
    total: int | None
    unit: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StepEnded:
    step: str
    title: str
    seconds: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person at the terminal, shown as it stands."""

    text: str


Event = StepStarted | StepProgress | StepEnded | Notice


class Sink(Protocol):
    def emit(self, event: Event, /) -> None: ...


class Silence:
    """The sink of a library call that did not ask for events."""

    def emit(self, event: Event, /) -> None:
        return None
