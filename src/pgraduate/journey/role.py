"""What a role can do with everything that a run made, as the server itself answers."""

from __future__ import annotations

from typing import Any

import psycopg

from pgraduate.errors import Refused
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal.journal import Journal, runs
from pgraduate.journey.choice import choose_run, standing_destination
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.model.wire import to_json
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.identity import identify
from pgraduate.report import vocabulary
from pgraduate.settings import Settings
from pgraduate.verify import prove_role


def verify_role(
    settings: Settings, role: str, run_id: str | None = None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Prove what a role can do with the tables, sequences and functions of a run, by default the last one.

    The target's own role becomes the other by SET ROLE, or is that role itself.  Raises Refused for a role that
    does not exist or cannot be assumed, UsageError for a run that is not known.
    """
    sink = sink or Silence()
    destination = standing_destination(settings)
    with destination.target.connect("verify") as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        chosen, schemas = _run_and_schemas(connection, settings, run_id, role)
        report = prove_role(connection, role, schemas)
    if chosen in runs(settings.state):
        with Journal.open(settings.state, chosen).step("role") as step:
            step.server(server)
            step.fact("role", to_json(report))
            step.figure("rights proven", len(report.rights), "rights")
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "verify as",
        "run_id": chosen,
        "schemas": schemas,
        **to_json(report),
        "target": {
            "conninfo": destination.target.conninfo,
            "label": destination.label,
            "server": to_json(server),
        },
        "exit_code": 0,
    }


def _run_and_schemas(
    connection: psycopg.Connection, settings: Settings, run_id: str | None, role: str
) -> tuple[str, list[str]]:
    """Name the run and its schemas, by the target's records, or by the journal here where the role may not read
    them: an application's role needs no right on pgraduate's own schema."""
    try:
        record = choose_run(connection, run_id, settings)
    except psycopg.errors.InsufficientPrivilege:
        known = runs(settings.state)
        chosen = run_id or (known[-1] if known else None)
        if chosen is None:
            raise Refused(
                f"role {connection.info.user} may not read which run stands in this database, and no journal here tells",
                where="schema pgraduate",
                hint=f"GRANT {quote(role)} TO the run's owner, and connect as the owner",
            ) from None
        entries = Journal.open(settings.state, chosen).entries()
        plans = [e["value"] for e in entries if e["type"] == "fact" and e.get("name") == vocabulary.PLAN]
        return chosen, sorted({plan["schema"] for plan in plans})
    return record.run_id, [source.schema for source in record.sources]
