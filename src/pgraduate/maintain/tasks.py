"""From findings to tasks: what maintenance does by itself, and why it leaves the rest to a person.

Only three things are done unasked: VACUUM and ANALYZE where a counter asks for them, REINDEX CONCURRENTLY of an index
whose density was measured or that a failed CREATE left invalid, and the removal of what a failed REINDEX or DROP
CONCURRENTLY left.  VACUUM FULL is not among them, nor is anything that an estimate alone suggests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pgraduate.health import Examination, Facts, HealthFinding
from pgraduate.model.operation import Plan
from pgraduate.postgres.identifiers import qualified

UPKEEP = "maintain.upkeep"
CHECKS = ("dead_rows", "statistics", "index_bloat", "invalid_indexes", "wraparound", "disk")
"""The checks whose findings lead to tasks, and the one that knows the disk."""

_ROOM = 1.2
"""A rebuild needs the new index and the sort beside it: this times the new size must be free, twice over.  The size of an
index that was never built whole is not known; its table's stands for it, which is more than a plain index takes."""


@dataclass(frozen=True, slots=True)
class Task:
    """`kind` is drop_copy, vacuum, analyze or reindex; `needs_bytes` is the disk that it needs meanwhile."""

    kind: str
    schema: str
    name: str
    statement: str
    reason: str
    needs_bytes: int = 0
    bytes_before: int = field(default=0, compare=False)

    @property
    def subject(self) -> str:
        return qualified(self.schema, self.name)

    def plan(self) -> Plan:
        facts = {"task": self.kind, "schema": self.schema, "name": self.name}
        return Plan(UPKEEP, self.subject, (self.statement,), (), facts)


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that nobody acts on by himself, or a task that could not be done now."""

    where: str
    what: str
    reason: str


def plan_tasks(examinations: Iterable[Examination], facts: Facts) -> tuple[list[Task], list[Left]]:
    """Give the tasks, leftovers first and rebuilds last, and what is left to a person."""
    tasks: dict[tuple[str, str, str], Task] = {}
    left = []
    for finding in (finding for item in examinations for finding in item.findings):
        found = list(_tasks(finding))
        for task in found:
            tasks.setdefault((task.kind, task.schema, task.name), task)
        if not found:
            left.append(Left(finding.where, finding.what, _why_left(finding)))
    vacuumed = {(task.schema, task.name) for task in tasks.values() if task.kind == "vacuum"}
    order = ("drop_copy", "vacuum", "analyze", "reindex")
    ready = []
    for task in sorted(tasks.values(), key=lambda task: order.index(task.kind)):
        reason = _lacks_disk(task, facts)
        if task.kind == "analyze" and (task.schema, task.name) in vacuumed:
            continue  # VACUUM (ANALYZE) does both
        if reason:
            left.append(Left(task.subject, task.reason, reason))
        else:
            ready.append(task)
    return ready, left


def _tasks(finding: HealthFinding) -> Iterator[Task]:
    facts = finding.facts
    if finding.code in ("DEAD_ROWS", "AUTOVACUUM_BEHIND"):
        table = qualified(facts["schema"], facts["table"])
        yield Task("vacuum", facts["schema"], facts["table"], f"VACUUM (ANALYZE) {table}", finding.what)
    elif finding.code in ("STATISTICS_MISSING", "STATISTICS_OLD"):
        table = qualified(facts["schema"], facts["table"])
        yield Task("analyze", facts["schema"], facts["table"], f"ANALYZE {table}", finding.what)
    elif finding.code == "INDEX_BLOATED" and facts["measured"]:
        index = qualified(facts["schema"], facts["index"])
        needs = int((facts["bytes"] - facts["wasted"]) * 2 * _ROOM)
        statement = f"REINDEX INDEX CONCURRENTLY {index}"
        yield Task("reindex", facts["schema"], facts["index"], statement, finding.what, needs, facts["bytes"])
    elif finding.code == "INDEX_INVALID" and facts["repair"] == "rebuild":
        index = qualified(facts["schema"], facts["index"])
        needs = int(max(facts["table_bytes"], facts["bytes"]) * 2 * _ROOM)
        statement = f"REINDEX INDEX CONCURRENTLY {index}"
        yield Task("reindex", facts["schema"], facts["index"], statement, finding.what, needs, facts["bytes"])
    elif finding.code == "INDEX_INVALID" and facts["repair"] == "drop":
        index = qualified(facts["schema"], facts["index"])
        statement = f"DROP INDEX CONCURRENTLY IF EXISTS {index}"
        yield Task("drop_copy", facts["schema"], facts["index"], statement, finding.what, 0, facts["bytes"])


def _why_left(finding: HealthFinding) -> str:
    """Nothing but a person can weigh these; a finding without a command says in its risk what to do."""
    if finding.code == "INDEX_INVALID":
        return f"a person decides this: {finding.command or finding.risk}"
    return "a person decides this"


def _lacks_disk(task: Task, facts: Facts) -> str:
    if not task.needs_bytes:
        return ""
    if facts.disk is None:
        return "the server's disk cannot be seen from here: [maintain] disk_free says how much there is"
    if facts.disk.free < task.needs_bytes:
        return f"it needs {task.needs_bytes:,} bytes of disk, {facts.disk.free:,} are free"
    return ""
