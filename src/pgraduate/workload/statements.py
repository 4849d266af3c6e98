"""The kinds of statements of a workload: how often each ran, how long it took, and examples that can be run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pgraduate.workload.fingerprint import shape

EXAMPLES = 3
"""Examples kept of each kind: enough to see a value that is rare and one that is common, few enough to run them all."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One kind of PostgreSQL statement.

    `examples` are executions with their values and are never shown; it is empty where only the text with parameters
    is known.  `seconds` is the total of all calls, None where it was not measured.
    """

    id: str
    text: str
    calls: float
    seconds: float | None = None
    examples: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Workload:
    """`origin` says for people where the statements come from."""

    origin: str
    statements: tuple[Statement, ...]

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)


def gather(executions: Iterable[tuple[str, float, float | None]], origin: str) -> Workload:
    """Group executions of PostgreSQL, each as (text with literals, calls, seconds or None), by their shape.

    The examples of a kind are the first ones that differ.
    """
    found: dict[str, _Kind] = {}
    for sql, calls, seconds in executions:
        shaped = shape(sql)
        kind = found.setdefault(shaped.id, _Kind(shaped.text))
        kind.calls += calls
        if seconds is not None:
            kind.seconds = (kind.seconds or 0.0) + seconds
        kind.texts[sql] = kind.texts.get(sql, 0) + calls
    return Workload(origin, tuple(kind.statement(name) for name, kind in found.items()))


@dataclass(slots=True)
class _Kind:
    text: str
    calls: float = 0
    seconds: float | None = None
    texts: dict[str, float] = field(default_factory=dict)

    def statement(self, name: str) -> Statement:
        examples = sorted(self.texts, key=lambda sql: -self.texts[sql])[:EXAMPLES]
        return Statement(name, self.text, self.calls, self.seconds, tuple(examples))
