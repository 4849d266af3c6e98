"""SQLite's definitions, as the server keeps them for the databases that the runtime serves.

The records change in the transaction of the definition that they describe, under the schema's version; a process
that meets another version reads them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg

from pgraduate.dbapi.mirror import Definition, Mirror
from pgraduate.dialect.schema_view import TableView
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.identifiers import quote


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.dbapi").joinpath("sql", f"{name}.sql").read_text("utf-8")


def version_of(connection: psycopg.Connection, schema: str) -> int | None:
    row = one(connection, "SELECT version FROM pgraduate.place WHERE schema_name = $1", schema)
    return None if row is None else row[0]


def reload(connection: psycopg.Connection, mirror: Mirror) -> Mirror:
    """Give the mirror as the records have it now: the same one where no other process has changed a definition."""
    version = version_of(connection, mirror.schema)
    if version is None or version == mirror.version:
        return mirror
    return Mirror(mirror.schema, version, declared(connection, mirror.schema))


def record(
    connection: psycopg.Connection, mirror: Mirror, gone: Iterable[Definition], new: Iterable[Definition]
) -> int:
    """Write what a definition changed, and give the new version."""
    with psycopg.RawCursor(connection) as cursor:
        for item in gone:
            cursor.execute(
                b"DELETE FROM pgraduate.declared WHERE schema_name = $1 AND kind = $2 AND name = $3",
                (mirror.schema, item.kind, item.name),
            )
        write(cursor, mirror.schema, new)
        cursor.execute(
            b"UPDATE pgraduate.place SET version = version + 1 WHERE schema_name = $1 RETURNING version",
            (mirror.schema,),
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def kept(connection: psycopg.Connection, schema: str, name: str, value: int | None) -> list[tuple[Any, ...]]:
    """Read or write an integer that the application keeps with its database: user_version or application_id."""
    with psycopg.RawCursor(connection) as cursor:
        if value is None:
            text = f"SELECT {quote(name)} FROM pgraduate.place WHERE schema_name = $1"
            return cursor.execute(text.encode(), (schema,)).fetchall()
        text = f"UPDATE pgraduate.place SET {quote(name)} = $2 WHERE schema_name = $1"
        cursor.execute(text.encode(), (schema, value))
        return []


def write(cursor: psycopg.RawCursor, schema: str, items: Iterable[Definition]) -> None:
    for item in items:
        shape = None if item.shape is None else json.dumps(to_json(item.shape))
        cursor.execute(
            b"INSERT INTO pgraduate.declared (schema_name, kind, name, table_name, definition, shape)"
            b" VALUES ($1, $2, $3, $4, $5, $6)",
            (schema, item.kind, item.name, item.table, item.sql, shape),
        )


def declared(connection: psycopg.Connection, schema: str) -> Iterator[Definition]:
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(script("declared").encode(), (schema,))
        for kind, name, table, definition, shape in cursor.fetchall():
            view = None if shape is None else from_json(TableView, json.loads(shape))
            yield Definition(kind, name, table, definition, view)


def present(connection: psycopg.Connection, name: str) -> bool:
    row = one(connection, "SELECT pg_catalog.to_regclass($1) IS NOT NULL", name)
    return row is not None and row[0] == "t"


def one(connection: psycopg.Connection, text: str, *values: object) -> tuple[Any, ...] | None:
    with psycopg.RawCursor(connection) as cursor:
        return cursor.execute(text.encode(), values).fetchone()
