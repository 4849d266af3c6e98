"""Regular maintenance: installed, shown, removed; no server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal import prepare_state, runs
from pgraduate.journey.backups import project_journal
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.maintain.schedule import (
    Form,
    InstallSchedule,
    ScheduleWish,
    choose_form,
    describe,
    next_steps,
    plan_schedule,
)
from pgraduate.settings import Settings

Action = Literal["install", "show", "remove"]


def schedule(
    settings: Settings,
    action: Action,
    *,
    form: Form | None = None,
    directory: Path | None = None,
    on_failure: str | None = None,
    metrics_file: Path | None = None,
    service: str | None = None,
    compose_file: Path | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Install the schedule of a project, say what stands there, or remove it; each may be called again.

    `show` writes nothing; the others write to the project's last journal, as all that follows a run does.
    Raises Refused where there is no scheduler, or a file of somebody else is in the way, UsageError for `--to env`.
    """
    sink = sink or Silence()
    wish = ScheduleWish(
        settings.project,
        settings.target,
        form or choose_form(),
        directory.absolute() if directory else None,
        on_failure,
        metrics_file.absolute() if metrics_file else None,
        service,
        compose_file,
        retention=bool(settings.maintenance.retention) or action == "remove",
    )
    plan, operation = plan_schedule(wish), InstallSchedule()
    if action == "show":
        run_id = next(reversed(runs(settings.state)), None)
    else:
        prepare_state(settings.state)
        journal = project_journal(settings)
        run_id = journal.run_id
        with journal.step("maintain-schedule") as step:
            if action == "install":
                step.perform(operation, settings.project, plan)
            else:
                operation.undo(settings.project, plan)
                step.fact("schedule", {"removed": plan.subject})
    following = [] if action == "show" else next_steps(plan, action)
    for line in following:
        sink.emit(Notice(f"now: {line}"))
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "maintain schedule",
        "run_id": run_id,
        "target": {"conninfo": settings.target, "label": settings.target, "server": {}},
        "action": action,
        **describe(wish, plan),
        "next": following,
        "exit_code": 0,
    }
