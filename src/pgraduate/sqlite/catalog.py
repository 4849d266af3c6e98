"""The catalog of a sealed copy: SQLite's pragmas first, the CREATE text where they are silent.

The invariant: every object of the file appears, except SQLite's own (`sqlite_%`), and names are those of the
source.  What a pragma tells is never guessed from the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Catalog, Column, ForeignKey, Index, IndexKey, Table, Trigger, View
from pgraduate.model.storage import affinity_of
from pgraduate.sqlite import pragmas
from pgraduate.sqlite.ddl import TableText, parse_index, parse_table
from pgraduate.sqlite.names import fold, quote
from pgraduate.sqlite.pragmas import ForeignKeyRow, TableListRow
from pgraduate.sqlite.queries import query
from pgraduate.sqlite.sealed import BUILT_IN_COLLATIONS, open_sealed
from pgraduate.sqlite.shadows import shadow_tables
from pgraduate.sqlite.virtual_tables import virtual_table

_GENERATED: dict[int, Literal["virtual", "stored"]] = {2: "virtual", 3: "stored"}
_ORIGIN: dict[str, Literal["create", "unique", "primary key"]] = {"c": "create", "u": "unique", "pk": "primary key"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of sqlite_schema."""

    kind: str
    name: str
    table: str
    sql: str


def read_catalog(sealed: Path, *, name: str | None = None) -> Catalog:
    """Read every object of a sealed copy; `name` is the source's stem where the copy's is another.

    Raises SourceUnusable, with the object's name, for a schema that SQLite cannot parse.
    """
    connection = open_sealed(sealed)
    try:
        return _read(connection, name or sealed.stem)
    finally:
        connection.close()


def read_schema(sealed: Path) -> tuple[str, ...]:
    """Give the statements that made a sealed copy's objects, in their order.  Raises SourceUnusable."""
    connection = open_sealed(sealed)
    try:
        entries = [_Entry(*row) for row in connection.execute(query("objects"))]
    finally:
        connection.close()
    return tuple(entry.sql for entry in entries if entry.sql)


def _read(connection: apsw.Connection, name: str) -> Catalog:
    entries = [_Entry(*row) for row in connection.execute(query("objects"))]
    listed = {row.name: row for row in pragmas.table_list(connection)}
    sequences = _sequences(connection)
    tables = []
    for entry in entries:
        if entry.kind == "table" and entry.name not in listed:
            raise SourceUnusable("the CREATE text of a table has another name", where=f"table {entry.name}")
        if entry.kind == "table":
            tables.append(_table(connection, entry, listed[entry.name], sequences))
    shadows = shadow_tables(tables)
    tables = [replace(table, kind="shadow") if table.name in shadows else table for table in tables]
    sql_of_index = {entry.name: entry.sql for entry in entries if entry.kind == "index"}
    return Catalog(
        name=name,
        tables=_resolve_parents(tables),
        indexes=tuple(index for table in tables for index in _indexes(connection, table, sql_of_index)),
        views=tuple(_view(connection, entry) for entry in entries if entry.kind == "view"),
        triggers=tuple(Trigger(entry.name, entry.table, entry.sql) for entry in entries if entry.kind == "trigger"),
        encoding=_text(connection, "encoding"),
        user_version=_integer(connection, "user_version"),
        application_id=_integer(connection, "application_id"),
    )


def _table(connection: apsw.Connection, entry: _Entry, listed: TableListRow, sequences: dict[str, int]) -> Table:
    if listed.kind == "virtual":
        return virtual_table(connection, entry.name, entry.sql)
    text = parse_table(entry.sql)
    columns, key = _columns(connection, entry.name, text, strict=bool(listed.strict))
    alias = _rowid_alias(connection, entry.name, columns, key, listed)
    return Table(
        name=entry.name,
        columns=columns,
        sql=entry.sql,
        kind="shadow" if listed.kind == "shadow" else "table",
        primary_key=key,
        rowid_alias=alias,
        autoincrement=alias is not None and bool(connection.column_metadata("main", entry.name, alias)[4]),
        sequence=sequences.get(entry.name),
        without_rowid=bool(listed.without_rowid),
        strict=bool(listed.strict),
        foreign_keys=_foreign_keys(connection, entry.name, text),
        checks=tuple(text.checks),
        conflict_rules=tuple(text.conflict_rules),
    )


