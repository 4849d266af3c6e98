"""Opening a database: which schema stands for a place, made where nobody has opened it yet.

A file that was migrated stands in the schema of its newest run.  The invariant: no schema is made, and none taken, that
would hide rows: neither those of a file that was not migrated, nor those that the application has written at run time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from pgraduate.compat import SCHEMA, VERSION, install, is_older
from pgraduate.dbapi.migrated import definitions_of_plan
from pgraduate.dbapi.mirror import Definition, Mirror
from pgraduate.dbapi.places import Place, make_file, require_no_rows
from pgraduate.dbapi.records import declared, one, present, script, version_of, write
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json
from pgraduate.postgres.identifiers import quote

_MAKING = 7021986
"""The number of the advisory lock under which processes of one database make what all of them use."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The line of a place: `run` migrated it, None where the runtime made its schema."""

    path: str
    schema: str
    version: int
    run: str | None


@dataclass(frozen=True, slots=True)
class _Migrated:
    """What the newest run made of a file."""

    plan: SchemaPlan
    run: str
    path: str


def open_place(connection: psycopg.Connection, place: Place, known: Mirror | None = None) -> Mirror:
    """Find the schema of a place, or make one, and give its mirror; `known` where its version is still the same.

    Raises sqlite3.OperationalError where the database may not be made, or the role may not make it.
    """
    if place.path is None:
        _require_compat(connection)
        connection.execute(f"CREATE SCHEMA {quote(place.schema)}".encode())
        return Mirror(place.schema, 0)
    if known is None:
        _upgrade_compat(connection)
    found = _recorded(connection, place)
    migrated = _migrated(connection, place)
    if found is None:
        return _made(connection, place, migrated)
    if migrated is not None and migrated.run != found.run:
        return _migrated_since(connection, place, found, migrated)
    if known is not None and known.schema == found.schema and known.version == found.version:
        return known
    return Mirror(found.schema, found.version, declared(connection, found.schema))


def _recorded(connection: psycopg.Connection, place: Place) -> _Recorded | None:
    if not present(connection, "pgraduate.place"):
        return None
    column, value = ("schema_name", place.schema) if place.mapped else ("path", str(place.path))
    text = f"SELECT path, schema_name, version, run_id FROM pgraduate.place WHERE {column} = $1"
    row = one(connection, text, value)
    return None if row is None else _Recorded(*row)


def _migrated(connection: psycopg.Connection, place: Place) -> _Migrated | None:
    if not present(connection, "pgraduate.source"):
        return None
    row = one(connection, script("migrated"), place.mapped, place.schema if place.mapped else place.path)
    return None if row is None else _Migrated(from_json(SchemaPlan, json.loads(row[1])), row[2], row[3])


def _migrated_since(connection: psycopg.Connection, place: Place, found: _Recorded, migrated: _Migrated) -> Mirror:
    """Follow a file that was migrated again since its schema was recorded.

    Raises sqlite3.OperationalError where the recorded schema is one that the runtime made and that has tables.
    """
    if found.run is None and any(True for _ in declared(connection, found.schema)):
        raise sqlite3.OperationalError(
            f"unable to open database file: the application has made tables for this path in the schema {found.schema}, "
            f"and the file was migrated to {migrated.plan.schema} since; name the right one under [runtime.paths] in "
            "pgraduate.toml"
        )
    definitions = _definitions(connection, migrated.plan)
    try:
        with connection.transaction(), psycopg.RawCursor(connection) as cursor:
            cursor.execute(b"DELETE FROM pgraduate.place WHERE path = $1", (found.path,))
            _place(cursor, found.path, migrated.plan.schema, found.version + 1, migrated.run)
            write(cursor, migrated.plan.schema, definitions)
    except psycopg.errors.InsufficientPrivilege:
        return Mirror(migrated.plan.schema, 0, definitions)
    return Mirror(migrated.plan.schema, found.version + 1, definitions)


def _made(connection: psycopg.Connection, place: Place, migrated: _Migrated | None) -> Mirror:
    """Make the schema of a place that nobody has opened yet, or take over the one that it was migrated to."""
    if migrated is None and place.mapped:
        raise sqlite3.OperationalError(
            f"unable to open database file: [runtime.paths] in pgraduate.toml names the schema {place.schema}, which is no "
            "database that was migrated or made by the runtime"
        )
    if migrated is None and not place.create:
        raise sqlite3.OperationalError("unable to open database file")
    if migrated is None and place.file is not None:
        require_no_rows(place.file)
    path = migrated.path if migrated is not None else str(place.path)
    schema = migrated.plan.schema if migrated is not None else place.schema
    definitions = _definitions(connection, migrated.plan) if migrated is not None else ()
    try:
        with _making(connection):
            if _recorded(connection, place) is None:
                connection.execute(script("records"))
                _require_compat(connection)
                if migrated is None:
                    connection.execute(f"CREATE SCHEMA {quote(schema)}".encode())
                with psycopg.RawCursor(connection) as cursor:
                    _place(cursor, path, schema, 1, migrated.run if migrated is not None else None)
                    write(cursor, schema, definitions)
    except psycopg.errors.InsufficientPrivilege as error:
        if migrated is not None:
            # The role may use the tables and not the records: definitions at run time are then refused.
            return Mirror(schema, 0, definitions)
        raise sqlite3.OperationalError(
            "unable to open database file: no schema stands for this path, and the role may not make one; "
            "migrate the file, or grant CREATE on the database"
        ) from error
    if migrated is None and place.file is not None:
        make_file(place.file)
    version = version_of(connection, schema) or 0
    return Mirror(schema, version, declared(connection, schema))


def _place(cursor: psycopg.RawCursor, path: str, schema: str, version: int, run: str | None) -> None:
    cursor.execute(
        b"INSERT INTO pgraduate.place (path, schema_name, version, run_id) VALUES ($1, $2, $3, $4)",
        (path, schema, version, run),
    )


def _definitions(connection: psycopg.Connection, plan: SchemaPlan) -> tuple[Definition, ...]:
    return tuple(definitions_of_plan(plan, _kept_apart(connection, plan.schema)))


@contextmanager
def _making(connection: psycopg.Connection) -> Iterator[None]:
    """One transaction, in which no other process makes a schema or functions."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.execute(f"SELECT pg_catalog.pg_advisory_xact_lock({_MAKING})".encode())
        yield


def _require_compat(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT pg_catalog.obj_description(pg_catalog.to_regnamespace('pgraduate_compat'), 'pg_namespace')"
    ).fetchone()
    if row is None or not str(row[0]).endswith(f"version {VERSION}"):
        install(connection)


def _upgrade_compat(connection: psycopg.Connection) -> None:
    """Bring functions that an older pgraduate made to this version, by which statements are translated here.

    A newer version stays: it answers what this one asks.
    """
    if not is_older(connection):
        return
    try:
        with _making(connection):
            if is_older(connection):
                install(connection)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        raise sqlite3.OperationalError(
            f"unable to open database file: the functions in the schema {SCHEMA} were made by an older pgraduate, and the"
            f" role may not replace them; connect once as the owner of that schema, which brings them to version {VERSION}"
        ) from error


def _kept_apart(connection: psycopg.Connection, schema: str) -> frozenset[tuple[str, str]] | None:
    """Name the tables' columns of which a cell's class is kept beside them, None where the role may not know."""
    with psycopg.RawCursor(connection) as cursor:
        try:
            cursor.execute(script("kept_apart").encode(), (schema,))
        except psycopg.errors.InsufficientPrivilege:
            return None
        return frozenset((table, column) for table, column in cursor.fetchall())
