"""Where a workload comes from, and how it becomes statements of the target: recordings, logs, the server's counters.

A recording of SQLite's statements is translated by the plan of the run that carried its database over, value by value as
it was recorded; what has no translation is named by its construct, never by its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from pgraduate.errors import NotTranslated, Refused, UsageError
from pgraduate.journey.choice import choose_run
from pgraduate.journey.planned_schema import planned_schema
from pgraduate.postgres.runs import plans
from pgraduate.sqlite import read_catalog
from pgraduate.translate import Layered, Translated, split
from pgraduate.translate.translating import attempt
from pgraduate.workload import Execution, Recording, Workload, bind, gather, read_recording
from pgraduate.workload.fingerprint import works_on_rows
from pgraduate.workload.log import read_log
from pgraduate.workload.sequences import Sequences
from pgraduate.workload.snapshots import between, state, take, workload_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """`untranslated` counts the executions that were left out, by the construct that stood in the way; `runs` has the
    longest sequence of each kind that one connection ran in a loop."""

    workload: Workload
    untranslated: tuple[tuple[str, int], ...] = ()
    runs: Mapping[str, int] = field(default_factory=dict)


def load_workload(connection: psycopg.Connection, path: Path | None, run_id: str | None = None) -> Loaded:
    """Read a recording or a server's log, or the counters of pg_stat_statements where no file is named.

    Raises UsageError for a file that is neither, Refused where there is nothing to read.
    """
    if path is None:
        return Loaded(_from_counters(connection))
    if not _is_recording(path):
        executions = ((item.sql, item.calls, item.seconds) for item in read_log(path))
        return Loaded(_required(gather(_understood(executions), f"log {path.name}"), path))
    recording = read_recording(path)
    if recording.engine == "postgresql":
        return _bound(recording, path)
    return _translated(connection, recording, path, run_id)


def _bound(recording: Recording, path: Path) -> Loaded:
    sequences = Sequences()

    def executions() -> Iterator[tuple[str, float, float | None]]:
        for item in recording.executions:
            text = bind(item.sql, item.parameters)
            sequences.see(item.connection, text)
            yield text, item.calls, item.seconds

    workload = gather(_understood(executions()), f"recording {path.name}")
    return Loaded(_required(workload, path), runs=sequences.longest)


def _translated(connection: psycopg.Connection, recording: Recording, path: Path, run_id: str | None) -> Loaded:
    refused: Counter[str] = Counter()
    sequences = Sequences()

    def executions() -> Iterator[tuple[str, float, float | None]]:
        for item, texts in translate_recording(connection, recording, refused, run_id):
            for text in texts:
                sequences.see(item.connection, text)
                yield text, item.calls, item.seconds

    workload = gather(_understood(executions()), f"recording {path.name}")
    return Loaded(_required(workload, path), tuple(refused.most_common()), sequences.longest)


def translate_recording(
    connection: psycopg.Connection, recording: Recording, refused: Counter[str], run_id: str | None = None
) -> Iterator[tuple[Execution, tuple[str, ...]]]:
    """Give each of SQLite's executions with its PostgreSQL texts, in their order, values written in.

    What has no translation is counted in `refused` by its construct.  Raises Refused where the sealed copy is not here.
    """
    schemas = _schemas(connection, run_id)
    for item in recording.executions:
        try:
            (statement,) = split(bind(item.sql, item.parameters, "sqlite"))
        except (ValueError, NotTranslated):
            refused["not one statement"] += 1
            continue
        results = [attempt(statement, schema) for schema in schemas]
        found = next((result for result in results if isinstance(result, Translated)), None)
        if found is None:
            refused[getattr(results[0], "construct", "?")] += 1
            continue
        yield item, tuple(found.texts)


def _schemas(connection: psycopg.Connection, run_id: str | None) -> Sequence[Layered]:
    """Give the translator's view of every source of the run."""
    record = choose_run(connection, run_id)
    found = []
    for source, plan in zip(record.sources, plans(connection, record.run_id), strict=True):
        sealed = Path(source.sealed)
        if not sealed.exists():
            raise Refused(
                "SQLite's statements are translated by the sealed copy of their database, which is not here",
                where=source.sealed,
                hint="tune on the machine that made the run, or record the statements on PostgreSQL",
            )
        found.append(Layered(planned_schema(read_catalog(sealed, name=source.name), plan), source.schema))
    return found


def _from_counters(connection: psycopg.Connection) -> Workload:
    if state(connection) != "ready":
        raise Refused(
            "there is no workload to tune for: pg_stat_statements is not at work in this database",
            where=f"database {connection.info.dbname}",
            hint="name recorded statements with --workload FILE; `pgraduate tune statements` plans the extension",
        )
    activity = between(None, take(connection))
    found = workload_of([item for item in activity if works_on_rows(item.text)])
    if not found.statements:
        raise Refused("pg_stat_statements has seen no statement yet", hint="let the application work for a while")
    return found


def _is_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b'"pgraduate.workload"' in file.readline(200)
    except OSError as error:
        raise UsageError(f"the workload cannot be read: {error.strerror}", where=str(path)) from None


def _understood(
    executions: Iterator[tuple[str, float, float | None]],
) -> Iterator[tuple[str, float, float | None]]:
    """Leave out what is no statement that could be tuned: transactions, settings, definitions."""
    for sql, calls, seconds in executions:
        if works_on_rows(sql):
            yield sql, calls, seconds


def _required(workload: Workload, path: Path) -> Workload:
    if not workload.statements:
        raise UsageError(
            "there is no statement in it that could be tuned",
            where=str(path),
            hint="a recording (docs/workload-format.md), or a log written with log_min_duration_statement",
        )
    return workload
