"""One run of a workflow: everything that several tables must agree on.

A run follows from the seed and its number alone, so any table can be made by itself, in any order, as a stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

HISTORY = timedelta(days=180)
PHASES = ("plan", "build", "test", "review", "deploy")
SERVICES = {"compute": 0.0004, "storage": 0.00002, "transfer": 0.00009, "licence": 0.013}
PROJECTS = ("docs", "docs-de", "docs-fr", "search", "search-ui", "billing", "mobile", "platform")
TEMPLATES = ("release", "nightly", "hotfix", "import", "report")
STATUSES = ("completed",) * 15 + ("failed",) * 3 + ("cancelled",)
STILL_RUNNING = 8
ERRORS = ("disk full", "timeout after 300 s", "2 of 418 tests failed", "connection refused", "exit code 137")
VERBS = ("Rebuild", "Publish", "Check", "Import", "Compress", "Rotate", "Render", "Compare", "Clean up", "Index")
OBJECTS = (
    "the search index",
    "the release notes",
    "monthly figures",
    "the price list",
    "old artifacts",
    "signing keys",
    "the handbook",
    "customer exports",
    "nightly images",
    "translation files",
)


@dataclass(frozen=True, slots=True)
class Run:
    """`number` counts from 0; `random` draws what only one table needs to know."""

    number: int
    seed: int
    workflow_id: str
    title: str
    status: str
    project: int
    template: str
    started: datetime
    seconds: int
    phases: tuple[str, ...]

    @property
    def finished(self) -> datetime | None:
        return None if self.status == "running" else self.started + timedelta(seconds=self.seconds)

    def random(self, table: str) -> Random:
        """Give the random numbers of this run for one table."""
        return Random(f"{self.seed}:{self.number}:{table}")


def runs(seed: int, count: int, until: datetime) -> Iterator[Run]:
    """Give so many runs, spread over the half year before `until`, oldest first; the newest are running."""
    step = HISTORY / count
    for number in range(count):
        yield _run(seed, number, until - HISTORY + step * number, running=number >= count - STILL_RUNNING)


def _run(seed: int, number: int, started: datetime, *, running: bool) -> Run:
    random = Random(f"{seed}:{number}")
    return Run(
        number=number,
        seed=seed,
        # An odd factor permutes the 32-bit numbers: the ids look random and never repeat.
        workflow_id=f"wf-{(number * 2_654_435_761 + seed * 40_503) % 2**32:08x}",
        title=f"{random.choice(VERBS)} {random.choice(OBJECTS)}",
        status="running" if running else random.choice(STATUSES),
        project=random.randrange(len(PROJECTS)) + 1,
        template=random.choice(TEMPLATES),
        started=started.replace(microsecond=0) + timedelta(seconds=random.randrange(60)),
        seconds=round(random.lognormvariate(5.5, 1.0)) + 1,
        phases=PHASES[: random.randrange(3, 6)],
    )


def text(moment: datetime | None) -> str | None:
    """Write a moment as SQLite's datetime() does."""
    return None if moment is None else moment.isoformat(sep=" ", timespec="seconds")
