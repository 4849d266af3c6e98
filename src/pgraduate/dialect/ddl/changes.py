"""ALTER TABLE and DROP.

What depends on a table that is dropped stays in PostgreSQL's hands: it refuses where a view or a foreign key needs
the table, and SQLite does not.
"""

from __future__ import annotations

from dataclasses import replace

from pgraduate.dialect.api import translate_default, translate_expression
from pgraduate.dialect.ddl.columns import column_view, declared_type
from pgraduate.dialect.ddl.definition import Reader, read_column
from pgraduate.dialect.ddl.notes import Notes
from pgraduate.dialect.ddl.tables import references
from pgraduate.dialect.identifiers import fold, literal, qualified, quote
from pgraduate.dialect.schema_view import SchemaView, TableView
from pgraduate.dialect.translation import Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Rule


def alter_table(sql: str, schema: SchemaView) -> Translation:
    reader = Reader(sql)
    reader.expect("ALTER", "TABLE")
    name = reader.object_name()
    table = schema.table(name)
    if table is None:
        raise NotTranslated(sql, f"the unknown table {name}")
    target = qualified(table.schema, table.target)
    if reader.accept("RENAME", "TO"):
        return _renamed(reader, table, target)
    if reader.accept("RENAME"):
        return _column_renamed(reader, table, target)
    if reader.accept("DROP"):
        return _column_dropped(reader, table, target)
    reader.expect("ADD")
    reader.accept("COLUMN")
    return _column_added(reader, table, target, schema)


def drop(sql: str, schema: SchemaView, into: str) -> Translation:
    """Translate DROP TABLE, DROP VIEW, DROP INDEX and DROP TRIGGER."""
    reader = Reader(sql)
    reader.expect("DROP")
    if reader.accept("TRIGGER"):
        return _trigger_dropped(reader, into)
    kind = next((kind for kind in ("TABLE", "VIEW", "INDEX") if reader.accept(kind)), None)
    if kind is None:
        raise NotTranslated(sql, "DROP of something else than a table, a view, an index or a trigger")
    exists = "IF EXISTS " if reader.accept("IF", "EXISTS") else ""
    name = reader.object_name()
    reader.end()
    table = schema.table(name) if kind != "INDEX" else None
    target = qualified(table.schema, table.target) if table is not None else qualified(into, fold(name))
    removes = "" if kind == "INDEX" else name.lower()
    return Notes().translation([f"DROP {kind} {exists}{target}"], removes=removes)


_DROP_TRIGGER = """DO $pgraduate$
DECLARE
    one record;
BEGIN
    SELECT t.tgname, t.tgrelid::pg_catalog.regclass AS relation, t.tgfoid::pg_catalog.regprocedure AS function, p.proname
    INTO one
    FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
    WHERE n.nspname = {schema} AND NOT t.tgisinternal
        AND (t.tgname = {name} OR pg_catalog.regexp_replace(t.tgname, '^t[0-9]+_', '') = {name})
    ORDER BY t.tgname = {name} DESC
    LIMIT 1;
    IF one IS NOT NULL THEN
        EXECUTE pg_catalog.format('DROP TRIGGER %I ON %s', one.tgname, one.relation);
        IF one.proname = one.tgname THEN
            EXECUTE pg_catalog.format('DROP FUNCTION %s', one.function);
        END IF;
{otherwise}    END IF;
END
$pgraduate$"""
"""A trigger's name is looked up when the statement runs: it may have a number in front, for the order of firing."""
_NO_TRIGGER = """    ELSE
        RAISE EXCEPTION 'no such trigger: %', {name} USING ERRCODE = 'undefined_object';
"""


def _trigger_dropped(reader: Reader, into: str) -> Translation:
    conditional = reader.accept("IF", "EXISTS")
    name = literal(fold(reader.object_name()))
    reader.end()
    otherwise = "" if conditional else _NO_TRIGGER.format(name=name)
    return Notes().translation([_DROP_TRIGGER.format(schema=literal(into), name=name, otherwise=otherwise)])


