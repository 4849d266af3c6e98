"""Everything that pgraduate left in a database: listed first, then removed.

The user's tables, views, triggers and their functions are never part of it.  Each room registers what it leaves in
`ROOMS`; the invariant, held by a test against the catalog, is that nothing of pgraduate's stands in a database
after its removal but what the user's own objects need, and that is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from pgraduate.compat import SCHEMA as COMPAT_SCHEMA
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journey.choice import standing_destination
from pgraduate.journey.operations import compat_is_installed, compat_is_needed
from pgraduate.maintain.retention.ledger import archived
from pgraduate.model.decision import Decision, Option, require_answers, resolve
from pgraduate.model.footprint import Trace
from pgraduate.model.operation import Plan
from pgraduate.model.wire import to_json
from pgraduate.model.wording import counted
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.identity import identify
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.records import SCHEMA, script
from pgraduate.postgres.role_needs import role_facts
from pgraduate.postgres.roles import drop_role, remaining_roles
from pgraduate.postgres.runs import known_runs
from pgraduate.postgres.search_path import SearchPath, plan_search_path, role_search_path
from pgraduate.settings import Settings


@dataclass(frozen=True, slots=True)
class Room:
    """How one room's traces are found and removed."""

    find: Callable[[psycopg.Connection], list[Trace]]
    remove: Callable[[psycopg.Connection], None]


def uninstall(settings: Settings, *, yes: bool = False, sink: Sink | None = None) -> dict[str, Any]:
    """List all that pgraduate left in the target, and remove it where `yes` says so.

    Raises OpenDecisions where cells would be lost with it that stand nowhere else in the target.
    """
    sink = sink or Silence()
    destination = standing_destination(settings)
    with destination.target.connect("uninstall") as connection:
        sink.emit(Notice(f"target: {identify(connection)}"))
        take_run_lock(connection)
        found = {name: room.find(connection) for name, room in ROOMS.items()}
        decisions = resolve(
            (_question(trace) for traces in found.values() for trace in traces if trace.holds), settings.decisions
        )
        if yes:
            require_answers(decisions)
            keep = any(decision.answer == "keep" for decision in decisions)
            _remove(connection, found, keep_records=keep)
        left = _left(found, connection)
    return {
        "schema_version": 1,
        "command": "uninstall",
        "target": {"conninfo": destination.target.conninfo, "label": destination.label},
        "found": [to_json(trace) for traces in found.values() for trace in traces],
        "decisions": to_json(decisions),
        "removed": yes,
        "left": to_json(left),
    }


def _remove(connection: psycopg.Connection, found: Mapping[str, list[Trace]], *, keep_records: bool) -> None:
    with connection.transaction():
        for name, room in ROOMS.items():
            removable = [trace for trace in found[name] if not trace.needed_by]
            if removable and not (keep_records and name == "records"):
                room.remove(connection)


def _left(found: Mapping[str, list[Trace]], connection: psycopg.Connection) -> list[Trace]:
    """List what stands there now; what had to stay is known from before, as the records may be gone that told it."""
    stays = {(trace.kind, trace.name): trace for traces in found.values() for trace in traces if trace.needed_by}
    now = {(trace.kind, trace.name): trace for room in ROOMS.values() for trace in room.find(connection)}
    return list((now | stays).values())


def _question(trace: Trace) -> Decision:
    return Decision(
        f"uninstall:{trace.name}",
        f"Removing {trace.kind} {trace.name} loses what stands nowhere else in the target.",
        (
            Option("keep", "pgraduate's records stay in the database", leaves_behind=True),
            Option(
                "discard",
                "they are removed; the sealed copy still holds the values, archive tables and segments stay as they are",
            ),
        ),
        trace.holds,
    )


def _find_search_path(connection: psycopg.Connection) -> list[Trace]:
    ours = _schemas_of_runs(connection)
    named = [name for name in role_search_path(connection) if name in ours]
    reason = "unqualified names of tables are found through it"
    return [
        Trace("postgres", "setting", f"search_path of role {connection.info.user}", needed_by=reason)
        for _ in named[:1]
    ]


def _remove_search_path(connection: psycopg.Connection) -> None:
    plan: Plan = plan_search_path(connection, sorted(_schemas_of_runs(connection)))
    SearchPath().undo(connection, plan)


def _schemas_of_runs(connection: psycopg.Connection) -> set[str]:
    return {source.schema for record in known_runs(connection) for source in record.sources}


def _find_roles(connection: psycopg.Connection) -> list[Trace]:
    return [
        Trace("postgres", "role", role, needed_by=_use(connection, role)) for role in remaining_roles(connection)
    ]


def _use(connection: psycopg.Connection, role: str) -> str:
    """Say why a role has to stay, '' where it can go."""
    facts = role_facts(connection, role)
    if facts.has_members:
        return "other roles are its members"
    if facts.has_rights:
        return "it holds rights or objects"
    return "" if facts.may_alter else "only an administrator may drop it"


def _remove_roles(connection: psycopg.Connection) -> None:
    for trace in _find_roles(connection):
        if not trace.needed_by:
            drop_role(connection, trace.name)


def _find_compat(connection: psycopg.Connection) -> list[Trace]:
    if not compat_is_installed(connection):
        return []
    needed = "views, defaults, indexes or triggers call its functions" if compat_is_needed(connection) else ""
    return [Trace("compat", "schema", COMPAT_SCHEMA, needed_by=needed)]


def _remove_compat(connection: psycopg.Connection) -> None:
    connection.execute(f"DROP SCHEMA {quote(COMPAT_SCHEMA)} CASCADE".encode())


def _find_records(connection: psycopg.Connection) -> list[Trace]:
    present = connection.execute("SELECT to_regclass('pgraduate.quarantine') IS NOT NULL").fetchone()
    served = _served_by_runtime(connection)
    if not (present and present[0]):
        return [Trace("postgres", "schema", SCHEMA, holds=served)] if served else []
    row = connection.execute(script("records_hold")).fetchone()
    assert row is not None
    nouns = ("quarantined cells", "kept classes", "tables with rows put aside")
    holds = [f"{count:,} {noun}" for count, noun in zip(row, nouns, strict=True) if count]
    moved = sum(item.rows for item in archived(connection) if item.destination != "drop")
    holds += [f"the way back for {moved:,} rows that retention moved"] if moved else []
    holds += [served] if served else []
    return [Trace("postgres", "schema", SCHEMA, holds=" and ".join(holds))]


def _served_by_runtime(connection: psycopg.Connection) -> str:
    """Say what of pgraduate.dbapi would go: its databases' tables stay, and without the records it cannot read them."""
    present = connection.execute("SELECT to_regclass('pgraduate.place') IS NOT NULL").fetchone()
    if not (present and present[0]):
        return ""
    row = connection.execute("SELECT count(*) FROM pgraduate.place").fetchone()
    assert row is not None
    return f"the definitions by which applications run on {counted(int(row[0]), 'schema')}" if row[0] else ""


def _remove_records(connection: psycopg.Connection) -> None:
    connection.execute(f"DROP SCHEMA {quote(SCHEMA)} CASCADE".encode())


ROOMS: Mapping[str, Room] = {
    "search_path": Room(_find_search_path, _remove_search_path),
    "roles": Room(_find_roles, _remove_roles),
    "compat": Room(_find_compat, _remove_compat),
    "records": Room(_find_records, _remove_records),
}
"""What each room leaves, in the order in which it is removed; the records go last, as the others read them."""
