"""Maintenance of a target: what is found, what is done about it, and the snapshots that later steps compare with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from pgraduate.errors import PgraduateError, Refused
from pgraduate.events import Notice, Sink
from pgraduate.health import (
    FACT,
    Disk,
    Examination,
    Facts,
    Pool,
    SizePoint,
    StatementPlan,
    Thresholds,
    gather,
    is_good,
    run_checks,
    take_snapshot,
    worst,
)
from pgraduate.health.metrics import render_metrics, write_metrics
from pgraduate.journal import Journal, Step, runs
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.session import Session, open_session
from pgraduate.journey.watched import watched_statements
from pgraduate.maintain.tasks import CHECKS, Left, Task, plan_tasks
from pgraduate.maintain.upkeep import index_state
from pgraduate.maintain.window import read_window
from pgraduate.model.wire import to_json
from pgraduate.settings import Settings

_POINTS = 400
"""So many earlier sizes are enough for a line: a year of daily checks."""


def check_server(
    settings: Settings,
    names: Iterable[str] | None = None,
    *,
    amcheck: bool = False,
    metrics_file: Path | None = None,
    statements: Sequence[StatementPlan] = (),
    thresholds: Thresholds | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Ask all checks, or the named ones, and keep a snapshot in the journal where all were asked.

    The exit code in the result is 3 where something above "notice" was found.  Raises UsageError for an unknown check.
    """
    with open_session(settings, "maintain", sink=sink, alone=False) as session:
        facts = facts_of(session, thresholds)
        with session.step("maintain-check", "look for what is wrong with the server") as step:
            examinations = run_checks(session.connection, facts, names, on_demand=amcheck)
            if names is None and not statements:
                statements = watched_statements(session.connection)
            _record(session, step, facts, examinations, statements if names is None else None)
        if metrics_file is not None:
            text = render_metrics(examinations, database=facts.database, at=facts.now.timestamp())
            write_metrics(metrics_file, text)
        return _checked(session, examinations)


