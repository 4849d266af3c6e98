"""Who waits for whom: each chain is told from the session at its head, which is the one to look at.

A session that waits is not a finding of its own; the one that holds everybody up is.  A session waits in a chain of
locks once, however many blockers pg_blocking_pids names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity
from pgraduate.model.wording import counted


class LockChains:
    name: ClassVar[str] = "lock_chains"
    title: ClassVar[str] = "Lock chains"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        waiting = {int(row["pid"]): row for row in rows}
        found = []
        for head, victims in chains({pid: row["blockers"] for pid, row in waiting.items()}).items():
            longest = max((waiting[pid]["seconds"] or 0.0) for pid in victims)
            if longest >= facts.thresholds.lock_warning:
                found.append(_finding(head, [waiting[pid] for pid in victims], longest, facts))
        blind = () if facts.sees_all else ("the names of other roles' sessions are hidden",)
        figures = {"sessions_waiting_for_locks": len(waiting)}
        return Examination(self.name, len(waiting), "waiting sessions", tuple(found), blind, figures)


def chains(blockers: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Group the waiting sessions by the session at the head of their chain: one that waits for nobody.

    A cycle, which the server ends within deadlock_timeout, is told from its smallest number.
    """
    grouped: dict[int, list[int]] = {}
    for pid in sorted(blockers):
        for head in _heads(pid, blockers):
            grouped.setdefault(head, []).append(pid)
    return grouped


def _heads(pid: int, blockers: Mapping[int, Sequence[int]]) -> set[int]:
    seen, open_pids, heads = {pid}, [pid], set()
    while open_pids:
        current = open_pids.pop()
        if current != pid and current not in blockers:
            heads.add(current)
        for blocker in blockers.get(current, ()):
            if blocker not in seen:
                seen.add(blocker)
                open_pids.append(blocker)
    return heads or {min(seen)}


def _finding(head: int, victims: Sequence[Row], longest: float, facts: Facts) -> HealthFinding:
    severity = Severity.ERROR if longest >= facts.thresholds.lock_error else Severity.WARNING
    relations = sorted({row["relation"] for row in victims if row["relation"]})
    on = f" on {', '.join(relations[:3])}" if relations else ""
    waiting = f"{counted(len(victims), 'session')} wait{'s' if len(victims) == 1 else ''}"
    who = f"session {head}" if head else "a prepared transaction"
    return HealthFinding(
        "LOCK_CHAIN",
        severity,
        who,
        f"{waiting} for it{on}, the longest for {render(longest, 'seconds')}",
        "whatever asks for the same rows or table queues up behind them, until connections run out",
        f"SELECT pg_terminate_backend({head});" if head else "",
        f"its transaction is rolled back; look at it first: SELECT * FROM pg_stat_activity WHERE pid = {head};"
        if head
        else "list them: SELECT * FROM pg_prepared_xacts;",
        {"head": head, "waiting": [row["pid"] for row in victims], "seconds": round(longest, 1)},
    )
