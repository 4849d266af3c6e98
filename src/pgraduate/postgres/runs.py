"""The runs that a target knows: what resume, status, verify and undo read instead of the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from pgraduate.model.merge import MergedRow, MergePart
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.records import script


@dataclass(frozen=True, slots=True)
class RunSource:
    """One sealed source of a run.  `path` is the live file's resolved path, `sealed` the sealed copy's."""

    name: str
    path: str
    schema: str
    digest: str
    bytes: int
    sealed: str
    parts: tuple[MergePart, ...] = ()
    """The sources that were merged into this one, which has no live file of its own."""

    @property
    def live(self) -> tuple[str, ...]:
        """The paths of the live files behind it."""
        return tuple(part.path for part in self.parts) or (self.path,)

    @property
    def copies(self) -> tuple[tuple[str, str], ...]:
        """Every sealed file behind it, with its digest."""
        return ((self.sealed, self.digest), *((part.sealed, part.digest) for part in self.parts))


@dataclass(frozen=True, slots=True)
class RunRecord:
    run_id: str
    started: datetime
    finished: datetime | None
    verdict: str | None
    version: str
    sources: tuple[RunSource, ...]
    rows_done: int
    objects_done: int

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(path for source in self.sources for path in source.live)


def records_stand(connection: psycopg.Connection) -> bool:
    """Tell whether pgraduate's records of runs stand in this database."""
    row = connection.execute("SELECT to_regclass('pgraduate.run') IS NOT NULL").fetchone()
    return bool(row and row[0])


def known_runs(connection: psycopg.Connection) -> tuple[RunRecord, ...]:
    """List the target's runs, oldest first; () where pgraduate has left no records."""
    if not records_stand(connection):
        return ()
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(script("runs")).fetchall()
    return tuple(
        RunRecord(**row | {"sources": tuple(_source(source) for source in row["sources"])}) for row in rows
    )


def _source(row: dict[str, Any]) -> RunSource:
    return from_json(RunSource, row | {"parts": row["parts"] or []})


def register(
    connection: psycopg.Connection,
    run_id: str,
    version: str,
    sources: Sequence[tuple[RunSource, SchemaPlan]],
    merged: Sequence[MergedRow] = (),
) -> None:
    """Write a run, the plans of its sources and what a merge did to single rows, in one durable transaction.

    A second call changes nothing.
    """
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = on")
        connection.execute(
            "INSERT INTO pgraduate.run (run_id, version) VALUES (%s, %s) ON CONFLICT DO NOTHING", (run_id, version)
        )
        for position, (source, plan) in enumerate(sources):
            connection.execute(
                "INSERT INTO pgraduate.source (run_id, position, name, path, schema_name, digest, bytes, sealed, plan)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (
                    run_id,
                    position,
                    source.name,
                    source.path,
                    source.schema,
                    source.digest,
                    source.bytes,
                    source.sealed,
                    json.dumps(to_json(plan)),
                ),
            )
        if merged:
            _write_merged(connection, run_id, merged)


def _write_merged(connection: psycopg.Connection, run_id: str, merged: Sequence[MergedRow]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY pgraduate.merged_row (run_id, source_name, table_name, old_key, new_key, fate) FROM STDIN"
        ) as copy,
    ):
        for row in merged:
            copy.write_row((run_id, row.source, row.table, row.old_key, row.new_key, row.fate))


def plans(connection: psycopg.Connection, run_id: str) -> tuple[SchemaPlan, ...]:
    """Read the plans that a run was made by, in the order of its sources; () where there are no records of it."""
    if not records_stand(connection):
        return ()
    rows = connection.execute(
        "SELECT plan FROM pgraduate.source WHERE run_id = %s ORDER BY position", (run_id,)
    ).fetchall()
    return tuple(from_json(SchemaPlan, row[0]) for row in rows)


def made_objects(connection: psycopg.Connection, run_id: str, source: str, kind: str) -> frozenset[str]:
    """Name the objects of one kind that a run has made for a source and not taken back."""
    rows = connection.execute(
        "SELECT name FROM pgraduate.object WHERE run_id = %s AND source_name = %s AND kind = %s",
        (run_id, source, kind),
    )
    return frozenset(name for (name,) in rows)


def finish(connection: psycopg.Connection, run_id: str, verdict: str) -> None:
    """Mark a run as finished with its verdict; the mark is durable when this returns."""
    with connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = on")
        connection.execute(
            "UPDATE pgraduate.run SET finished = clock_timestamp(), verdict = %s WHERE run_id = %s",
            (verdict, run_id),
        )


def forget(connection: psycopg.Connection, run_id: str, schemas: Sequence[str]) -> None:
    """Remove a run's records, with the kept classes and quarantined cells of its schemas."""
    with connection.transaction():
        connection.execute("DELETE FROM pgraduate.run WHERE run_id = %s", (run_id,))
        connection.execute("DELETE FROM pgraduate.kept_class WHERE schema_name = ANY (%s)", (list(schemas),))
        connection.execute("DELETE FROM pgraduate.quarantine WHERE schema_name = ANY (%s)", (list(schemas),))
        connection.execute("DELETE FROM pgraduate.restored WHERE schema_name = ANY (%s)", (list(schemas),))
