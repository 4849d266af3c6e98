"""What only the server can judge of rows is tried before the load: a rule that they break is a question, no failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pgcatalog import snapshot
from support.standing import Load

from pgraduate.errors import Refused

SOURCE = """
CREATE TABLE checked (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO checked VALUES (1, 5), (2, -1), (3, NULL);
CREATE TABLE partial (id INTEGER PRIMARY KEY, mail TEXT, gone INTEGER);
INSERT INTO partial VALUES (1, 'a', 0), (2, 'a', 1), (3, 'b', 0), (4, 'b', 0);
CREATE TABLE folded (id INTEGER PRIMARY KEY, mail TEXT UNIQUE); INSERT INTO folded VALUES (1, 'A'), (2, 'a');
CREATE TABLE booked (id INTEGER PRIMARY KEY, during TEXT); INSERT INTO booked VALUES (1, '[1,5)'), (2, '[3,8)');
CREATE TABLE bounded (id INTEGER PRIMARY KEY); INSERT INTO bounded VALUES (1), (100);
CREATE TABLE domained (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO domained VALUES (1, 5), (2, 0);
CREATE TABLE computed (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO computed VALUES (1, 0);
CREATE TABLE kept (id INTEGER PRIMARY KEY, a INTEGER UNIQUE); INSERT INTO kept VALUES (1, 1), (2, NULL);
"""
TARGET = """
CREATE TABLE checked (id int PRIMARY KEY, n int CONSTRAINT positive CHECK (n > 0), label text DEFAULT 'x',
                      CONSTRAINT labelled CHECK (label <> ''));
CREATE TABLE partial (id int PRIMARY KEY, mail text, gone int);
CREATE UNIQUE INDEX living ON partial (mail) WHERE gone = 0;
CREATE TABLE folded (id int PRIMARY KEY, mail text); CREATE UNIQUE INDEX lowered ON folded (lower(mail));
CREATE TABLE booked (id int PRIMARY KEY, during int4range, CONSTRAINT apart EXCLUDE USING gist (during WITH &&));
CREATE TABLE bounded (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE bounded_low PARTITION OF bounded FOR VALUES FROM (0) TO (10);
CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);
CREATE TABLE domained (id int PRIMARY KEY, n positive);
CREATE TABLE computed (id int PRIMARY KEY, n int, part int GENERATED ALWAYS AS (10 / n) STORED);
CREATE TABLE kept (id serial PRIMARY KEY, a int, extra serial, CONSTRAINT whole CHECK (a > 0));
"""
EXPECTED = {
    "check:public.checked.positive": "1 row against (n > 0); or repair the source first",
    "unique_index:public.partial.living":
        "found by a trial: USING btree (mail) WHERE (gone = 0); or repair the source, or change the target",
    "unique_index:public.folded.lowered":
        "found by a trial: USING btree (lower(mail)); or repair the source, or change the target",
    "exclusion:public.booked.apart":
        "found by a trial: EXCLUDE USING gist (during WITH &&); or repair the source, or change the target",
    "partition:public.bounded":
        "1 row: (((id IS NOT NULL) AND (id >= 0) AND (id < 10))); or repair the source, or change the target",
    "refused:public.domained":
        "found by a trial: CheckViolation (positive, above); or repair the source, or change the target",
    "refused:public.computed": "found by a trial: DivisionByZero; or repair the source, or change the target",
}  # fmt: skip


def test_rules_that_rows_break_are_asked_about_before_a_write(load: Load) -> None:
    load.prepare(SOURCE, TARGET)
    before = snapshot(load.target)
    assert load.asked() == EXPECTED
    assert snapshot(load.target) == before
    assert load.execute("SELECT last_value, is_called FROM kept_extra_seq") == [(1, False)], "no number was drawn"
    answers = {id: "not_valid" if id.startswith("check:") else "leave_table" for id in EXPECTED}
    result = load.run(**answers)
    assert (result["verdict"], result["exit_code"]) == ("equal", 3), result["why"]
    assert load.execute("SELECT n FROM checked ORDER BY id") == [(5,), (-1,), (None,)]
    state = (
        "SELECT conname, convalidated FROM pg_constraint"
        " WHERE conrelid = 'checked'::regclass AND contype = 'c' ORDER BY 1"
    )
    assert load.execute(state) == [("labelled", True), ("positive", False)]
    assert load.execute("SELECT count(*) FROM kept") == [(2,)]
    load.undo()
    assert load.execute(state) == [("labelled", True), ("positive", True)], "undo puts the check back whole"


def test_rules_that_rows_keep_are_no_question(load: Load) -> None:
    load.prepare(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT, n INTEGER);"
        "INSERT INTO t VALUES (1, 'a', 0), (2, 'a', 1), (3, NULL, NULL)",
        "CREATE DOMAIN small AS int CHECK (VALUE < 5);"
        "CREATE TABLE t (id int PRIMARY KEY, mail text, n small CONSTRAINT c CHECK (n >= 0));"
        "CREATE UNIQUE INDEX u ON t (mail) WHERE n = 0",
    )
    result = load.run()
    assert (result["verdict"], result["exit_code"]) == ("equal", 0), result["why"]


def test_a_role_without_temporary_tables_is_told(load: Load) -> None:
    load.prepare(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 1)",
        "CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n > 0))",
    )
    name = load.execute("SELECT current_database()")[0][0]
    load.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
    if load.execute("SELECT has_database_privilege(current_database(), 'TEMPORARY')") == [(True,)]:
        load.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM CURRENT_USER')
    with pytest.raises(Refused, match="temporary tables"):
        load.run()
    assert load.execute("SELECT to_regnamespace('pgraduate')") == [(None,)]


@pytest.fixture
def load(tmp_path: Path, target: str) -> Load:
    return Load(tmp_path, target)
