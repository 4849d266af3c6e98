from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.dialect import translate_trigger
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity


def integer(name: str, *, not_null: bool = False) -> ColumnView:
    return ColumnView(name, name, "bigint", Affinity.INTEGER, Representation(Rule.INTEGER), not_null=not_null)


def text(name: str) -> ColumnView:
    return ColumnView(name, name.lower(), "text", Affinity.TEXT)


STAMP = ColumnView(
    "stamp", "stamp", "timestamp", Affinity.NUMERIC, Representation(Rule.TIMESTAMP, "YYYY-MM-DD HH:MM:SS")
)
T = TableView("T", "app", "t", (integer("id"), text("Name"), integer("n"), STAMP), "id", (("id",),))
LOG = TableView("log", "app", "log", (text("what"), integer("x")))
KEYED = TableView("keyed", "app", "keyed", (integer("a"), integer("b")), None, (("a", "b"),))
SAFE = replace(
    KEYED, source="safe", target="safe", columns=(integer("a", not_null=True), integer("b", not_null=True))
)
VIEW = TableView("v", "app", "v", (integer("id"), text("name")), is_view=True)
SCHEMA = SimpleSchema.of(T, LOG, KEYED, SAFE, VIEW)


def test_a_trigger_is_a_function_with_a_fixed_search_path_and_a_guarded_trigger() -> None:
    translation = translate_trigger(
        "CREATE TRIGGER Keep_Stamp AFTER UPDATE OF NAME ON t WHEN old.name <> new.name BEGIN "
        "UPDATE t SET stamp = '2024-01-01 00:00:00' WHERE rowid = new.rowid; "
        "SELECT RAISE(ABORT, 'it''s 100%') WHERE new.n < 0; END",
        SCHEMA,
    )
    assert translation.function == (
        'CREATE FUNCTION "app"."keep_stamp"() RETURNS trigger\n'
        "LANGUAGE plpgsql\n"
        "SET search_path = pg_catalog, pg_temp\n"
        "AS $pgraduate$\n"
        "#variable_conflict use_column\n"
        "BEGIN\n"
        "    PERFORM set_config('pgraduate.guard_8c802b826839f2b9', 'on', true);\n"
        '    UPDATE "app"."t" AS "t" SET "stamp" = CAST(\'2024-01-01 00:00:00\' AS TIMESTAMP) '
        'WHERE "t"."id" = "new"."id";\n'
        '    IF "new"."n" < 0 THEN\n'
        "        RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = 'it''s 100%';\n"
        "    END IF;\n"
        "    PERFORM set_config('pgraduate.guard_8c802b826839f2b9', '', true);\n"
        "    RETURN NULL;\n"
        "END\n"
        "$pgraduate$"
    )
    assert translation.trigger == (
        'CREATE TRIGGER "keep_stamp"\n'
        'AFTER UPDATE OF "name" ON "app"."t"\n'
        "FOR EACH ROW\n"
        "WHEN (pg_catalog.current_setting('pgraduate.guard_8c802b826839f2b9', true) IS DISTINCT FROM 'on' "
        'AND ("old"."name" <> "new"."name"))\n'
        'EXECUTE FUNCTION "app"."keep_stamp"()'
    )
    assert translation.drop == ('DROP TRIGGER "keep_stamp" ON "app"."t"', 'DROP FUNCTION "app"."keep_stamp"()')
    assert translation.rules == ("raise", "recursion guard")
    assert translation.findings == ()


def test_a_name_can_be_given() -> None:
    translation = translate_trigger("CREATE TRIGGER x DELETE ON t BEGIN DELETE FROM log; END", SCHEMA, name="t1_x")
    assert translation.drop == ('DROP TRIGGER "t1_x" ON "app"."t"', 'DROP FUNCTION "app"."t1_x"()')


def test_a_long_name_is_cut_to_63_bytes_and_stays_its_own() -> None:
    names = ["é" * 40 + end for end in "ab"]
    drops = [
        translate_trigger(f'CREATE TRIGGER "{name}" DELETE ON t BEGIN DELETE FROM log; END', SCHEMA).drop[1]
        for name in names
    ]
    cut = [drop.split('"')[3] for drop in drops]
    assert all(len(name.encode()) <= 63 for name in cut)
    assert cut[0] != cut[1]


def test_the_quotes_of_the_function_never_end_within_it() -> None:
    translation = translate_trigger(
        "CREATE TRIGGER x DELETE ON t BEGIN INSERT INTO log(what) VALUES ('$pgraduate$ $pgraduate_$'); END", SCHEMA
    )
    assert "AS $pgraduate__$\n" in translation.function


