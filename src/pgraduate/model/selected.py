"""A catalog with only what a selection carries, and the list of what it leaves behind.

The invariant: what is taken out of the catalog is in `left`, with the reason; what needs something that was taken
out is taken out with it, or keeps the name in `left_out`, so that whoever translates it can refuse by that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Column, ForeignKey, Index, Table
from pgraduate.model.names import fold_name
from pgraduate.model.rowids import with_rowids
from pgraduate.model.selected_names import Finder, ObjectId
from pgraduate.model.selection import Selection

BY_SELECTION = "left out by the selection"
"""Said of whatever a person left in SQLite."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`kind` is that of an ObjectPlan, or `column` for a column of a table that is carried."""

    kind: str
    name: str
    reason: str
    sql: str | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """Wished names by folded source names; `unused` are the words that fit nothing here."""

    catalog: Catalog
    left: tuple[LeftOut, ...] = ()
    relation_names: dict[str, str] = field(default_factory=dict)
    column_names: dict[str, dict[str, str]] = field(default_factory=dict)
    """By table, then by column."""
    unused: tuple[str, ...] = ()
    selection: Selection = Selection()


def select(catalog: Catalog, selection: Selection, schema: str) -> Selected:
    """Take out of a catalog what the selection leaves in SQLite; `schema` is the name that patterns may begin with.

    Raises UsageError for a selection that cannot be: a table without a column left, part of a virtual table, a
    filter or a name for something that is left out.
    """
    if not selection:
        return Selected(with_rowids(catalog, ()))
    finder = Finder(catalog, schema)
    wanted = finder.matching(selection.include) if selection.include else None
    unwanted = finder.matching(selection.exclude)
    left: list[LeftOut] = []
    tables = []
    for table in catalog.tables:
        kept = _table(table, wanted, unwanted, left)
        tables += [kept] if kept is not None else []
    views = [view for view in catalog.views if _is_kept((fold_name(view.name), None), wanted, unwanted)]
    left += [LeftOut("view", view.name, BY_SELECTION, view.sql) for view in catalog.views if view not in views]
    relations = [item for item in left if item.kind in ("table", "view", "virtual table")]
    gone = {fold_name(item.name) for item in relations}
    # What a virtual table keeps its own text in goes with it.
    virtual = tuple(f"{fold_name(item.name)}_" for item in left if item.kind == "virtual table")
    tables = [item for item in tables if item.kind != "shadow" or not fold_name(item.name).startswith(virtual)]
    names = finder.named(selection.rename, "rename")
    filters = {found[0]: text for found, text in finder.named(selection.filters, "filter", columns=False).items()}
    chosen = replace(
        catalog,
        tables=tuple(_finished(table, tables, filters, left) for table in tables),
        indexes=tuple(_indexes(catalog, tables, left)),
        views=tuple(views),
        triggers=tuple(item for item in catalog.triggers if fold_name(item.table) not in gone),
        left_out=tuple(item.name for item in relations),
    )
    left += [
        LeftOut("trigger", item.name, f"its table {item.table} is {BY_SELECTION}", item.sql)
        for item in catalog.triggers
        if fold_name(item.table) in gone
    ]
    numbered = {fold_name(table.name) for table in catalog.tables if table.rowid_alias is not None}
    lost = {fold_name(table.name) for table in chosen.tables if table.rowid_alias is None} & numbered
    chosen = with_rowids(chosen, _numbered(finder, selection, chosen), lost)
    _require_present(chosen, [*names, *((table, None) for table in filters)])
    _require_own_rows(chosen, [table for table, _ in names])
    column_names: dict[str, dict[str, str]] = {}
    for (relation, column), wish in names.items():
        if column is not None:
            column_names.setdefault(relation, {})[column] = wish
    relation_names = {relation: wish for (relation, column), wish in names.items() if column is None}
    return Selected(chosen, tuple(left), relation_names, column_names, tuple(finder.unused), selection)


def _numbered(finder: Finder, selection: Selection, chosen: Catalog) -> set[str]:
    """Name the tables whose rowids are asked for: of those that a pattern means, the ones that can have them."""
    exact = {fold_name(word) for word in selection.rowids}
    able = {fold_name(table.name) for table in chosen.tables if table.kind == "table" and not table.without_rowid}
    able -= {fold_name(table.name) for table in chosen.tables if table.rowid_alias is not None}
    found = {name for name, column in finder.matching(selection.rowids) if column is None}
    return {name for name in found if name in able or name in exact}


def _is_kept(item: ObjectId, wanted: set[ObjectId] | None, unwanted: set[ObjectId]) -> bool:
    """Decide on a table or view, or on a column whose table is carried."""
    table, column = item
    if item in unwanted:
        return False
    if wanted is None or item in wanted:
        return True
    if column is None:
        return any(name == table for name, part in wanted if part is not None)
    return (table, None) in wanted


