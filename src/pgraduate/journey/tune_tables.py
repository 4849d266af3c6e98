"""`tune tables`: measured churn, autovacuum and fillfactor for the tables that ask for it, set and taken back."""

from __future__ import annotations

from typing import Any

from pgraduate.events import Sink
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.plan_files import read_plan, require_same_server, write_plan
from pgraduate.journey.session import Session, open_session
from pgraduate.model.wire import from_json, to_json
from pgraduate.settings import Settings
from pgraduate.tune.tables.altering import plan_options, set_statement
from pgraduate.tune.tables.churn import read_churn
from pgraduate.tune.tables.formulas import TableProposal, propose

VERB = "tune-tables"
NAME = "tables"


def plan_tables(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Propose storage parameters from what the server counted; write the plan, change nothing."""
    with open_session(settings, VERB, sink=sink, alone=False) as session:
        with session.step(VERB, "plan tables") as step:
            tables, since = read_churn(session.connection)
            proposals = propose(tables)
            step.figure("tables examined", len(tables), "tables")
            step.figure("tables planned", len(proposals), "tables")
        document = _document(session, "plan") | {
            "system_identifier": session.server.system_identifier,
            "since": since,
            "examined": len(tables),
            "tables": [
                {"statement": set_statement(item.schema, item.table, item.options)} | to_json(item)
                for item in proposals
            ],
        }
        document["plan"] = str(write_plan(settings, NAME, document))
        return document


def apply_tables(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Set what the plan holds, table by table.

    Raises UsageError where there is no plan, Refused where it was made for another server or a table is gone,
    Interrupted where a lock does not come.
    """
    plan, proposals = read_plan(settings, NAME, _proposals)
    with open_session(settings, VERB, sink=sink) as session:
        require_same_server(settings, NAME, plan, session.server.system_identifier)
        name = None
        if proposals:
            with session.step(VERB, "set parameters of tables") as step:
                session.perform(step, plan_options(session.connection, proposals))
                step.figure("tables set", len(proposals), "tables")
            name = step.name
        return _document(session, "apply") | {
            "step": name,
            "altered": [f"{item.schema}.{item.table}" for item in proposals],
        }


def undo_tables(settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Give every table the parameters back that it had before `apply`."""
    with open_session(settings, VERB, sink=sink, known_only=True) as session:
        removed = session.take_back_all(VERB, "take parameters of tables back")
        return _document(session, "undo") | {"removed": removed}


def _document(session: Session, command: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "command": f"tune tables {command}",
        "run_id": session.journal.run_id,
        "target": session.target_document(),
        "exit_code": 0,
    }


def _proposals(plan: dict[str, Any]) -> list[TableProposal]:
    return [from_json(TableProposal, item) for item in plan["tables"]]
