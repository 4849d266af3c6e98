"""Rows that only phases.db has: the worker's own view of every second run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sample.runs import ERRORS, Run, text
from sample.shared import Row

LAST_TWO = {
    "completed": ("completed", "completed"),
    "failed": ("failed", "blocked"),
    "cancelled": ("completed", "blocked"),
    "running": ("running", "queued"),
    "waiting": ("completed", "ready"),
}
"""How the last two phases of a run stand; a run that is running may wait for a worker."""


def seen(run: Run) -> bool:
    """Whether the phase worker had anything to do with this run."""
    return run.number % 2 == 1


def workflow_history(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        failed = run.status == "failed"
        yield (
            run.workflow_id,
            f"Phases of {run.workflow_id}",
            run.status,
            "hook",
            text(run.started),
            text(run.finished),
            float(run.seconds) if run.finished else None,
            len(run.phases) - failed - 2 * (run.status == "running"),
            len(run.phases),
            run.random("worker").choice(ERRORS) if failed else None,
            text(run.started),
            text(run.finished or run.started),
            f"worker-{run.number % 3 + 1}",
        )


def phase_queue(ids: Iterator[int], runs: Iterable[Run]) -> Iterator[Row]:
    """Give the phases of each run, every one after the one before it; `ids` counts on from block to block."""
    for run in runs:
        waiting = run.status == "running" and run.number % 4 == 1
        statuses = ("completed",) * (len(run.phases) - 2) + LAST_TWO["waiting" if waiting else run.status]
        previous = None
        for position, (phase, status) in enumerate(zip(run.phases, statuses, strict=True), start=1):
            number, ended = next(ids), status in ("completed", "failed")
            taken = ended or status == "running"
            claimed = run.started + timedelta(seconds=run.seconds * (position - 1) / len(run.phases))
            finished = claimed + timedelta(seconds=run.seconds / len(run.phases))
            yield (
                number,
                f"q-{run.workflow_id[3:]}-{position}",
                run.workflow_id,
                position,
                phase,
                status,
                10 * (run.number % 10),
                previous,
                json.dumps({"branch": "main", "dry": run.number % 4 == 1}),
                int(taken),
                f"worker-{run.number % 3 + 1}" if taken else None,
                text(claimed) if taken else None,
                f"{phase}: {status}\n".encode() if ended else None,
                text(run.started),
                text(finished) if ended else None,
            )
            previous = number


def phase_locks(until: datetime) -> Iterator[Row]:
    for number, name in enumerate(("deploy", "import", "retention"), start=1):
        taken = until - timedelta(minutes=number)
        yield name, f"worker-{number}", text(taken), text(taken + timedelta(minutes=10))
