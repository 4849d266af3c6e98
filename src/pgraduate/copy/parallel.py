"""Large tables cut into ranges of rowids, which several processes copy, each over its own connection.

Processes, for reading and encoding keep Python's interpreter busy: two threads took 1.03 s for what one does in 0.59 and
two processes in 0.29.  There are more ranges than processes, so that one which is quick takes more of them and nobody
waits long at the end.  The invariant: ranges hold each rowid once, and a chunk's rows commit with the line that says so,
so a resume needs to know nothing of how the work was divided.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from pgraduate.copy.chunks import ChunkLimits
from pgraduate.copy.crew import crew
from pgraduate.copy.progress import Meter, Progress, Share
from pgraduate.copy.ranges import cut, missing
from pgraduate.copy.size import most_bytes
from pgraduate.copy.source import rowid_name
from pgraduate.copy.work import Orders, Task
from pgraduate.model.plan import TablePlan
from pgraduate.postgres.target import Target
from pgraduate.sqlite import divisions

WORTH_BYTES = 128 * 1024 * 1024
"""A smaller table is copied by one process in less than the second that others need to begin."""
LONGEST = 1024 * 1024
"""Bytes of a row.  Each process holds a row several times on its way; tables with longer rows have one process."""
RANGES_EACH = 16
DIVISIONS_EACH = 8
"""Ranges for each process, and known divisions of the table for each range: the more, the more even."""


@dataclass(slots=True)
class _Count:
    """What has been copied of one table, and when that began and ended (monotonic seconds)."""

    rows: int = 0
    bytes: int = 0
    path: str = ""
    began: float = 0.0
    ended: float = 0.0

    def share(self, connections: int) -> Share:
        return Share(self.rows, self.bytes, self.ended - self.began, self.path, connections)


@dataclass(frozen=True, slots=True)
class Work:
    """The load that the processes join: where to, from which sealed copy, in which run, by which token."""

    target: Target
    sealed: Path
    run_id: str
    token: int
    limits: ChunkLimits


def worth_dividing(plan: TablePlan, sealed: Path) -> bool:
    """Tell whether a table may be cut and gains by it: its rowids have a name, the length of its rows is known and
    bounded, and it is large."""
    return rowid_name(plan) is not None and 0 < plan.longest <= LONGEST and most_bytes(plan, sealed) >= WORTH_BYTES


def copy_by_ranges(
    sealed: apsw.Connection,
    begun: Sequence[tuple[TablePlan, Progress]],
    work: Work,
    connections: int,
    meter: Meter,
) -> dict[str, Share]:
    """Copy what is missing of tables that an earlier load may have begun; give each one's share by its source name.

    Raises what a process raised: CellRefused, SourceUnusable, TargetUnusable, and Interrupted where one was lost.
    """
    plans = tuple(plan for plan, _ in begun)
    counts = [_Count() for _ in plans]
    orders = Orders(
        work.target.conninfo, work.target.secret, str(work.sealed), work.run_id, work.token, work.limits, plans
    )
    tasks = list(_tasks(sealed, begun, work.sealed, connections))
    number = min(connections, len(tasks))
    with crew(orders, number) as processes:
        for task, chunk in processes.work(_begun(tasks, counts)):
            found = counts[task.table]
            found.ended = time.monotonic()
            if chunk is not None:
                found.rows, found.bytes, found.path = found.rows + chunk.rows, found.bytes + chunk.bytes, chunk.path
                meter.add(chunk.rows, plans[task.table])
    return {plan.source: each.share(number) for plan, each in zip(plans, counts, strict=True)}


def _begun(tasks: Iterable[Task], counts: Sequence[_Count]) -> Iterator[Task]:
    """Note when the first task of each table is taken."""
    for task in tasks:
        counts[task.table].began = counts[task.table].began or time.monotonic()
        yield task


def _tasks(
    sealed: apsw.Connection, begun: Sequence[tuple[TablePlan, Progress]], path: Path, connections: int
) -> Iterator[Task]:
    pieces = connections * RANGES_EACH
    for place, (plan, progress) in enumerate(begun):
        where = divisions(sealed, path, plan.source, pieces * DIVISIONS_EACH)
        parts = cut(missing(progress.done), where, pieces)
        for number, part in enumerate(parts):
            yield Task(place, part, progress.chunk + number, len(parts))
