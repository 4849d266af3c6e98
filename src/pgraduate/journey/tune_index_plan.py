"""`tune indexes plan`: indexes chosen for a workload and proven on a clone, written to a file that can be edited.

What stands under "indexes" in the file is built by `apply`, nothing else.  It holds no value of the workload beyond what
an index condition names; the workload itself stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from pgraduate.errors import Refused
from pgraduate.events import Notice, Sink
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.plan_files import write_plan
from pgraduate.journey.session import Session, open_session
from pgraduate.journey.workloads import Loaded, load_workload
from pgraduate.model.wire import to_json
from pgraduate.model.wording import counted
from pgraduate.settings import Settings
from pgraduate.tune.clone import clone
from pgraduate.tune.indexes.advice import Advice, Subject, advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.examples import with_examples
from pgraduate.tune.indexes.hygiene import superfluous
from pgraduate.tune.indexes.planner import BuiltPlanner, HypotheticalPlanner, Planner
from pgraduate.tune.indexes.timing import Verdict
from pgraduate.tune.indexes.verification import Bench, Proof, verify
from pgraduate.tune.throwaway import sweep

VERB = "tune-indexes"
NAME = "indexes"
BUDGET_SHARE = 0.5
"""Without a budget: at most half of what the tables take."""


def plan_indexes(
    settings: Settings,
    workload: Path | None = None,
    *,
    budget: int | None = None,
    in_place: bool = False,
    run_id: str | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Choose indexes for a workload and prove them on a private clone; write the plan, change nothing.

    `budget` is in bytes.  With `in_place` the target's own HypoPG is asked and nothing is executed.  Raises Refused
    where there is no workload or no clone can be made.
    """
    with open_session(settings, VERB, run_id, sink=sink, alone=False) as session:
        loaded = load_workload(session.connection, workload, run_id)
        with session.step(VERB, "plan indexes") as step, _place(session, in_place) as (connection, planner, built):
            catalog = read_catalog(connection)
            subject = study(loaded.workload, catalog, planner)
            limit = budget if budget is not None else int(BUDGET_SHARE * sum(t.bytes for t in catalog.tables))
            advice = advise(connection, subject, planner, budget=limit)
            statements = with_examples(connection, subject.statements, catalog) if built else ()
            proof = _prove(connection, statements, built, advice, session)
            document = _document(session, loaded, subject, advice, proof, limit)
            drawn = sum(was.texts != now.texts for was, now in zip(subject.statements, statements, strict=False))
            document["workload"]["drawn"] = drawn
            document["superfluous"] = to_json(superfluous(session.connection, read_catalog(session.connection)))
            document["workload"]["file"] = str(workload.absolute()) if workload else None
            step.figure("indexes planned", len(document["indexes"]), "objects")
            step.figure(
                "estimated cost",
                round(advice.cost_after / advice.cost_before, 4) if advice.cost_before else 1.0,
                "ratio",
            )
            step.figure(
                "measured time", round(proof.verdict.ratio, 4) if proof and proof.verdict else None, "ratio"
            )
        document["plan"] = str(write_plan(settings, NAME, document))
        return document


@contextmanager
def _place(session: Session, in_place: bool) -> Iterator[tuple[psycopg.Connection, Planner, BuiltPlanner | None]]:
    """Give where the planning happens: a clone, or the target itself where its HypoPG is to be asked."""
    if in_place:
        found = session.connection.execute(
            "SELECT FROM pg_catalog.pg_extension WHERE extname = 'hypopg'"
        ).fetchone()
        if found is None:
            raise Refused(
                "the target has no HypoPG, so nothing can be planned in place",
                where=f"database {session.connection.info.dbname}",
                hint="CREATE EXTENSION hypopg (package postgresql-NN-hypopg), or plan on a clone: without --in-place",
            )
        yield session.connection, HypotheticalPlanner(session.connection), None
        return
    for leftover in sweep():
        session.sink.emit(Notice(f"removed {leftover}"))
    session.sink.emit(Notice("a private clone is made for planning; the target is only read"))
    with clone(session.destination.target, session.connection) as made:
        built = BuiltPlanner(made.connection)
        planner: Planner = HypotheticalPlanner(made.connection, built) if made.hypothetical else built
        yield made.connection, planner, built


def _prove(
    connection: psycopg.Connection,
    statements: Sequence[Weighted],
    built: BuiltPlanner | None,
    advice: Advice,
    session: Session,
) -> Proof | None:
    if built is None:
        return None
    session.sink.emit(
        Notice(f"{counted(len(advice.proposed), 'index')} proposed, now built and tried on the clone")
    )
    bench = Bench(connection, built.show)
    return verify(bench, statements, frozenset(item.definition for item in advice.proposed))


def _document(
    session: Session, loaded: Loaded, subject: Subject, advice: Advice, proof: Proof | None, budget: int
) -> dict[str, Any]:
    kept = [item for item in advice.proposed if proof is None or item.definition in proof.kept]
    texts = {statement.id: statement.text for statement in loaded.workload}
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "tune indexes plan",
        "run_id": session.journal.run_id,
        "target": session.target_document(),
        "system_identifier": session.server.system_identifier,
        "workload": {
            "origin": loaded.workload.origin,
            "file": None,
            "statements": len(loaded.workload.statements),
            "unread": to_json(advice.unread),
            "untranslated": [{"construct": name, "executions": count} for name, count in loaded.untranslated],
        },
        "budget_bytes": budget,
        "indexes": [
            {
                "name": item.definition.name,
                "statement": item.definition.statement(concurrently=True),
                "definition": to_json(item.definition),
                "bytes": item.bytes,
                "saved_share": round(item.saved / advice.cost_before, 6) if advice.cost_before else 0.0,
                "writes": to_json(item.written),
                "serves": list(item.serves),
            }
            for item in kept
        ],
        "estimate": {
            "before": round(advice.cost_before, 2),
            "after": round(advice.cost_after, 2),
            "plans_asked": advice.plans_asked,
            "complete": advice.complete,
        },
        "proof": _proof(proof, texts) if proof else None,
        "passed": [
            {"statement": item.definition.statement(), "bytes": item.bytes, "why": item.why}
            for item in advice.passed
        ],
        "refusals": to_json(advice.refusals),
        "exit_code": 0,
    }


def _proof(proof: Proof, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "verdict": _verdict(proof.verdict, texts) if proof.verdict else None,
        "first": _verdict(proof.first, texts) if proof.first else None,
        "dropped": [{"statement": item.definition.statement(), "why": item.why} for item in proof.dropped],
        "unmeasured": [{"id": name, "text": texts.get(name, "")} for name in proof.unmeasured],
    }


def _verdict(verdict: Verdict, texts: dict[str, str]) -> dict[str, Any]:
    """Show a verdict; seconds are weighted by calls for the whole, plain medians for each statement."""
    return {
        "rounds": min((len(pair.before) for pair in verdict.pairs), default=0),
        "before": round(verdict.before, 6),
        "after": round(verdict.after, 6),
        "ratio": round(verdict.ratio, 4),
        "interval": [round(verdict.low, 6), round(verdict.high, 6)],
        "statements": [
            {
                "id": pair.id,
                "text": texts.get(pair.id, ""),
                "calls": pair.weight,
                "before": round(pair.median_before, 6),
                "after": round(pair.median_after, 6),
                "slower": pair.is_slower,
            }
            for pair in verdict.pairs
        ],
    }
