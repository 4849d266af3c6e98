"""Which translator a statement that changes the schema belongs to, and the statements that maintain a database."""

from __future__ import annotations

from pgraduate.dialect.ddl.changes import alter_table, drop
from pgraduate.dialect.ddl.definition import Reader
from pgraduate.dialect.ddl.indexes import create_index
from pgraduate.dialect.ddl.notes import Notes
from pgraduate.dialect.ddl.tables import create_table
from pgraduate.dialect.identifiers import fold, literal, qualified
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.translation import Translation
from pgraduate.errors import NotTranslated


def translate_ddl(
    sql: str, schema: SchemaView, *, into: str = "public", postpone_foreign_keys: bool = False
) -> Translation:
    """Translate CREATE TABLE, CREATE INDEX, ALTER TABLE, DROP, VACUUM, ANALYZE or REINDEX.

    `into` is PostgreSQL's schema of what is made.  With `postpone_foreign_keys` a new table goes without those whose
    parent or its key is missing, as SQLite lets it; `foreign_key` makes each one later.  What the schema is afterwards
    stands in `makes` and `removes` of the result.  Raises NotTranslated for anything else and for what has no counterpart.
    """
    reader = Reader(sql)
    if reader.accept("ALTER"):
        return alter_table(sql, schema)
    if reader.accept("DROP"):
        return drop(sql, schema, into)
    if reader.accept("CREATE"):
        return _create(reader, schema, into, postpone_foreign_keys)
    if reader.at_word("VACUUM", "ANALYZE", "REINDEX"):
        return _maintenance(reader, schema, into)
    first = reader.tokens[0].text.upper() if reader.tokens else ""
    raise NotTranslated(sql, f"the statement {first}")


_REINDEX_ALL = """DO $pgraduate$
DECLARE
    one pg_catalog.regclass;
BEGIN
    FOR one IN
        SELECT c.oid
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = {schema} AND c.relkind = 'r'
    LOOP
        EXECUTE pg_catalog.format('REINDEX TABLE %s', one);
    END LOOP;
END
$pgraduate$"""
"""Table by table, because REINDEX SCHEMA cannot run inside a transaction."""


def _create(reader: Reader, schema: SchemaView, into: str, postpone: bool) -> Translation:
    if reader.accept("INDEX") or reader.accept("UNIQUE", "INDEX"):
        return create_index(reader.sql, schema)
    _ = reader.accept("TEMP") or reader.accept("TEMPORARY")
    if reader.accept("TABLE"):
        return create_table(reader.sql, schema, into, postpone_foreign_keys=postpone)
    word = reader.tokens[reader.position].text.upper() if not reader.done else ""
    raise NotTranslated(reader.sql, f"the statement CREATE {word}".strip())


def _maintenance(reader: Reader, schema: SchemaView, into: str) -> Translation:
    """Translate upkeep of one table or of all; VACUUM runs outside of transactions, as it does in SQLite."""
    verb = reader.tokens[0].text.upper()
    reader.position += 1
    if reader.done:
        if verb == "REINDEX":
            return Notes().translation([_REINDEX_ALL.format(schema=literal(into))])
        return Notes().translation([verb])
    if reader.at_word("INTO"):
        raise NotTranslated(reader.sql, "VACUUM INTO", "`pg_dump` makes a copy")
    name = reader.object_name()
    reader.end()
    if verb == "VACUUM":
        return Notes().translation([verb])
    table = schema.table(name)
    if verb == "REINDEX" and table is None:
        return _reindex(name, schema, into)
    if table is None:
        raise NotTranslated(reader.sql, f"the unknown table {name}")
    object_ = "TABLE " if verb == "REINDEX" else ""
    return Notes().translation([f"{verb} {object_}{qualified(table.schema, table.target)}"])


def _reindex(name: str, schema: SchemaView, into: str) -> Translation:
    """Translate REINDEX of something else than a table: of a collation it means the indexes that use it."""
    if name.upper() in ("BINARY", "NOCASE", "RTRIM"):
        return Notes().translation([_REINDEX_ALL.format(schema=literal(into))])
    indexes = (index for table in schema.tables.values() if table.declared for index in table.declared.indexes)
    target = next((index.target for index in indexes if index.name.lower() == name.lower()), fold(name))
    return Notes().translation([f"REINDEX INDEX {qualified(into, target)}"])
