"""What became of a source since it was sealed: two sealed copies of one application, table by table.

Both sides are files of ours.  Digests in constant memory tell which tables changed; only these are read again, and
their rows matched by key in a scratch file.  A key is the one that the run's plan matched rows by; a table without
one is compared as a multiset, whose rows come and go but never change.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from pgraduate.compare.canonical import digest
from pgraduate.compare.drilldown import Drilldown, drill_down
from pgraduate.compare.source import SourceRows
from pgraduate.compare.source_schema import ObjectChange, compare_schemas
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.plan import ColumnPlan, SchemaPlan, TablePlan
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.result import RowDifference
from pgraduate.model.selected import select
from pgraduate.sqlite import open_sealed, read_catalog
from pgraduate.sqlite.names import fold

_KINDS = {"missing": "deleted", "unexpected": "inserted", "changed": "changed"}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row by its key; `kind` is inserted, deleted or changed.  Values only where they were asked for."""

    key: str
    kind: str
    columns: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChange:
    """`differences` are the first hundred by key; all are counted.  `key` is () where rows have none in common."""

    table: str
    rows_before: int
    rows_after: int
    inserted: int
    deleted: int
    changed: int
    key: tuple[str, ...] = ()
    differences: tuple[RowChange, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.inserted or self.deleted or self.changed)


@dataclass(frozen=True, slots=True)
class Changes:
    tables: tuple[TableChange, ...]
    objects: tuple[ObjectChange, ...]

    @property
    def any(self) -> bool:
        return bool(self.objects) or any(table.any for table in self.tables)


def compare_since(
    before: Path, after: Path, plan: SchemaPlan, *, show_values: bool = False, sink: Sink | None = None
) -> Changes:
    """Compare two sealed copies of one source, the older first; `plan` is what the older one became.

    Virtual tables are compared by their CREATE text, their shadow tables by their rows; a table whose columns
    changed by the columns that both sides have, generated ones aside.  Raises SourceUnusable for a side that
    cannot be read.
    """
    sink = sink or Silence()
    old, new = (select(read_catalog(path), plan.selection, plan.schema).catalog for path in (before, after))
    pairs = _pairs(old, new)
    with closing(open_sealed(before)) as older, closing(open_sealed(after)) as newer:
        tables = []
        for number, (was, now) in enumerate(pairs, 1):
            tables.append(_compare_table(older, newer, was, now, plan, show_values))
            sink.emit(StepProgress("since", number, len(pairs), "tables", tables[-1].table))
    return Changes(tuple(tables), compare_schemas(old, new))


def _pairs(old: Catalog, new: Catalog) -> list[tuple[Table | None, Table | None]]:
    """Pair the tables that hold rows by their names, the older file's order first."""
    earlier = {fold(table.name): table for table in old.tables if table.kind != "virtual"}
    later = {fold(table.name): table for table in new.tables if table.kind != "virtual"}
    return [
        (earlier.get(name), later.get(name))
        for name in [*earlier, *(item for item in later if item not in earlier)]
    ]


def _compare_table(
    older: apsw.Connection,
    newer: apsw.Connection,
    was: Table | None,
    now: Table | None,
    plan: SchemaPlan,
    show_values: bool,
) -> TableChange:
    if was is None or now is None:
        table = was or now
        assert table is not None
        side = _shared(table, table, plan)
        rows = digest(SourceRows(older if was else newer, side).cells()).rows
        gone, come = (rows, 0) if was else (0, rows)
        return TableChange(table.name, gone, come, come, gone, 0)
    side = _shared(was, now, plan)
    before, after = SourceRows(older, side), SourceRows(newer, side)
    expected, found = digest(before.cells()), digest(after.cells())
    drilled = Drilldown(0, ())
    if expected != found:
        drilled = drill_down(before, after, side, show_values=show_values)
    return TableChange(
        table=now.name,
        rows_before=expected.rows,
        rows_after=found.rows,
        inserted=drilled.unexpected,
        deleted=drilled.missing,
        changed=drilled.changed,
        key=side.key,
        differences=tuple(_named(item) for item in drilled.differences),
    )


def _shared(was: Table, now: Table, plan: SchemaPlan) -> TablePlan:
    """Plan the reading of both sides: the columns that both store, every text by its bytes."""
    stored = {fold(column.name) for column in now.columns if column.generated is None}
    names = [column.name for column in was.columns if column.generated is None and fold(column.name) in stored]
    key = next((table.key for table in plan.tables if table.source == was.name), ())
    left_out = {fold(name) for name in (*was.left_out, *now.left_out)}
    names = [name for name in names if fold(name) not in left_out]
    aliases = {was.rowid_alias, now.rowid_alias}
    # Any text may have become one that is not valid since: `quarantines` has them all read as bytes.
    return TablePlan(
        source=was.name,
        schema=plan.schema,
        name=was.name,
        columns=tuple(
            ColumnPlan(name, name, "", Representation(Rule.TEXT), "", quarantines=True) for name in names
        ),
        key=key if set(key) <= set(names) else (),
        rowid_alias=was.rowid_alias if len(aliases) == 1 else None,
        without_rowid=was.without_rowid or now.without_rowid,
        rows=0,
        filter=was.filter,
        left_out=was.left_out,
    )


def _named(item: RowDifference) -> RowChange:
    return RowChange(item.key, _KINDS[item.kind], item.columns, item.source, item.target)
