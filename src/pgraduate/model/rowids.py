"""The rowid of a table without an INTEGER PRIMARY KEY: data only for an application that asks for it.

SQLite numbers the rows of every such table, and mostly nobody reads the number: then it stays behind.  It is carried
where a person asks (`rowids` of the selection), and where an object of the file reads it, which could not be carried
without it: a trigger, a view, a full-text table over the rows.  It becomes the last column of its table, which neither
`*` nor an INSERT without a column list has.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Column, Index, IndexKey, Table, Trigger
from pgraduate.model.names import fold_name
from pgraduate.model.storage import Affinity

NAMES = ("rowid", "_rowid_", "oid")


def with_rowids(catalog: Catalog, asked: Collection[str], left: Collection[str] = ()) -> Catalog:
    """Give the catalog in which the rowids to be carried are columns.

    `asked` are folded names of tables; those in `left` stay without, because their rowid is a column that a selection
    leaves in SQLite.  Raises UsageError for a table that is asked for and has no rowid to carry.
    """
    tables: list[Table] = []
    indexes = list(catalog.indexes)
    for table in catalog.tables:
        name = _free_name(table)
        wanted = fold_name(table.name) in asked
        reason = "it is a column that is left out" if fold_name(table.name) in left else _why_not(table, name)
        if wanted and reason is not None:
            raise UsageError(
                f"the rowids of {table.name} cannot be kept: {reason}",
                where=f"selection of the rowids of {table.name}",
                hint="take the table off the list",
            )
        if name is None or reason is not None or not (wanted or _is_read(table, catalog)):
            tables.append(table)
            continue
        tables.append(_numbered(table, name))
        if table.primary_key:
            key = IndexKey(name)
            indexes.append(Index(f"{table.name}_{name}", table.name, (key,), unique=True, origin="unique"))
    return replace(catalog, tables=tuple(tables), indexes=tuple(indexes))


def _why_not(table: Table, name: str | None) -> str | None:
    if table.kind != "table":
        return "it is a virtual table"
    if table.without_rowid:
        return "it is WITHOUT ROWID"
    if table.rowid_alias is not None:
        return f"its column {table.rowid_alias} is the rowid already"
    return "all names of the rowid are names of its columns" if name is None else None


def _free_name(table: Table) -> str | None:
    """Give the name by which the rowid can be read: one that no column has taken."""
    taken = {fold_name(name) for name in (*(column.name for column in table.columns), *table.left_out)}
    return next((name for name in NAMES if name not in taken), None)


def _numbered(table: Table, name: str) -> Table:
    column = Column(name, "INTEGER", Affinity.INTEGER, not_null=True, implicit=True, unindexed=True)
    if table.primary_key:
        return replace(table, columns=(*table.columns, column), rowid_alias=name)
    column = replace(column, primary_key_position=1)
    return replace(table, columns=(*table.columns, column), rowid_alias=name, primary_key=(name,))


def _is_read(table: Table, catalog: Catalog) -> bool:
    """Tell whether a trigger, a view or a full-text table may read the rowid; it errs towards yes."""
    taken = {fold_name(column.name) for column in table.columns}
    words = "|".join(name for name in NAMES if name not in taken)
    number = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    named = re.compile(rf"(?<!\w){re.escape(table.name)}(?!\w)", re.IGNORECASE)
    texts = [_without_own_row(item, table) for item in catalog.triggers] + [item.sql for item in catalog.views]
    return any(number.search(text) and named.search(text) for text in texts) or any(
        fold_name(other.options.get("content", "")) == fold_name(table.name)
        and fold_name(other.options.get("content_rowid", "rowid")) not in taken
        for other in catalog.tables
    )


def _without_own_row(trigger: Trigger, table: Table) -> str:
    """Give a trigger's text without the tests that find the row it runs for, which a key of the table finds as well."""
    if not table.primary_key or fold_name(trigger.table) != fold_name(table.name):
        return trigger.sql
    return _OWN_ROW.sub("", trigger.sql)


_OWN_ROW = re.compile(
    r"(?<!\w)(?:\w+\.)?(?:rowid|_rowid_|oid)\s*==?\s*(?:new|old)\.(?:rowid|_rowid_|oid)(?!\w)", re.IGNORECASE
)
