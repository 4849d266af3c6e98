"""What SQLite's own definitions say of tables and columns, written into a question to the live catalog.

PostgreSQL's catalog knows what stands there now; names in their spelling, declared types, defaults as SQL,
AUTOINCREMENT and the definitions' texts it does not know.  Where the schema view does, the question carries them along,
by PostgreSQL's names: the functions in `70_catalog.sql` read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.identifiers import qualified
from pgraduate.dialect.schema_view import DeclaredTable, DeclaredTerm, SchemaView, TableView

SEQUENCES = "sqlite_sequence"


def columns_known(schema: SchemaView, name: str | None) -> exp.Expr | None:
    """Describe the columns of one table, or of all for None; None where nothing is known of any."""
    found = [
        {
            "table": table.target,
            "target": column.target,
            "source": column.source,
            "type": column.declared.type,
            "notnull": int(column.declared.not_null),
            "dflt": column.declared.default,
            "hidden": column.declared.hidden,
        }
        | ({"implicit": True} if column.implicit else {})
        for table in _tables(schema, name)
        for column in table.columns
        if column.declared is not None
    ]
    if has_sequences(schema) and (name is None or name.lower() == SEQUENCES):
        empty = {"type": "", "notnull": 0, "dflt": None, "hidden": 0}
        found += [{"table": SEQUENCES, "source": column} | empty for column in ("name", "seq")]
    return _json(found) if found else None


def has_sequences(schema: SchemaView) -> bool:
    """Tell whether SQLite keeps a table of the largest numbers."""
    return any(table.autoincrement for table in schema.tables.values())


def names_known(schema: SchemaView) -> tuple[exp.Expr, exp.Expr] | None:
    """Give SQLite's names of tables by PostgreSQL's, and whether there is a table sqlite_sequence; None for neither."""
    names, numbered = _names(schema), has_sequences(schema)
    return (_json(names), exp.Boolean(this=numbered)) if names or numbered else None


def objects_known(schema: SchemaView, *, texts: bool) -> list[exp.Expr]:
    """Give what a question to sqlite_master carries along; [] where PostgreSQL's catalog says the same.

    With `texts` the definition of everything goes along, without it only the names of indexes and triggers that are
    others in PostgreSQL.
    """
    found = [item for table in schema.tables.values() for item in _objects(table, texts=texts)]
    if not found and not texts:
        return list(names_known(schema) or ())
    return [_json(_names(schema)), exp.Boolean(this=has_sequences(schema)), _json(found)]


def _objects(table: TableView, *, texts: bool) -> Iterator[dict[str, str | None]]:
    if table.declared is None:
        return
    own = ("view" if table.is_view else "table", table.target, table.source, table.declared.sql)
    indexes = [("index", index.target, index.name, index.sql) for index in table.declared.indexes]
    triggers = [("trigger", target, name, sql) for target, name, sql in table.declared.triggers]
    for kind, target, name, sql in [own, *indexes, *triggers]:
        if texts or (name != target and kind in ("index", "trigger")):
            found: dict[str, str | None] = {"type": kind, "table": table.target, "target": target, "name": name}
            yield found | ({"sql": sql} if texts else {})
    for target in table.declared.helpers:
        yield {"type": "index", "table": table.target, "target": target}


def is_declared(schema: SchemaView) -> bool:
    """Tell whether SQLite's definition of every table and view is known."""
    return all(table.declared is not None for table in schema.tables.values())


def lists_known(schema: SchemaView) -> list[exp.Expr]:
    """Give what a question to table_list carries along: names, sqlite_sequence, and what each table is."""
    found = {
        table.target: flags
        for table in schema.tables.values()
        if table.declared is not None and any(flags := _flags(table, table.declared))
    }
    return [_json(_names(schema)), exp.Boolean(this=has_sequences(schema)), _json(found)]


def _flags(table: TableView, declared: DeclaredTable) -> list[int]:
    implicit = sum(column.implicit for column in table.columns)
    return [int(declared.without_rowid), int(declared.strict), implicit]


def indexes_of_known(schema: SchemaView, name: str | None) -> exp.Expr | None:
    """Describe the indexes of one table, or of all for None; None where nothing is known of any."""
    found: list[dict[str, object]] = []
    for table in _tables(schema, name):
        if table.declared is not None:
            found += [
                {
                    "target": index.target,
                    "name": index.name,
                    "unique": int(index.unique),
                    "origin": index.origin,
                    "partial": int(index.partial),
                    "place": place,
                }
                for place, index in enumerate(table.declared.indexes)
            ]
            found += [{"target": target} for target in table.declared.helpers]
    return _json(found) if found else None


def terms_known(schema: SchemaView, name: str | None) -> exp.Expr | None:
    """Describe the terms of one index, or of all for None; None where nothing is known of any."""
    found = [
        {"target": index.target, "name": index.name, "terms": list(map(_term, index.terms))}
        for table in schema.tables.values()
        if table.declared is not None
        for index in table.declared.indexes
        if name is None or index.name.lower() == name.lower()
    ]
    return _json(found) if found else None


def _term(term: DeclaredTerm) -> list[object]:
    return [term.place, term.name, int(term.descending), term.collation, int(term.is_key)]


def references_known(schema: SchemaView) -> exp.Expr | None:
    """Give SQLite's names of tables and columns where they are others, and the keys whose parents' columns are implied."""
    tables = list(schema.tables.values())
    columns = {
        table.target: names
        for table in tables
        if (names := {c.target: c.source for c in table.columns if c.target != c.source})
    }
    implied = {
        table.target: list(map(list, table.declared.implied_parents))
        for table in tables
        if table.declared is not None and table.declared.implied_parents
    }
    found = {"tables": _names(schema), "columns": columns, "implied": implied}
    known = {name: part for name, part in found.items() if part}
    return _json(known) if known else None


def sequences_known(schema: SchemaView) -> list[exp.Expr]:
    """Give the tables with AUTOINCREMENT: their names, their relations, the columns that are numbered; [] for none."""
    found = [
        (table.source, qualified(table.schema, table.target), column.target)
        for table in schema.tables.values()
        if table.autoincrement and table.rowid_alias is not None
        if (column := table.column(table.rowid_alias)) is not None
    ]
    return [
        exp.Array(expressions=[tree.string(text) for text in texts]) for texts in zip(*sorted(found), strict=True)
    ]


def _tables(schema: SchemaView, name: str | None) -> list[TableView]:
    if name is None:
        return list(schema.tables.values())
    table = schema.table(name)
    return [table] if table is not None else []


def _names(schema: SchemaView) -> dict[str, str]:
    return {table.target: table.source for table in schema.tables.values() if table.target != table.source}


def _json(value: object) -> exp.Expr:
    return tree.cast(tree.string(json.dumps(value, ensure_ascii=False, separators=(",", ":"))), "jsonb")
