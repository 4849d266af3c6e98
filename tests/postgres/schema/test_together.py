"""Statements in one message commit together, whatever they end in and whatever they hold."""

from __future__ import annotations

import psycopg
import pytest

from pgraduate.postgres.together import bound, execute_together


def test_a_statement_that_ends_in_a_comment_does_not_swallow_the_next(connection: psycopg.Connection) -> None:
    execute_together(connection, ["CREATE TABLE t (a text) -- made here", "INSERT INTO t VALUES ('100 % %s')"])
    assert connection.execute("SELECT a FROM t").fetchall() == [("100 % %s",)]


def test_a_failure_takes_back_what_stood_before_it(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        execute_together(connection, ["CREATE TABLE t (a text)", "CREATE INDEX ON t (b)", "SELECT 1"])
    assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_bound_values_stand_as_they_are(connection: psycopg.Connection) -> None:
    hostile = "it's; DROP TABLE t -- \\ %s"
    execute_together(
        connection,
        ["CREATE TABLE t (a text, b int)", bound(connection, "INSERT INTO t VALUES (%s, %s)", (hostile, 7))],
    )
    assert connection.execute("SELECT a, b FROM t").fetchall() == [(hostile, 7)]
