"""What does not fit a standing schema is asked before anything is written, with counts, and every answer ends equal."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pgcatalog import snapshot
from support.standing import Load

from pgraduate.errors import PgraduateError, Refused
from pgraduate.journey.assessing import assess_sources
from pgraduate.settings import Policy, Settings


@pytest.fixture
def load(tmp_path: Path, target: str) -> Load:
    return Load(tmp_path, target)


MISFITS = {
    "int4": ("integer", "(5), (3000000000), (NULL)", "1 of 2 values do not fit integer (integers from 5 to 3,000,000,000)"),
    "varchar": ("varchar(3)", "('abc'), ('abcdef')",
                "1 of 2 values do not fit character varying(3) (the longest text has 6 characters)"),
    "numeric": ("numeric(5,2)", "(1.25), (1230.99), (1.005)", "2 of 3 values do not fit numeric(5,2)"),
    "boolean": ("boolean", "(0), (1), (2)", "1 of 3 values do not fit boolean (integers from 0 to 2)"),
    "timestamptz": ("timestamptz", "('2024-01-01 10:00:00'), ('now'), ('')",
                    "2 of 3 values do not fit timestamp with time zone (the longest text has 19 characters)"),
    "date": ("date", "('2024-02-29'), ('2024-02-30')",
             "1 of 2 values do not fit date (the longest text has 10 characters)"),
    "jsonb": ("jsonb", "('{\"a\": 1}'), ('{\"a\"'), ('\"\\u0000\"')",
              "2 of 3 values do not fit jsonb (the longest text has 8 characters)"),
    "uuid": ("uuid", "('00000000-0000-4000-8000-000000000001'), ('no')",
             "1 of 2 values do not fit uuid (the longest text has 36 characters)"),
    "enum": ("mood", "('happy'), ('sad')", "1 of 2 values do not fit public.mood (the longest text has 5 characters)"),
    "time": ("time", "('10:00:00'), ('25:00:00')",
             "1 of 2 values do not fit time without time zone (the longest text has 8 characters)"),
    "interval": ("interval", "(1000000), ('P1D')",
                 "1 of 2 values do not fit interval (the longest text has 3 characters, integers from 1,000,000"
                 " to 1,000,000)"),
    "bpchar": ("char(4)", "('abcd'), ('ab'), ('ab  ')",
               "1 of 3 values do not fit character(4) (the longest text has 4 characters)"),
    "inet": ("inet", "('10.0.0.1'), ('010.0.0.1')", "1 of 2 values do not fit inet (the longest text has 9 characters)"),
}  # fmt: skip


def test_values_that_do_not_fit_are_asked_about_and_kept_apart(load: Load) -> None:
    load.prepare(
        "".join(
            f"CREATE TABLE t_{name} (id INTEGER PRIMARY KEY, v); INSERT INTO t_{name} (v) VALUES {values};"
            for name, (_, values, _) in MISFITS.items()
        ),
        "CREATE TYPE mood AS ENUM ('happy');"
        + "".join(
            f"CREATE TABLE t_{name} (id bigint PRIMARY KEY, v {kind});" for name, (kind, _, _) in MISFITS.items()
        ),
    )
    expected = {f"misfit:public.t_{name}.v": evidence for name, (_, _, evidence) in MISFITS.items()}
    assert load.asked() == expected
    result = load.run(**dict.fromkeys(expected, "quarantine"))
    assert (result["verdict"], result["exit_code"]) == ("equal", 3), result["why"]
    kept = load.execute("SELECT table_name, count(*)::int FROM pgraduate.quarantine GROUP BY 1")
    counted = {f"t_{name}": int(evidence.split()[0]) for name, (_, _, evidence) in MISFITS.items()}
    assert dict(kept) == counted
    for name in MISFITS:
        nulls = load.execute(
            f"SELECT count(*) FROM t_{name} WHERE v IS NULL AND id IN (SELECT row_key[1]::int"
            f" FROM pgraduate.quarantine WHERE table_name = 't_{name}')"
        )
        assert nulls == [(counted[f"t_{name}"],)], name


FAULTS = """
CREATE TABLE less (id INTEGER PRIMARY KEY, a); INSERT INTO less VALUES (1, 2);
CREATE TABLE more (id INTEGER PRIMARY KEY); INSERT INTO more VALUES (1);
CREATE TABLE absent (id INTEGER PRIMARY KEY); INSERT INTO absent VALUES (1);
CREATE TABLE empty (id INTEGER PRIMARY KEY);
CREATE TABLE nulls (id INTEGER PRIMARY KEY, a); INSERT INTO nulls VALUES (1, NULL);
CREATE TABLE twice (id INTEGER PRIMARY KEY, a); INSERT INTO twice VALUES (1, 2), (2, 2);
CREATE TABLE list (id INTEGER PRIMARY KEY, a); INSERT INTO list VALUES (1, 'no list');
CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER);
INSERT INTO child VALUES (1, 2);
CREATE TABLE resident (id INTEGER PRIMARY KEY); INSERT INTO resident VALUES (1);
"""
TARGET = """
CREATE TABLE less (id int PRIMARY KEY);
CREATE TABLE more (id int PRIMARY KEY, a text NOT NULL, b text NOT NULL DEFAULT '', c text);
CREATE TABLE nulls (id int PRIMARY KEY, a int NOT NULL);
CREATE TABLE twice (id int PRIMARY KEY, a int UNIQUE);
CREATE TABLE list (id int PRIMARY KEY, a text[]);
CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, p int CONSTRAINT f REFERENCES parent);
CREATE TABLE resident (id int PRIMARY KEY); INSERT INTO resident VALUES (7);
"""
ANSWERS = {
    "missing_column:public.less.a": "leave_out",
    "extra_column:public.more.a": "leave_table",
    "missing_table:public.absent": "leave_out",
    "not_null:public.nulls.a": "leave_table",
    "duplicates:public.twice(a)": "leave_table",
    "no_cast:public.list.a": "leave_out",
    "orphans:public.child.f": "not_valid",
    "rows:public.resident": "replace",
}


def test_what_does_not_fit_is_a_question_and_its_answer_ends_equal(load: Load) -> None:
    load.prepare(FAULTS, TARGET)
    assert load.asked().keys() == ANSWERS.keys()
    result = load.run(**ANSWERS)
    assert (result["verdict"], result["exit_code"]) == ("equal", 3)
    assert load.execute("SELECT id FROM resident") == [(1,)]
    assert load.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'f'") == [(False,)]
    load.undo()
    assert load.execute("SELECT id FROM resident") == [(7,)], "the target's own row is back"
    assert load.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'f'") == [(True,)]


def test_a_number_too_wide_in_a_key_leaves_the_table_or_stops(load: Load) -> None:
    load.prepare(
        "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (3000000000)",
        "CREATE TABLE t (id int PRIMARY KEY)",
    )
    assert list(load.asked()) == ["misfit:public.t.id"]
    result = load.run(**{"misfit:public.t.id": "leave_table"})
    assert result["why"] == [
        "misfit:public.t.id decided by pgraduate.toml: leave_table",
        "table t of public not carried: some values of id do not fit integer",
    ]


GRAPH = """
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b INTEGER, parent INTEGER);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO a VALUES (1, 2, 2), (2, 1, NULL), (50, NULL, NULL);
DELETE FROM a WHERE id = 50;
INSERT INTO b VALUES (1, 2), (2, 1);
"""
STANDING = """
CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL);
CREATE TABLE a (id serial PRIMARY KEY, b int, parent int REFERENCES a ON DELETE CASCADE, note text DEFAULT 'by default');
ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE b ADD CONSTRAINT ba FOREIGN KEY (a) REFERENCES a;
CREATE TABLE own (id int PRIMARY KEY, a int REFERENCES a);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'stamped'; RETURN NEW; END $$;
CREATE TRIGGER stamping BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION stamp();
"""


def test_cycles_load_under_a_plain_owner_and_every_constraint_stands_as_before(load: Load) -> None:
    load.prepare(GRAPH, STANDING)
    constraints = (
        "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1"
    )
    before = load.execute(constraints)
    result = load.run()
    assert (result["verdict"], result["exit_code"]) == ("equal", 0), result["why"]
    assert load.execute(constraints) == before
    assert load.execute("SELECT DISTINCT note FROM a") == [("by default",)], "the trigger slept"
    assert load.execute("INSERT INTO a DEFAULT VALUES RETURNING id, note") == [(51, "stamped")], "and is awake"


def test_undo_refuses_where_a_row_written_since_refers_to_a_loaded_one(load: Load) -> None:
    load.prepare(GRAPH, STANDING)
    load.run()
    load.execute("INSERT INTO own VALUES (1, 2)")
    with pytest.raises(Refused, match="own"):
        load.undo()
    load.execute("DELETE FROM own")
    load.undo()
    assert load.execute("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == [(0, 0)]
    assert load.execute("SELECT last_value, is_called FROM a_id_seq") == [(1, False)]


def test_undo_refuses_where_rows_were_written_since(load: Load) -> None:
    load.prepare(GRAPH, STANDING)
    load.run()
    load.execute("INSERT INTO a DEFAULT VALUES")
    with pytest.raises(Refused, match=r"public\.a"):
        load.undo()


def test_rows_with_children_that_stay_are_not_put_aside(load: Load) -> None:
    load.prepare(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1)",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE own (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE);"
        "INSERT INTO p VALUES (7); INSERT INTO own VALUES (1, 7)",
    )
    with pytest.raises(Refused, match="which stay"):
        load.run(**{"rows:public.p": "replace"})
    assert load.execute("SELECT (SELECT count(*) FROM p WHERE id = 7), (SELECT count(*) FROM own)") == [(1, 1)]


def test_a_look_before_the_load_asks_the_same_and_writes_nothing(load: Load) -> None:
    load.prepare(FAULTS, TARGET)
    before = snapshot(load.target)
    settings = Settings(load.directory, load.target, policy=Policy.EXISTING)
    (source,) = assess_sources([load.directory / "app.db"], settings)["sources"]
    assert {decision["id"] for decision in source["decisions"]} == ANSWERS.keys()
    assert snapshot(load.target) == before


def test_a_schema_without_tables_is_refused(load: Load) -> None:
    load.prepare("CREATE TABLE t (id INTEGER PRIMARY KEY)", "SELECT 1")
    with pytest.raises(PgraduateError, match="no tables"):
        load.run()
