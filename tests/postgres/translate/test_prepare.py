"""Asking a target about translations: what it accepts, what it refuses, and that nothing stays."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from pgraduate.compat import install
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import Refused
from pgraduate.model.representation import Representation, Rule
from pgraduate.translate import Layered, Translated, prepare, split, translate_statement

COLUMNS = (
    ColumnView("id", "id", "bigint", representation=Representation(Rule.INTEGER)),
    ColumnView("t", "t", "text", representation=Representation(Rule.TEXT)),
)
SCHEMA = SimpleSchema.of(TableView("thing", "app", "thing", COLUMNS, "id", (("id",),)))


def _translated(text: str) -> Translated:
    (statement,) = split(text)
    return translate_statement(statement, Layered(SCHEMA, "app"))


@pytest.fixture
def made(connection: psycopg.Connection) -> psycopg.Connection:
    connection.execute("CREATE SCHEMA app; CREATE TABLE app.thing (id bigint PRIMARY KEY, t text)")
    return connection


@pytest.mark.parametrize(
    "text",
    [
        "SELECT t FROM thing",
        "INSERT INTO thing(id, t) VALUES (1, 'a')",
        "REPLACE INTO thing(id, t) VALUES (1, 'a')",
        "CREATE VIEW v AS SELECT id FROM thing",
        "CREATE TRIGGER g AFTER INSERT ON thing BEGIN DELETE FROM thing WHERE id < 0; END",
    ],
)
def test_what_the_target_would_take_is_accepted(text: str, made: psycopg.Connection) -> None:
    assert prepare(made, "app", [_translated(text)]) == (None,)


def test_a_statement_may_read_the_view_that_stands_before_it(made: psycopg.Connection) -> None:
    schema = Layered(SCHEMA, "app")
    view, query = split("CREATE VIEW v AS SELECT id FROM thing; SELECT id FROM v")
    first = translate_statement(view, schema)
    assert first.view is not None
    schema.add(first.view)
    assert prepare(made, "app", [first, translate_statement(query, schema)]) == (None, None)


def test_what_the_target_refuses_is_named_by_its_state(made: psycopg.Connection) -> None:
    made.execute("ALTER TABLE app.thing DROP COLUMN t")
    good, bad = _translated("SELECT id FROM thing"), _translated("SELECT t FROM thing")
    accepted, refused = prepare(made, "app", [good, bad])
    assert accepted is None
    assert refused is not None
    assert refused.sqlstate == "42703"


def test_nothing_stays_behind(made: psycopg.Connection) -> None:
    prepare(made, "app", [_translated("CREATE VIEW v AS SELECT 1 AS x"), _translated("DELETE FROM thing")])
    left = made.execute("SELECT to_regclass('app.v'), (SELECT count(*) FROM pg_prepared_statements)").fetchone()
    assert left == (None, 0)


def test_a_target_without_the_schema_is_refused(connection: psycopg.Connection) -> None:
    with pytest.raises(Refused, match="no schema app"):
        prepare(connection, "app", [_translated("SELECT t FROM thing")])


def test_missing_compat_functions_are_refused_and_installed_ones_accepted(made: psycopg.Connection) -> None:
    needs = _translated("SELECT date(t) FROM thing")
    with pytest.raises(Refused, match="compat functions"):
        prepare(made, "app", [needs])
    install(made)
    assert prepare(made, "app", [needs]) == (None,)


def test_a_trigger_and_a_view_that_exist_stay_as_they_are_under_if_not_exists(made: psycopg.Connection) -> None:
    for text in (
        "CREATE VIEW v AS SELECT 1 AS x",
        "CREATE TRIGGER g AFTER INSERT ON thing BEGIN DELETE FROM thing WHERE id < 0; END",
    ):
        for one in (text, text.replace("1 AS x", "2 AS x").replace("< 0", "> 0")):
            name = "IF NOT EXISTS " + ("v" if "VIEW" in one else "g")
            conditional = one.replace(" v ", f" {name} ").replace(" g ", f" {name} ")
            for sql in _translated(conditional).texts:
                made.execute(sql.encode())
    assert made.execute("SELECT x FROM app.v").fetchone() == (1,)
    made.execute("INSERT INTO app.thing VALUES (-1, 'gone'), (1, 'stays')")
    assert made.execute("SELECT t FROM app.thing").fetchall() == [("stays",)]


def test_vacuum_which_no_transaction_takes_is_accepted_and_not_run(made: psycopg.Connection) -> None:
    assert prepare(made, "app", [_translated("VACUUM"), _translated("SELECT t FROM thing")]) == (None, None)
    row = made.execute(
        "SELECT vacuum_count FROM pg_stat_user_tables WHERE relid = 'app.thing'::regclass"
    ).fetchone()
    assert row == (0,)


def test_a_vacuum_that_the_server_cannot_read_is_refused(made: psycopg.Connection) -> None:
    (vacuum,) = [_translated("VACUUM")]
    (refused,) = prepare(made, "app", [replace(vacuum, texts=("VACUUM nothing of this kind",))])
    assert refused is not None
    assert refused.sqlstate == "42601"
