"""Pairing rows whose doubles may differ by the order of additions."""

from __future__ import annotations

import random

import pytest

from pgraduate.compare.pairing import Pairing, pair
from pgraduate.model.cell import Cells

THIRD = 1 / 3
NEAR = THIRD * (1 + 4e-16)
FAR = THIRD * (1 + 1e-11)


@pytest.mark.parametrize(
    ("left", "right", "within", "differing"),
    [
        ([], [], 0, 0),
        ([(1, "a")], [(1, "a")], 0, 0),
        ([(1, "a")], [], 0, 1),
        ([(1, "a")], [(2, "a")], 0, 1),
        ([(1,), (1,)], [(1,)], 0, 1),
        ([(5,)], [(5.0,)], 0, 0),
        ([(5,)], [("5",)], 0, 1),
        ([("5",)], [(b"5",)], 0, 1),
        ([(None,)], [(0,)], 0, 1),
        ([(0.0,)], [(-0.0,)], 0, 0),
        ([(10**15,)], [(10**15 + 1,)], 0, 1),
        ([(10**15 + 0.5,)], [(10**15 + 0.625,)], 1, 0),
        ([("a", THIRD)], [("a", NEAR)], 1, 0),
        ([("a", THIRD)], [("a", FAR)], 0, 1),
        ([("a", THIRD)], [("b", NEAR)], 0, 1),
        ([("a", THIRD), ("b", 2.0)], [("b", 2), ("a", NEAR)], 1, 0),
        ([(THIRD, 1.0), (NEAR, 2.0)], [(THIRD, 2.0), (NEAR, 1.0)], 2, 0),
        ([(float("inf"),)], [(float("inf"),)], 0, 0),
        ([(float("inf"),)], [(1e308,)], 0, 1),
    ],
)
def test_pairs(left: list[Cells], right: list[Cells], within: int, differing: int) -> None:
    assert pair(left, right) == Pairing(len(left), len(right), within, differing)


def test_many_rows_of_doubles_in_another_order_are_paired() -> None:
    chance = random.Random(7)
    left = [(chance.random(), chance.choice("ab"), chance.random()) for _ in range(2000)]
    right = [(one * (1 + 3e-16), letter, other * (1 - 3e-16)) for one, letter, other in left]
    chance.shuffle(right)
    found = pair(left, right)
    assert found.differing == 0
    assert found.within_tolerance > 0
