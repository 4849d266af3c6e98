"""A proposal put to the proof: built on a clone, executed, and cut down to what really helps.

All statements run in five interleaved rounds without and with the indexes, each at the server itself (EXPLAIN ANALYZE,
so that the network does not count), writes in transactions that are rolled back.  On a busy machine five rounds neither
convict nor acquit: what seems slower runs in more of them, and all of it where the whole does not show its gain.  Where a
statement is slower, the index of its plan without which it is not is taken away and what it concerns is measured again; an
index that no plan uses, or none to its gain, goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.examples import is_shape
from pgraduate.tune.indexes.planner import index_names, nodes
from pgraduate.tune.indexes.timing import ROUNDS, SLOW, Pair, Verdict, judge

PATIENCE_SECONDS = 120
"""The longest that one execution may take; a statement that needs longer is not measured."""
MORE_ROUNDS = 3
"""What five rounds leave open is measured in at most so many times the rounds."""

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
    """`indexes` are the names in the plan, `written` the tables that the statement writes, `wal` the records for it."""

    seconds: float
    indexes: frozenset[str]
    written: frozenset[str]
    wal: int


@dataclass(frozen=True, slots=True)
class Use:
    """Names of the indexes on trial that a statement's plan has, and of those that its writes keep up.

    Whether a write keeps any up is read from its WAL: a heap-only update writes as little with an index as without.
    """

    read: frozenset[str] = frozenset()
    kept_up: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.read | self.kept_up


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
    ) -> tuple[dict[str, Pair], dict[str, Use]]:
        """Measure statements in interleaved rounds; give the pairs, and what of the indexes each had to do with."""
        runs: dict[str, tuple[list[Execution], list[Execution]]] = {item.id: ([], []) for item in statements}
        pairs: dict[str, Pair] = {}
        used: dict[str, Use] = {}
        measurable = [item for item in statements if self._warm(item, before) and self._warm(item, after)]
        pending = measurable
        for _ in range(MORE_ROUNDS):
            self._measure(pending, (before, after), runs)
            for item in pending:
                once, now = runs[item.id]
                use = used[item.id] = _use(once, now, after)
                pairs[item.id] = Pair(
                    *(item.id, item.weight, _seconds(once), _seconds(now)),
                    touched=bool(use.all),
                    only_written=bool(use.kept_up) and not use.read,
                )
            pending = [item for item in measurable if pairs[item.id].seems_slower]
            if pairs and not judge(pairs).is_faster:
                pending = [item for item in measurable if pairs[item.id].touched]
        return pairs, used

    def _measure(
        self,
        statements: Sequence[Weighted],
        sides: tuple[Indexes, Indexes],
        runs: dict[str, tuple[list[Execution], list[Execution]]],
    ) -> None:
        """Add rounds to the runs; which side begins changes from round to round."""
        for number in range(self._rounds if statements else 0):
            for side in (0, 1) if number % 2 == 0 else (1, 0):
                self._show(sides[side])
                for item in statements:
                    runs[item.id][side].append(self._run(item))

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
        texts = statement.texts[:1] if statement.id in self._single else statement.texts
        found = [execute(self._connection, text) for text in texts]
        return Execution(
            sum(item.seconds for item in found) / len(found),
            frozenset().union(*(item.indexes for item in found)),
            frozenset().union(*(item.written for item in found)),
            sum(item.wal for item in found),
        )


def _seconds(executions: Iterable[Execution]) -> tuple[float, ...]:
    return tuple(item.seconds for item in executions)


def _use(before: Sequence[Execution], after: Sequence[Execution], indexes: Indexes) -> Use:
    """Tell what a statement had to do with the indexes.

    The run with the least WAL counts: the first one after a switch may write more, and of three rounds each side has
    one that follows none.
    """
    names = frozenset(item.name for item in indexes)
    more = min(item.wal for item in after) > min(item.wal for item in before)
    kept_up = frozenset(item.name for item in indexes if more and item.table in after[-1].written)
    return Use(names & after[-1].indexes, kept_up)


def execute(connection: psycopg.Connection, text: str) -> Execution:
    """Execute one statement at the server and take it back; its rows never travel."""
    with connection.transaction(force_rollback=True):
        row = connection.execute(
            b"EXPLAIN (ANALYZE, WAL, TIMING OFF, COSTS OFF, SUMMARY ON, FORMAT JSON) " + text.encode()
        ).fetchone()
    assert row is not None
    answer = row[0][0]
    plan = answer["Plan"]
    written = {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "ModifyTable"}
    seconds = (answer["Planning Time"] + answer["Execution Time"]) / 1000
    return Execution(seconds, frozenset(index_names(plan)), frozenset(written), plan.get("WAL Records", 0))


def verify(bench: Bench, statements: Sequence[Weighted], proposed: Indexes) -> Proof:
    """Measure a proposal against none, and take away indexes until it holds.

    A statement of which only the shape is known is not executed, and counts as not measured.
    """
    kept, dropped = proposed, list[Dropped]()
    known = [item for item in statements if not is_shape(item)]
    shapes = tuple(item.id for item in statements if is_shape(item))
    statements = known
    if not statements:
        dropped += [Dropped(item, "of no statement more than the shape is known") for item in kept]
    if not kept or not statements:
        return Proof(frozenset(), tuple(dropped), None, None, (*shapes, *bench.unmeasured))
    pairs, used = bench.compare(statements, frozenset(), kept)
    if not pairs:
        dropped += [Dropped(item, "no statement could be measured") for item in kept]
        return Proof(frozenset(), tuple(dropped), None, None, (*shapes, *bench.unmeasured))
    first = verdict = judge(pairs)
    while gone := _unfit(bench, statements, kept, pairs, used):
        dropped += [Dropped(item, why) for item, why in gone.items()]
        kept -= gone.keys()
        names = {item.name for item in gone}
        concerned = [item for item in statements if item.id in used and names & used[item.id].all]
        again, used_again = bench.compare(concerned, frozenset(), kept)
        pairs |= again
        used |= used_again
        verdict = judge(pairs)
    if not verdict.holds:
        reason = "the workload was not faster with the indexes together"
        dropped += [Dropped(item, reason) for item in kept]
        return Proof(frozenset(), tuple(dropped), None, first, (*shapes, *bench.unmeasured))
    return Proof(kept, tuple(dropped), verdict, first, (*shapes, *bench.unmeasured))


def _unfit(
    bench: Bench,
    statements: Sequence[Weighted],
    kept: Indexes,
    pairs: dict[str, Pair],
    used: dict[str, Use],
) -> dict[Definition, str]:
    """Name the indexes that must go next, each with the reason.

    First what no plan has: a write may be slow for its sake.  Then what makes a statement slower, and only when none is,
    what is of no use: the gain of an index may hide behind another's harm.  At last, where the workload is not proven
    to be faster, what is not proven by the statements that it touches: their noise must not cost the others their place.
    """
    users = {item: [pair for pair in pairs.values() if item.name in used[pair.id].read] for item in kept}
    idle = [item for item in kept if not users[item]]
    if idle:
        return dict.fromkeys(idle, "no plan of a statement that was executed used it")
    culprits: dict[Definition, str] = {}
    for statement in statements:
        pair = pairs.get(statement.id)
        if pair is not None and pair.is_slower:
            suspects = [item for item in kept if item.name in used[statement.id].all and item not in culprits]
            if suspects:
                culprits[_culprit(bench, statement, kept, suspects, users)] = "a statement was slower with it"
    if culprits:
        return culprits
    dull = [item for item in kept if all(pair.median_after >= pair.median_before for pair in users[item])]
    if dull or judge(pairs).is_faster:
        return dict.fromkeys(dull, "no statement that used it was faster")
    touching = {item: {name: pair for name, pair in pairs.items() if item.name in used[name].all} for item in kept}
    unproven = [item for item, found in touching.items() if not judge(found).is_faster]
    return dict.fromkeys(
        unproven, "the reads and writes that it touches were not faster together, beyond their interval"
    )


def _culprit(
    bench: Bench,
    statement: Weighted,
    kept: Indexes,
    suspects: Sequence[Definition],
    users: Mapping[Definition, Sequence[Pair]],
) -> Definition:
    """Of the suspects, name one without which the statement is not slower.

    Where that is so of several, or of none alone, the one goes that the other statements would miss least.
    """
    if len(suspects) > 1:
        suspects = [item for item in suspects if _is_well(bench, statement, kept - {item})] or suspects

    def missed(item: Definition) -> float:
        others = [pair for pair in users[item] if pair.id != statement.id]
        return sum(pair.weight * (pair.median_before - pair.median_after) for pair in others)

    return min(suspects, key=lambda item: (missed(item), -len(item.keys), item.name))


def _is_well(bench: Bench, statement: Weighted, indexes: Indexes) -> bool:
    """Whether a statement was measured with these indexes and not slower."""
    pairs, _ = bench.compare([statement], frozenset(), indexes)
    return statement.id in pairs and not pairs[statement.id].is_slower
