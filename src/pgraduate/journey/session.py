"""One verb at work on one target: where it goes, who listens, and the run whose journal takes the evidence.

Every verb behind `run` opens a session.  It finds the run that the target knows, else the one whose journal names this
target, and opens a new journal where there is neither: what a verb does is written down, also on a database that
pgraduate did not fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Administrator
from pgraduate.errors import UsageError
from pgraduate.events import Notice, Silence, Sink, StepEnded, StepStarted
from pgraduate.journal import Journal, Standing, Step, record_undone, runs, standing
from pgraduate.journey.choice import no_such_run, standing_destination
from pgraduate.journey.destination import Destination
from pgraduate.journey.operations import operation_of, reach_of
from pgraduate.model.operation import Check, Plan, Reach
from pgraduate.model.server import ServerIdentity
from pgraduate.postgres.identity import identify
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.runs import known_runs
from pgraduate.postgres.target import Target
from pgraduate.settings import Settings
from pgraduate.version import __version__


@dataclass(frozen=True, slots=True)
class Session:
    """What every step of one verb needs: where to go, who listens, and what writes the evidence."""

    settings: Settings
    destination: Destination
    connection: psycopg.Connection
    server: ServerIdentity
    journal: Journal
    sink: Sink

    @contextmanager
    def step(self, verb: str, title: str, *, spent: float = 0.0) -> Iterator[Step]:
        """Do one step: announce it, journal it with the server that answered, announce how it ended.

        `spent` is the seconds that it had worked before the server was asked.
        """
        self.sink.emit(StepStarted(verb, title))
        outcome, step = "failed", None
        try:
            with self.journal.step(verb, spent=spent) as step:
                step.server(self.server)
                yield step
            outcome = "done"
        finally:
            self.sink.emit(StepEnded(verb, title, step.seconds if step else 0.0, outcome))

    def perform(self, step: Step, plan: Plan) -> Check:
        """Write the plan to the journal, apply it in its own context, and have it checked."""
        return step.perform(operation_of(plan.operation), self.context(plan.operation), plan)

    def take_back(self, step: Step, item: Standing) -> None:
        """Undo one operation in its own context, and write that down."""
        operation_of(item.plan.operation).undo(self.context(item.plan.operation), item.plan)
        record_undone(step, item)

    def take_back_all(self, verb: str, title: str) -> list[str]:
        """Undo every operation of a verb that still stands, the last one first; give what they changed."""
        mine = [item for item in reversed(standing(self.journal)) if item.verb == verb]
        with self.step("undo", title) as step:
            for item in mine:
                self.take_back(step, item)
        return [item.plan.subject for item in mine]

    def context(self, kind: str) -> Any:
        """Give what an operation of this kind works on."""
        match reach_of(kind):
            case Reach.DATABASE:
                return self.connection
            case Reach.PROJECT:
                return self.settings.project
            case Reach.ADMINISTRATOR:
                return self.administrator()

    def administrator(self) -> Administrator:
        """Give the server's administrator: the embedded server's superuser, else the role that `--to` names."""
        embedded = self.destination.embedded
        target = self.destination.target
        if embedded is not None:
            database = self.connection.info.dbname
            target = Target(make_conninfo(embedded.superuser_conninfo(), dbname=database))
        return Administrator(lambda: target.connect("administrator"), embedded)

    def target_document(self) -> dict[str, Any]:
        """Give the part of a result that names the target."""
        return {"conninfo": self.destination.target.conninfo, "label": self.destination.label}


@contextmanager
def open_session(
    settings: Settings,
    verb: str,
    run_id: str | None = None,
    *,
    sink: Sink | None = None,
    alone: bool = True,
    known_only: bool = False,
) -> Iterator[Session]:
    """Connect to the target and open the journal of its run, by default the last one.

    `alone` takes the database's run lock: verbs that only look leave it.  `known_only` opens no new journal.  Raises
    UsageError for a run that neither the target nor a journal knows, Refused when another pgraduate is at work,
    TargetUnusable.
    """
    sink = sink or Silence()
    destination = standing_destination(settings)
    with destination.target.connect(verb) as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        if alone:
            take_run_lock(connection)
        known = [record.run_id for record in known_runs(connection)]
        journal = find_journal(settings, destination.label, known, run_id)
        if journal is None and known_only:
            raise no_such_run(None, settings)
        journal = journal or _new_journal(settings, destination.label)
        yield Session(settings, destination, connection, server, journal, sink)


def find_journal(settings: Settings, label: str, known: Sequence[str], run_id: str | None) -> Journal | None:
    """Open the journal of the run that is meant: named, else the target's last, else this project's last for it."""
    here = runs(settings.state)
    if run_id is not None:
        if run_id not in known and run_id not in here:
            raise UsageError(f"there is no run '{run_id}'", hint="`pgraduate status` lists them")
        return Journal.open_or_create(settings.state, run_id)
    if known:
        return Journal.open_or_create(settings.state, known[-1])
    for name in reversed(here):
        journal = Journal.open(settings.state, name)
        if next(journal.entries(), {}).get("target") == label:
            return journal
    return None


def _new_journal(settings: Settings, label: str) -> Journal:
    facts = {"sources": [], "target": label, "policy": settings.policy.value, "version": __version__}
    return Journal.create(settings.state, facts)
