"""`tune settings`: measure the machine, propose with formula, reason and source, boot a copy, alter, take back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from pgraduate.errors import Refused, UsageError
from pgraduate.events import Notice, Sink
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.plan_files import read_plan, require_same_server, write_plan
from pgraduate.journey.session import Session, open_session
from pgraduate.model.wire import from_json, to_json
from pgraduate.processors import cores_of
from pgraduate.settings import Settings
from pgraduate.tune.settings.altering import plan_alter
from pgraduate.tune.settings.current import Setting, read_settings
from pgraduate.tune.settings.formulas import Proposal, propose
from pgraduate.tune.settings.machine import Machine, measure_disk, memory_of
from pgraduate.tune.settings.managed import parameter_group, provider_of
from pgraduate.tune.settings.preflight import boot, require_in_range
from pgraduate.tune.throwaway import sweep

VERB = "tune-settings"
NAME = "settings"


def plan_settings(
    settings: Settings,
    *,
    memory: int | None = None,
    cores: int | None = None,
    statistics: bool = True,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Propose settings and boot a copy with them; write the plan, change nothing.

    A server that is not on this machine is described by `memory` (bytes) and `cores`.  Raises UsageError where they
    are missing for it.
    """
    with open_session(settings, VERB, sink=sink, alone=False) as session:
        current = _current(session)
        with session.step(VERB, "plan settings") as step:
            machine = _machine(session, memory, cores)
            proposals = propose(machine, current, statistics=statistics and _has_statistics(session))
            require_in_range(proposals, current)
            if proposals and session.destination.embedded is not None:
                for leftover in sweep():
                    session.sink.emit(Notice(f"removed {leftover}"))
                session.sink.emit(Notice("an empty server is booted with the proposed settings"))
                boot({item.name: item.value for item in proposals})
            step.figure("settings planned", len(proposals), "objects")
        document = {
            "schema_version": SCHEMA_VERSION,
            "command": "tune settings plan",
            "run_id": session.journal.run_id,
            "target": session.target_document(),
            "system_identifier": session.server.system_identifier,
            "machine": to_json(machine),
            "booted": bool(proposals) and session.destination.embedded is not None,
            "settings": to_json(proposals),
            "provider": provider_of(current),
            "parameter_group": to_json(parameter_group(proposals, current)),
            "pending_restart": sorted(item.name for item in current.values() if item.pending_restart),
            "exit_code": 0,
        }
        document["plan"] = str(write_plan(settings, NAME, document))
        return document


def _current(session: Session) -> Mapping[str, Setting]:
    """Read the settings as the administrator, whom the server shows all of them."""
    with session.administrator().connect() as administrator:
        return read_settings(administrator)


def _machine(session: Session, memory: int | None, cores: int | None) -> Machine:
    """Describe the server's machine: this one for an embedded server, else what was said."""
    row = session.connection.execute(
        "SELECT coalesce(sum(pg_catalog.pg_database_size(oid)), 0)::bigint FROM pg_catalog.pg_database"
        " WHERE pg_catalog.has_database_privilege(oid, 'CONNECT')"
    ).fetchone()
    assert row is not None
    embedded = session.destination.embedded
    if embedded is None:
        if memory is None or cores is None:
            raise UsageError(
                "this server's machine cannot be looked at from here",
                where=session.destination.label,
                hint="say what it has: --memory 8GB --cores 4",
            )
        return Machine(memory, cores, None, row[0])
    data = embedded.status().data
    assert data is not None, "a session was opened on it"
    # The application lives on the same machine: half of the memory is the server's.
    return Machine(
        memory or memory_of(), cores or cores_of(), measure_disk(data), row[0], shutil.disk_usage(data).free, 0.5
    )


def _has_statistics(session: Session) -> bool:
    found = session.connection.execute(
        "SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pg_stat_statements'"
    ).fetchone()
    return found is not None


def apply_settings(settings: Settings, *, restart: bool = False, sink: Sink | None = None) -> dict[str, Any]:
    """Alter the system by the plan, after another test boot; say what waits for a restart.

    With `restart` the embedded server is restarted.  Raises UsageError where there is no plan, Refused for another
    server, for one that is not pgraduate's, and where a copy does not start.
    """
    plan, proposals = read_plan(settings, NAME, _proposals)
    with open_session(settings, VERB, sink=sink) as session:
        require_same_server(settings, NAME, plan, session.server.system_identifier)
        if session.destination.embedded is None:
            raise Refused(
                "the data directory is not on this machine, so nothing could be put right if the server did not start",
                where=session.destination.label,
                hint="put the plan's values into the server's parameter group, or into its postgresql.conf",
            )
        require_in_range(proposals, _current(session))
        name = None
        if proposals:
            boot({item.name: item.value for item in proposals})
            with session.administrator().connect() as administrator:
                change = plan_alter(administrator, proposals, restart=restart)
            with session.step(VERB, "alter settings") as step:
                session.perform(step, change)
                step.figure("settings altered", len(proposals), "objects")
            name = step.name
        pending = [item.name for item in _current(session).values() if item.pending_restart]
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune settings apply",
            "run_id": session.journal.run_id,
            "step": name,
            "target": session.target_document(),
            "altered": [item.name for item in proposals],
            "pending_restart": sorted(pending),
            "restarted": restart and bool(proposals),
            "exit_code": 0,
        }


def undo_settings(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Give postgresql.auto.conf back as it was before the first `apply` that still stands."""
    with open_session(settings, VERB, sink=sink, known_only=True) as session:
        removed = session.take_back_all(VERB, "take settings back")
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "tune settings undo",
            "run_id": session.journal.run_id,
            "target": session.target_document(),
            "removed": removed,
            "exit_code": 0,
        }


def _proposals(plan: dict[str, Any]) -> tuple[Proposal, ...]:
    return tuple(from_json(Proposal, item) for item in plan["settings"])
