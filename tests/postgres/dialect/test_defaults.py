"""A row that takes a default holds in PostgreSQL what SQLite would have stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

import apsw
import psycopg
import pytest
from support.dialect_twin import sqlite_value
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.dialect import translate_default
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema
from pgraduate.dialect.translation import OutputColumn
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import affinity_of

_TIMESTAMP = Representation(Rule.TIMESTAMP, "YYYY-MM-DD HH:MM:SS")
_T_TIMESTAMP = Representation(Rule.TIMESTAMP, "YYYY-MM-DDTHH:MM:SS.fffZ")
FIXED = [
    ("INTEGER", "bigint", Rule.INTEGER, "0"),
    ("INTEGER", "bigint", Rule.INTEGER, "-5"),
    ("INTEGER", "bigint", Rule.INTEGER, "'12'"),
    ("INTEGER", "bigint", Rule.INTEGER, "(1+2)"),
    ("INTEGER", "bigint", Rule.INTEGER, "1.0"),
    ("INTEGER", "bigint", Rule.INTEGER, "true"),
    ("INTEGER", "bigint", Rule.INTEGER, "FALSE"),
    ("INTEGER", "bigint", Rule.INTEGER, "null"),
    ("INTEGER", "bigint", Rule.INTEGER, "NULL"),
    ("INTEGER", "bigint", Rule.INTEGER, "0x1F"),
    ("INTEGER", "smallint", Rule.INTEGER, "3"),
    ("REAL", "double precision", Rule.REAL, "0"),
    ("REAL", "double precision", Rule.REAL, "1.5"),
    ("REAL", "double precision", Rule.REAL, "'2.5'"),
    ("REAL", "double precision", Rule.REAL, "-0.25"),
    ("TEXT", "text", Rule.TEXT, "'abc'"),
    ("TEXT", "text", Rule.TEXT, '"abc"'),
    ("TEXT", "text", Rule.TEXT, '""'),
    ("TEXT", "text", Rule.TEXT, "''"),
    ("TEXT", "text", Rule.TEXT, "abc"),
    ("TEXT", "text", Rule.TEXT, "0"),
    ("TEXT", "text", Rule.TEXT, "1.0"),
    ("TEXT", "text", Rule.TEXT, "'it''s'"),
    ("TEXT", "text", Rule.TEXT, "(lower('Z'))"),
    ("TEXT", "text", Rule.TEXT, "('a' || 1)"),
    ("VARCHAR(10)", "varchar(10)", Rule.TEXT, "'Y'"),
    ("JSON", "json", Rule.TEXT, "'[]'"),
    ("BLOB", "bytea", Rule.BLOB, "x'00ff'"),
    ("BLOB", "bytea", Rule.BLOB, "X'00FF'"),
    ("NUMERIC", "numeric", Rule.NUMBER, "4.99"),
    ("NUMERIC", "numeric(10,2)", Rule.NUMBER, "0"),
    ("NUMERIC", "numeric", Rule.NUMBER, "'7'"),
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "0"),
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "1"),
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "'1'"),
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "false"),
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "(1 > 2)"),
    ("TEXT", "boolean", Representation(Rule.BOOLEAN_TEXT, "no/yes"), "'yes'"),
    ("DATE", "date", Rule.DATE, "'2024-02-29'"),
    ("DATETIME", "timestamp", _TIMESTAMP, "'1970-01-01 00:00:00'"),
    ("DATETIME", "timestamp", _T_TIMESTAMP, "'1970-01-01T00:00:00.000Z'"),
    ("DATETIME", "timestamp", _TIMESTAMP, "(datetime('2024-01-31', '+1 month'))"),
    ("DATETIME", "timestamp", Representation(Rule.EPOCH, "s"), "1700000000"),
    ("DATETIME", "timestamp", Representation(Rule.EPOCH, "ms"), "1700000000123"),
    ("UUID", "uuid", Rule.UUID, "'00000000-0000-4000-8000-00000000000a'"),
    ("ANY", "text", Representation(Rule.ANY_TEXT, "NUMERIC"), "5"),
]
MOVING = [
    ("DATETIME", "timestamp", _TIMESTAMP, "CURRENT_TIMESTAMP", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("DATETIME", "timestamp", _TIMESTAMP, "current_timestamp", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("TEXT", "text", Rule.TEXT, "CURRENT_TIMESTAMP", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("TEXT", "text", Rule.TEXT, "current_date", r"\d{4}-\d\d-\d\d"),
    ("TEXT", "text", Rule.TEXT, "CURRENT_TIME", r"\d\d:\d\d:\d\d"),
    ("DATE", "date", Rule.DATE, "CURRENT_DATE", r"\d{4}-\d\d-\d\d"),
    ("DATE", "date", Rule.DATE, "(date('now', '-7 days'))", r"\d{4}-\d\d-\d\d"),
    ("DATETIME", "timestamp", _TIMESTAMP, "(datetime('now', 'localtime'))", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("TEXT", "text", Rule.TEXT, "(strftime('%Y-%m-%d %H:%M:%f', 'now'))", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"),
    ("DATETIME", "timestamp", _T_TIMESTAMP, "(strftime('%Y-%m-%dT%H:%M:%fZ'))", r"[-\d]{10}T[:\d]{8}\.\d{3}Z"),
    ("REAL", "double precision", Rule.REAL, "(julianday('now'))", r"24\d{5}\.\d+"),
    ("INTEGER", "bigint", Rule.INTEGER, "(unixepoch())", r"\d{10}"),
    ("INTEGER", "bigint", Rule.INTEGER, "(strftime('%s', 'now'))", r"\d{10}"),
    ("INTEGER", "timestamp", Representation(Rule.EPOCH, "s"), "(unixepoch())", r"\d{10}"),
    ("INTEGER", "timestamp", Representation(Rule.EPOCH, "s"), "(strftime('%s', 'now'))", r"\d{10}"),
    ("TEXT", "text", Rule.TEXT, "(lower(hex(randomblob(16))))", r"[0-9a-f]{32}"),
    ("INTEGER", "bigint", Rule.INTEGER, "(abs(random()))", r"\d+"),
]
REFUSED = [
    ("BOOLEAN", "boolean", Rule.BOOLEAN, "2"),
    ("DATE", "date", Rule.DATE, "'2024-13-45'"),
    ("DATETIME", "timestamp", _TIMESTAMP, "'now'"),
    ("DATETIME", "timestamp", _TIMESTAMP, "''"),
    ("DATETIME", "timestamp", _TIMESTAMP, "0"),
    ("DATETIME", "timestamp", _TIMESTAMP, "(date('now'))"),
    ("DATE", "date", Rule.DATE, "CURRENT_TIMESTAMP"),
    ("INTEGER", "bigint", Rule.INTEGER, "'abc'"),
    ("UUID", "uuid", Rule.UUID, "'x'"),
    ("BLOB", "bytea", Rule.BLOB, "'text'"),
]


@pytest.fixture(scope="module")
def installed(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with (
        server.database() as conninfo,
        psycopg.connect(conninfo, autocommit=True, prepare_threshold=None) as connection,
    ):
        compat.install(connection)
        yield connection


def column_of(declared: str, type: str, representation: Representation | Rule) -> ColumnView:
    if isinstance(representation, Rule):
        representation = Representation(representation)
    return ColumnView("c", "c", type, affinity_of(declared), representation)


def stored_in_postgres(connection: psycopg.Connection, column: ColumnView, sql: str) -> object:
    translation = translate_default(sql, column, SimpleSchema())
    connection.execute("DROP TABLE IF EXISTS d")
    connection.execute(f"CREATE TABLE d (k integer, c {column.type} DEFAULT {translation.sql})".encode())
    connection.execute("INSERT INTO d (k) VALUES (1)")
    row = connection.execute("SELECT c FROM d").fetchone()
    assert row is not None
    value = row[0] if column.type != "json" else str(row[0]).replace("'", '"')
    return sqlite_value(value, OutputColumn("c", None, column.representation, column.type))


def stored_in_sqlite(declared: str, sql: str) -> object:
    connection = apsw.Connection(":memory:")
    connection.execute(f"CREATE TABLE d (k, c {declared} DEFAULT {sql})")
    connection.execute("INSERT INTO d (k) VALUES (1)")
    return next(iter(connection.execute("SELECT c FROM d")))[0]


@pytest.mark.parametrize(("declared", "type", "representation", "sql"), FIXED)
def test_fixed_default(
    declared: str, type: str, representation: Representation | Rule, sql: str, installed: psycopg.Connection
) -> None:
    found = stored_in_postgres(installed, column_of(declared, type, representation), sql)
    expected = stored_in_sqlite(declared, sql)
    assert found == expected
    assert isinstance(found, expected.__class__)


@pytest.mark.parametrize(("declared", "type", "representation", "sql", "shape"), MOVING)
def test_default_that_moves_has_the_same_shape(
    declared: str,
    type: str,
    representation: Representation | Rule,
    sql: str,
    shape: str,
    installed: psycopg.Connection,
) -> None:
    found = stored_in_postgres(installed, column_of(declared, type, representation), sql)
    expected = stored_in_sqlite(declared, sql)
    assert re.fullmatch(shape, str(found))
    assert re.fullmatch(shape, str(expected))
    assert isinstance(found, expected.__class__)


@pytest.mark.parametrize(("declared", "type", "representation", "sql"), REFUSED)
def test_default_that_the_type_cannot_hold_is_refused(
    declared: str, type: str, representation: Representation | Rule, sql: str
) -> None:
    with pytest.raises(NotTranslated):
        translate_default(sql, column_of(declared, type, representation), SimpleSchema())


def test_missing_default_is_null() -> None:
    assert translate_default(None, column_of("TEXT", "text", Rule.TEXT), SimpleSchema()).sql == "NULL"
