"""`tune indexes`: what was planned is built beside the working application, looked at again later, taken back.

What stands under "indexes" in the plan's file is built, nothing else; see `journey/tune_index_plan.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg

from pgraduate.errors import UsageError
from pgraduate.events import Sink, StepProgress
from pgraduate.journal import standing
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.plan_files import read_plan, require_same_server
from pgraduate.journey.session import Session, open_session
from pgraduate.journey.tune_index_plan import NAME, VERB
from pgraduate.journey.workloads import load_workload
from pgraduate.model.wire import from_json, to_json
from pgraduate.settings import Settings
from pgraduate.tune.indexes.building import is_whole, plan_build, plan_drop
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.hygiene import superfluous
from pgraduate.tune.indexes.progress import build_watched
from pgraduate.tune.indexes.window import Measured, measure, regressions

DROP = "tune-drop"


def apply_indexes(settings: Settings, *, measured: bool = True, sink: Sink | None = None) -> dict[str, Any]:
    """Build what the plan holds, concurrently and one by one; measure the workload's reads before and after.

    An index with which a statement became slower here is taken back at once; the exit code in the result is then 3.
    Raises UsageError where there is no plan, Refused where it was made for another server.
    """
    plan, definitions = read_plan(settings, NAME, _definitions)
    with open_session(settings, VERB, sink=sink) as session:
        require_same_server(settings, NAME, plan, session.server.system_identifier)
        statements = _reads(session, plan) if measured else []
        taken_back: list[dict[str, str]] = []
        with session.step(VERB, "build indexes") as step:
            before = measure(session.connection, statements)
            for number, definition in enumerate(definitions, start=1):
                with _watched(session, number, len(definitions), definition):
                    session.perform(step, plan_build([definition]))
            # Only an index on an expression gives ANALYZE something new to count.
            counted = [item for item in definitions if len(item.columns) < len(item.keys)]
            for table in dict.fromkeys((item.schema, item.table) for item in counted):
                session.connection.execute(psycopg.sql.SQL("ANALYZE {}").format(psycopg.sql.Identifier(*table)))
            after = measure(session.connection, statements)
            slower = regressions(before, after, definitions)
            for definition, why in slower.items():
                for item in standing(session.journal):
                    if item.step == step.name and item.plan.subject == definition.name:
                        session.take_back(step, item)
                taken_back.append({"name": definition.name, "why": why})
            total = _total(before), _total(after)
            step.figure("indexes built", len(definitions) - len(slower), "objects")
            step.figure("reads before", total[0] if statements else None, "seconds")
            step.figure("reads after", total[1] if statements else None, "seconds")
            step.fact("measured", {"before": to_json(before), "after": to_json(after)})
            step.fact("scans", _scans(session.connection))
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune indexes apply",
            "run_id": session.journal.run_id,
            "step": step.name,
            "target": session.target_document(),
            "built": [item.name for item in definitions if item not in slower],
            "taken_back": taken_back,
            "reads": {"statements": len(before), "before": total[0], "after": total[1]},
            "exit_code": 3 if slower else 0,
        }


def _watched(session: Session, number: int, total: int, definition: Definition) -> AbstractContextManager[None]:
    """Say which index is being built, and how far it is."""

    def report(how: str) -> None:
        detail = f"{definition.name}: {how}" if how else definition.name
        session.sink.emit(StepProgress(VERB, number - 1, total, "indexes", detail))

    report("")
    target = session.destination.target
    return build_watched(lambda: target.connect("progress"), session.connection, report)


def check_indexes(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Look at the built indexes again: are they valid, were they used, are the reads still faster?

    The exit code in the result is 4 where one is missing or not valid, 3 where one was never used or a read is
    slower than before the indexes were built.
    """
    plan, definitions = read_plan(settings, NAME, _definitions)
    with open_session(settings, VERB, sink=sink, alone=False) as session:
        earlier, scans, since = _earlier(session)
        counts = _scans(session.connection)  # before this check's own runs are counted as use
        with session.step("tune-check", "check indexes"):
            now = measure(session.connection, _reads(session, plan)) if earlier else {}
        items = [
            {
                "name": item.name,
                "is_valid": is_whole(
                    session.connection, {"schema": item.schema, "name": item.name, "table": item.table}
                ),
                "scans": counts[item.name] - scans.get(item.name, 0) if item.name in counts else None,
            }
            for item in definitions
        ]
        reads = [
            {"id": name, "before": old.median, "now": now[name].median, "slower": now[name].is_slower_than(old)}
            for name, old in earlier.items()
            if name in now
        ]
        broken = any(not item["is_valid"] for item in items)
        idle = any(item["scans"] == 0 for item in items) or any(read["slower"] for read in reads)
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune indexes check",
            "run_id": session.journal.run_id,
            "target": session.target_document(),
            "since": since,
            "indexes": items,
            "reads": reads,
            "superfluous": to_json(superfluous(session.connection, read_catalog(session.connection))),
            "exit_code": 4 if broken else 3 if idle else 0,
        }