def maintain_server(
    settings: Settings,
    *,
    window: str | None = None,
    dry_run: bool = False,
    thresholds: Thresholds | None = None,
    clock: Callable[[], datetime] = datetime.now,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Do the upkeep that measurements ask for, one task after the other, as long as the window is open.

    The exit code in the result is 1 where a task failed, 3 where one was left for later.  Raises Refused outside the
    window, and where another pgraduate is at work.
    """
    chosen = window or settings.maintenance.window
    opening = read_window(chosen) if chosen else None
    if opening is not None and not opening.holds(clock()):
        raise Refused(f"the window {opening} is not open now", hint="call it in the window, or without one")
    with open_session(settings, "maintain", sink=sink) as session:
        facts = facts_of(session, thresholds)
        with session.step("maintain-run", "renew what is worn") as step:
            examinations = run_checks(session.connection, facts, CHECKS)
            tasks, left = plan_tasks(examinations, facts)
            done = []
            for task in tasks:
                if opening is not None and not opening.holds(clock()):
                    left.append(Left(task.subject, task.reason, f"the window {opening} closed"))
                elif not dry_run:
                    done.append(_do(session, step, task))
            step.fact("upkeep", {"done": to_json(done), "left": to_json(left)})
            step.figure("tasks done", sum(item.outcome == "done" for item in done), "tasks")
        return _maintained(session, tasks if dry_run else [], done, left, examinations)


@dataclass(frozen=True, slots=True)
class Done:
    """`outcome` is done, failed or left; sizes only of indexes."""

    task: str
    subject: str
    statement: str
    reason: str
    outcome: str
    why: str
    seconds: float
    bytes_before: int | None = None
    bytes_after: int | None = None


def _do(session: Session, step: Step, task: Task) -> Done:
    session.sink.emit(Notice(f"{task.statement} -- {task.reason}"))
    began, outcome, why, after = monotonic(), "done", "", None
    try:
        session.perform(step, task.plan())
        if task.kind == "reindex":
            after = int(index_state(session.connection, task.subject)["bytes"])
    except Refused as error:
        outcome, why = "left", error.what
    except PgraduateError as error:
        outcome, why = "failed", error.what
    except psycopg.OperationalError as error:
        if session.connection.closed:
            raise
        outcome, why = "failed", error.diag.message_primary or type(error).__name__
    except psycopg.Error as error:
        outcome, why = "failed", error.diag.message_primary or type(error).__name__
    before = task.bytes_before if task.kind == "reindex" else None
    seconds = round(monotonic() - began, 3)
    return Done(task.kind, task.subject, task.statement, task.reason, outcome, why, seconds, before, after)


def _maintained(
    session: Session,
    planned: Sequence[Task],
    done: Sequence[Done],
    left: Sequence[Left],
    examinations: Sequence[Examination],
) -> dict[str, Any]:
    failed = any(item.outcome == "failed" for item in done)
    postponed = any(item.outcome == "left" for item in done) or any("decides" not in item.reason for item in left)
    return _document(session, "maintain run") | {
        "planned": [{"task": task.kind, "statement": task.statement, "reason": task.reason} for task in planned],
        "done": to_json(done),
        "left": to_json(left),
        "not_examined": [{"check": item.check, "why": item.skipped} for item in examinations if item.skipped],
        "exit_code": 1 if failed else 3 if postponed else 0,
    }


def _checked(session: Session, examinations: tuple[Examination, ...]) -> dict[str, Any]:
    severity = worst(examinations)
    return _document(session, "maintain check") | {
        "good": is_good(examinations),
        "worst": severity.value if severity else None,
        "findings": [
            {"check": item.check} | to_json(finding) for item in examinations for finding in item.findings
        ],
        "examined": [
            {
                "check": item.check,
                "outcome": item.outcome,
                "examined": item.examined,
                "of": item.of,
                "skipped": item.skipped,
                "blind": list(item.blind),
            }
            for item in examinations
        ],
        "figures": {name: value for item in examinations for name, value in item.figures.items()},
        "exit_code": 0 if is_good(examinations) else 3,
    }


def _document(session: Session, command: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "run_id": session.journal.run_id,
        "target": session.target_document() | {"server": to_json(session.server)},
    }


def _record(
    session: Session,
    step: Step,
    facts: Facts,
    examinations: Sequence[Examination],
    statements: Sequence[StatementPlan] | None,
) -> None:
    step.figure("findings", sum(len(item.findings) for item in examinations), "findings")
    step.figure("checks that could not look", sum(bool(item.skipped) for item in examinations), "checks")
    if statements is None:
        return
    identifier = session.server.system_identifier
    snapshot = take_snapshot(
        session.connection, facts, examinations, system_identifier=identifier, statements=statements
    )
    step.fact(FACT, snapshot)


def facts_of(session: Session, thresholds: Thresholds | None = None) -> Facts:
    """Gather what the checks have to know: from the server, from pgraduate.toml, and from earlier checks."""
    wishes = session.settings.maintenance
    return gather(
        session.connection,
        thresholds=thresholds or Thresholds(),
        pool=Pool(wishes.pool, wishes.workers or 1) if wishes.pool else None,
        disk=_disk(session),
        history=list(_sizes(session))[-_POINTS:],
    )


def _disk(session: Session) -> Disk | None:
    """Look at the disk of the data directory where it is this machine's; else take what pgraduate.toml says."""
    free = session.settings.maintenance.disk_free
    directory = _data_directory(session)
    if directory is None:
        return Disk(None, free) if free else None
    usage = shutil.disk_usage(directory)
    return Disk(usage.total, usage.free)


def _data_directory(session: Session) -> Path | None:
    if session.destination.embedded is not None:
        return session.destination.embedded.status().data
    if not session.server.host.startswith("/"):
        return None
    row = session.connection.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'").fetchone()
    directory = Path(row[0]) if row and row[0] else None
    return directory if directory is not None and directory.is_dir() else None


def _sizes(session: Session) -> Iterator[SizePoint]:
    """Read from all journals here what earlier checks of this server measured."""
    for run_id in runs(session.settings.state):
        for entry in Journal.open(session.settings.state, run_id).entries():
            if entry["type"] != "fact" or entry.get("name") != FACT:
                continue
            value = entry["value"]
            if value["server"]["system_identifier"] == session.server.system_identifier:
                yield SizePoint(datetime.fromisoformat(value["at"]), sum(value["databases"].values()))
