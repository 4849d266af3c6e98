"""What a selection leaves behind, said as everything else that is not carried is said."""

from __future__ import annotations

from pgraduate.model.catalog import Catalog
from pgraduate.model.census import Census
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.selected import Selected
from pgraduate.model.wording import counted
from pgraduate.schema.docket import Docket
from pgraduate.schema.room import Room

UNUSED = "SELECTION_UNUSED"


def left_behind(selected: Selected, census: Census, docket: Docket) -> None:
    """List the objects that stay in SQLite by the selection, and the tables of which rows do."""
    for item in selected.left:
        docket.add(ObjectPlan(item.kind, item.name, "not_carried", item.reason, "before rows", source_sql=item.sql))
    for table in selected.catalog.tables:
        if table.filter is None:
            continue
        counts = census.table(table.name)
        if counts.rows_left_out:
            every = counted(counts.rows + counts.rows_left_out, "row")
            reason = f"the filter leaves {counts.rows_left_out:,} of {every} in SQLite"
            docket.add(
                ObjectPlan("rows", table.name, "not_carried", reason, "before rows", source_sql=table.filter)
            )


def rowids_kept(catalog: Catalog, docket: Docket) -> None:
    """Say which rowids became a column, as PostgreSQL cannot hide it."""
    for table in catalog.tables:
        if table.kind == "table" and table.rowid_alias is not None and table.column(table.rowid_alias).implicit:
            docket.find(
                "ROWID_KEPT",
                Severity.INFO,
                table.name,
                f"its rowids are carried as the last column, {table.rowid_alias}, which a SELECT * in PostgreSQL shows",
            )


def renamed_keys(room: Room, selected: Selected) -> None:
    """Show the foreign keys that are carried across a name which a person gave."""
    lost = {item.name for item in room.docket.objects if item.kind == "foreign key" and not item.statements}
    for table in room.tables:
        for key in table.foreign_keys:
            ends = ((table.name, key.columns), (key.parent, key.parent_columns))
            label = f"{table.name}({', '.join(key.columns)})"
            if label in lost or not any(_renamed(selected, *end) for end in ends):
                continue
            child, parent = (f"{room.qualified(name)} ({room.quoted_columns(name, part)})" for name, part in ends)
            room.docket.find(
                "FK_RENAMED",
                Severity.INFO,
                label,
                f"the foreign key is now {child} to {parent}",
            )


def _renamed(selected: Selected, table: str, columns: tuple[str, ...]) -> bool:
    names = selected.column_names.get(fold_name(table), {})
    return fold_name(table) in selected.relation_names or any(fold_name(name) in names for name in columns)


def words_unused(selected: Selected, docket: Docket) -> None:
    """Note the words of the selection that name nothing here; where no source knows one, the journey stops."""
    for word in selected.unused:
        docket.find(UNUSED, Severity.WARNING, word, "the selection names something that this source does not have")
