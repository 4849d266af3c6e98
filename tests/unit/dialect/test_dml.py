from __future__ import annotations

import pytest

from pgraduate.dialect import translate_dml
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, StorageClass

INTEGER = Representation(Rule.INTEGER)


def integer(name: str, *, generated: bool = False, not_null: bool = False) -> ColumnView:
    return ColumnView(name, name, "bigint", Affinity.INTEGER, INTEGER, generated=generated, not_null=not_null)


def text(name: str, collation: str = "BINARY") -> ColumnView:
    return ColumnView(name, name, "text", Affinity.TEXT, collation=collation)


PRICE = ColumnView("price", "price", "numeric(6,2)", Affinity.NUMERIC, Representation(Rule.NUMBER))
COST = ColumnView("cost", "cost", "numeric(8,4)", Affinity.NUMERIC, Representation(Rule.NUMBER))
T = TableView("t", "app", "t", (integer("id"), text("a"), integer("n")), "id", (("id",), ("a",)))
U = TableView(
    "u", "app", "u", (text("k"), integer("n"), PRICE, COST, integer("twice", generated=True)), None, (("k",),)
)
V = TableView("v", "app", "v", (text("k"),), is_view=True)
FOLDED = TableView("folded", "app", "folded", (text("k", "NOCASE"),), None, (("k",),))
TWO = TableView("two", "app", "two", tuple(map(integer, "abcd")), None, (("a",), ("b", "c"), ("d",)))
SCHEMA = SimpleSchema.of(T, U, V, FOLDED, TWO)


@pytest.mark.parametrize(
    ("statement", "sql"),
    [
        (
            "INSERT INTO U VALUES ('x', 1, 2.5, 3)",
            'INSERT INTO "app"."u" ("k", "n", "price", "cost") VALUES (\'x\', 1, CAST(\'2.5\' AS DECIMAL), 3)',
        ),
        (
            "INSERT INTO t VALUES (NULL, 'x', '5')",
            'INSERT INTO "app"."t" ("id", "a", "n") VALUES (DEFAULT, \'x\', 5)',
        ),
        (
            "REPLACE INTO u(k) VALUES ('x')",
            'INSERT INTO "app"."u" AS "u" ("k") VALUES (\'x\') ON CONFLICT ("k") DO UPDATE SET '
            '"n" = excluded."n", "price" = excluded."price", "cost" = excluded."cost"',
        ),
        (
            "INSERT INTO u(k) VALUES ('x') ON CONFLICT(k) WHERE n > 0 DO UPDATE SET n = n + excluded.n WHERE n < 9",
            'INSERT INTO "app"."u" AS "u" ("k") VALUES (\'x\') ON CONFLICT ("k") WHERE "u"."n" > 0 '
            'DO UPDATE SET "n" = "u"."n" + "excluded"."n" WHERE "u"."n" < 9',
        ),
        (
            "UPDATE u SET price = cost",
            'UPDATE "app"."u" AS "u" SET "price" = "pgraduate_compat".number("u"."cost")',
        ),
        ("DELETE FROM t AS x WHERE x.rowid = 1", 'DELETE FROM "app"."t" AS "x" WHERE "x"."id" = 1'),
    ],
)
def test_a_statement_is_written_as_expected(statement: str, sql: str) -> None:
    assert translate_dml(statement, SCHEMA).sql == sql


def test_a_replace_on_several_keys_deletes_first() -> None:
    translation = translate_dml("REPLACE INTO t(id, a) VALUES (1, 'x'), (NULL, 'y')", SCHEMA)
    assert translation.before == (
        'DELETE FROM "app"."t" AS "t" WHERE ("t"."id" = 1) OR ("t"."a" = \'x\') OR ("t"."a" = \'y\')',
    )
    number = "greatest(nextval(pg_get_serial_sequence('\"app\".\"t\"', 'id')), 2)"
    assert translation.sql == f"""INSERT INTO "app"."t" ("id", "a") VALUES (1, 'x'), ({number}, 'y')"""


def test_parameters_are_named_in_the_order_of_their_numbers() -> None:
    classes = (StorageClass.INTEGER, StorageClass.TEXT, StorageClass.INTEGER)
    translation = translate_dml("UPDATE t SET n = :n, a = ? WHERE n = :n OR id = @id", SCHEMA, parameters=classes)
    assert translation.parameters == (":n", "?2", "@id")
    assert translation.sql.count("$1") == 2


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE u SET price = cost", ["ROUNDED_TO_SCALE"]),
        ("UPDATE u SET price = price, n = 5", []),
        ("UPDATE u SET price = n", []),
        ("INSERT OR IGNORE INTO u(k) VALUES ('x')", []),
        ("INSERT INTO t(id) VALUES (7)", ["NUMBER_GIVEN"]),
        ("INSERT OR REPLACE INTO two(a) VALUES (1)", [*["REPLACE_ASSUMES_NULL"] * 2, "REPLACE_FIRES_OTHERWISE"]),
    ],
)
def test_what_may_differ_is_said_of_the_table(statement: str, codes: list[str]) -> None:
    findings = translate_dml(statement, SCHEMA).findings
    assert sorted(finding.code for finding in findings) == codes
    assert all(finding.where in SCHEMA.tables for finding in findings)


