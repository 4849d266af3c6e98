"""The cost of a workload under a set of candidates, with as few questions to the planner as possible.

A statement's cost depends only on the candidates that it could use.  And a plan that used U of the offered set C is
still the best one for every set between U and C: what lies outside of U was there to be taken and was not.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pgraduate.tune.indexes.accesses import Access
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.planner import Planner

Indexes = frozenset[Definition]


@dataclass(frozen=True, slots=True)
class Weighted:
    """One kind of statement: `texts` are what is planned for it, `weight` its calls."""

    id: str
    texts: tuple[str, ...]
    weight: float
    accesses: tuple[Access, ...]


@dataclass(slots=True)
class _Known:
    exact: dict[Indexes, tuple[float, Indexes]] = field(default_factory=dict)


class OutOfTime(Exception):
    """The time for planning is used up; what was found until then stands."""


class Costs:
    """`asked` counts the plans that were made; after `seconds`, `total` raises OutOfTime."""

    def __init__(self, planner: Planner, statements: Sequence[Weighted], *, seconds: float = 60.0) -> None:
        self.statements = tuple(statements)
        self.asked = 0
        self._planner = planner
        self._deadline = time.monotonic() + seconds
        self._known: dict[str, _Known] = {}
        self._tables = {item.id: _tables(item) for item in statements}

    def ignore_time(self) -> None:
        """Let the few questions about a choice that was made be answered, however long it took to make."""
        self._deadline = float("inf")

    def total(self, indexes: Collection[Definition]) -> float:
        return sum(item.weight * self.of(item, indexes)[0] for item in self.statements)

    def of(self, statement: Weighted, indexes: Collection[Definition]) -> tuple[float, Indexes]:
        """Give the mean cost of the statement's texts, and which of the candidates their plans use."""
        offered = frozenset(item for item in indexes if self._concerns(statement, item))
        known = self._known.setdefault(statement.id, _Known())
        if offered in known.exact:
            return known.exact[offered]
        for larger, (cost, used) in known.exact.items():
            if used <= offered <= larger:
                known.exact[offered] = cost, used
                return cost, used
        if time.monotonic() > self._deadline:
            raise OutOfTime
        plans = [self._planner.plan(text, offered) for text in statement.texts]
        self.asked += len(plans)
        cost = sum(plan.cost for plan in plans) / len(plans)
        used = frozenset[Definition]().union(*(plan.used for plan in plans))
        known.exact[offered] = cost, used
        return cost, used

    def concerned(self, definition: Definition) -> list[Weighted]:
        return [item for item in self.statements if self._concerns(item, definition)]

    def _concerns(self, statement: Weighted, definition: Definition) -> bool:
        columns = self._tables[statement.id].get((definition.schema, definition.table))
        if columns is None:
            return False
        leading = definition.keys[0].column
        return leading is None or leading in columns or "*" in columns


def _tables(statement: Weighted) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for access in statement.accesses:
        columns = found.setdefault((access.table.schema, access.table.name), set())
        columns |= access.needed if access.needed is not None else {"*"}
    return found
