"""CREATE INDEX: NULLs where SQLite sorts them, collations as expressions, predicates and expressions translated."""

from __future__ import annotations

from dataclasses import replace

from pgraduate.dialect.api import translate_expression
from pgraduate.dialect.ddl.definition import IndexDefinition, Key, read_index
from pgraduate.dialect.ddl.notes import Notes
from pgraduate.dialect.ddl.tables import folded, key_collation
from pgraduate.dialect.identifiers import fold, qualified, quote
from pgraduate.dialect.schema_view import SchemaView, TableView
from pgraduate.dialect.translation import Translation
from pgraduate.errors import NotTranslated


def create_index(sql: str, schema: SchemaView) -> Translation:
    definition = read_index(sql)
    table = schema.table(definition.table)
    if table is None:
        raise NotTranslated(sql, f"the unknown table {definition.table}")
    notes = Notes()
    keys = ", ".join(_key(key, table, sql, schema, notes) for key in definition.keys)
    where = ""
    if definition.where is not None:
        found = translate_expression(definition.where, schema, table, purpose="predicate", immutable=True)
        notes.add(found)
        where = f" WHERE {found.sql}"
    head = "CREATE UNIQUE INDEX" if definition.unique else "CREATE INDEX"
    head += " IF NOT EXISTS" if definition.if_not_exists else ""
    text = f"{head} {quote(fold(definition.name))} ON {qualified(table.schema, table.target)} ({keys}){where}"
    return notes.translation([text], writes=(definition.table.lower(),), makes=_with_key(table, definition))


def _key(key: Key, table: TableView, sql: str, schema: SchemaView, notes: Notes) -> str:
    order = "DESC NULLS LAST" if key.descending else "ASC NULLS FIRST"
    column = table.column(key.name) if key.name is not None else None
    if column is None:
        found = translate_expression(key.text, schema, table, purpose="index")
        notes.add(found)
        return f"({found.sql}) {order}"
    return f"{folded(column, key_collation(key, column), sql, schema, notes)} {order}"


def _with_key(table: TableView, definition: IndexDefinition) -> TableView | None:
    """Give the table with a key more, None where the index makes none that ON CONFLICT could name."""
    names = tuple(key.name for key in definition.keys if key.name is not None)
    if not definition.unique or definition.where is not None or len(names) < len(definition.keys):
        return None
    return replace(table, unique_keys=(*table.unique_keys, names))
