"""Findings about a server: what is wrong, how bad, why it matters, what to run and what that risks.

It needs a connection and writes nothing.  `gather` collects what checks have to know, `run_checks` asks them,
`take_snapshot` makes of it what a journal keeps.  Invariant: each check says how much it looked at.
"""

from __future__ import annotations

from pgraduate.health.facts import Disk, Facts, Pool, SizePoint, gather
from pgraduate.health.finding import Examination, HealthFinding, worst
from pgraduate.health.registry import CHECKS, run_checks
from pgraduate.health.snapshot import FACT, Snapshot, StatementPlan, is_good, take_snapshot
from pgraduate.health.thresholds import Thresholds

__all__ = [
    "CHECKS",
    "FACT",
    "Disk",
    "Examination",
    "Facts",
    "HealthFinding",
    "Pool",
    "SizePoint",
    "Snapshot",
    "StatementPlan",
    "Thresholds",
    "gather",
    "is_good",
    "run_checks",
    "take_snapshot",
    "worst",
]
