"""The choice of indexes under a storage budget: Extend (Schlosser, Kossmann, Boissier, ICDE 2019), made wider.

From the empty set, each step takes the move that saves most per byte: add a candidate, or put a longer one in the place
of one that is its beginning.  A step must save at least 0.3 % (Extend's factor 1.003).  Wider here: candidates may begin
with several keys, carry columns, or hold only some rows; what each costs on writes is part of the sum; at the end what no
longer pays is taken out, what begins alike is merged, and room that is left is used by what saves most in all.  The
whole is done by saving per byte, by saving alone and without carried columns, and the best result stands.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pgraduate.tune.indexes.costs import Costs, OutOfTime
from pgraduate.tune.indexes.definition import Definition

LEAST_GAIN = 0.003
"""Extend's own threshold: a step that saves less is not worth an index."""
WRITE_FACTOR = 1.5
"""What an index saves must be this much more than what it costs on writes (Dexter #6)."""

Indexes = frozenset[Definition]
Score = Callable[[float, int], float]
Merge = Callable[[Definition, Definition], Definition | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """`cost` is the workload's, reads and writes; `complete` is False where time ran out."""

    indexes: Indexes
    cost: float
    bytes: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """`sizes` in bytes and `writes` in cost units, per candidate; `merge` gives what may stand in the place of two, and
    enters it into both."""

    costs: Costs
    sizes: Mapping[Definition, int]
    writes: Mapping[Definition, float]
    budget: int
    merge: Merge = lambda _one, _other: None

    def total(self, indexes: Indexes) -> float:
        return self.costs.total(indexes) + WRITE_FACTOR * sum(self.writes.get(item, 0.0) for item in indexes)

    def bytes(self, indexes: Indexes) -> int:
        return sum(self.sizes[item] for item in indexes)


def choose(problem: Problem, candidates: Sequence[Definition]) -> Choice:
    """Search three times and give the cheapest set: wide candidates fill a small budget before narrow ones are tried."""
    narrow = [item for item in candidates if not item.include]
    pools = ((candidates, per_byte), (candidates, alone), (narrow, per_byte))
    found = [extend(problem, pool, score) for pool, score in pools]
    best = min(found, key=lambda choice: choice.cost)
    return replace(best, complete=all(choice.complete for choice in found))


def per_byte(gain: float, size: int) -> float:
    return gain / max(size, 8192)


def alone(gain: float, _size: int) -> float:
    return gain


def extend(problem: Problem, candidates: Sequence[Definition], score: Score) -> Choice:
    """Grow a set move by move, then prune it, merge what begins alike, and fill the room that is left."""
    chosen: Indexes = frozenset()
    found: list[Indexes] = []
    complete = True
    try:
        chosen = _grow(problem, candidates, chosen, score)
        for make_room in (_prune, _merge):
            chosen = _prune(problem, _grow(problem, candidates, make_room(problem, chosen), alone))
            found.append(chosen)
    except OutOfTime as stopped:
        complete = False
        found.append(stopped.args[0] if stopped.args else chosen)
    best = min(found, key=problem.total)
    return Choice(best, problem.total(best), problem.bytes(best), complete)


def _grow(problem: Problem, candidates: Sequence[Definition], chosen: Indexes, score: Score) -> Indexes:
    """Take the best move until none saves enough.

    Moves are kept in a heap by what they promised last; a promise rarely grows as the set does, so that mostly the
    first few must be asked again (lazy evaluation, Minoux 1978).
    """
    cost = start = problem.total(chosen)
    heap: list[tuple[float, int, int]] = []
    for number, candidate in enumerate(candidates):
        if candidate not in chosen:
            heap.append((-float("inf"), number, -1))
    heapq.heapify(heap)
    stage = 0
    parked: list[tuple[float, int, int]] = []
    while heap:
        promise, number, asked_at = heapq.heappop(heap)
        candidate = candidates[number]
        if candidate in chosen:
            continue
        wanted = _with(chosen, candidate)
        if problem.bytes(wanted) > problem.budget:
            parked.append((promise, number, asked_at))
            continue
        if asked_at != stage:
            try:
                gain = cost - problem.total(wanted)
            except OutOfTime:
                raise OutOfTime(chosen) from None
            if gain >= LEAST_GAIN * cost:
                added = max(problem.bytes(wanted) - problem.bytes(chosen), 0)
                heapq.heappush(heap, (-score(gain, added), number, stage))
            elif gain > 0 or asked_at == -1:
                parked.append((0.0, number, asked_at))
            continue
        chosen, cost = wanted, problem.total(wanted)
        stage += 1
        # A chosen index may make another worth while: those that were passed over get another chance.
        heap += parked
        parked = []
        heapq.heapify(heap)
    assert cost <= start or not chosen
    return chosen


def _with(chosen: Indexes, candidate: Definition) -> Indexes:
    """Add a candidate; what it makes superfluous by beginning with the same keys goes."""
    return frozenset(item for item in chosen if not candidate.extends(item)) | {candidate}


def _prune(problem: Problem, chosen: Indexes) -> Indexes:
    """Take out what saves less than a step must, the largest first."""
    for item in sorted(chosen, key=lambda index: -problem.sizes[index]):
        without = chosen - {item}
        if problem.total(without) - problem.total(chosen) < LEAST_GAIN * problem.total(chosen):
            chosen = without
    return chosen


def _merge(problem: Problem, chosen: Indexes) -> Indexes:
    """Put one index in the place of two where that frees room and costs less than a step must save."""
    while True:
        cost, size = problem.total(chosen), problem.bytes(chosen)
        options: list[tuple[float, Indexes]] = []
        for one, other in combinations(sorted(chosen, key=lambda item: item.name), 2):
            union = problem.merge(one, other)
            if union is None:
                continue
            fewer = (chosen - {one, other}) | {union}
            freed, lost = size - problem.bytes(fewer), problem.total(fewer) - cost
            if freed > 0 and lost < LEAST_GAIN * cost:
                options.append((lost / freed, fewer))
        if not options:
            return chosen
        chosen = min(options, key=lambda option: option[0])[1]
