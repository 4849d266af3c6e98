"""Timings of statements before and after a change, and what they prove.

Rounds are interleaved, so that what else the machine does falls on both sides alike; what counts are differences
within a round.  The invariant: a change is called faster or slower only where the 95 % interval of the mean difference
says so; one run proves nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

ROUNDS = 5
SLOWER = 1.10
"""A statement may become slower by this much before it counts."""
RESOLUTION = 0.0005
"""Seconds: smaller differences than a server's own jitter are none."""
SLOW = 0.5
"""Seconds: of a statement that takes longer one example is enough, or the measuring itself becomes a load."""
_T = {
    2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365,
    9: 2.306, 10: 2.262, 11: 2.228, 12: 2.201, 13: 2.179, 14: 2.160, 15: 2.145,
}  # fmt: skip
"""Student's t for 95 %, two-sided, by the number of rounds; for more, that of 15 is a little too wide."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of one statement in each round, before and after, round by round.

    Where its plan has nothing of the change it is not `touched`: both sides ran the same, and how they differ is the
    machine's.  `only_written` is said of a write that has to do with the change by keeping it up alone.
    """

    id: str
    weight: float
    before: tuple[float, ...]
    after: tuple[float, ...]
    touched: bool = True
    only_written: bool = False

    @property
    def median_before(self) -> float:
        return statistics.median(self.before)

    @property
    def median_after(self) -> float:
        return statistics.median(self.after)

    @property
    def seems_slower(self) -> bool:
        """Slower in the median by more than 10 % and by more than can be measured: to be looked at again."""
        gone = self.median_after - self.median_before
        return self.touched and self.median_after > SLOWER * self.median_before and gone > RESOLUTION

    @property
    def is_slower(self) -> bool:
        """Slower beyond 10 % and beyond its interval."""
        low, _ = interval(self.before, self.after)
        return self.seems_slower and low > 0

    @property
    def counts(self) -> bool:
        """Whether it says something of the change: a write only beyond its own interval.

        An index entry takes microseconds, which the choice has counted already; times the calls of a day, the noise of
        such a write would hide what every read gains.
        """
        low, high = interval(self.before, self.after)
        return self.touched and (not self.only_written or low > 0 or high < 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rounds say of a whole workload; seconds are weighted by calls.

    `low` and `high` are the interval of the difference of what says something of the change.
    """

    pairs: tuple[Pair, ...]
    before: float
    after: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        return self.after / self.before if self.before else 1.0

    @property
    def is_faster(self) -> bool:
        return self.high < 0

    @property
    def slower(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.is_slower)

    @property
    def holds(self) -> bool:
        """Whether the change may stay: the workload is faster and no statement is slower."""
        return self.is_faster and not self.slower


def interval(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """Give the 95 % interval of the mean of after − before, paired by round; two rounds at least."""
    differences = [b - a for a, b in zip(before, after, strict=True)]
    mean = statistics.fmean(differences)
    t = _T[min(len(differences), max(_T))]
    half = t * statistics.stdev(differences) / sqrt(len(differences))
    return mean - half, mean + half


def judge(pairs: Mapping[str, Pair]) -> Verdict:
    """Sum the statements of each round by their weights, and compare the sums."""
    rounds = range(min(len(pair.before) for pair in pairs.values()))
    counted = [pair for pair in pairs.values() if pair.counts]
    low, high = interval(*(_sums(counted, side, rounds) for side in ("before", "after")))
    before, after = (statistics.median(_sums(pairs.values(), side, rounds)) for side in ("before", "after"))
    return Verdict(tuple(pairs.values()), before, after, low, high)


def _sums(pairs: Iterable[Pair], side: Literal["before", "after"], rounds: range) -> list[float]:
    return [sum(pair.weight * getattr(pair, side)[number] for pair in pairs) for number in rounds]