def _table(
    table: Table, wanted: set[ObjectId] | None, unwanted: set[ObjectId], left: list[LeftOut]
) -> Table | None:
    """Leave out a table, or columns of it; a shadow table follows its virtual table, which decides for it."""
    if table.kind == "shadow":
        return table
    name = fold_name(table.name)
    if not _is_kept((name, None), wanted, unwanted):
        kind = "table" if table.kind == "table" else "virtual table"
        left.append(LeftOut(kind, table.name, BY_SELECTION, table.sql))
        return None
    gone = [column for column in table.columns if not _is_kept((name, fold_name(column.name)), wanted, unwanted)]
    if not gone:
        return table
    if table.kind != "table":
        raise UsageError(
            f"{table.name} is a virtual table: it is carried whole or not at all",
            where=f"selection of {table.name}.{gone[0].name}",
            hint=f"leave out {table.name} itself, or none of its columns",
        )
    if len(gone) == len(table.columns):
        raise UsageError(
            f"the selection leaves no column of {table.name}",
            where=f"selection of {table.name}",
            hint=f"leave out {table.name} itself",
        )
    left += [LeftOut("column", f"{table.name}.{column.name}", BY_SELECTION) for column in gone]
    return _without(table, gone, left)


def _without(table: Table, gone: list[Column], left: list[LeftOut]) -> Table:
    names = {fold_name(column.name) for column in gone}
    key_lost = [name for name in table.primary_key if fold_name(name) in names]
    if key_lost:
        left.append(LeftOut("primary key", table.name, f"its column {key_lost[0]} is {BY_SELECTION}"))
    for key in table.foreign_keys:
        lost = [name for name in key.columns if fold_name(name) in names]
        if lost:
            label = f"{table.name}({', '.join(key.columns)})"
            left.append(LeftOut("foreign key", label, f"its column {lost[0]} is {BY_SELECTION}"))
    alias_lost = table.rowid_alias is not None and fold_name(table.rowid_alias) in names
    return replace(
        table,
        columns=tuple(column for column in table.columns if column not in gone),
        left_out=tuple(column.name for column in gone),
        primary_key=() if key_lost else table.primary_key,
        rowid_alias=None if alias_lost else table.rowid_alias,
        autoincrement=table.autoincrement and not alias_lost,
        sequence=None if alias_lost else table.sequence,
        foreign_keys=tuple(
            key for key in table.foreign_keys if not any(fold_name(name) in names for name in key.columns)
        ),
    )


def _finished(table: Table, tables: list[Table], filters: dict[str, str], left: list[LeftOut]) -> Table:
    """Give a table its filter, and foreign keys that know of what is left."""
    condition = filters.get(fold_name(table.name))
    if condition is not None and table.kind != "table":
        raise UsageError(
            f"{table.name} is a virtual table: its rows cannot be filtered",
            where=f"filter of {table.name}",
            hint="leave it out, or filter the table whose text it searches",
        )
    standing = {fold_name(item.name): item for item in tables}
    keys = tuple(_foreign_key(key, standing) for key in table.foreign_keys)
    return replace(table, filter=condition, foreign_keys=keys)


def _foreign_key(key: ForeignKey, standing: dict[str, Table]) -> ForeignKey:
    """Empty the parent's columns of a key whose parent, or a column of it, is left out."""
    parent = standing.get(fold_name(key.parent))
    gone = {fold_name(name) for name in parent.left_out} if parent is not None else set()
    if parent is None or any(fold_name(name) in gone for name in key.parent_columns):
        return replace(key, parent_columns=())
    return key


def _indexes(catalog: Catalog, tables: list[Table], left: list[LeftOut]) -> Iterator[Index]:
    standing = {fold_name(table.name): table for table in tables}
    for index in catalog.indexes:
        table = standing.get(fold_name(index.table))
        if table is None:
            continue
        gone = {fold_name(name) for name in table.left_out}
        columns = [key.column for key in index.keys if key.column is not None]
        lost = [name for name in columns if fold_name(name) in gone]
        if not lost:
            yield index
        elif index.origin != "primary key":
            kind = "unique" if index.origin == "unique" else "index"
            label = index.name if kind == "index" else f"{table.name}({', '.join(columns)})"
            left.append(LeftOut(kind, label, f"its column {lost[0]} is {BY_SELECTION}", index.sql))


def _require_present(chosen: Catalog, items: list[ObjectId]) -> None:
    """Refuse a name or a filter for what is left out: one of the two is a mistake."""
    present: set[ObjectId] = {(fold_name(table.name), None) for table in chosen.tables}
    present |= {(fold_name(view.name), None) for view in chosen.views}
    present |= {
        (fold_name(table.name), fold_name(column.name)) for table in chosen.tables for column in table.columns
    }
    for table, column in items:
        if (table, column) not in present:
            name = table if column is None else f"{table}.{column}"
            raise UsageError(
                f"{name} is {BY_SELECTION}, so it can have neither a new name nor a filter",
                where=f"selection of {name}",
                hint="select it, or drop its name and its filter",
            )


def _require_own_rows(chosen: Catalog, renamed: list[str]) -> None:
    """Refuse a new name for a virtual table over another table's text, which becomes a view of that table."""
    for table in chosen.tables:
        if fold_name(table.name) in renamed and table.kind == "virtual" and "content" in table.options:
            raise UsageError(
                f"{table.name} searches another table, and the view that stands for it keeps its name",
                where=f"rename of {table.name}",
                hint="drop its new name",
            )
