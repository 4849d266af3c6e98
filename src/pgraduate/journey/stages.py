"""Single stages of the journey, called by themselves: look, seal, plan, verify again, render again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pgraduate.backup import back_up, require_sealed
from pgraduate.compat import as_file as compat_file
from pgraduate.errors import Refused, UsageError
from pgraduate.events import Notice, Silence, Sink, StepEnded, StepStarted
from pgraduate.journal.journal import Journal, runs
from pgraduate.journey.choice import choose_run, standing_destination
from pgraduate.journey.merging import merge_sources, merged_schema
from pgraduate.journey.outcome import SCHEMA_VERSION, document
from pgraduate.journey.planning import plan_source
from pgraduate.journey.reports import write_reports
from pgraduate.journey.selection import require_known_words
from pgraduate.journey.sources import Source, name_sources
from pgraduate.journey.verifying import verify_sources
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.runs import RunSource, finish, plans
from pgraduate.report import vocabulary
from pgraduate.schema import render
from pgraduate.settings import Settings
from pgraduate.version import __version__

COMPAT_FILE = "05_compat.sql"
"""Where it stands among the files of the schema, psql takes it in its turn."""


def back_up_source(
    path: str | Path, settings: Settings, output: Path | None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Seal one source, as `output` or below a run of its own; return where it stands and its digest."""
    (source,) = name_sources([path], settings)
    journal = Journal.create(
        settings.state, {"sources": [str(source.path)], "target": "", "policy": "", "version": __version__}
    )
    directory = output.absolute().parent if output else journal.directory / "sealed"
    name = output.stem if output else source.schema
    if output and (output.suffix != ".db" or output.exists()):
        raise UsageError(f"{output} exists already or does not end in .db", hint="name a new file")
    with journal.step("backup") as step:
        sealed = back_up(source.path, directory, name, sink=sink)
        step.fact(vocabulary.SEALED, {"source": source.name, "digest": sealed.digest, "bytes": sealed.bytes})
        step.figure(f"{source.name}: sealed", sealed.bytes, "bytes")
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "backup",
        "run_id": journal.run_id,
        "source": str(source.path),
        "sealed": str(sealed.path),
        "digest": sealed.digest,
        "bytes": sealed.bytes,
        "integrity": sealed.integrity,
        "seconds": sealed.seconds,
    }


def plan_schema_files(
    paths: Sequence[str | Path], settings: Settings, output: Path | None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Plan the DDL of each source and write it below `output` where that is given; no server is asked."""
    planned = _plans(paths, settings, sink or Silence())
    documents = []
    for plan in planned:
        files = dict(render(plan)) | ({COMPAT_FILE: compat_file()} if plan.compat else {})
        written: list[str] = []
        if output is not None:
            directory = output / plan.schema if len(planned) > 1 else output
            written = _write_files(directory, files)
        documents.append(
            {
                "source": plan.source,
                "schema": plan.schema,
                "files": files if output is None else {},
                "written": written,
                "objects": to_json(plan.objects),
                "decisions": to_json(plan.decisions),
                "findings": to_json(plan.findings),
            }
        )
    return {"schema_version": SCHEMA_VERSION, "command": "schema", "schemas": documents}


def _write_files(directory: Path, files: Mapping[str, str]) -> list[str]:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (directory / name).write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            f"the DDL cannot be written: {error.strerror}",
            where=str(error.filename or directory),
            hint="name another directory with -o",
        ) from error
    return [str(directory / name) for name in files]


def verify_run(
    settings: Settings, run_id: str | None = None, *, show_values: bool = False, sink: Sink | None = None
) -> dict[str, Any]:
    """Compare an earlier run's target with its sealed sources again, by default the last run's."""
    sink = sink or Silence()
    destination = standing_destination(settings)
    with destination.target.connect("verify") as connection:
        server = identify(connection)
        sink.emit(Notice(f"target: {server}"))
        record = choose_run(connection, run_id, settings)
        for source in record.sources:
            for copy, digest in source.copies:
                require_sealed(Path(copy), digest)
        sealed = list(zip(record.sources, plans(connection, record.run_id), strict=True))
        if record.finished is None and record.rows_done < sum(t.rows for _, plan in sealed for t in plan.tables):
            raise Refused(
                f"run {record.run_id} has not copied all rows yet",
                where=record.run_id,
                hint="the command that began it resumes it",
            )
        journal = Journal.open_or_create(settings.state, record.run_id)
        sink.emit(StepStarted("verify", "compare every value"))
        with journal.step("verify") as step:
            step.server(server)
            outcome = verify_sources(connection, step, record.run_id, sealed, show_values=show_values, sink=sink)
            finish(connection, record.run_id, outcome.verdict)
        sink.emit(StepEnded("verify", "compare every value", step.seconds, "done"))
    return document(journal, destination, server, sealed, outcome, write_reports(journal)) | {"command": "verify"}


def report_run(settings: Settings, run_id: str | None = None, output: Path | None = None) -> dict[str, Any]:
    """Render a run's journal again, by default the last run's; no server is asked."""
    known = runs(settings.state)
    if run_id is None and not known:
        raise UsageError(
            "there is no run here to report on", where=str(settings.state), hint="pgraduate run app.db"
        )
    journal = Journal.open(settings.state, run_id or known[-1])
    paths = write_reports(journal, output)
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "report",
        "run_id": journal.run_id,
        "report": {name: str(path) for name, path in paths.items()},
    }


def _plans(paths: Sequence[str | Path], settings: Settings, sink: Sink) -> list[SchemaPlan]:
    """Plan from private copies: a live file is read once, whole, and not held while its columns are counted."""
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        made = [plan for _, plan in plan_privately(paths, settings, Path(directory), sink)]
    require_known_words(made)
    return made


def plan_privately(
    paths: Sequence[str | Path], settings: Settings, directory: Path, sink: Sink
) -> list[tuple[RunSource, SchemaPlan]]:
    """Seal the sources into a directory of ours, and plan what each becomes, or what they become together."""
    merged = merged_schema(paths, settings)
    records = [_sealed(source, directory, sink) for source in name_sources(paths, settings)]
    if merged is None:
        return [(record, plan_source(record, settings, sink=sink)) for record in records]
    record, result = merge_sources(records, merged, directory / "merged", settings, sink=sink)
    return [(record, plan_source(record, settings, sink=sink, merge=result))]


def _sealed(source: Source, directory: Path, sink: Sink) -> RunSource:
    sealed = back_up(source.path, directory, source.schema, sink=sink)
    return RunSource(source.name, str(source.path), source.schema, sealed.digest, sealed.bytes, str(sealed.path))
