"""What stays of a proposal when its statements are executed: a bench that executes nothing says how fast each was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.timing import Pair
from pgraduate.tune.indexes.verification import Bench, Execution, Use, verify

STEADY = (1.0, 1.01, 0.99, 1.0, 1.0)
Indexes = frozenset[Definition]


def _definition(column: str) -> Definition:
    return Definition("s", "t", (column_key(column),))


GOOD, BAD, IDLE, DULL = map(_definition, ("good", "bad", "idle", "dull"))
READ, OTHER, WRITE = (Weighted(name, (f"select {name}",), 1.0, ()) for name in ("read", "other", "write"))


class _Bench:
    """`speed` gives how many times as long a statement takes with some indexes; `reads` which of them its plan has."""

    unmeasured: tuple[str, ...] = ()

    def __init__(self, speed: Callable[[str, Indexes], float], reads: dict[str, Indexes]) -> None:
        self._speed = speed
        self._reads = reads

    def compare(
        self, statements: list[Weighted], _before: Indexes, after: Indexes
    ) -> tuple[dict[str, Pair], dict[str, Use]]:
        pairs, used = {}, {}
        for item in statements:
            factor = self._speed(item.id, after)
            read = frozenset(index.name for index in self._reads.get(item.id, frozenset()) & after)
            kept_up = frozenset(index.name for index in after) if item is WRITE else frozenset()
            used[item.id] = Use(read, kept_up)
            later = tuple(factor * value for value in STEADY)
            pairs[item.id] = Pair(item.id, item.weight, STEADY, later, bool(read | kept_up))
        return pairs, used


def _speed(statement: str, indexes: Indexes) -> float:
    """read is ten times faster with GOOD, other and write are twice as slow with BAD."""
    if statement == "read":
        return 0.1 if GOOD in indexes else 1.0
    return 2.0 if BAD in indexes else 1.0


def _bench(**reads: Definition) -> _Bench:
    return _Bench(_speed, {name: frozenset({index}) for name, index in reads.items()})


def test_an_index_that_slows_a_statement_and_one_that_nothing_uses_are_dropped() -> None:
    bench = _bench(read=GOOD, other=BAD)
    proof = verify(bench, [READ, OTHER], frozenset({GOOD, BAD, IDLE}))  # type: ignore[arg-type]
    assert proof.kept == {GOOD}
    assert {item.definition for item in proof.dropped} == {BAD, IDLE}
    assert proof.verdict is not None
    assert proof.verdict.holds
    assert proof.first is not None
    assert not proof.first.holds


def test_of_several_indexes_in_a_slower_plan_the_one_goes_that_makes_it_slow() -> None:
    bench = _Bench(_speed, {"read": frozenset({GOOD}), "other": frozenset({GOOD, BAD})})
    assert verify(bench, [READ, OTHER], frozenset({GOOD, BAD})).kept == {GOOD}  # type: ignore[arg-type]


def test_a_write_that_becomes_slower_takes_an_index_away_though_its_plan_names_none() -> None:
    for reads in ({GOOD}, {GOOD, BAD}):
        bench = _Bench(_speed, {"read": frozenset(reads)})
        assert verify(bench, [READ, WRITE], frozenset({GOOD, BAD})).kept == {GOOD}  # type: ignore[arg-type]


def test_an_index_with_which_nothing_is_faster_is_dropped() -> None:
    proof = verify(_bench(read=GOOD, other=DULL), [READ, OTHER], frozenset({GOOD, DULL}))  # type: ignore[arg-type]
    assert proof.kept == {GOOD}
    assert [item.why for item in proof.dropped] == ["no statement that used it was faster"]


def test_the_noise_of_one_statement_does_not_cost_an_index_that_another_proves() -> None:
    bench = _bench(read=GOOD, other=DULL)
    noise = (1.0, 90.0, 1.0, 0.1, 0.2)

    def compare(
        statements: list[Weighted], before: Indexes, after: Indexes
    ) -> tuple[dict[str, Pair], dict[str, Use]]:
        pairs, used = _Bench.compare(bench, statements, before, after)
        if "other" in pairs and DULL in after:
            pairs["other"] = Pair("other", 1.0, (1.0, 1.0, 100.0, 1.0, 1.0), noise)
        return pairs, used

    bench.compare = compare  # type: ignore[method-assign]
    proof = verify(bench, [READ, OTHER], frozenset({GOOD, DULL}))  # type: ignore[arg-type]
    assert proof.kept == {GOOD}
    assert [item.definition for item in proof.dropped] == [DULL]


def test_a_proposal_that_helps_nothing_is_dropped_whole() -> None:
    proof = verify(_bench(other=BAD), [READ, OTHER], frozenset({IDLE, BAD}))  # type: ignore[arg-type]
    assert proof.kept == frozenset()
    assert proof.verdict is None


def test_where_nothing_can_be_measured_nothing_is_kept() -> None:
    bench = _bench()
    bench.compare = lambda *_: ({}, {})  # type: ignore[method-assign]
    proof = verify(bench, [READ], frozenset({GOOD}))  # type: ignore[arg-type]
    assert (proof.kept, proof.verdict) == (frozenset(), None)
    assert [item.why for item in proof.dropped] == ["no statement could be measured"]


def test_a_statement_known_by_its_shape_alone_is_no_proof_and_is_named() -> None:
    shape = Weighted("shape", ("select $1",), 1.0, ())
    proof = verify(_bench(shape=GOOD), [shape], frozenset({GOOD}))  # type: ignore[arg-type]
    assert proof.kept == frozenset()
    assert [item.why for item in proof.dropped] == ["of no statement more than the shape is known"]
    assert proof.unmeasured == ("shape",)


@pytest.mark.parametrize(("ratio", "rounds"), [(1.3, 15), (1.0, 15), (0.5, 5)])
def test_what_is_not_decided_is_measured_in_more_rounds(
    ratio: float, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Indexes] = [frozenset()]

    def run(_self: Bench, _statement: Weighted) -> Execution:
        seconds = ratio if shown[-1] else 1.0
        return Execution(seconds, frozenset({GOOD.name}) if shown[-1] else frozenset(), frozenset(), 0)

    class Session:
        def execute(self, *_arguments: object) -> None: ...

    monkeypatch.setattr(Bench, "_run", run)
    bench = Bench(Session(), lambda indexes: shown.append(frozenset(indexes)))  # type: ignore[arg-type]
    pairs, _ = bench.compare([READ], frozenset(), frozenset({GOOD}))
    assert len(pairs["read"].before) == len(pairs["read"].after) == rounds


@pytest.mark.parametrize(("records", "kept"), [(3, True), (9, False)], ids=["heap-only", "entries"])
def test_a_write_is_touched_where_its_log_grew(records: int, kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that became slower by chance takes no index away which it does not keep up."""
    shown: list[Indexes] = [frozenset()]

    def run(_self: Bench, statement: Weighted) -> Execution:
        if statement is WRITE:
            return Execution(2.0 if shown[-1] else 1.0, frozenset(), frozenset({"t"}), records if shown[-1] else 3)
        return Execution(0.1 if shown[-1] else 5.0, frozenset({GOOD.name}), frozenset(), 0)

    class Session:
        def execute(self, *_arguments: object) -> None: ...

    monkeypatch.setattr(Bench, "_run", run)
    bench = Bench(Session(), lambda indexes: shown.append(frozenset(indexes)))  # type: ignore[arg-type]
    assert verify(bench, [READ, WRITE], frozenset({GOOD})).kept == (frozenset({GOOD}) if kept else frozenset())
