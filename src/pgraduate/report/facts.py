"""What a journal's entries say, asked by kind and name; a number comes out only as a figure of the step that wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pgraduate.errors import PgraduateError
from pgraduate.model.figure import Figure
from pgraduate.model.wire import from_json

T = TypeVar("T")

_OUTCOMES = ("carried", "translated", "not_carried")


@dataclass(frozen=True, slots=True)
class Fact:
    """What one step wrote under one name; numbers come out of it only as figures of that step."""

    step: str = ""
    value: dict[str, Any] = field(default_factory=dict)

    def figure(self, key: str, unit: str = "") -> Figure:
        value = self.value.get(key)
        known = isinstance(value, (int, float)) and not isinstance(value, bool)
        return Figure(key.replace("_", " "), value if known else None, unit, self.step if known else "")

    def text(self, key: str) -> str:
        return self.optional(key) or ""

    def optional(self, key: str) -> str | None:
        value = self.value.get(key)
        return None if value is None else str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Give one text, or a list of texts, as a list without empty ones."""
        value = self.value.get(key) or ()
        return tuple(str(item) for item in ([value] if isinstance(value, str) else value) if item)

    def counts(self, key: str) -> Fact:
        """Give a tally by outcome; an outcome that a tally does not name was counted and occurred nowhere."""
        value = self.value.get(key)
        return Fact(self.step, dict.fromkeys(_OUTCOMES, 0) | value if isinstance(value, dict) else {})


def facts(entries: Iterable[dict[str, Any]], name: str) -> Iterator[Fact]:
    """Give the facts of this name that steps wrote, oldest first; those of a step that failed too."""
    for entry in entries:
        if entry["type"] == "fact" and entry.get("name") == name and isinstance(entry.get("value"), dict):
            yield Fact(str(entry["step"]), entry["value"])


@dataclass(frozen=True, slots=True)
class Entries:
    """The whole entries of a journal, in their order; `path` is what an error names."""

    path: Path
    entries: Sequence[dict[str, Any]]

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (entry for entry in self.entries if entry["type"] == kind)

    def models(self, kind: type[T], name: str) -> Iterator[T]:
        return (self.model(kind, entry, name) for entry in self.of(name))

    def model(self, kind: type[T], data: Any, name: str) -> T:
        try:
            return from_json(kind, data)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise PgraduateError(
                f"an entry of the journal is not a {name}",
                where=str(self.path),
                hint="the version of pgraduate that wrote it can read it",
            ) from error

    def facts(self, name: str, step: str | None = None) -> Iterator[Fact]:
        return (fact for fact in facts(self.entries, name) if step in (None, fact.step))

    def last_fact(self, name: str, step: str | None) -> Fact:
        facts = list(self.facts(name, step)) if step is not None else []
        return facts[-1] if facts else Fact()

    def by(self, name: str, key: str) -> dict[str, Fact]:
        return {fact.text(key): fact for fact in self.facts(name)}