@pytest.mark.parametrize(
    ("statement", "construct"),
    [
        ("INSERT INTO t(a) VALUES (?)", "a parameter"),
        ("UPDATE OR IGNORE t SET id = id + 1", "UPDATE OR IGNORE"),
        ("INSERT OR IGNORE INTO two(a) VALUES (1) ON CONFLICT(a) DO UPDATE SET d = 1", "more than one rule"),
        ("INSERT INTO t(a) VALUES ('x') ON CONFLICT(n) DO NOTHING", "no unique key"),
        ("INSERT INTO t(id, a) VALUES (1, 'x') ON CONFLICT DO UPDATE SET n = 1", "without a conflict target"),
        ("UPDATE t SET (a, n) = (1, 2, 3)", "2 columns assigned 3 values"),
        ("UPDATE t SET (a, n) = (SELECT 1)", "2 columns assigned 1 values"),
        ("UPDATE t SET (a, n) = 5", "neither a list nor a query"),
        ("INSERT INTO t(nothing) VALUES (1)", "the column nothing of t"),
        ("UPDATE u SET rowid = 1", "the column rowid of u"),
        ("UPDATE u SET twice = 1", "the generated column twice"),
        ("INSERT INTO v(k) VALUES (1) ON CONFLICT DO NOTHING", "conflict handling on a view"),
        ("UPDATE u SET price = 1.255", "more than 2 decimals"),
        ("UPDATE u SET price = 'word'", "a value of class text"),
        ("INSERT INTO u(k, n) VALUES (1)", "1 values into 2 columns"),
        ("INSERT OR REPLACE INTO two(a, b) VALUES (1, 2)", "not listed whole"),
    ],
)
def test_what_has_no_translation_is_refused(statement: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        translate_dml(statement, SCHEMA)


DOCUMENTS = TableView("d", "app", "d", (ColumnView("j", "j", "json", Affinity.TEXT),), None)


@pytest.mark.parametrize("constant", ["'not json'", "''", "'NaN'", "'{''a'': 1}'"])
def test_a_constant_that_is_no_json_is_refused_for_a_json_column(constant: str) -> None:
    with pytest.raises(NotTranslated):
        translate_dml(f"INSERT INTO d (j) VALUES ({constant})", SimpleSchema.of(DOCUMENTS))


@pytest.mark.parametrize("constant", ["'{\"a\": [1, null]}'", "'5'", "' true '"])
def test_a_constant_that_is_json_is_stored_as_it_is(constant: str) -> None:
    found = translate_dml(f"INSERT INTO d (j) VALUES ({constant})", SimpleSchema.of(DOCUMENTS))
    assert found.sql == f'INSERT INTO "app"."d" ("j") VALUES (CAST({constant} AS JSON))'


def test_rows_behind_a_number_given_by_hand_go_on_from_it() -> None:
    found = translate_dml("INSERT INTO t(id, a) VALUES (NULL, 'x'), (9, 'y'), (NULL, 'z'), (NULL, 'w')", SCHEMA).sql
    assert "(DEFAULT, 'x'), (9, 'y'), (greatest(nextval(" in found
    assert ", 10), 'z')" in found
    assert ", 11), 'w')" in found


def test_a_conflict_target_may_be_an_expression() -> None:
    found = translate_dml("INSERT INTO t(a) VALUES ('x') ON CONFLICT(lower(a)) DO UPDATE SET n = n + 1", SCHEMA).sql
    assert """ ON CONFLICT ((lower("a"))) DO UPDATE SET "n" = "t"."n" + 1""" in found


def test_only_a_null_is_known_to_collide_with_no_row() -> None:
    found = translate_dml("REPLACE INTO t(id, a) VALUES (NULL, NULL), (1, 'greatest(nextval(')", SCHEMA)
    (before,) = found.before
    assert before.count("OR") == 1
    assert """= 'greatest(nextval('""" in before


def test_a_row_that_one_clause_passes_over_is_taken_out_before_the_other() -> None:
    values = "INSERT INTO t(id, a, n) VALUES (1, 'x', 2)"
    update = "ON CONFLICT(a) DO UPDATE SET n = 5"
    first = translate_dml(f"{values} ON CONFLICT(id) DO NOTHING {update}", SCHEMA).sql
    assert (
        'WHERE NOT EXISTS (SELECT 1 FROM "app"."t" AS _old WHERE _old."id" = _new."id") ON CONFLICT ("a")' in first
    )
    unnamed = translate_dml(f"{values} ON CONFLICT(id) DO NOTHING ON CONFLICT DO UPDATE SET n = 5", SCHEMA).sql
    assert unnamed == first
    behind = translate_dml(f"{values} {update} ON CONFLICT DO NOTHING", SCHEMA).sql
    assert """_new."id") OR EXISTS (SELECT 1 FROM "app"."t" AS _old WHERE _old."a" = _new."a")""" in behind


def test_two_updates_are_more_than_one_rule() -> None:
    both = "ON CONFLICT(id) DO UPDATE SET n = 4 ON CONFLICT(a) DO UPDATE SET n = 5"
    with pytest.raises(NotTranslated, match="more than one rule for conflicts"):
        translate_dml(f"INSERT INTO t(id, a) VALUES (1, 'x') {both}", SCHEMA)
