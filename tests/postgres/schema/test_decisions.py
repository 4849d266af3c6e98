"""What a decision leads to is made by PostgreSQL, and holds there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from support.schema_sources import (
    LAST_ROWID,
    LONG_KEY,
    MIXED_KEY,
    MIXED_KEY_APART,
    NOT_UNIQUE,
    NULL_KEY,
    ORPHANS,
    OWN_COLLATION,
    RUN,
    TYPES_APART,
    plan_script,
    prepare,
)

from pgraduate.model.plan import SchemaPlan
from pgraduate.schema import CreateTables, FinishObjects, plan_create, plan_finish
from pgraduate.settings import Policy

CASES: list[tuple[str, Mapping[str, str]]] = [
    (ORPHANS, {}),
    (ORPHANS, {"fk_orphans:lib.c(p)": "not_valid"}),
    (NOT_UNIQUE, {}),
    (NOT_UNIQUE, {"fk_parent:lib.c(p)": "add_unique"}),
    (MIXED_KEY, {}),
    (MIXED_KEY_APART, {"mixed_key:lib.t(k)": "keep"}),
    (TYPES_APART, {}),
    (NULL_KEY, {}),
    (LONG_KEY, {}),
    (LONG_KEY, {"index_size:lib.t(k)": "drop"}),
    (LAST_ROWID, {}),
    (OWN_COLLATION, {}),
    (OWN_COLLATION, {"fk_collation:lib.c(k)": "keep"}),
]


def make(connection: psycopg.Connection, planned: SchemaPlan) -> None:
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    FinishObjects().apply(connection, plan_finish(planned, RUN))


@pytest.mark.parametrize(("script", "answers"), CASES)
def test_the_plan_that_follows_an_answer_can_be_made(
    connection: psycopg.Connection, tmp_path: Path, script: str, answers: Mapping[str, str]
) -> None:
    planned = plan_script(tmp_path, script, answers=answers)
    make(connection, planned)
    assert FinishObjects().check(connection, plan_finish(planned, RUN)).why == ""


def test_an_insert_behind_the_last_rowid_fails_and_repeats_nothing(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    make(connection, plan_script(tmp_path, LAST_ROWID))
    with pytest.raises(psycopg.errors.SequenceGeneratorLimitExceeded):
        connection.execute("INSERT INTO lib.t DEFAULT VALUES")


def test_a_key_that_may_be_null_still_refuses_a_repeated_value(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    make(connection, plan_script(tmp_path, NULL_KEY))
    connection.execute("INSERT INTO lib.t VALUES (NULL), (NULL), ('a')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO lib.t VALUES ('a')")


def test_a_digest_refuses_a_repeated_long_value(connection: psycopg.Connection, tmp_path: Path) -> None:
    make(connection, plan_script(tmp_path, LONG_KEY))
    connection.execute("INSERT INTO lib.t VALUES (repeat('x', 100000))")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO lib.t VALUES (repeat('x', 100000))")


def test_nocase_refuses_a_key_that_differs_in_case(connection: psycopg.Connection, tmp_path: Path) -> None:
    make(connection, plan_script(tmp_path, OWN_COLLATION))
    connection.execute("INSERT INTO lib.t VALUES ('Ada')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO lib.t VALUES ('ADA')")


def test_nocase_leaves_letters_beyond_ascii_apart(connection: psycopg.Connection, tmp_path: Path) -> None:
    make(connection, plan_script(tmp_path, OWN_COLLATION))
    assert connection.execute("INSERT INTO lib.t VALUES ('é'), ('É')").rowcount == 2


def test_an_integer_child_may_refer_to_a_parent_of_mixed_numbers(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = """
        CREATE TABLE p (n NUMERIC PRIMARY KEY);
        CREATE TABLE c (n INTEGER REFERENCES p);
        INSERT INTO p VALUES (1), (2.5);
        INSERT INTO c VALUES (1);
    """
    planned = plan_script(tmp_path, script, policy=Policy.FAITHFUL)
    make(connection, planned)
    assert [planned.table(name).columns[0].type for name in ("p", "c")] == ["double precision", "bigint"]
    assert FinishObjects().check(connection, plan_finish(planned, RUN)).holds
