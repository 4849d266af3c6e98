"""Statements run on SQLite and, translated, on PostgreSQL: names, values, storage classes and order must agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import psycopg
import pytest
from support.dialect_twin import Column, Table, difference, load, run_postgres, run_sqlite, schema_of, sqlite_with
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.dialect import translate_query
from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.model.representation import Representation, Rule

_INTEGER = Representation(Rule.INTEGER)
_REAL = Representation(Rule.REAL)
_TEXT = Representation(Rule.TEXT)

PEOPLE = Table(
    "People",
    (
        Column("Id", "INTEGER", "bigint", _INTEGER, not_null=True),
        Column("Name", "TEXT", "text", _TEXT),
        Column("Email", "TEXT", "text", _TEXT, collation="NOCASE"),
        Column("Age", "INTEGER", "bigint", _INTEGER),
        Column("Score", "REAL", "double precision", _REAL),
        Column("Active", "BOOLEAN", "boolean", Representation(Rule.BOOLEAN)),
        Column("Price", "DECIMAL(10,2)", "numeric(10,2)", Representation(Rule.NUMBER)),
        Column("Born", "DATE", "date", Representation(Rule.DATE)),
        Column("Seen", "DATETIME", "timestamp", Representation(Rule.TIMESTAMP, "YYYY-MM-DD HH:MM:SS")),
        Column("Shipped", "DATETIME", "timestamp", Representation(Rule.TIMESTAMP, "YYYY-MM-DD[ HH:MM:SS]")),
        Column("Key", "TEXT", "uuid", Representation(Rule.UUID)),
        Column("Data", "BLOB", "bytea", Representation(Rule.BLOB)),
        Column("Mixed", "NUMERIC", "text", Representation(Rule.ANY_TEXT, "NUMERIC")),
        Column("Word", "TEXT", "boolean", Representation(Rule.BOOLEAN_TEXT, "no/yes")),
        Column("Stamp", "INTEGER", "timestamp", Representation(Rule.EPOCH, "s")),
    ),
    (
        (1, "Anna", "Anna@X.org", 30, 1.5, 1, 12, "1990-05-17", "2024-01-31 10:20:30", "1997-01-01",
         "00000000-0000-4000-8000-000000000001", b"\x00\xff", 5, "yes", 1700000000),
        (2, "bob", "BOB@x.org", 41, -2.25, 0, 12.5, "1983-12-01", "2024-02-29 00:00:00", "1997-01-01 08:00:00",
         "00000000-0000-4000-8000-000000000002", b"", "five", "no", 0),
        (3, "Çelik", None, None, None, None, None, None, None, None, None, None, None, None, None),
        (4, "", "anna@x.org", 0, 0.0, 1, 0, "2000-02-29", "1999-12-31 23:59:59", "1997-12-31",
         "00000000-0000-4000-8000-000000000004", b"abc", 2.5, "yes", 86399),
        (5, "12 apples", "z%_", -7, 1e15, 0, -3.25, "2024-12-30", "2024-12-30 12:00:00", "1998-06-01 00:00:01",
         "00000000-0000-4000-8000-000000000005", b"\x41", 7, "no", 951782400),
        (6, "42", "Q", 41, 0.1, 1, 99999999.99, "1990-05-17", "2024-01-31 10:20:30", "1997-01-01",
         "00000000-0000-4000-8000-000000000006", None, "", "yes", 1),
    ),
    "Id",
)  # fmt: skip
ORDERS = Table(
    "Orders",
    (
        Column("Id", "INTEGER", "bigint", _INTEGER, not_null=True),
        Column("PersonId", "INTEGER", "bigint", _INTEGER),
        Column("Item", "TEXT", "text", _TEXT),
        Column("Quantity", "INTEGER", "integer", _INTEGER),
        Column("Amount", "REAL", "double precision", _REAL),
    ),
    (
        (1, 1, "pen", 3, 1.25), (2, 1, "Ink", 1, 7.5), (3, 2, "pen", 10, 1.0), (4, None, "cup", None, None),
        (5, 6, "cup", 2, 4.0), (6, 2, None, 5, -0.5),
    ),
    "Id",
)  # fmt: skip
_ANY = ('"pgraduate_compat".any_value', Representation(Rule.ANY_VALUE))
LOOSE = Table(
    "Loose",
    (
        Column("Id", "INTEGER", "bigint", _INTEGER, not_null=True),
        Column("V", "", *_ANY),
        Column("N", "NUMERIC", *_ANY),
        Column("K", "", *_ANY, collation="NOCASE"),
        Column("T", "TEXT", "text", _TEXT),
    ),
    (
        (1, 5, 5, "a", "5"), (2, 5.0, 2.5, "A", "5.0"), (3, "5", "five", 1, "x"), (4, b"5", b"\x00", b"a", ""),
        (5, None, None, None, None), (6, "", -1, "b", "abc"), (7, -3, 10**15, "B", "-3"), (8, 2.5, 1e300, 2.5, "2.5"),
        (9, 2**62 + 1, 2**53 + 1, "a ", "é"), (10, float(2**62), 0, "", "a,b"), (11, "a\"b\\c,(d)\n", "x y", "\\", "\t"),
        (12, b"", "1x", "é", "10"), (13, float("inf"), -7.5, "É", "Inf"), (14, "10", 10, "10", "b'"),
        (15, 0.1, 0.1, 0, "0.1"),
    ),
    "Id",
)  # fmt: skip
TABLES = (PEOPLE, ORDERS, LOOSE)
STATEMENTS = sorted((Path(__file__).parent / "statements").glob("*.sql"))


def statements() -> list[tuple[str, str]]:
    """Give the statements of the files beside this test, each with its concern; a statement ends its line with ;"""
    found = []
    for file in STATEMENTS:
        for text in file.read_text("utf-8").split(";\n"):
            lines = [line for line in text.splitlines() if not line.startswith("--")]
            if statement := "\n".join(lines).strip():
                found.append((file.stem, statement))
    return found


@pytest.fixture(scope="module")
def source() -> apsw.Connection:
    return sqlite_with(TABLES)


@pytest.fixture(scope="module")
def schema() -> SimpleSchema:
    return schema_of(TABLES)


@pytest.fixture(scope="module")
def loaded(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with server.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        compat.install(connection)
        load(connection, TABLES)
        yield connection


@pytest.mark.parametrize(("concern", "statement"), statements(), ids=lambda text: " ".join(text.split())[:70])
def test_statement_gives_what_sqlite_gives(
    concern: str, statement: str, source: apsw.Connection, schema: SimpleSchema, loaded: psycopg.Connection
) -> None:
    names, expected = run_sqlite(source, statement)
    translation = translate_query(statement, schema)
    found = run_postgres(loaded, translation)
    if names:
        assert [column.name for column in translation.columns] == names
    ordered = translation.ordered and "ORDER BY" in statement.upper()
    assert difference(expected, found, ordered=ordered) is None, translation.sql


def test_there_are_enough_statements() -> None:
    assert len(statements()) >= 250
