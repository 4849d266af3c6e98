"""Counters between two moments, and loops in a sequence."""

from __future__ import annotations

from pgraduate.workload.sequences import Sequences
from pgraduate.workload.snapshots import Counters, Snapshot, between


def _snapshot(reset: str, **calls: float) -> Snapshot:
    counters = {name: Counters(calls=count, seconds=count / 10) for name, count in calls.items()}
    return Snapshot("now", reset, {name: f"select {name}" for name in calls}, counters)


def test_what_lies_between_two_snapshots_counts() -> None:
    found = between(_snapshot("r", a=5, b=3), _snapshot("r", a=7, b=3, c=4))
    assert [(item.id, item.counters.calls) for item in found] == [("c", 4), ("a", 2)]


def test_a_counter_that_went_down_counts_from_zero() -> None:
    (found,) = between(_snapshot("r", a=5), _snapshot("r", a=2))
    assert found.counters.calls == 2


def test_after_a_reset_by_somebody_else_everything_counts() -> None:
    (found,) = between(_snapshot("r", a=5), _snapshot("later", a=9))
    assert found.counters.calls == 9


def test_without_an_earlier_one_everything_counts() -> None:
    assert [item.counters.calls for item in between(None, _snapshot("r", a=5))] == [5]


def test_a_loop_is_seen_on_its_own_connection() -> None:
    sequences = Sequences()
    for number in range(12):
        sequences.see(1, f"select a from t where id = {number}")
        sequences.see(2, f"select b from t where id = {number % 2}")
        sequences.see(2, "select other")
    assert list(sequences.longest.values()) == [12]


def test_the_same_question_again_and_again_is_no_loop_over_rows() -> None:
    sequences = Sequences()
    for _ in range(50):
        sequences.see(1, "select a from t where id = 1")
    assert sequences.longest == {}
