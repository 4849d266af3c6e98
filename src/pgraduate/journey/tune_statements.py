"""`tune statements`: what took the time since the last look, and why; nothing is ever reset.

Each look stores a snapshot of the server's counters in the project; the next one shows what lies between.  Without
pg_stat_statements a recorded workload serves: its reads are executed once, read-only and with a time limit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg

from pgraduate.errors import Refused
from pgraduate.events import Notice, Sink
from pgraduate.journal.journal import Step, prepare_state
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.session import Session, open_session
from pgraduate.journey.workloads import load_workload
from pgraduate.model.wire import to_json
from pgraduate.settings import Settings
from pgraduate.tune.indexes.accesses import read_statement
from pgraduate.tune.indexes.catalog import Catalog, read_catalog
from pgraduate.tune.indexes.planner import explain
from pgraduate.tune.statements.extension import plan_extension
from pgraduate.tune.statements.reasons import Reason, reasons_of, repeated
from pgraduate.workload import shape
from pgraduate.workload.snapshots import (
    EXTENSION,
    Activity,
    Counters,
    Snapshot,
    between,
    snapshot_from,
    state,
    take,
)

VERB = "tune-statements"
LIMIT = "30s"
ORDERS: Mapping[str, Callable[[Counters], float]] = {
    "total": lambda counters: counters.seconds,
    "mean": lambda counters: counters.seconds / counters.calls,
    "calls": lambda counters: counters.calls,
    "rows": lambda counters: counters.rows,
    "temp": lambda counters: counters.temp_blocks,
    "io": lambda counters: counters.io_seconds,
    "wal": lambda counters: counters.wal_bytes,
}


def tune_statements(
    settings: Settings,
    workload: Path | None = None,
    *,
    by: str = "total",
    top: int = 20,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """List the statements that cost most, with the reasons that their plans show.

    Raises Refused where there is neither a workload nor pg_stat_statements, with what would set it up.
    """
    with open_session(settings, VERB, sink=sink, alone=False) as session:
        with session.step(VERB, "look at statements") as step:
            runs: Mapping[str, int] = {}
            since: str | None = None
            if workload is None:
                _set_up(session, step)
                earlier, now = _earlier(settings), take(session.connection)
                since = earlier.at if earlier and earlier.reset == now.reset else now.reset
                activity = between(earlier, now)
                examples: dict[str, str] = {}
                _store(settings, now)
            else:
                activity, examples, runs = _recorded(session, workload)
            chosen = sorted(activity, key=lambda item: -ORDERS[by](item.counters))[:top]
            catalog = read_catalog(session.connection)
            whole = sum(item.counters.seconds for item in activity)
            items = [_item(session.connection, item, examples, runs, catalog, whole) for item in chosen]
            step.figure("statements seen", len(activity), "objects")
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune statements",
            "run_id": session.journal.run_id,
            "target": session.target_document(),
            "origin": EXTENSION if workload is None else f"workload {workload.name}",
            "since": since,
            "by": by,
            "seen": len(activity),
            "statements": items,
            "exit_code": 0,
        }


def _set_up(session: Session, step: Step) -> None:
    """Make the extension where it is loaded and this server is ours; else say what it takes."""
    found = state(session.connection)
    if found == "installable" and session.destination.embedded is not None:
        session.sink.emit(Notice(f"{EXTENSION} is loaded; it is made in this database"))
        session.perform(step, plan_extension(session.connection, EXTENSION))
        found = state(session.connection)
    if found == "ready":
        return
    hint = {
        "installable": f"as a superuser: CREATE EXTENSION {EXTENSION}",
        "not loaded": "`pgraduate tune settings plan` plans it: it takes a restart of the server",
        "not available": "install the server's contrib package",
    }[found]
    raise Refused(
        f"{EXTENSION} is not at work in this database ({found})",
        where=f"database {session.connection.info.dbname}",
        hint=f"{hint}; or name recorded statements with --workload FILE",
    )


def _recorded(session: Session, path: Path) -> tuple[list[Activity], dict[str, str], Mapping[str, int]]:
    """Make activity of a recording: its own seconds where it has them, else those of one execution here."""
    loaded = load_workload(session.connection, path)
    found, examples = [], {}
    for statement in loaded.workload:
        seconds = statement.seconds
        examples[statement.id] = statement.examples[0]
        counters = Counters(calls=statement.calls, seconds=seconds if seconds is not None else 0.0)
        if seconds is None and (plan := _executed(session.connection, statement.examples[0])) is not None:
            counters = Counters(
                calls=statement.calls,
                seconds=statement.calls * (plan["Planning Time"] + plan["Execution Time"]) / 1000,
                rows=statement.calls * float(plan["Plan"]["Actual Rows"]),
                temp_blocks=statement.calls * float(plan["Plan"].get("Temp Written Blocks", 0)),
            )
        found.append(Activity(statement.id, statement.text, counters))
    return found, examples, loaded.runs


def _item(
    connection: psycopg.Connection,
    item: Activity,
    examples: Mapping[str, str],
    runs: Mapping[str, int],
    catalog: Catalog,
    whole: float,
) -> dict[str, Any]:
    """Describe a statement; `whole` is the time, in seconds, of all statements that were seen."""
    text = examples.get(item.id, item.text)
    reading = read_statement(text, catalog)
    executed = _executed(connection, text) if item.id in examples else None
    try:
        plan = executed["Plan"] if executed else explain(connection, text)
        reasons: tuple[Reason, ...] = reasons_of(plan, text, reading, catalog)
    except psycopg.Error:
        reasons = ()  # a statement of another schema, or of a table that is gone: nothing can be said
    if runs.get(item.id, 0):
        reasons = (*reasons, repeated(runs[item.id]))
    return {
        "id": item.id,
        "text": shape(item.text).text,
        **to_json(item.counters),
        "share": item.counters.seconds / whole if whole else None,
        "mean_seconds": item.counters.seconds / item.counters.calls if item.counters.calls else 0.0,
        "executed": executed is not None,
        "reasons": to_json(reasons),
    }


def _executed(connection: psycopg.Connection, text: str) -> dict[str, Any] | None:
    """Run a read once, read-only and with a time limit; None for what writes, fails or takes too long."""
    if not text.lstrip("( \n\t").upper().startswith(("SELECT", "WITH", "VALUES")):
        return None
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET TRANSACTION READ ONLY")
            connection.execute("SELECT set_config('statement_timeout', %s, true)", (LIMIT,))
            row = connection.execute(
                b"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY ON, FORMAT JSON) " + text.encode()
            ).fetchone()
    except psycopg.Error:
        return None
    assert row is not None
    answer: dict[str, Any] = row[0][0]
    return answer


def _path(settings: Settings) -> Path:
    return settings.state / "tune" / "statements.json"


def _earlier(settings: Settings) -> Snapshot | None:
    """Read the last snapshot; one that cannot be read counts as none, and the next one takes its place."""
    try:
        return snapshot_from(json.loads(_path(settings).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _store(settings: Settings, snapshot: Snapshot) -> None:
    prepare_state(settings.state)
    path = _path(settings)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(to_json(snapshot)), "utf-8")
    new.replace(path)
