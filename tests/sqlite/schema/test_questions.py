"""The questions that real files ask, and what each answer makes of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.schema_sources import (
    LAST_ROWID,
    LONG_KEY,
    MIXED_KEY,
    MIXED_KEY_APART,
    NOT_UNIQUE,
    NUL_IN_KEY,
    NULL_KEY,
    ORPHANS,
    OWN_COLLATION,
    TYPES_APART,
    found,
    plan_script,
)

from pgraduate.errors import UsageError
from pgraduate.model.decision import OpenDecisions, require_answers
from pgraduate.model.finding import Finding
from pgraduate.model.plan import SchemaPlan
from pgraduate.settings import Policy

SAFE = [
    (ORPHANS, "fk_orphans:lib.c(p)", "drop"),
    (NOT_UNIQUE, "fk_parent:lib.c(p)", "drop"),
    (MIXED_KEY, "mixed_key:lib.t(k)", "drop"),
    (TYPES_APART, "fk_types:lib.c(p)", "drop"),
    (NULL_KEY, "null_key:lib.t(k)", "unique"),
    (LONG_KEY, "index_size:lib.t(k)", "digest"),
    (LAST_ROWID, "identity_full:lib.t(id)", "fail"),
    (OWN_COLLATION, "fk_collation:lib.c(k)", "drop"),
]


@pytest.mark.parametrize(("script", "id", "answer"), SAFE, ids=[id.partition(":")[0] for _, id, _ in SAFE])
def test_a_question_with_a_safe_option_takes_it(tmp_path: Path, script: str, id: str, answer: str) -> None:
    (decision,) = plan_script(tmp_path, script).decisions
    assert (decision.id, decision.answer, decision.answered_by) == (id, answer, "safe option")


def test_a_text_that_a_key_cannot_hold_stays_an_open_question(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, NUL_IN_KEY)
    with pytest.raises(OpenDecisions, match="1 decision must be answered"):
        require_answers(planned.decisions)


def test_a_text_outside_keys_is_kept_apart_without_asking(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE t (k TEXT); INSERT INTO t VALUES ('a' || char(0) || 'b');")
    assert planned.decisions[0].answered_by == "safe option"
    assert planned.table("t").columns[0].quarantines


def test_an_answer_that_is_no_option_stops(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'delete' is not an answer"):
        plan_script(tmp_path, ORPHANS, answers={"fk_orphans:lib.c(p)": "delete"})


def test_an_answer_to_no_question_is_a_finding(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, NULL_KEY, answers={"fk_orphans:lib.c(p)": "drop"})
    assert [finding.where for finding in codes(planned, "ANSWER_UNUSED")] == ["fk_orphans:lib.c(p)"]


def test_orphans_may_stay_under_a_key_that_is_not_validated(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, ORPHANS, answers={"fk_orphans:lib.c(p)": "not_valid"})
    (statement,) = found(planned, "foreign key", "c(p)").statements
    assert statement.endswith('REFERENCES "lib"."p" ("id") ON DELETE SET NULL NOT VALID')


def test_a_parent_may_become_unique(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, NOT_UNIQUE, answers={"fk_parent:lib.c(p)": "add_unique"})
    kinds = [item.kind for item in planned.objects if item.phase == "after rows"]
    assert kinds == ["unique", "foreign key"]


def test_a_parent_with_duplicates_cannot_become_unique(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, NOT_UNIQUE + "INSERT INTO p VALUES ('a');")
    assert [option.key for option in planned.decisions[0].options] == ["drop"]


def test_a_key_with_nulls_becomes_unique_and_identifies_no_row(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, NULL_KEY)
    assert 'UNIQUE ("k")' in found(planned, "primary key", "t").statements[0]
    assert planned.table("t").key == ()


def test_a_long_unique_value_is_compared_by_its_digest(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, LONG_KEY)
    assert found(planned, "unique", "t(k)").statements == (
        'CREATE UNIQUE INDEX "t_k_key" ON "lib"."t" (pg_catalog.md5("k"))',
    )


def test_a_long_value_gets_a_hash_index(tmp_path: Path) -> None:
    script = "CREATE TABLE t (k TEXT); CREATE INDEX i ON t (k); INSERT INTO t VALUES (hex(zeroblob(2000)));"
    planned = plan_script(tmp_path, script)
    assert found(planned, "index", "i").statements == ('CREATE INDEX "i" ON "lib"."t" USING hash ("k")',)


def test_linked_columns_fall_back_together(tmp_path: Path) -> None:
    script = """
        CREATE TABLE p (d DATE PRIMARY KEY);
        CREATE TABLE c (d TEXT REFERENCES p);
        INSERT INTO p VALUES ('2024-01-02');
        INSERT INTO c VALUES ('2024-01-02');
    """
    planned = plan_script(tmp_path, script)
    assert [planned.table(name).columns[0].type for name in ("p", "c")] == ["text", "text"]
    assert found(planned, "foreign key", "c(d)").outcome == "carried"


def test_a_child_without_values_takes_its_parents_type(tmp_path: Path) -> None:
    script = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p, q VARCHAR(9) REFERENCES p);"
    planned = plan_script(tmp_path, script)
    assert [column.type for column in planned.table("c").columns] == ["bigint", "bigint"]


def test_an_identity_goes_on_behind_a_deleted_rowid(tmp_path: Path) -> None:
    script = """
        CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT INTO t VALUES (100);
        DELETE FROM t;
    """
    assert found(plan_script(tmp_path, script), "identity", "t.id").next_value == 101


def test_an_identity_never_starts_below_one(tmp_path: Path) -> None:
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (-5);"
    assert found(plan_script(tmp_path, script), "identity", "t.id").next_value == 1


def test_a_cascade_names_every_table_it_can_reach(tmp_path: Path) -> None:
    script = """
        CREATE TABLE a (id INTEGER PRIMARY KEY);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a ON DELETE CASCADE);
        CREATE TABLE c (b INTEGER REFERENCES b ON DELETE CASCADE);
    """
    first = codes(plan_script(tmp_path, script), "FK_CASCADE")[0]
    assert "b (0 rows), c (0 rows)" in first.what


def test_two_indexes_of_one_shape_are_reported(tmp_path: Path) -> None:
    script = "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a);"
    planned = plan_script(tmp_path, script)
    assert [finding.where for finding in codes(planned, "INDEX_DUPLICATE")] == ["j"]
    assert found(planned, "index", "j").outcome == "carried"


def test_nocase_stays_the_meaning_of_a_primary_key(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY);")
    (extra,) = (item for item in planned.objects if item.kind == "index")
    assert "nocase" in extra.statements[0]
    assert planned.compat


def test_a_table_with_too_many_columns_is_an_open_question(tmp_path: Path) -> None:
    columns = ", ".join(f"c{number}" for number in range(1601))
    planned = plan_script(tmp_path, f"CREATE TABLE t ({columns});")
    assert [(decision.id, decision.answer) for decision in planned.decisions] == [("columns:lib.t", None)]


def test_a_generated_column_over_another_is_loaded_like_any_other(tmp_path: Path) -> None:
    script = "CREATE TABLE t (a TEXT, b TEXT AS (upper(a)), c TEXT AS (b || '!')); INSERT INTO t VALUES ('x');"
    planned = plan_script(tmp_path, script)
    assert [column.generated for column in planned.table("t").columns] == [False, True, False]
    assert found(planned, "generated column", "t.c").outcome == "not_carried"


def test_an_override_of_an_unknown_column_stops(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="table t has no such column"):
        plan_script(tmp_path, "CREATE TABLE t (a);", overrides={"t.b": "text"})


def test_an_override_of_another_sources_table_is_a_finding(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE t (a);", overrides={"other.b": "text"})
    assert [finding.where for finding in codes(planned, "OVERRIDE_UNUSED")] == ["other.b"]


@pytest.mark.parametrize("where", ["t.a", "lib.t.a", "T.A"])
def test_an_override_changes_the_type(tmp_path: Path, where: str) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE t (a INTEGER);", overrides={where: "integer"})
    assert planned.table("t").columns[0].type == "integer"


def test_a_compared_column_takes_no_json(tmp_path: Path) -> None:
    script = "CREATE TABLE t (a JSON UNIQUE); INSERT INTO t VALUES ('{}');"
    with pytest.raises(UsageError, match="PostgreSQL does not compare json"):
        plan_script(tmp_path, script, overrides={"t.a": "json"})


def test_values_of_several_classes_in_one_form_leave_a_key_no_choice(tmp_path: Path) -> None:
    (decision,) = plan_script(tmp_path, MIXED_KEY).decisions
    assert [option.key for option in decision.options] == ["drop"]


def test_a_key_of_several_classes_without_a_common_form_may_be_kept(tmp_path: Path) -> None:
    (decision,) = plan_script(tmp_path, MIXED_KEY_APART).decisions
    assert [option.key for option in decision.options] == ["drop", "keep"]


def test_numbers_of_both_classes_are_a_key_without_a_question(tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE t (k UNIQUE); INSERT INTO t VALUES (1), (2.0);")
    assert (planned.decisions, found(planned, "unique", "t(k)").outcome) == ((), "carried")


def test_a_name_with_a_quote_is_found_however_it_is_quoted(tmp_path: Path) -> None:
    script = """
        CREATE TABLE t ("bo""dy" TEXT CHECK (length("bo""dy") > 1), body TEXT);
        INSERT INTO t VALUES ('{}', '{}'), ('[1]', '[1]');
    """
    planned = plan_script(tmp_path, script, policy=Policy.RICH)
    assert [column.type for column in planned.table("t").columns] == ["text", "jsonb"]


def test_the_rowid_takes_no_type_but_an_integer(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is the rowid"):
        plan_script(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY);", overrides={"t.id": "text"})


def codes(planned: SchemaPlan, code: str) -> list[Finding]:
    return [finding for finding in planned.findings if finding.code == code]


def test_names_that_differ_in_the_case_of_a_letter_beyond_ascii_stay_apart(tmp_path: Path) -> None:
    script = """
        CREATE TABLE É (É INTEGER, é TEXT);
        CREATE TABLE é (x REAL);
        INSERT INTO É VALUES (1, 'a');
    """
    planned = plan_script(tmp_path, script)
    types = [[(column.target, column.type) for column in table.columns] for table in planned.tables]
    assert types == [[("É", "bigint"), ("é", "text")], [("x", "double precision")]]


def test_a_constraint_that_ignores_or_replaces_rows_is_carried_without_its_rule(tmp_path: Path) -> None:
    script = """
        CREATE TABLE t (
            id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a TEXT NOT NULL ON CONFLICT IGNORE DEFAULT 'x',
            b TEXT CONSTRAINT one UNIQUE ON CONFLICT IGNORE REFERENCES t (b) ON DELETE SET NULL,
            c TEXT UNIQUE ON CONFLICT ABORT, d TEXT UNIQUE,
            CONSTRAINT two UNIQUE (c, d) ON CONFLICT REPLACE, CHECK (a <> '') ON CONFLICT IGNORE
        )
    """
    planned = plan_script(tmp_path, script)
    rules = [item for item in planned.objects if item.kind == "conflict rule"]
    assert [item.source_sql for item in rules] == [
        "id PRIMARY KEY ON CONFLICT REPLACE",
        "a NOT NULL ON CONFLICT IGNORE",
        "b UNIQUE ON CONFLICT IGNORE",
        "UNIQUE (c, d) ON CONFLICT REPLACE",
        "CHECK (a <> '') ON CONFLICT IGNORE",
    ]
    assert {item.outcome for item in rules} == {"not_carried"}
    assert found(planned, "unique", "t(c, d)").outcome == "carried"


def test_a_trigger_from_which_another_leads_back_is_named(tmp_path: Path) -> None:
    script = """
        CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER);
        CREATE TABLE move (id INTEGER PRIMARY KEY, account INTEGER, amount INTEGER);
        CREATE TABLE log (line TEXT);
        CREATE TRIGGER gone BEFORE DELETE ON account BEGIN
            INSERT OR IGNORE INTO log VALUES ('gone'); DELETE FROM "MOVE" WHERE account = old.id;
        END;
        CREATE TRIGGER moved AFTER DELETE ON move BEGIN
            UPDATE OR FAIL Account SET balance = balance - old.amount WHERE id = old.account;
        END;
        CREATE TRIGGER added AFTER INSERT ON move BEGIN UPDATE account SET balance = 1 WHERE id = new.account; END;
        CREATE TRIGGER after_all AFTER DELETE ON account BEGIN DELETE FROM move WHERE account = old.id; END;
    """
    named = [finding for finding in plan_script(tmp_path, script).findings if finding.code == "TRIGGER_LEADS_BACK"]
    assert [finding.where for finding in named] == ["gone"]
    assert "whose trigger moved writes account" in named[0].what
