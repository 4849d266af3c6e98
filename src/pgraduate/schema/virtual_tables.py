"""What stands in PostgreSQL for a virtual table.

A full-text table that keeps its own text, and an R-Tree, become ordinary tables of the same name, read through the
virtual table; an index serves their searches.  A full-text table over the text of another table (external content)
becomes a view of that table, which has the search index itself: in SQLite, too, such a table shows the other's rows.

The number of a full-text row is data, because applications address the row by it.  It is the last column of the
table or view, called `rowid` (FTS5) or `docid` (FTS3 and FTS4).  PostgreSQL cannot hide a column: the translator
leaves it out of `SELECT *`, a hand-written `SELECT *` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pgraduate.model.catalog import Catalog, Check, Column, Table
from pgraduate.model.census import Census
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.storage import Affinity
from pgraduate.schema.docket import Docket

FULL_TEXT = frozenset({"fts3", "fts4", "fts5"})
TREES = frozenset({"rtree", "rtree_i32"})
_ROWID_NAMES = frozenset({"rowid", "_rowid_", "oid"})


@dataclass(frozen=True, slots=True)
class Mirror:
    """A full-text table over the text of another: `number` is the column of `content` that numbers its rows."""

    table: Table
    content: Table
    number: str | None

    @property
    def columns(self) -> tuple[tuple[Column, str], ...]:
        """Pair each column with the column of the other table that it shows."""
        shown = [
            (column, self.content.column(column.name).name)
            for column in self.table.columns
            if not (column.hidden or column.implicit)
        ]
        if self.number is not None and self.table.rowid_alias is not None:
            shown.append((self.table.column(self.table.rowid_alias), self.number))
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Admission:
    """The catalog in which a virtual table with rows of its own is a table; `mirrors` by folded name."""

    catalog: Catalog
    mirrors: Mapping[str, Mirror]


def admit(catalog: Catalog, census: Census, docket: Docket) -> Admission:
    """Decide what each virtual table becomes, and note those that nothing stands for."""
    counted = {fold_name(table.table) for table in census.tables}
    tables: list[Table] = []
    mirrors: dict[str, Mirror] = {}
    for table in catalog.tables:
        if table.kind != "virtual":
            tables.append(table)
            continue
        found = _mirror(table, catalog) if table.options.get("content") and table.columns else None
        readable = bool(table.columns) and fold_name(table.name) in counted
        if isinstance(found, Mirror):
            mirrors[fold_name(table.name)] = found
            tables.append(table)
        elif (reason := found or _refusal(table, readable=readable)) is not None:
            docket.add(
                ObjectPlan("virtual table", table.name, "not_carried", reason, "before rows", source_sql=table.sql)
            )
            tables.append(table)
        else:
            tables.append(_as_table(table, census))
    return Admission(replace(catalog, tables=tuple(tables)), mirrors)


def mirror_of(table: Table, catalog: Catalog) -> Mirror | None:
    """Give what a full-text table shows of another table; None where it is no such table."""
    found = _mirror(table, catalog) if table.kind == "virtual" and table.options.get("content") else None
    return found if isinstance(found, Mirror) else None


def is_search(table: Table) -> bool:
    return table.module in FULL_TEXT


def _refusal(table: Table, *, readable: bool) -> str | None:
    if table.module not in FULL_TEXT | TREES:
        return f"a virtual table of the module {table.module or 'unknown'} has no counterpart in PostgreSQL"
    if table.options.get("content") == "":
        return "it is contentless: it holds the index of texts that it does not keep, and none can be read"
    if not readable:
        return f"SQLite cannot read its rows: the module {table.module} refuses"
    return None


def _mirror(table: Table, catalog: Catalog) -> Mirror | str:
    """Find the table whose text is searched; give the reason where nothing can stand for the search."""
    name = table.options["content"]
    try:
        content = catalog.table(name)
    except KeyError:
        if fold_name(name) in map(fold_name, catalog.left_out):
            return f"the text that it searches stands in {name}, which is left out by the selection"
        kind = "a view" if any(fold_name(view.name) == fold_name(name) for view in catalog.views) else "no table"
        return f"the text that it searches stands in {name}, which is {kind}"
    if content.kind != "table":
        return f"the text that it searches stands in {name}, which is not an ordinary table"
    known = {fold_name(column.name) for column in content.columns}
    lacking = [
        column.name
        for column in table.columns
        if not (column.hidden or column.implicit) and fold_name(column.name) not in known
    ]
    if lacking:
        return f"the table {content.name}, whose text it searches, has no column {lacking[0]}"
    wanted = table.options.get("content_rowid", "rowid")
    if fold_name(wanted) in known:
        number: str | None = content.column(wanted).name
    else:
        number = content.rowid_alias if fold_name(wanted) in _ROWID_NAMES else None
    return Mirror(table, content, number)


def _as_table(table: Table, census: Census) -> Table:
    columns = tuple(column for column in table.columns if not column.hidden)
    if table.module in FULL_TEXT:
        counts = census.table(table.name)
        # What is searched is text; a column without a value says so by its affinity only.
        columns = tuple(
            replace(column, affinity=Affinity.TEXT)
            if not (column.implicit or counts.column(column.name).values)
            else column
            for column in columns
        )
    return replace(table, kind="table", columns=columns, checks=_checks(table))


def _checks(table: Table) -> tuple[Check, ...]:
    """Write what an R-Tree demands of a row: no box ends before it starts."""
    if table.module not in TREES:
        return ()
    return tuple(Check(f"{_quoted(low)} <= {_quoted(high)}") for low, high in dimensions(table))


def dimensions(table: Table) -> tuple[tuple[Column, Column], ...]:
    """Pair the columns of an R-Tree's dimensions: least and greatest coordinate."""
    ends = [column for column in table.columns[1:] if not column.unindexed]
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _quoted(column: Column) -> str:
    return '"' + column.name.replace('"', '""') + '"'
