"""The order of the stages, walked once: assess, backup, schema, copy, verify, report.

`run` asks the target what is left to do, so the same command starts a migration, resumes a broken one and refuses
to repeat a finished one.  The invariant: until every decision is answered the target is not written to, and no
verdict is returned before it is durable there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pgraduate.assess import assess, facts_as_json
from pgraduate.backup import back_up, require_sealed
from pgraduate.copy import Jobs, load
from pgraduate.errors import Refused
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal.journal import Journal, Step
from pgraduate.journey.destination import Destination, open_destination
from pgraduate.journey.existing import name_existing, require_standing
from pgraduate.journey.merging import merge_sources, merged_schema, require_same_layout
from pgraduate.journey.operations import plan_compat, plan_grants, plan_records, plan_vacuum
from pgraduate.journey.outcome import Outcome, document
from pgraduate.journey.persistence import persist
from pgraduate.journey.planning import plan_sources
from pgraduate.journey.reports import write_reports
from pgraduate.journey.selection import require_same_selection
from pgraduate.journey.session import Session
from pgraduate.journey.sources import SealedSource, Source, name_sources
from pgraduate.journey.verifying import verify_sources
from pgraduate.merge import Result
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.preflight import require_room
from pgraduate.postgres.role_needs import require_roles
from pgraduate.postgres.runs import RunRecord, RunSource, finish, known_runs, plans, register
from pgraduate.postgres.search_path import plan_search_path
from pgraduate.report import vocabulary
from pgraduate.schema import plan_create, plan_finish, role_plans
from pgraduate.settings import Policy, Settings
from pgraduate.sqlite import SourceFacts
from pgraduate.version import __version__


def run(paths: Sequence[str | Path], settings: Settings, *, sink: Sink | None = None) -> dict[str, Any]:
    """Carry the sources to the target, or on from where an earlier run of them stopped; return the result.

    The result is the document that `pgraduate run --json` prints.  Raises PgraduateError (see its subclasses) for
    a source, a target or a decision that stops the run.
    """
    sink = sink or Silence()
    return persist(lambda: _run(paths, settings, sink), sink)


def _run(paths: Sequence[str | Path], settings: Settings, sink: Sink) -> dict[str, Any]:
    """Do what the target lacks of the run."""
    sources, merged = name_sources(paths, settings), merged_schema(paths, settings)
    started = time.monotonic()
    facts = [assess(source.path) for source in sources]
    spent = time.monotonic() - started
    destination = open_destination(settings)
    with destination.target.connect("run") as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        take_run_lock(connection)
        existing = settings.policy is Policy.EXISTING
        if existing:
            sources = name_existing(connection, sources, settings)
        earlier = _earlier_run(known_runs(connection), sources)
        if earlier is not None:
            require_same_layout(earlier, merged)
        journal = _journal(settings, destination, sources, earlier)
        walk = Session(settings, destination, connection, server, journal, sink)
        if earlier is None:
            for schema in [merged] if merged else [source.schema for source in sources]:
                if existing:
                    require_standing(connection, schema)
                else:
                    require_room(connection, schema)
            require_roles(connection, role_plans(settings.roles))
            _assess(walk, sources, facts, spent)
            records = _seal(walk, sources)
            merge = None
            if merged:
                record, merge = _merge(walk, records, merged)
                records = [record]
            sealed = plan_sources(walk, records, merge)
            _register(walk, sealed, merge)
        else:
            sink.emit(
                Notice(f"resuming run {earlier.run_id}: {earlier.rows_done:,} rows are in the target already")
            )
            sealed = _reopen(walk, earlier)
            require_same_selection(settings, earlier.run_id, [plan for _, plan in sealed])
        _write(walk, sealed)
        outcome = _verify(walk, sealed)
        finish(connection, journal.run_id, outcome.verdict)
    reports = write_reports(journal)
    return document(journal, destination, server, sealed, outcome, reports)


def _earlier_run(known: Sequence[RunRecord], sources: Sequence[Source]) -> RunRecord | None:
    """Find the unfinished run of the same sources; refuse a finished one."""
    paths = frozenset(str(source.path) for source in sources)
    for record in reversed(known):
        if record.paths != paths:
            continue
        if record.finished is not None:
            raise Refused(
                f"run {record.run_id} has carried {'these sources' if len(paths) > 1 else 'this source'} to this "
                f"target already, with the verdict '{record.verdict}'",
                where=", ".join(sorted(source.schema for source in record.sources)),
                hint=f"`pgraduate verify` compares again; `pgraduate undo {record.run_id}` takes it back",
            )
        return record
    return None


def _journal(
    settings: Settings, destination: Destination, sources: Sequence[Source], earlier: RunRecord | None
) -> Journal:
    if earlier is not None:
        return Journal.open_or_create(settings.state, earlier.run_id)
    return Journal.create(
        settings.state,
        {
            "sources": [str(source.path) for source in sources],
            "target": destination.label,
            "policy": settings.policy.value,
            "version": __version__,
        },
    )


def _assess(walk: Session, sources: Sequence[Source], facts: Sequence[SourceFacts], spent: float) -> None:
    with walk.step("assess", "look at the source", spent=spent) as step:
        for source, fact in zip(sources, facts, strict=True):
            step.fact(vocabulary.SOURCE, facts_as_json(source.name, fact))
            step.figure(f"{source.name}: size", fact.bytes + fact.wal_bytes, "bytes")


def _seal(walk: Session, sources: Sequence[Source]) -> list[RunSource]:
    records = []
    with walk.step("backup", "seal the source") as step:
        for source in sources:
            sealed = back_up(source.path, walk.journal.directory / "sealed", source.schema, sink=walk.sink)
            step.fact(vocabulary.SEALED, {"source": source.name, "digest": sealed.digest, "bytes": sealed.bytes})
            step.figure(f"{source.name}: sealed", sealed.bytes, "bytes")
            records.append(
                RunSource(
                    source.name, str(source.path), source.schema, sealed.digest, sealed.bytes, str(sealed.path)
                )
            )
    return records


def _merge(walk: Session, records: Sequence[RunSource], schema: str) -> tuple[RunSource, Result]:
    with walk.step("merge", "merge the sources") as step:
        directory = walk.journal.directory / "sealed" / "merged"
        record, result = merge_sources(records, schema, directory, walk.settings, sink=walk.sink)
        step.fact(vocabulary.SEALED, {"source": record.name, "digest": record.digest, "bytes": record.bytes})
        for fate, title in (("same", "rows alike in several sources"), ("left_behind", "rows left behind")):
            step.figure(title, sum(row.fate == fate for row in result.rows), "rows")
    return record, result


def _register(walk: Session, sealed: Sequence[SealedSource], merge: Result | None) -> None:
    with walk.step("records", "record the run in the target") as step:
        walk.perform(step, plan_records())
        register(walk.connection, walk.journal.run_id, __version__, sealed, merge.rows if merge else ())


def _reopen(walk: Session, earlier: RunRecord) -> list[SealedSource]:
    for source in earlier.sources:
        for copy, digest in source.copies:
            require_sealed(Path(copy), digest)
    return list(zip(earlier.sources, plans(walk.connection, earlier.run_id), strict=True))


def _write(walk: Session, sealed: Sequence[SealedSource]) -> None:
    run_id = walk.journal.run_id
    with walk.step("schema", "create the tables") as step:
        if any(plan.compat for _, plan in sealed):
            walk.perform(step, plan_compat())
        for _, plan in sealed:
            walk.perform(step, plan_create(plan, run_id))
    with walk.step("copy", "copy the rows") as step:
        for record, plan in sealed:
            _copy(walk, step, record, plan)
    with walk.step("schema", "keys, indexes, views and triggers") as step:
        for _, plan in sealed:
            walk.perform(step, plan_finish(plan, run_id))
        if own := [plan.schema for _, plan in sealed if plan.policy != Policy.EXISTING]:
            walk.perform(step, plan_search_path(walk.connection, own))
        grants = plan_grants(walk.connection, run_id, [plan for _, plan in sealed])
        if grants is not None:
            walk.perform(step, grants)
    with walk.step("statistics", "freeze the rows, gather statistics") as step:
        for _, plan in sealed:
            walk.perform(step, plan_vacuum(plan))


def _copy(walk: Session, step: Step, record: RunSource, plan: SchemaPlan) -> None:
    target = walk.destination.target
    jobs = Jobs(target, walk.settings.jobs)
    copied = load(
        lambda: target.connect("copy"),
        Path(record.sealed),
        plan,
        walk.journal.run_id,
        jobs=jobs,
        sink=walk.sink,
    )
    for table in copied:
        step.fact(vocabulary.TABLE_COPIED, to_json(table))
    step.figure(f"{plan.source}: rows copied", sum(table.rows for table in copied), "rows")
    step.figure(f"{plan.source}: bytes copied", sum(table.bytes for table in copied), "bytes")


def _verify(walk: Session, sealed: Sequence[SealedSource]) -> Outcome:
    with walk.step("verify", "compare every value") as step:
        return verify_sources(walk.connection, step, walk.journal.run_id, sealed, sink=walk.sink)
