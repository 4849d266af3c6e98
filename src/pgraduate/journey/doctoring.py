"""The verb `doctor`: look at the server once, compare with the last good snapshot, and say of each symptom what to do.

It changes nothing but the journal: where no snapshot of a good time is kept, this look is kept as the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pgraduate.doctor import SYMPTOMS, Diagnosis, connections, disk, performance, unreachable
from pgraduate.doctor.disk import Leftover
from pgraduate.errors import TargetUnusable, UsageError
from pgraduate.events import Sink
from pgraduate.health import FACT, Facts, Snapshot, run_checks, take_snapshot
from pgraduate.journey.maintaining import facts_of
from pgraduate.journey.session import Session, open_session
from pgraduate.journey.watched import watched_statements
from pgraduate.model.wire import to_json
from pgraduate.settings import Settings


def examine(
    settings: Settings, symptoms: Sequence[str] = (), run_id: str | None = None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Examine the target for these symptoms, by default for all; a target that does not answer is a result.

    Raises UsageError for a symptom that is not known.
    """
    wanted = list(symptoms) or list(SYMPTOMS)
    for symptom in wanted:
        if symptom not in SYMPTOMS:
            raise UsageError(f"there is no symptom '{symptom}'", hint="known are: " + ", ".join(SYMPTOMS))
    try:
        with open_session(settings, "doctor", run_id, sink=sink, alone=False) as session:
            return _document(_examined(session, wanted), session)
    except TargetUnusable as error:
        return _document([unreachable(error)], None)


def _examined(session: Session, wanted: Sequence[str]) -> list[Diagnosis]:
    earlier = _snapshots(session)
    good = next((item for item in reversed(earlier) if item["good"]), None)
    facts = facts_of(session)
    with session.step("doctor", "look at the server") as step:
        now = _look(session, facts)
        if good is None:
            step.fact(FACT, now)
        makers = {
            "performance": lambda: performance(now, good, step.name),
            "disk": lambda: disk(
                session.connection, now, earlier, facts.disk, list(_leftovers(session.settings)), step.name
            ),
            "connections": lambda: connections(session.connection, now, facts.pool, step.name),
        }
        found = [makers[symptom]() for symptom in wanted]
        for diagnosis in found:
            for figure in diagnosis.figures:
                step.figure(f"{diagnosis.symptom}: {figure.name}", figure.value, figure.unit)
    return found


def _look(session: Session, facts: Facts) -> Snapshot:
    return take_snapshot(
        session.connection,
        facts,
        run_checks(session.connection, facts),
        system_identifier=session.server.system_identifier,
        statements=watched_statements(session.connection),
    )


def _snapshots(session: Session) -> list[dict[str, Any]]:
    """Read the snapshots that earlier steps kept, oldest first."""
    return [
        dict(entry["value"])
        for entry in session.journal.entries()
        if entry["type"] == "fact" and entry.get("name") == FACT
    ]


def _leftovers(settings: Settings) -> Iterator[Leftover]:
    """Measure what pgraduate itself keeps beside the project."""
    runs = settings.state / "runs"
    yield Leftover(
        "sealed copies of runs",
        runs,
        _bytes(runs, "*/sealed/*"),
        "verify and undo read them: remove those of runs that are archived and need neither",
    )
    backups = settings.state / "backups"
    yield Leftover(
        "backups",
        backups,
        _bytes(backups, "*"),
        "copy them to another host first, and keep the newest that was restored",
    )
    archives = settings.state / "archives"
    yield Leftover(
        "archives",
        archives,
        _bytes(archives, "*/*"),
        "move them to another disk, with their manifests; never the last copy",
    )


def _bytes(directory: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in directory.glob(pattern) if path.is_file())


def _document(found: Sequence[Diagnosis], session: Session | None) -> dict[str, Any]:
    troubled = any(diagnosis.troubled for diagnosis in found)
    return {
        "schema_version": 1,
        "command": "doctor",
        "run_id": session.journal.run_id if session else None,
        "exit_code": TargetUnusable.exit_code if session is None else 3 if troubled else 0,
        "diagnoses": [to_json(diagnosis) | {"troubled": diagnosis.troubled} for diagnosis in found],
        "target": session.target_document() if session else None,
    }
