"""What the server keeps of the databases that the runtime serves: each path's schema, and SQLite's definitions in it.

The records change in the transaction of the definition that they describe, under the schema's version; a process
that meets another version reads them again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg

from pgraduate.compat import install
from pgraduate.dbapi.migrated import definitions_of_plan
from pgraduate.dbapi.mirror import Definition, Mirror
from pgraduate.dbapi.places import Place
from pgraduate.dialect.schema_view import TableView
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.identifiers import quote


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.dbapi").joinpath("sql", f"{name}.sql").read_text("utf-8")


def open_place(connection: psycopg.Connection, place: Place, known: Mirror | None = None) -> Mirror:
    """Find the schema of a place, or make one, and give its mirror; `known` where its version is still the same.

    Raises sqlite3.OperationalError where the database may not be made, or the role may not make it.
    """
    if place.path is None:
        _require_compat(connection)
        connection.execute(f"CREATE SCHEMA {quote(place.schema)}".encode())
        return Mirror(place.schema, 0)
    found = _recorded(connection, place.path)
    if found is None:
        return _made(connection, place)
    schema, version = found
    if known is not None and known.version == version:
        return known
    return Mirror(schema, version, _declared(connection, schema))


def version_of(connection: psycopg.Connection, schema: str) -> int | None:
    row = _one(connection, "SELECT version FROM pgraduate.place WHERE schema_name = $1", schema)
    return None if row is None else row[0]


def reload(connection: psycopg.Connection, mirror: Mirror) -> Mirror:
    """Give the mirror as the records have it now: the same one where no other process has changed a definition."""
    version = version_of(connection, mirror.schema)
    if version is None or version == mirror.version:
        return mirror
    return Mirror(mirror.schema, version, _declared(connection, mirror.schema))


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
        _write(cursor, mirror.schema, new)
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


def _write(cursor: psycopg.RawCursor, schema: str, items: Iterable[Definition]) -> None:
    for item in items:
        shape = None if item.shape is None else json.dumps(to_json(item.shape))
        cursor.execute(
            b"INSERT INTO pgraduate.declared (schema_name, kind, name, table_name, definition, shape)"
            b" VALUES ($1, $2, $3, $4, $5, $6)",
            (schema, item.kind, item.name, item.table, item.sql, shape),
        )


def _recorded(connection: psycopg.Connection, path: str) -> tuple[str, int] | None:
    if not _present(connection, "pgraduate.place"):
        return None
    return _one(connection, "SELECT schema_name, version FROM pgraduate.place WHERE path = $1", path)


def _made(connection: psycopg.Connection, place: Place) -> Mirror:
    """Make the schema of a place that nobody has opened yet, or take over the one that it was migrated to."""
    assert place.path is not None
    plan = _plan(connection, place.path)
    if plan is None and not place.create:
        raise sqlite3.OperationalError("unable to open database file")
    schema = plan.schema if plan is not None else place.schema
    definitions = tuple(definitions_of_plan(plan, _kept_apart(connection, schema))) if plan is not None else ()
    try:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(7021986)")
            found = _recorded(connection, place.path)
            if found is None:
                connection.execute(script("records"))
                _require_compat(connection)
                if plan is None:
                    connection.execute(f"CREATE SCHEMA {quote(schema)}".encode())
                with psycopg.RawCursor(connection) as cursor:
                    cursor.execute(
                        b"INSERT INTO pgraduate.place (path, schema_name) VALUES ($1, $2)", (place.path, schema)
                    )
                    _write(cursor, schema, definitions)
    except psycopg.errors.InsufficientPrivilege as error:
        if plan is not None:
            # The role may use the tables and not the records: definitions at run time are then refused.
            return Mirror(schema, 0, definitions)
        raise sqlite3.OperationalError(
            "unable to open database file: no schema stands for this path, and the role may not make one; "
            "migrate the file, or grant CREATE on the database"
        ) from error
    schema, version = _recorded(connection, place.path) or (schema, 0)
    return Mirror(schema, version, _declared(connection, schema))


def _require_compat(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT pg_catalog.to_regnamespace('pgraduate_compat') IS NOT NULL").fetchone()
    if row is None or row[0] != "t":
        install(connection)


def _plan(connection: psycopg.Connection, path: str) -> SchemaPlan | None:
    if not _present(connection, "pgraduate.source"):
        return None
    row = _one(connection, script("migrated"), path)
    return None if row is None else from_json(SchemaPlan, json.loads(row[1]))


def _kept_apart(connection: psycopg.Connection, schema: str) -> frozenset[tuple[str, str]] | None:
    """Name the tables' columns of which a cell's class is kept beside them, None where the role may not know."""
    with psycopg.RawCursor(connection) as cursor:
        try:
            cursor.execute(script("kept_apart").encode(), (schema,))
        except psycopg.errors.InsufficientPrivilege:
            return None
        return frozenset((table, column) for table, column in cursor.fetchall())


def _declared(connection: psycopg.Connection, schema: str) -> Iterator[Definition]:
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(script("declared").encode(), (schema,))
        for kind, name, table, definition, shape in cursor.fetchall():
            view = None if shape is None else from_json(TableView, json.loads(shape))
            yield Definition(kind, name, table, definition, view)


def _present(connection: psycopg.Connection, name: str) -> bool:
    row = _one(connection, "SELECT pg_catalog.to_regclass($1) IS NOT NULL", name)
    return row is not None and row[0] == "t"


def _one(connection: psycopg.Connection, text: str, value: str) -> tuple[Any, ...] | None:
    with psycopg.RawCursor(connection) as cursor:
        return cursor.execute(text.encode(), (value,)).fetchone()