def drop_indexes(settings: Settings, names: Sequence[str], *, sink: Sink | None = None) -> dict[str, Any]:
    """Drop indexes that `check` named as superfluous, concurrently; the step can be undone by their definitions.

    Raises UsageError for a name that is not among them.
    """
    with open_session(settings, DROP, sink=sink) as session:
        catalog = read_catalog(session.connection)
        tables = {table.oid: table.name for table in catalog.tables}
        may_go = {item.name for item in superfluous(session.connection, catalog)}
        for name in names:
            if name not in may_go:
                raise UsageError(
                    f"'{name}' is no index that could go",
                    hint="named by `pgraduate tune indexes check`: " + (", ".join(sorted(may_go)) or "none"),
                )
        chosen = [index for index in catalog.indexes if f"{index.schema}.{index.name}" in names]
        change = plan_drop([(index, tables[index.table_oid]) for index in chosen])
        with session.step(DROP, "drop indexes") as step:
            session.perform(step, change)
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune indexes drop",
            "run_id": session.journal.run_id,
            "step": step.name,
            "target": session.target_document(),
            "dropped": [f"{index.schema}.{index.name}" for index in chosen],
            "undo": list(change.undo),
            "exit_code": 0,
        }


def undo_indexes(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Take back every index that `apply` built and that still stands in the journal, the last one first."""
    with open_session(settings, VERB, sink=sink, known_only=True) as session:
        removed = session.take_back_all(VERB, "take indexes back")
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune indexes undo",
            "run_id": session.journal.run_id,
            "target": session.target_document(),
            "removed": removed,
            "exit_code": 0,
        }


def _definitions(plan: dict[str, Any]) -> list[Definition]:
    return [from_json(Definition, item["definition"]) for item in plan["indexes"]]


def _reads(session: Session, plan: dict[str, Any]) -> list[Weighted]:
    """Give the workload's statements that only read and can be executed, where its file is still there."""
    file = plan["workload"]["file"]
    if file is None or not Path(file).exists():
        return []
    workload = load_workload(session.connection, Path(file)).workload
    return [
        Weighted(item.id, item.examples, item.calls, ())
        for item in workload
        if item.examples and item.text.upper().startswith(("SELECT", "WITH"))
    ]


def _earlier(session: Session) -> tuple[dict[str, Measured], dict[str, int], str | None]:
    """Read from the journal what the last `apply` measured."""
    reads: dict[str, Measured] = {}
    scans: dict[str, int] = {}
    since = None
    for entry in session.journal.entries():
        if entry["type"] == "fact" and str(entry["step"]).startswith(VERB):
            if entry["name"] == "measured":
                reads = {name: from_json(Measured, item) for name, item in entry["value"]["before"].items()}
            elif entry["name"] == "scans":
                scans, since = entry["value"], entry["at"]
    return reads, scans, since


def _scans(connection: psycopg.Connection) -> dict[str, int]:
    return dict(
        connection.execute("SELECT indexrelname::text, idx_scan FROM pg_catalog.pg_stat_user_indexes").fetchall()
    )


def _total(reads: dict[str, Measured]) -> float:
    return round(sum(item.weight * item.median for item in reads.values()), 6)
