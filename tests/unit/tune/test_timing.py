"""What rounds prove: the interval decides, ten percent and the resolution beside it."""

from __future__ import annotations

from itertools import count

import pytest

from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.timing import Pair, interval, judge


def pair(before: tuple[float, ...], after: tuple[float, ...], name: str = "q") -> Pair:
    return Pair(name, 1.0, before, after)


STEADY = (1.0, 1.01, 0.99, 1.0, 1.0)


def test_the_interval_is_students() -> None:
    low, high = interval((1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 4.0, 6.0, 8.0, 10.0))
    assert (round(low, 4), round(high, 4)) == (1.0371, 4.9629)


@pytest.mark.parametrize(
    ("after", "slower"),
    [
        (tuple(value * 1.5 for value in STEADY), True),
        (tuple(value * 1.05 for value in STEADY), False),
        ((0.5, 3.0, 0.4, 2.0, 1.2), False),
        (tuple(value * 0.5 for value in STEADY), False),
    ],
    ids=["half as slow again", "within ten percent", "noise", "faster"],
)
def test_slower_is_beyond_the_interval_and_ten_percent(after: tuple[float, ...], slower: bool) -> None:
    assert pair(STEADY, after).is_slower is slower


def test_what_ran_the_same_plan_on_both_sides_is_not_slower() -> None:
    after = tuple(value * 1.5 for value in STEADY)
    assert not Pair("q", 1.0, STEADY, after, touched=False).is_slower


def test_what_noise_hides_seems_slower_and_is_not_yet() -> None:
    doubtful = pair(STEADY, (1.3, 1.2, 0.6, 1.3, 2.5))
    assert doubtful.seems_slower
    assert not doubtful.is_slower


def test_less_than_a_servers_jitter_is_no_difference() -> None:
    assert not pair(tuple(value / 10_000 for value in STEADY), tuple(value / 5_000 for value in STEADY)).is_slower


def test_a_faster_workload_with_a_slower_statement_does_not_hold() -> None:
    verdict = judge({
        "a": pair(tuple(10 * value for value in STEADY), STEADY, "a"),
        "b": pair(STEADY, tuple(2 * value for value in STEADY), "b"),
    })  # fmt: skip
    assert verdict.is_faster
    assert [item.id for item in verdict.slower] == ["b"]
    assert not verdict.holds


def _definition(*columns: str) -> Definition:
    return Definition("s", "t", tuple(column_key(name) for name in columns))


def test_names_are_stable_and_differ_where_the_definition_does() -> None:
    names = {_definition(*columns).name for columns in (("a",), ("a", "b"), ("b", "a"))}
    assert len(names) == 3
    assert all(len(name.encode()) <= 63 and name.endswith("_tuned") for name in names)
    wide = Definition(
        "s", "t" * 60, tuple(column_key(f"column_{number}") for _, number in zip(range(8), count(), strict=False))
    )
    assert len(wide.name.encode()) <= 63


def test_a_write_counts_where_it_is_beyond_its_interval() -> None:
    noise = (1.3, 0.8, 1.2, 0.9, 1.0)
    assert not Pair("q", 1.0, STEADY, noise, only_written=True).counts
    assert Pair("q", 1.0, STEADY, noise).counts
    assert Pair("q", 1.0, STEADY, tuple(2 * value for value in STEADY), only_written=True).counts


def test_the_noise_of_many_cheap_writes_does_not_hide_what_a_read_gains() -> None:
    noisy = Pair("w", 20_000.0, STEADY, (1.3, 0.8, 1.2, 0.9, 1.0), only_written=True)
    assert judge({"r": pair(tuple(10 * value for value in STEADY), STEADY, "r"), "w": noisy}).is_faster
