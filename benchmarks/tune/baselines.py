"""Three other ways to choose indexes, as their authors describe them, on the same planner, sizes and budget.

Extend is the algorithm of the ICDE 2019 paper with two columns; greedy takes what saves most in all from the indexes
that plans use when all are offered; Dexter's rule looks at each query alone and asks for a bar of savings (50 % by
default; 10 % is tried as well, and the better one counts).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.costs import Costs, Weighted
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.sizes import estimated_bytes

Indexes = frozenset[Definition]
_NOT_INDEXED = {"json", "jsonb", "point"}


@dataclass(frozen=True, slots=True)
class Selection:
    indexes: Indexes
    cost: float
    bytes: int


class Baselines:
    """`budget` in bytes; every algorithm starts from all columns that a statement names."""

    def __init__(self, costs: Costs, catalog: Catalog, budget: int) -> None:
        self._costs = costs
        self._catalog = catalog
        self._budget = budget

    def extend(self) -> Selection:
        singles = {item for statement in self._costs.statements for item in _singles(statement)}
        chosen: Indexes = frozenset()
        cost = self._costs.total(chosen)
        while True:
            best: tuple[float, Indexes, float] | None = None
            for candidate in self._moves(chosen, singles):
                size = self._bytes(candidate)
                if size > self._budget:
                    continue
                new = self._costs.total(candidate)
                if cost / new < 1.003:
                    continue
                ratio = (cost - new) / max(size - self._bytes(chosen), 1)
                if best is None or ratio > best[0]:
                    best = ratio, candidate, new
            if best is None:
                return Selection(chosen, cost, self._bytes(chosen))
            _, chosen, cost = best

    def _moves(self, chosen: Indexes, singles: Iterable[Definition]) -> Iterable[Indexes]:
        for single in singles:
            if not any(item.keys[:1] == single.keys and item.table == single.table for item in chosen):
                yield chosen | {single}
            for item in chosen:
                if item.table == single.table and len(item.keys) == 1 and item.keys != single.keys:
                    yield (chosen - {item}) | {_longer(item, single)}

    def greedy(self) -> Selection:
        pool: set[Definition] = set()
        for statement in self._costs.statements:
            singles = _singles(statement)
            used = self._costs.of(statement, singles)[1]
            pool |= used | self._costs.of(statement, [*singles, *_pairs(singles)])[1]
        chosen: Indexes = frozenset()
        cost = self._costs.total(chosen)
        while True:
            options = [
                (self._costs.total(chosen | {item}), item.name, item)
                for item in pool - chosen
                if self._bytes(chosen | {item}) <= self._budget
            ]
            if not options or min(options)[0] >= cost:
                return Selection(chosen, cost, self._bytes(chosen))
            cost, _, best = min(options)
            chosen |= {best}

    def dexter(self) -> Selection:
        return min((self._dexter(0.5), self._dexter(0.9)), key=lambda found: found.cost)

    def _dexter(self, bar: float) -> Selection:
        found: dict[Definition, float] = {}
        for statement in self._costs.statements:
            before = self._costs.of(statement, ())[0]
            if before < 100:
                continue
            singles = _singles(statement)
            one, used_one = self._costs.of(statement, singles)
            two, used_two = self._costs.of(statement, [*singles, *_pairs(singles)])
            picked: Indexes = used_one if one < before * bar else frozenset()
            if one > 100 and two < one * bar and len(used_two) == 1:
                picked = used_two
            if len(picked) > 1:
                alone = {item: self._costs.of(statement, (item,))[0] for item in picked}
                cheapest = min(alone, key=lambda item: alone[item])
                picked = frozenset({cheapest}) if alone[cheapest] < before * bar else picked
            for item in picked:
                found[item] = found.get(item, 0.0) + statement.weight * before
        chosen: Indexes = frozenset()
        for item in sorted(found, key=lambda item: (-found[item], item.name)):
            if self._bytes(chosen | {item}) <= self._budget:
                chosen |= {item}
        return Selection(chosen, self._costs.total(chosen), self._bytes(chosen))

    def _bytes(self, indexes: Iterable[Definition]) -> int:
        return sum(estimated_bytes(item, self._table(item)) for item in indexes)

    def _table(self, item: Definition) -> Table:
        table = self._catalog.table(item.schema, item.table)
        assert table is not None
        return table


def _singles(statement: Weighted) -> list[Definition]:
    found: dict[Definition, None] = {}
    for access in statement.accesses:
        names = access.needed if access.needed is not None else set(access.table.columns)
        for name in sorted(names):
            column = access.table.columns.get(name)
            if column is not None and column.type not in _NOT_INDEXED:
                found[Definition(access.table.schema, access.table.name, (column_key(name),))] = None
    return list(found)


def _longer(definition: Definition, by: Definition) -> Definition:
    """Give the index with the keys of another one behind its own."""
    return replace(definition, keys=(*definition.keys, *by.keys))


def _pairs(singles: Sequence[Definition]) -> list[Definition]:
    return [_longer(one, two) for one, two in permutations(singles, 2) if one.table == two.table]