def _columns(
    connection: apsw.Connection, table: str, text: TableText, *, strict: bool
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    columns = []
    key: dict[int, str] = {}
    for row in pragmas.table_xinfo(connection, table):
        declared = row.declared or ""
        columns.append(
            Column(
                name=row.name,
                declared=declared,
                affinity=affinity_of(declared, strict=strict),
                not_null=bool(row.not_null),
                default_sql=row.default,
                primary_key_position=row.key_position,
                generated=_GENERATED.get(row.hidden),
                generated_sql=text.generated.get(fold(row.name)) if row.hidden in _GENERATED else None,
                collation=_collation(connection.column_metadata("main", table, row.name)[1]),
            )
        )
        if row.key_position:
            key[row.key_position] = row.name
    return tuple(columns), tuple(key[position] for position in sorted(key))


def _collation(spelled: str) -> str:
    """Write SQLite's own collations in one spelling: it knows them in any case, and reports them as they were typed."""
    return spelled.upper() if spelled.upper() in BUILT_IN_COLLATIONS else spelled


def _rowid_alias(
    connection: apsw.Connection, table: str, columns: tuple[Column, ...], key: tuple[str, ...], listed: TableListRow
) -> str | None:
    """Find the INTEGER PRIMARY KEY that is the rowid.

    A single INTEGER key without an index of its own is the rowid; `INTEGER PRIMARY KEY DESC` has an index.
    """
    if listed.without_rowid or len(key) != 1:
        return None
    column = next(column for column in columns if column.name == key[0])
    if column.declared.upper() != "INTEGER" or any(
        index.origin == "pk" for index in pragmas.index_list(connection, table)
    ):
        return None
    return column.name


def _foreign_keys(connection: apsw.Connection, table: str, text: TableText) -> tuple[ForeignKey, ...]:
    """Read the keys in the order of the text; the pragma counts them from the last."""
    groups: dict[int, list[ForeignKeyRow]] = {}
    for row in pragmas.foreign_key_list(connection, table):
        groups.setdefault(row.number, []).append(row)
    ordered = [sorted(groups[number], key=lambda row: row.position) for number in sorted(groups, reverse=True)]
    if [fold(rows[0].parent) for rows in ordered] != [fold(key.parent) for key in text.foreign_keys]:
        raise SourceUnusable(
            "the foreign keys in the CREATE text are not those that SQLite reports",
            where=f"table {table}",
            hint="rebuild the table from a plain CREATE TABLE statement",
        )
    return tuple(
        ForeignKey(
            columns=tuple(row.column for row in rows),
            parent=rows[0].parent,
            parent_columns=tuple(row.parent_column for row in rows if row.parent_column is not None),
            on_update=rows[0].on_update,
            on_delete=rows[0].on_delete,
            deferred=key.deferred,
            name=key.name,
            implied=all(row.parent_column is None for row in rows),
        )
        for rows, key in zip(ordered, text.foreign_keys, strict=True)
    )


def _resolve_parents(tables: Iterable[Table]) -> tuple[Table, ...]:
    by_name = {fold(table.name): table for table in tables}
    return tuple(
        replace(table, foreign_keys=tuple(_resolve(key, by_name) for key in table.foreign_keys))
        for table in by_name.values()
    )


def _resolve(key: ForeignKey, tables: dict[str, Table]) -> ForeignKey:
    """Spell out the parent's key with the parent's own names, () where it does not exist."""
    parent = tables.get(fold(key.parent))
    if parent is None:
        return replace(key, parent_columns=())
    names = {fold(column.name): column.name for column in parent.columns}
    wanted = key.parent_columns or parent.primary_key
    columns = tuple(names[fold(name)] for name in wanted if fold(name) in names)
    matches = len(columns) == len(wanted) == len(key.columns)
    return replace(key, parent=parent.name, parent_columns=columns if matches else ())


def _indexes(connection: apsw.Connection, table: Table, sql_of_index: dict[str, str]) -> Iterable[Index]:
    if table.kind == "virtual":
        return
    for listed in reversed(pragmas.index_list(connection, table.name)):
        sql = sql_of_index.get(listed.name, "")
        text = parse_index(sql) if sql else None
        keys = tuple(
            IndexKey(
                column=term.column if term.cid >= 0 else None,
                expression_sql=text.terms[term.number] if text and term.cid == -2 else None,
                descending=bool(term.descending),
                collation=_collation(term.collation),
            )
            for term in pragmas.index_terms(connection, listed.name)
        )
        yield Index(
            name=listed.name,
            table=table.name,
            keys=keys,
            unique=bool(listed.unique),
            origin=_ORIGIN[listed.origin],
            where_sql=text.where if text else None,
            sql=sql or None,
        )


def _view(connection: apsw.Connection, entry: _Entry) -> View:
    try:
        columns = tuple(row.name for row in pragmas.table_xinfo(connection, entry.name))
        connection.execute(f'EXPLAIN SELECT * FROM "main".{quote(entry.name)}').fetchall()
    except apsw.SQLError as error:
        return View(entry.name, (), entry.sql, str(error))
    return View(entry.name, columns, entry.sql)


def _sequences(connection: apsw.Connection) -> dict[str, int]:
    """Read sqlite_sequence; the highest counts where a name stands twice."""
    if not connection.table_exists("main", "sqlite_sequence"):
        return {}
    return dict(connection.execute(query("sequences")))


def _text(connection: apsw.Connection, pragma: str) -> str:
    return str(connection.pragma(pragma, schema="main"))


def _integer(connection: apsw.Connection, pragma: str) -> int:
    return int(str(connection.pragma(pragma, schema="main")))
