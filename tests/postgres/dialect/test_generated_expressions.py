"""Generated expressions: what is translated gives SQLite's value and class, what is not is refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from support.dialect_twin import Column, Table, difference, load, run_postgres, run_sqlite, schema_of, sqlite_with
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.dialect import translate_query
from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule

THINGS = Table(
    "Things",
    (
        Column("id", "INTEGER", "bigint", Representation(Rule.INTEGER), not_null=True),
        Column("i", "INT", "bigint", Representation(Rule.INTEGER)),
        Column("r", "REAL", "double precision", Representation(Rule.REAL)),
        Column("t", "TEXT", "text", Representation(Rule.TEXT)),
        Column("c", "TEXT", "text", Representation(Rule.TEXT), collation="NOCASE"),
        Column("b", "BOOLEAN", "boolean", Representation(Rule.BOOLEAN)),
        Column("n", "NUMERIC", "numeric", Representation(Rule.NUMBER)),
        Column("d", "DATE", "date", Representation(Rule.DATE)),
        Column("u", "DATETIME", "text", Representation(Rule.TEXT)),
    ),
    (
        (1, 3, 1.5, "abc", "ABC", 1, 2, "2024-01-31", "2024-01-31"),
        (2, -7, -0.25, "12", "abc", 0, 2.5, "1999-12-31", "x"),
        (3, None, None, None, None, None, None, None, None),
        (4, 0, 0.0, "", "b", 1, 0, "2024-02-29", ""),
        (5, 12, 100.0, "1.5x", "12", 0, -3.75, "2000-01-01", "2000-01-01 10:00:00"),
    ),
    "id",
)  # fmt: skip
_LITERALS = (
    "0",
    "1",
    "-3",
    "12",
    "1.5",
    "-0.25",
    "2.0",
    "NULL",
    "''",
    "'abc'",
    "'ABC'",
    "'12'",
    "'1.5'",
    "'2024-01-31'",
)
_COLUMNS = ("i", "r", "t", "c", "b", "n", "d", "u", "id")
_BINARY = (
    "+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT", "AND", "OR", "&", "|", "LIKE",
    "NOT LIKE", "GLOB", "IS NOT DISTINCT FROM",
)  # fmt: skip
_UNARY = ("-", "NOT ", "+", "~")
_FUNCTIONS = (
    "abs({})", "length({})", "upper({})", "typeof({})", "coalesce({}, {})", "ifnull({}, {})", "nullif({}, {})",
    "CAST({} AS TEXT)", "CAST({} AS INTEGER)", "CAST({} AS REAL)", "CAST({} AS NUMERIC)", "round({})", "substr({}, {})",
    "max({}, {})", "min({}, {})", "iif({}, {}, {})", "CASE {} WHEN {} THEN {} ELSE {} END", "{} BETWEEN {} AND {}",
    "{} IN ({}, {})", "{} NOT IN ({}, {})", "{} IS NULL", "{} NOTNULL", "instr({}, {})", "trim({})", "hex({})",
    "CASE WHEN {} THEN {} END", "({} COLLATE NOCASE)", "{} IS TRUE", "{} IS NOT FALSE", "quote({})",
)  # fmt: skip
_LEAVES = st.sampled_from(_COLUMNS + _LITERALS)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def filled(form: str) -> st.SearchStrategy[str]:
        return st.lists(inner, min_size=form.count("{}"), max_size=form.count("{}")).map(lambda a: form.format(*a))

    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(_BINARY), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(_BINARY), inner),
        st.builds("{}{}".format, st.sampled_from(_UNARY), inner),
        st.sampled_from(_FUNCTIONS).flatmap(filled),
    )


EXPRESSIONS = st.recursive(_LEAVES, _grown, max_leaves=6)


@pytest.fixture(scope="module")
def source() -> apsw.Connection:
    return sqlite_with((THINGS,))


@pytest.fixture(scope="module")
def schema() -> SimpleSchema:
    return schema_of((THINGS,))


@pytest.fixture(scope="module")
def loaded(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with server.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        compat.install(connection)
        load(connection, (THINGS,))
        yield connection


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(expression=EXPRESSIONS)
def test_generated_expression(
    expression: str, source: apsw.Connection, schema: SimpleSchema, loaded: psycopg.Connection
) -> None:
    statement = f"SELECT id, {expression} AS e FROM Things"
    try:
        translation = translate_query(statement, schema)
    except NotTranslated:
        reject()
    _, expected = run_sqlite(source, statement)
    # A text that stands for a value of mixed class does not say which class it was (finding CLASS_NOT_KEPT).
    assume(not any(finding.code == "CLASS_NOT_KEPT" for finding in translation.findings))
    found = run_postgres(loaded, translation)
    assert difference(expected, found, ordered=False) is None, translation.sql