def codes(sql: str) -> list[str]:
    return [finding.code for finding in translate_trigger(sql, SCHEMA).findings]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) SELECT count(*) FROM t; END", ["TRIGGER_READS_ITS_TABLE"]),
        (
            "AFTER INSERT ON t WHEN (SELECT max(n) FROM t) > 1 BEGIN DELETE FROM log; END",
            ["TRIGGER_READS_ITS_TABLE"],
        ),
        ("BEFORE INSERT ON t BEGIN INSERT INTO log(x) SELECT count(*) FROM t; END", []),
        ("AFTER UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE id = new.id; END", []),
        ("AFTER UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE old.id = t.id; END", []),
        ("AFTER UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE oid = new._rowid_; END", []),
        ("AFTER UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE id <> new.id; END", ["TRIGGER_WRITES_ITS_TABLE"]),
        ("BEFORE INSERT ON t BEGIN UPDATE t SET n = 1; END", ["TRIGGER_WRITES_ITS_TABLE"]),
        ("AFTER DELETE ON t BEGIN DELETE FROM log WHERE x = old.id; END", ["FOREIGN_KEY_BEFORE_TRIGGER"]),
        ("AFTER DELETE ON t BEGIN UPDATE log SET x = x - 1; END", []),
        ("BEFORE INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.id); END", ["NUMBER_KNOWN_BEFORE_INSERT"]),
        ("BEFORE INSERT ON t WHEN new.rowid > 5 BEGIN DELETE FROM log; END", ["NUMBER_KNOWN_BEFORE_INSERT"]),
        ("AFTER INSERT ON t BEGIN SELECT RAISE(FAIL, 'no'); END", ["RAISE_FAIL_ABORTS"]),
        ("AFTER INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END", ["RAISE_ROLLBACK_ABORTS"]),
        ("AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END", ["RAISE_IGNORE_ENDS_ONE_TRIGGER"]),
        ("BEFORE INSERT ON t BEGIN SELECT RAISE(IGNORE); END", []),
        ("AFTER INSERT ON keyed BEGIN UPDATE keyed SET b = 1 WHERE rowid = new.rowid; END", ["ROW_FOUND_BY_KEY"]),
        ("AFTER INSERT ON safe BEGIN UPDATE safe SET b = 1 WHERE rowid = new.rowid; END", []),
        ("AFTER INSERT ON log BEGIN INSERT OR IGNORE INTO t(n) VALUES (1); END", []),
        (
            "AFTER INSERT ON log BEGIN REPLACE INTO t(id) VALUES (1); END",
            ["NUMBER_GIVEN", "REPLACE_FIRES_OTHERWISE"],
        ),
        ("AFTER INSERT ON log BEGIN INSERT OR FAIL INTO t(n) VALUES (1); END", ["OR_FAIL_ABORTS"]),
        ("AFTER INSERT ON log BEGIN UPDATE OR ROLLBACK t SET n = 1; END", ["OR_ROLLBACK_ABORTS"]),
        ("AFTER INSERT ON log BEGIN UPDATE t SET stamp = new.what; END", ["TEXT_FORM_ASSUMED"]),
    ],
)
def test_what_may_differ_is_said(sql: str, expected: list[str]) -> None:
    assert codes(f"CREATE TRIGGER x {sql}") == expected


def test_a_finding_names_its_trigger() -> None:
    translation = translate_trigger("CREATE TRIGGER Odd AFTER DELETE ON t BEGIN UPDATE t SET n = 1; END", SCHEMA)
    assert [finding.where for finding in translation.findings] == ["Odd"]


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("AFTER INSERT ON nowhere BEGIN DELETE FROM t; END", "a trigger on nowhere"),
        ("AFTER INSERT ON v BEGIN DELETE FROM t; END", "AFTER on v"),
        ("INSTEAD OF INSERT ON t BEGIN DELETE FROM t; END", "INSTEAD OF on T"),
        ("INSTEAD OF UPDATE OF name ON v BEGIN DELETE FROM t; END", "UPDATE OF on a view"),
        ("BEFORE UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE rowid = new.rowid; END", "the row it runs for"),
        ("BEFORE DELETE ON t BEGIN DELETE FROM t WHERE id = old.id; END", "the row it runs for"),
        ("BEFORE UPDATE ON safe BEGIN DELETE FROM safe WHERE rowid = old.rowid; END", "the row it runs for"),
        ("AFTER INSERT ON log BEGIN DELETE FROM log WHERE rowid = new.rowid; END", "rowid"),
        ("AFTER INSERT ON log BEGIN INSERT INTO t(id) VALUES (new.rowid); END", "the rowid of log"),
        ("BEFORE INSERT ON safe BEGIN DELETE FROM safe WHERE rowid = new.rowid; END", "rowid"),
        ("AFTER UPDATE OF missing ON t BEGIN DELETE FROM log; END", "the column missing of T"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (old.id); END", "old.id"),
        ("AFTER DELETE ON t BEGIN INSERT INTO log(x) VALUES (new.id); END", "new.id"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (n); END", "the unknown column n"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (rowid); END", "the rowid of T, which was not carried"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES (ST_AsText(new.name)); END", r"st_astext\(\)"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (last_insert_rowid()); END", r"last_insert_rowid\(\)"),
        (
            "AFTER INSERT ON t BEGIN INSERT INTO t(n) SELECT x FROM log; "
            "DELETE FROM log WHERE x = last_insert_rowid(); END",
            r"last_insert_rowid\(\)",
        ),
        ("AFTER INSERT ON t BEGIN SELECT load_extension('x'); END", r"load_extension\(\)"),
        ("AFTER INSERT ON t BEGIN INSERT INTO fts(fts) VALUES ('optimize'); END", "the table fts"),
        ("AFTER INSERT ON t BEGIN UPDATE OR REPLACE t SET id = id + 1; END", "UPDATE OR REPLACE"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log VALUES (RAISE(ABORT, 'x'), 1); END", "RAISE"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES ('word'); END", "class text for the column x"),
        ("AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1); END", "1 values into 2 columns"),
    ],
)
def test_what_has_no_translation_is_refused(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        translate_trigger(f"CREATE TRIGGER x {sql}", SCHEMA)


def test_a_word_in_double_quotes_is_a_string_and_never_a_column_of_new() -> None:
    translation = translate_trigger(
        'CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES ("name"); END', SCHEMA
    )
    assert "VALUES ('name')" in translation.function


def test_a_condition_with_a_subquery_moves_into_the_function() -> None:
    translation = translate_trigger(
        "CREATE TRIGGER x AFTER INSERT ON t WHEN EXISTS (SELECT 1 FROM log) BEGIN DELETE FROM log; END", SCHEMA
    )
    assert "EXISTS" not in translation.trigger
    assert "IF EXISTS" in translation.function