def _renamed(reader: Reader, table: TableView, target: str) -> Translation:
    name = reader.name()
    reader.end()
    made = replace(table, source=name, target=fold(name))
    text = f"ALTER TABLE {target} RENAME TO {quote(made.target)}"
    return Notes().translation([text], writes=(table.source.lower(),), makes=made, removes=table.source.lower())


def _column_renamed(reader: Reader, table: TableView, target: str) -> Translation:
    reader.accept("COLUMN")
    old = reader.name()
    reader.expect("TO")
    new = reader.name()
    reader.end()
    column = table.column(old)
    if column is None:
        raise NotTranslated(reader.sql, f"the unknown column {old}")
    columns = tuple(replace(c, source=new, target=fold(new)) if c is column else c for c in table.columns)
    keys = tuple(tuple(new if n.lower() == old.lower() else n for n in key) for key in table.unique_keys)
    rowid = new if (table.rowid_alias or "").lower() == old.lower() else table.rowid_alias
    text = f"ALTER TABLE {target} RENAME COLUMN {quote(column.target)} TO {quote(fold(new))}"
    made = replace(table, columns=columns, unique_keys=keys, rowid_alias=rowid)
    return Notes().translation([text], writes=(table.source.lower(),), makes=made)


def _column_dropped(reader: Reader, table: TableView, target: str) -> Translation:
    reader.accept("COLUMN")
    name = reader.name()
    reader.end()
    column = table.column(name)
    if column is None:
        raise NotTranslated(reader.sql, f"the unknown column {name}")
    if any(name.lower() == key_name.lower() for key in table.unique_keys for key_name in key):
        # SQLite refuses it; PostgreSQL would drop the key, too.
        raise NotTranslated(reader.sql, f"DROP COLUMN of {name}, which belongs to a key")
    made = replace(table, columns=tuple(c for c in table.columns if c is not column))
    text = f"ALTER TABLE {target} DROP COLUMN {quote(column.target)}"
    return Notes().translation([text], writes=(table.source.lower(),), makes=made)


def _column_added(reader: Reader, table: TableView, target: str, schema: SchemaView) -> Translation:
    read = read_column(reader.sql, reader.tokens[reader.position :])
    if read.primary_key or read.unique:
        raise NotTranslated(reader.sql, "ADD COLUMN with a key", "SQLite refuses it as well")
    (declared,) = read.columns
    if declared.declared.upper() == "ANY":
        raise NotTranslated(reader.sql, "ADD COLUMN of type ANY", "a STRICT table means another thing by it")
    notes = Notes()
    view = column_view(declared, schema)
    notes.uses_compat = view.representation.rule is Rule.ANY_VALUE
    parts = [quote(view.target), declared_type(view)]
    made = replace(table, columns=(*table.columns, view))
    if declared.generated is not None:
        found = translate_expression(declared.generated, schema, table, purpose="generated")
        notes.add(found)
        parts.append(f"GENERATED ALWAYS AS ({found.sql}) STORED")
    if declared.default is not None:
        found = translate_default(declared.default, view, schema)
        notes.add(found)
        parts.append(f"DEFAULT {found.sql}")
    if declared.not_null:
        parts.append("NOT NULL")
    changes = [f"ADD COLUMN {' '.join(parts)}"]
    for check in read.checks:
        found = translate_expression(check, schema, made, purpose="check")
        notes.add(found)
        changes.append(f"ADD CHECK ({found.sql})")
    for foreign_key in read.foreign_keys:
        parent = made if foreign_key.parent.lower() == table.source.lower() else schema.table(foreign_key.parent)
        changes.append(f"ADD {references(foreign_key, made, parent, reader.sql)}")
    text = f"ALTER TABLE {target} {', '.join(changes)}"
    return notes.translation([text], writes=(table.source.lower(),), makes=made)
