"""Where one stands, and what comes next: read from the target where it answers, else from the journals.

Reading only: an embedded server that is stopped stays stopped.
"""

from __future__ import annotations

from typing import Any

from pgraduate.cluster import Embedded
from pgraduate.journal.journal import Journal, runs
from pgraduate.journey.destination import Destination, embedded_directory, is_embedded, open_destination
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.runs import RunRecord, known_runs, plans
from pgraduate.settings import Settings


def status(settings: Settings) -> dict[str, Any]:
    """Tell which runs the target and the journals know, how far each is, and the next command.

    Raises TargetUnusable when a named target does not answer.
    """
    here = _journals(settings)
    if is_embedded(settings):
        server = Embedded(embedded_directory(settings)).status()
        if server.state != "running":
            return _document(settings.target, None, [], here, _next_without_server(server.state, here))
    destination = open_destination(settings)
    with destination.target.connect("status") as connection:
        identity = identify(connection)
        known = known_runs(connection)
        listed: list[dict[str, Any]] = []
        for record in known:
            planned = sum(table.rows for plan in plans(connection, record.run_id) for table in plan.tables)
            listed.append(_run(record, planned))
    return _document(destination.label, _server(destination, to_json(identity)), listed, here, _next(known, here))


def _run(record: RunRecord, planned: int) -> dict[str, Any]:
    return {
        "run_id": record.run_id,
        "state": "finished" if record.finished else "unfinished",
        "verdict": record.verdict,
        "started": record.started.isoformat(),
        "finished": record.finished.isoformat() if record.finished else None,
        "sources": to_json(record.sources),
        "rows_done": record.rows_done,
        "rows_planned": planned,
        "objects_done": record.objects_done,
    }


def _server(destination: Destination, identity: dict[str, Any]) -> dict[str, Any]:
    return {"conninfo": destination.target.conninfo, "server": identity}


def _journals(settings: Settings) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    for run_id in runs(settings.state):
        entries = list(Journal.open(settings.state, run_id).entries())
        ended = [entry for entry in entries if entry["type"] == "step_ended"]
        listed.append(
            {
                "run_id": run_id,
                "sources": next(
                    (entry.get("sources", []) for entry in entries if entry["type"] == "run_opened"), []
                ),
                "last_step": ended[-1]["verb"] if ended else None,
                "outcome": ended[-1]["outcome"] if ended else None,
                "walked": sorted({entry["verb"] for entry in ended if entry["outcome"] == "done"}),
            }
        )
    return listed


ROAD = (
    ("maintain-check", "maintain check", "says what the server needs, and keeps the first good snapshot"),
    ("maintain-backup", "maintain backup", "makes a backup with the digest of each table"),
    ("maintain-restore-drill", "maintain restore-drill", "proves that the backup restores"),
    ("archive", "archive <your.db>", "seals the SQLite file, once nobody writes to it any more"),
    ("finish", "finish", "proves the commands, writes the documents and commits them"),
)
"""What follows a run whose verdict is "equal": the step that a journal has once it was done, the command, and why."""


def _next(known: tuple[RunRecord, ...], here: list[dict[str, Any]]) -> str:
    if not known:
        return "pgraduate run <your.db> carries a database here"
    last = known[-1]
    if last.finished is None:
        paths = " ".join(path for source in last.sources for path in source.live)
        return f"pgraduate run {paths} goes on where run {last.run_id} stopped"
    if last.verdict != "equal":
        return "pgraduate verify names the rows that differ"
    walked: list[str] = next((item["walked"] for item in here if item["run_id"] == last.run_id), [])
    for step, command, why in ROAD:
        if step not in walked:
            return f"pgraduate {command} {why}"
    return "pgraduate report shows the evidence; pgraduate doctor helps in trouble"


def _next_without_server(state: str, here: list[dict[str, Any]]) -> str:
    if state == "stopped":
        return "pgraduate server start brings the embedded server back"
    if here:
        return f"pgraduate report {here[-1]['run_id']} shows the last run"
    return "pgraduate run <your.db> carries a database into an embedded server"


def _document(
    label: str,
    target: dict[str, Any] | None,
    listed: list[dict[str, Any]],
    journals: list[dict[str, Any]],
    following: str,
) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "command": "status",
        "label": label,
        "target": target,
        "runs": listed,
        "journals": journals,
        "next": following,
    }
