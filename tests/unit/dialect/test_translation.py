"""What a translation says of itself, what it leaves as it is, and what it refuses."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_expression, translate_query, translate_view
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, StorageClass

_DAY = Representation(Rule.TIMESTAMP, "YYYY-MM-DD[ HH:MM:SS]")
TABLE = TableView(
    "Orders",
    "app",
    "orders",
    (
        ColumnView("Id", "id", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER), not_null=True),
        ColumnView("Name", "name", "text", Affinity.TEXT),
        ColumnView("Mail", "mail", "text", Affinity.TEXT, collation="NOCASE"),
        ColumnView("Paid", "paid", "boolean", Affinity.NUMERIC, Representation(Rule.BOOLEAN)),
        ColumnView("At", "at", "timestamp", Affinity.NUMERIC, _DAY),
        ColumnView("Odd", "odd", "text", Affinity.BLOB, Representation(Rule.ANY_TEXT, "TEXT"), keeps_class=True),
        ColumnView("Own", "own", "text", Affinity.TEXT, collation="UNICASE"),
    ),
    "Id",
    (("Id",),),
)
SCHEMA = SimpleSchema.of(TABLE)


def expression(sql: str, purpose: str = "value", *, immutable: bool = False) -> str:
    match purpose:
        case "check" | "predicate" | "index" | "generated" | "value":
            translation = translate_expression(sql, SCHEMA, TABLE, purpose=purpose, immutable=immutable)
            return " ".join(translation.sql.split())
    raise AssertionError(purpose)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("Id > 0", '"id" > 0'),
        ("[Id] >= (0) AND `Id` <= 5", '"id" >= 0 AND "id" <= 5'),
        ("Paid", '"paid"'),
        ("Paid = 1", '"paid" = TRUE'),
        ("Id", '"id" <> 0'),
        ("Name <> ''", "\"name\" <> ''"),
        ("length(Name) > 3", 'length("name") > 3'),
        ("Mail = 'x'", '"pgraduate_compat".nocase("mail") = "pgraduate_compat".nocase(\'x\')'),
        ("At = '1997-01-01'", "\"at\" = CAST('1997-01-01' AS TIMESTAMP)"),
        ("At IS NULL", '"at" IS NULL'),
        ("Name LIKE 'a%'", "\"name\" ILIKE 'a%' ESCAPE ''"),
        ("Name IN ('a', \"b\")", "\"name\" IN ('a', 'b')"),
        ("Orders.Id % 2 = 0", '("id" % 2) = 0'),
    ],
)
def test_condition_stays_plain_where_the_engines_agree(sql: str, expected: str) -> None:
    assert expression(sql, "check") == expected


def test_richer_column_is_rendered_where_its_text_matters() -> None:
    assert '"pgraduate_compat".timestamp_text("at", ' in expression("At < '1997-01-01 00:00:00'", "check")


def test_bare_column_keeps_type_and_representation() -> None:
    (column,) = translate_query("SELECT At FROM Orders", SCHEMA).columns
    assert (column.name, column.type, column.representation) == ("At", "timestamp", _DAY)
    assert (column.storage_class, column.affinity) == (StorageClass.TEXT, Affinity.NUMERIC)


def test_computed_number_says_that_its_scale_holds_the_class() -> None:
    (column,) = translate_query("SELECT Name + 1 FROM Orders", SCHEMA).columns
    assert column.representation == Representation(Rule.NUMBER, "scale")
    assert column.storage_class is None


def test_unnamed_column_has_the_text_of_its_expression() -> None:
    columns = translate_query("SELECT count( * ), Id+1 , name FROM Orders GROUP BY Id", SCHEMA).columns
    assert [column.name for column in columns] == ["count( * )", "Id+1", "Name"]


def test_view_takes_the_names_of_its_column_list() -> None:
    translation = translate_view('CREATE VIEW IF NOT EXISTS v ("a b", [c]) AS SELECT Id, Name FROM Orders', SCHEMA)
    assert [column.name for column in translation.columns] == ["a b", "c"]
    assert translation.sql.startswith("SELECT")


def test_view_numbers_repeated_names() -> None:
    translation = translate_view("CREATE VIEW v AS SELECT a.Id, b.Id FROM Orders a, Orders b", SCHEMA)
    assert [column.name for column in translation.columns] == ["Id", "Id:1"]


def test_rewrites_and_compat_are_reported() -> None:
    translation = translate_query("SELECT upper(Name) FROM Orders WHERE Mail = 'x'", SCHEMA)
    assert translation.uses_compat
    assert "collate nocase" in translation.rules
    assert not translate_query("SELECT Id FROM Orders", SCHEMA).uses_compat


def test_only_an_ordered_query_says_so() -> None:
    assert translate_query("SELECT Id FROM Orders ORDER BY Name", SCHEMA).ordered
    assert not translate_query("SELECT Id FROM Orders", SCHEMA).ordered


def test_same_statement_gives_the_same_text() -> None:
    sql = "SELECT x.n FROM (SELECT Name AS n FROM Orders) x WHERE n IN (SELECT Name FROM Orders) ORDER BY n"
    assert translate_query(sql, SCHEMA) == translate_query(sql, SCHEMA)


def test_a_result_whose_class_depends_on_the_data_keeps_it_and_says_so() -> None:
    translation = translate_query("SELECT coalesce(Id, Name) FROM Orders", SCHEMA)
    assert translation.columns[0].representation == Representation(Rule.ANY_VALUE)
    assert [finding.code for finding in translation.findings] == ["ANY_CLASS"]


def test_a_view_shows_such_a_column_with_its_class() -> None:
    translation = translate_view("CREATE VIEW v AS SELECT Id, coalesce(Id, Name) AS c FROM Orders", SCHEMA)
    assert [column.representation for column in translation.columns] == [
        Representation(Rule.INTEGER),
        Representation(Rule.ANY_VALUE),
    ]


@pytest.mark.parametrize("sql", ["date(At)", "upper(Name)", "date(At, '+1 month')", "strftime('%Y', At)", "Id * 2"])
def test_fixed_expression_may_stand_in_an_index(sql: str) -> None:
    assert expression(sql, "index")


def test_collation_of_an_index_key_is_the_form_that_comparisons_use() -> None:
    assert expression("Name COLLATE NOCASE", "index") == '"pgraduate_compat".nocase("name")'


@pytest.mark.parametrize("sql", ["date('now')", "CURRENT_TIMESTAMP", "random()", "julianday()"])
def test_moving_expression_is_refused_in_an_index(sql: str) -> None:
    with pytest.raises(NotTranslated):
        expression(sql, "index")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nope FROM Orders",
        "SELECT Id FROM Nowhere",
        "SELECT Id FROM other.Orders",
        "SELECT x.Id FROM Orders",
        "SELECT Id FROM Orders a, Orders b",
        "SELECT my_function(Id) FROM Orders",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM pragma_table_info('Orders')",
        "SELECT * FROM json_each('[1]')",
        "SELECT Id FROM Orders WHERE Name MATCH 'x'",
        "SELECT Id FROM Orders WHERE Name REGEXP 'x'",
        "SELECT Id FROM Orders ORDER BY Name COLLATE UNICASE",
        "SELECT Id FROM Orders WHERE Own = 'x'",
        "SELECT Odd || 'x' FROM Orders",
        "SELECT typeof(Odd) FROM Orders",
        "SELECT 1 UNION SELECT 1, 2",
        "SELECT substr(Name) FROM Orders",
        "SELECT Id FROM Orders ORDER BY 5",
        "PRAGMA table_info(Orders)",
        "VACUUM",
        "ATTACH 'x' AS y",
        "EXPLAIN QUERY PLAN SELECT 1",
        "BEGIN IMMEDIATE",
        "INSERT INTO Orders VALUES (1)",
        "SELECT",
        "",
        "SELECT 1; SELECT 2",
        "SELECT (1",
        "SELEC 1",
    ],
)
def test_what_is_not_understood_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslated) as refusal:
        translate_query(sql, SCHEMA)
    assert refusal.value.construct


@pytest.mark.parametrize("sql", ["EXPLAIN QUERY PLAN SELECT 1", "REPLACE INTO Orders VALUES (1)", "BEGIN"])
def test_other_statements_are_refused_in_silence_by_their_first_word(
    sql: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotTranslated, match=f"the statement {sql.split()[0]}"):
        translate_query(sql, SCHEMA)
    assert not caplog.records


def test_kept_classes_do_not_hinder_a_bare_column() -> None:
    assert translate_query("SELECT Odd, Odd IS NULL FROM Orders WHERE Odd IS NOT NULL", SCHEMA).columns


def test_other_compat_schema_is_used() -> None:
    schema = SimpleSchema.of(TABLE, compat_schema="elsewhere")
    assert '"elsewhere".to_text' in translate_query("SELECT (1.5 * Id) || '' FROM Orders", schema).sql


def test_a_number_of_the_connection_is_named_for_the_driver() -> None:
    found = translate_query("SELECT last_insert_rowid(), changes(), changes()", SimpleSchema())
    assert found.session == ("last_insert_rowid", "changes")


def test_a_view_reads_no_number_of_a_connection() -> None:
    with pytest.raises(NotTranslated, match="last_insert_rowid"):
        translate_view("CREATE VIEW v AS SELECT last_insert_rowid()", SimpleSchema())
