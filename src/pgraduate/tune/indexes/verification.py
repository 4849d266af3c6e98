"""A proposal put to the proof: built on a clone, executed, and cut down to what really helps.

All statements run in five interleaved rounds without and with the indexes, each at the server itself (EXPLAIN ANALYZE,
so that the network does not count), writes in transactions that are rolled back.  Where a statement became slower, an
index that its plan uses is taken away and what it concerns is measured again; an index that no plan uses goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.tune.indexes.costs import Costs, Weighted
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.planner import index_names
from pgraduate.tune.indexes.timing import ROUNDS, SLOW, Pair, Verdict, judge

PATIENCE_SECONDS = 120
"""The longest that one execution may take; a statement that needs longer is not measured."""
MOST_ATTEMPTS = 12

Indexes = frozenset[Definition]


@dataclass(frozen=True, slots=True)
class Dropped:
    definition: Definition
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`kept` are the indexes that passed; `verdict` is theirs, None where nothing was left to measure."""

    kept: Indexes
    dropped: tuple[Dropped, ...]
    verdict: Verdict | None
    first: Verdict | None
    unmeasured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    seconds: float
    indexes: frozenset[str]


class Bench:
    """Executes statements with a set of indexes shown; `show` decides what the planner sees."""

    def __init__(
        self,
        connection: psycopg.Connection,
        show: Callable[[Collection[Definition]], None],
        *,
        rounds: int = ROUNDS,
    ) -> None:
        self._connection = connection
        self._show = show
        self._rounds = rounds
        self._single: set[str] = set()
        self.unmeasured: list[str] = []
        connection.execute("SELECT set_config('statement_timeout', %s, false)", (f"{PATIENCE_SECONDS}s",))

    def compare(
        self, statements: Sequence[Weighted], before: Indexes, after: Indexes
    ) -> tuple[dict[str, Pair], dict[str, frozenset[str]]]:
        """Measure statements in interleaved rounds; give the pairs, and the names of indexes used afterwards."""
        used: dict[str, frozenset[str]] = {}
        runs: dict[str, tuple[list[float], list[float]]] = {item.id: ([], []) for item in statements}
        measurable = [item for item in statements if self._warm(item, before) and self._warm(item, after)]
        for number in range(self._rounds):
            sides = (0, 1) if number % 2 == 0 else (1, 0)
            for side in sides:
                self._show(after if side else before)
                for item in measurable:
                    execution = self._run(item)
                    runs[item.id][side].append(execution.seconds)
                    if side:
                        used[item.id] = execution.indexes
        pairs = {
            item.id: Pair(item.id, item.weight, tuple(runs[item.id][0]), tuple(runs[item.id][1]))
            for item in measurable
        }
        return pairs, used

    def _warm(self, statement: Weighted, indexes: Indexes) -> bool:
        """Run once without counting: caches fill, and a statement that cannot be measured is found."""
        self._show(indexes)
        try:
            if self._run(statement).seconds > SLOW:
                self._single.add(statement.id)
        except psycopg.Error:
            if statement.id not in self.unmeasured:
                self.unmeasured.append(statement.id)
            return False
        return True

    def _run(self, statement: Weighted) -> Execution:
        """Execute each text of a statement; give the mean seconds, planning included."""
        seconds, names = 0.0, set[str]()
        texts = statement.texts[:1] if statement.id in self._single else statement.texts
        for text in texts:
            found = execute(self._connection, text)
            seconds += found.seconds
            names |= found.indexes
        return Execution(seconds / len(texts), frozenset(names))


def execute(connection: psycopg.Connection, text: str) -> Execution:
    """Execute one statement at the server and take it back; its rows never travel."""
    with connection.transaction(force_rollback=True):
        row = connection.execute(
            b"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY ON, FORMAT JSON) " + text.encode()
        ).fetchone()
    assert row is not None
    answer = row[0][0]
    return Execution(
        (answer["Planning Time"] + answer["Execution Time"]) / 1000, frozenset(index_names(answer["Plan"]))
    )


def verify(bench: Bench, costs: Costs, proposed: Indexes) -> Proof:
    """Measure a proposal against none, and take away indexes until it holds."""
    kept, dropped = proposed, list[Dropped]()
    statements = _runnable(costs.statements)
    if not kept or not statements:
        return Proof(frozenset(), (), None, None, tuple(bench.unmeasured))
    pairs, used = bench.compare(statements, frozenset(), kept)
    first = verdict = judge(pairs)
    for _ in range(MOST_ATTEMPTS):
        idle = [item for item in kept if not any(item.name in names for names in used.values())]
        for item in idle:
            dropped.append(Dropped(item, "no statement's plan used it when it was executed"))
        victims = {_culprit(pair, used, kept - set(idle), costs) for pair in verdict.slower} - {None}
        dropped += [Dropped(item, "a statement was slower with it") for item in victims if item is not None]
        gone = frozenset([*idle, *(item for item in victims if item is not None)])
        if not gone:
            break
        kept -= gone
        concerned = [item for item in statements if any(item in costs.concerned(index) for index in gone)]
        again, used_again = bench.compare(concerned, frozenset(), kept)
        pairs |= again
        used |= used_again
        verdict = judge(pairs)
    if not verdict.holds:
        reason = (
            "the workload was not faster with the indexes together"
            if not verdict.slower
            else "a statement was slower"
        )
        return Proof(
            frozenset(), (*dropped, *(Dropped(item, reason) for item in kept)), None, first, tuple(bench.unmeasured)
        )
    return Proof(kept, tuple(dropped), verdict, first, tuple(bench.unmeasured))


def _runnable(statements: Iterable[Weighted]) -> list[Weighted]:
    """A statement of which only the shape is known cannot be executed."""
    return [item for item in statements if not any("$1" in text for text in item.texts)]


def _culprit(
    pair: Pair, used: dict[str, frozenset[str]], kept: frozenset[Definition], costs: Costs
) -> Definition | None:
    """Of the indexes in a slower statement's plan, name the one that the rest of the workload would miss least."""
    suspects = [item for item in kept if item.name in used.get(pair.id, frozenset())]
    if not suspects:
        return None

    def missed(item: Definition) -> float:
        others = [statement for statement in costs.concerned(item) if statement.id != pair.id]
        return sum(statement.weight for statement in others if item.name in used.get(statement.id, frozenset()))

    return min(suspects, key=lambda item: (missed(item), -len(item.keys)))
