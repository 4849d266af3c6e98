"""The search against every possible set: within the budget, and close to the best."""

from __future__ import annotations

import random
from collections.abc import Collection
from itertools import combinations

import pytest

from pgraduate.tune.indexes.accesses import Access
from pgraduate.tune.indexes.catalog import Column, Table
from pgraduate.tune.indexes.costs import Costs, Weighted
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.planner import Estimate
from pgraduate.tune.indexes.search import Problem, choose

COLUMNS = "abcdefgh"
TABLE = Table(
    1, "s", "t", 1000, 10, 80_000, 0, 0, {name: Column(name, "integer", "", True, 0, 4, 10, 0) for name in COLUMNS}
)


class _Planner:
    """A statement costs 100, less by what the best of the offered indexes saves it."""

    def __init__(self, savings: dict[tuple[str, Definition], float]) -> None:
        self._savings = savings
        self.asked = 0

    def plan(self, statement: str, indexes: Collection[Definition], /) -> Estimate:
        self.asked += 1
        best = max(indexes, key=lambda item: self._savings[statement, item], default=None)
        if best is None or self._savings[statement, best] <= 0:
            return Estimate(100.0, 0, frozenset())
        return Estimate(100.0 - self._savings[statement, best], 0, frozenset({best}))

    def refuses(self, _definition: Definition, /) -> str | None:
        return None


def _problem(seed: int) -> tuple[Problem, list[Definition], _Planner]:
    chosen = random.Random(seed)
    candidates = [Definition("s", "t", (column_key(name),)) for name in COLUMNS]
    texts = [f"q{number}" for number in range(6)]
    planner = _Planner({(text, item): max(0, chosen.randrange(-60, 95)) for text in texts for item in candidates})
    statements = [Weighted(text, (text,), chosen.randrange(1, 20), (Access(TABLE, needed=None),)) for text in texts]
    sizes = {item: chosen.randrange(1, 9) << 20 for item in candidates}
    writes = {item: float(chosen.randrange(0, 200)) for item in candidates}
    return Problem(Costs(planner, statements), sizes, writes, 16 << 20), candidates, planner


@pytest.mark.parametrize("seed", range(12))
def test_the_choice_fits_the_budget_and_is_close_to_the_best(seed: int) -> None:
    problem, candidates, _ = _problem(seed)
    choice = choose(problem, candidates)
    sets = [frozenset(c) for size in range(len(candidates) + 1) for c in combinations(candidates, size)]
    best = min(problem.total(s) for s in sets if problem.bytes(s) <= problem.budget)
    assert choice.bytes <= problem.budget
    assert choice.cost <= 1.10 * best


def test_a_plan_for_more_is_a_plan_for_what_it_used() -> None:
    problem, candidates, planner = _problem(0)
    problem.costs.total(candidates)
    asked = planner.asked
    used = {item for statement in problem.costs.statements for item in problem.costs.of(statement, candidates)[1]}
    problem.costs.total(used)
    assert planner.asked == asked


def test_an_index_whose_upkeep_costs_more_than_it_saves_is_not_chosen() -> None:
    problem, candidates, _ = _problem(1)
    costly = Problem(problem.costs, problem.sizes, dict.fromkeys(candidates, 1e9), problem.budget)
    assert choose(costly, candidates).indexes == frozenset()
