"""A sample of a source, loaded into the scratch schema of a target, measured and removed again.

Large tables give their first rows in the order of their rowid, small ones all of them.  Foreign keys, views and
triggers are left out: a sample has not all parents.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from pgraduate.assess import Sample, SampledTable
from pgraduate.copy import CellRefused, load
from pgraduate.errors import TargetUnusable
from pgraduate.events import Sink
from pgraduate.journey.destination import open_destination
from pgraduate.journey.planning import plan_source
from pgraduate.journey.scratch import SCHEMA, apply, for_scratch, scratch_room
from pgraduate.model.plan import ObjectPlan, SchemaPlan, TablePlan
from pgraduate.postgres.identifiers import qualified
from pgraduate.postgres.identity import identify
from pgraduate.postgres.runs import RunSource
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import Settings
from pgraduate.sqlite.names import quote

SAMPLE_ROWS = 20_000
"""Rows of a table at most: a second or two of loading, which is enough to see beyond start-up costs."""
_KINDS = frozenset({"schema", "table", "virtual table", "identity", "primary key", "unique", "index"})


class SampleFailed(Exception):
    """The sample could not be loaded, for the reason that the message gives; the target is as it was."""


def take_sample(record: RunSource, settings: Settings, *, sink: Sink) -> Sample:
    """Load part of a sealed source into the target that the settings name, and say what it took.

    Raises SampleFailed where PostgreSQL refuses a row or a key of it, and what a run would raise for the target itself.
    """
    destination = open_destination(settings)
    moved = replace(record, schema=SCHEMA, path=record.sealed)
    plan = _sampled(plan_source(moved, for_scratch(settings, record.schema), sink=sink))
    with destination.target.connect("assess") as connection:
        server = identify(connection)
        with _refusals(), scratch_room(connection, moved, plan) as run_id:
            before = _log_position(connection)
            apply(connection, plan_create(plan, run_id))
            copied = load(
                lambda: destination.target.connect("assess"), Path(record.sealed), plan, run_id, sink=sink
            )
            started = time.monotonic()
            apply(connection, plan_finish(plan, run_id))
            finished = time.monotonic() - started
            written = _log_position(connection) - before
            tables = tuple(
                SampledTable(
                    item.source,
                    item.rows,
                    max(plan.table(item.source).rows, item.rows),
                    _size(connection, plan.table(item.source)),
                    item.seconds,
                )
                for item in copied
            )
    return Sample(tables, finished, written, f"PostgreSQL {server.version}")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (TargetUnusable, CellRefused) as error:
        raise SampleFailed(f"{error.what} ({error.where})") from error


def _sampled(plan: SchemaPlan) -> SchemaPlan:
    return replace(
        plan,
        tables=tuple(_first_rows(table) for table in plan.tables),
        objects=tuple(item for item in plan.objects if item.kind in _KINDS and not _is_view(item)),
    )


def _is_view(item: ObjectPlan) -> bool:
    """Tell whether a virtual table is a view of another table, which a sample need not show."""
    return item.kind == "virtual table" and item.phase == "after rows"


def _first_rows(table: TablePlan) -> TablePlan:
    """Give a large table a filter for its first rows; `rows` stays the number of all."""
    taken = {column.source.lower() for column in table.columns}
    rowid = table.rowid_alias or next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), None)
    if table.rows <= SAMPLE_ROWS or table.without_rowid or rowid is None:
        return table
    name, source = quote(rowid), quote(table.source)
    last = f"SELECT max({name}) FROM (SELECT {name} FROM {source} ORDER BY {name} LIMIT {SAMPLE_ROWS})"
    condition = f"{name} <= ({last})"
    return replace(table, filter=condition if table.filter is None else f"({table.filter}\n) AND {condition}")


def _size(connection: psycopg.Connection, table: TablePlan) -> int:
    """Give the bytes of a table with its indexes and its values out of line."""
    row = connection.execute(
        "SELECT pg_catalog.pg_total_relation_size(%s::regclass)", (qualified(table.schema, table.name),)
    ).fetchone()
    return int(row[0]) if row else 0


def _log_position(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')").fetchone()
    return int(row[0]) if row else 0
