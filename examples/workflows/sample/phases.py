"""Rows that only phases.db has: the worker's own view of every second run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sample.runs import ERRORS, Run, text
from sample.shared import Row

OUTCOME = {"completed": "completed", "failed": "failed", "cancelled": "blocked", "running": "running"}


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
            len(run.phases) - failed,
            len(run.phases),
            run.random("worker").choice(ERRORS) if failed else None,
            text(run.started),
            text(run.finished or run.started),
            f"worker-{run.number % 3 + 1}",
        )


def phase_queue(ids: Iterator[int], runs: Iterable[Run]) -> Iterator[Row]:
    """Give the phases of each run, every one after the one before it; `ids` counts on from block to block."""
    for run in runs:
        previous = None
        for position, phase in enumerate(run.phases, start=1):
            number, last = next(ids), position == len(run.phases)
            claimed = run.started + timedelta(seconds=run.seconds * (position - 1) / len(run.phases))
            finished = claimed + timedelta(seconds=run.seconds / len(run.phases))
            status = OUTCOME[run.status] if last else "completed"
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
                1,
                None if status == "blocked" else f"worker-{run.number % 3 + 1}",
                None if status == "blocked" else text(claimed),
                f"{phase}: {status}\n".encode() if status in ("completed", "failed") else None,
                text(run.started),
                text(finished) if status in ("completed", "failed") else None,
            )
            previous = number


def phase_locks(until: datetime) -> Iterator[Row]:
    for number, name in enumerate(("deploy", "import", "retention"), start=1):
        taken = until - timedelta(minutes=number)
        yield name, f"worker-{number}", text(taken), text(taken + timedelta(minutes=10))
