"""What an application wrote to its SQLite files after a run sealed them.

The live files are read once, each into a private copy of one moment; the comparison reads that copy and the run's.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pgraduate.backup import back_up, require_sealed
from pgraduate.compare.since import Changes, compare_since
from pgraduate.events import Notice, Silence, Sink, StepEnded, StepStarted
from pgraduate.journal.journal import Journal, Step
from pgraduate.journey.choice import choose_run, standing_destination
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.planning import plan_source
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.runs import RunSource, plans
from pgraduate.settings import Settings

_TITLE = "compare the live source with its sealed copy"


def verify_since(
    settings: Settings, run_id: str | None = None, *, show_values: bool = False, sink: Sink | None = None
) -> dict[str, Any]:
    """Say what the live sources of a run, by default the last one, changed since they were sealed.

    The exit code in the result is 4 where something changed.  Raises SourceUnusable for a live source that is
    gone or cannot be read whole, Refused where the sealed copy is not the one that the target knows.
    """
    sink = sink or Silence()
    destination = standing_destination(settings)
    with destination.target.connect("verify") as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        record = choose_run(connection, run_id, settings)
        made = list(zip(record.sources, plans(connection, record.run_id), strict=True))
    for source in record.sources:
        for sealed, digest in source.copies:
            require_sealed(Path(sealed), digest)
    made = [single for pair in made for single in unmerged(*pair, settings, sink)]
    sink.emit(StepStarted("since", _TITLE))
    outcome, seconds = "failed", 0.0
    try:
        with Journal.open_or_create(settings.state, record.run_id).step("since") as step:
            sources = [_compare(source, plan, step, show_values, sink) for source, plan in made]
        outcome, seconds = "done", step.seconds
    finally:
        sink.emit(StepEnded("since", _TITLE, seconds, outcome))
    changed = any(item["objects"] or any(map(_has_changed, item["tables"])) for item in sources)
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "verify since",
        "run_id": record.run_id,
        "changed": changed,
        "sources": sources,
        "target": {
            "conninfo": destination.target.conninfo,
            "label": destination.label,
            "server": to_json(server),
        },
        "exit_code": 4 if changed else 0,
    }


def _compare(source: RunSource, plan: SchemaPlan, step: Step, show_values: bool, sink: Sink) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        live = back_up(Path(source.path), Path(directory), source.schema, sink=sink)
        # The backup copies pages: equal bytes are an equal database.
        if live.digest == source.digest:
            changes = Changes((), ())
        else:
            changes = compare_since(Path(source.sealed), live.path, plan, show_values=show_values, sink=sink)
    for kind in ("inserted", "deleted", "changed"):
        step.figure(f"{source.name}: rows {kind}", sum(getattr(table, kind) for table in changes.tables), "rows")
    step.figure(f"{source.name}: objects changed", len(changes.objects), "objects")
    return {
        "name": source.name,
        "path": source.path,
        "schema": source.schema,
        "sealed_digest": source.digest,
        "live_digest": live.digest,
        "tables": [to_json(table) for table in changes.tables if table.any],
        "objects": to_json(changes.objects),
    }


def unmerged(
    source: RunSource, plan: SchemaPlan, settings: Settings, sink: Sink
) -> list[tuple[RunSource, SchemaPlan]]:
    """Give the sources behind a merged one, each with a plan of its own tables; another source as it is."""
    if not source.parts:
        return [(source, plan)]
    parts = [
        RunSource(part.name, part.path, source.schema, part.digest, part.bytes, part.sealed)
        for part in source.parts
    ]
    return [(part, plan_source(part, settings, sink=sink)) for part in parts]


def _has_changed(table: dict[str, Any]) -> bool:
    return bool(table["inserted"] or table["deleted"] or table["changed"])
