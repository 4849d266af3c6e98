"""A source's data in a schema of its own on the target, for as long as it is looked at.

The schema is planned, made, loaded and finished as a run would do it, from a sealed copy, and taken back at the end,
also of a block that failed.  What a killed process left behind, the next one removes first.  The invariant: neither
the file nor anything else in the target is written; the run lock keeps a second one out.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import apsw
import psycopg

from pgraduate.backup import back_up
from pgraduate.compat import check
from pgraduate.copy import load
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.errors import Refused
from pgraduate.events import Sink
from pgraduate.journey.operations import (
    REGISTRY,
    compat_is_installed,
    plan_compat,
    plan_records,
    plan_vacuum,
)
from pgraduate.journey.planned_schema import planned_schema
from pgraduate.journey.planning import plan_source
from pgraduate.journey.sources import Source
from pgraduate.model.decision import require_answers
from pgraduate.model.operation import Plan
from pgraduate.model.plan import SchemaPlan
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.preflight import require_room
from pgraduate.postgres.runs import RunSource, forget, known_runs, records_stand, register
from pgraduate.postgres.target import Target
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import Settings
from pgraduate.sqlite import read_catalog
from pgraduate.translate import open_working_copy
from pgraduate.version import __version__

SCHEMA = "pgraduate_scratch"
_PREFIX = "scratch-"
"""Of the ids under which the records know a scratch schema."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """The same data twice: a working copy of the file that may be written, and the scratch schema."""

    sqlite: apsw.Connection
    postgres: psycopg.Connection
    plan: SchemaPlan
    schema: SchemaView


@contextmanager
def scratch(source: Source, settings: Settings, target: Target, *, sink: Sink) -> Iterator[Scratch]:
    """Carry a source into the scratch schema for the length of a block.

    Raises OpenDecisions as a run of the source would, Refused where another pgraduate is at work in the database or
    the schema holds something else, SourceUnusable and TargetUnusable.
    """
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        work = Path(directory)
        sealed = back_up(source.path, work / "sealed", SCHEMA, sink=sink)
        # The live file's path is not given to the records: no run may take this for its own beginning.
        record = RunSource(source.name, str(sealed.path), SCHEMA, sealed.digest, sealed.bytes, str(sealed.path))
        plan = plan_source(record, for_scratch(settings, source.schema), sink=sink)
        require_answers(plan.decisions)
        schema = planned_schema(read_catalog(sealed.path, name=source.name), plan)
        with (
            target.connect("translate") as connection,
            _made(connection, record, plan, target, sink),
            closing(open_working_copy(sealed.path, work)) as sqlite,
        ):
            yield Scratch(sqlite, connection, plan, schema)


def for_scratch(settings: Settings, schema: str) -> Settings:
    """Let the answers of pgraduate.toml, which name the source's own schema, hold for the scratch schema."""
    answers = {key.replace(f":{schema}.", f":{SCHEMA}.", 1): value for key, value in settings.decisions.items()}
    # The file on the other side has all its rows.
    selection = replace(settings.selection, filters={})
    return replace(settings, decisions=answers, target_schema=None, selection=selection)


@contextmanager
def _made(
    connection: psycopg.Connection, record: RunSource, plan: SchemaPlan, target: Target, sink: Sink
) -> Iterator[None]:
    with scratch_room(connection, record, plan) as run_id:
        apply(connection, plan_create(plan, run_id))
        load(lambda: target.connect("translate"), Path(record.sealed), plan, run_id, sink=sink)
        apply(connection, plan_finish(plan, run_id))
        apply(connection, plan_vacuum(plan))
        yield


@contextmanager
def scratch_room(connection: psycopg.Connection, record: RunSource, plan: SchemaPlan) -> Iterator[str]:
    """Register a run for the scratch schema and give its id; whatever it makes there is gone at the end.

    Raises Refused where another pgraduate is at work, or where the schema holds something else.
    """
    take_run_lock(connection)
    added = [] if records_stand(connection) else [plan_records()]
    if not compat_is_installed(connection):
        added.append(plan_compat())
    elif missing := check(connection):
        raise Refused(
            f"the target lacks {len(missing)} of this version's compat functions",
            where=f"database {connection.info.dbname}",
            hint="compare in another database: --to embedded",
        )
    try:
        for missing_part in added:
            apply(connection, missing_part)
        _remove_leftovers(connection)
        _require_absence(connection)
        require_room(connection, SCHEMA)
        run_id = _PREFIX + secrets.token_hex(8)
        try:
            register(connection, run_id, __version__, [(record, plan)])
            yield run_id
        finally:
            _remove(connection, run_id)
    finally:
        for missing_part in reversed(added):
            REGISTRY[missing_part.operation].undo(connection, missing_part)


def apply(connection: psycopg.Connection, plan: Plan) -> None:
    REGISTRY[plan.operation].apply(connection, plan)


def _remove_leftovers(connection: psycopg.Connection) -> None:
    for known in known_runs(connection):
        if known.run_id.startswith(_PREFIX):
            _remove(connection, known.run_id)


def _remove(connection: psycopg.Connection, run_id: str) -> None:
    """Remove the schema whole: a sequence of statements may have made views and triggers of its own in it."""
    connection.execute(f"DROP SCHEMA IF EXISTS {quote(SCHEMA)} CASCADE".encode())
    forget(connection, run_id, [SCHEMA])


def _require_absence(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT pg_catalog.to_regnamespace(%s) IS NOT NULL", (SCHEMA,)).fetchone()
    if row and row[0]:
        raise Refused(
            f"the target has a schema {SCHEMA} that no comparison made",
            where=f"database {connection.info.dbname}",
            hint="rename it, or compare in another database",
        )
