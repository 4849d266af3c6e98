"""A verification as a whole: snapshot, verdict, records and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table

from pgraduate.copy import load
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.events import Event, StepProgress
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.model.result import TableResult, Verdict, ViewResult
from pgraduate.verify import judge, verify

SCRIPT = """
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, a);
CREATE TABLE k(x TEXT, a);
CREATE VIEW v AS SELECT id, x, id / 2.0 AS half FROM t WHERE id < 5;
CREATE VIEW left_behind AS SELECT 1;
"""
ROWS = [(1, "one", 1), (2, "two\x00", 2.5), (3, "three", "4"), (4, "é", b"\x00"), (5, None, None)]


def view(target: str = '"app"."v"', name: str = "v") -> ObjectPlan:
    return ObjectPlan("view", name, "translated", "a test", "after rows", target=target)


def copied(target: str, tmp_path: Path, *, objects: tuple[ObjectPlan, ...] = ()) -> tuple[Path, SchemaPlan]:
    rows: dict[str, Sequence[Sequence[object]]] = {"t": ROWS, "k": [row[1:] for row in ROWS] * 2}
    source = make_source(tmp_path / "a.db", SCRIPT, rows)
    cells = [column("x", "text", quarantines=True), column("a", "any_text:NUMERIC", keeps_class=True)]
    planned = plan(
        table("t", [column("id", "integer"), *cells], key=["id"], rowid_alias="id", rows=5),
        table("k", cells, rows=10),
        objects=objects,
    )
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    return source, planned


def test_what_was_copied_is_equal(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    found = verify(connection, source, planned, RUN)
    assert found.verdict is Verdict.EQUAL
    keyed, keyless = found.tables
    assert (keyed.rows_source, keyed.cells, keyed.quarantined, keyed.kept_classes) == (5, 15, 1, 2)
    assert (keyless.rows_target, keyless.cells, keyless.quarantined, keyless.kept_classes) == (10, 20, 2, 4)


def test_the_verdict_is_recorded_for_every_table(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path)
    verify(connection, source, planned, RUN)
    connection.execute("DELETE FROM app.t WHERE id = 5")
    found = verify(connection, source, planned, RUN)
    recorded = connection.execute(
        "SELECT table_name, row_count, digest, differing FROM pgraduate.verdict ORDER BY table_name"
    ).fetchall()
    assert recorded == sorted((item.name, item.rows_target, item.digest, item.differing) for item in found.tables)
    assert {name: differing for name, _, _, differing in recorded} == {"k": 0, "t": 1}


def test_values_are_shown_only_where_they_were_asked_for(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path)
    connection.execute("UPDATE app.t SET x = 'secret' WHERE id = 1")
    hidden = verify(connection, source, planned, RUN).tables[0].differences
    shown = verify(connection, source, planned, RUN, show_values=True).tables[0].differences
    assert [(item.source, item.target) for item in hidden] == [((), ())]
    assert [(item.source, item.target) for item in shown] == [(("'one'",), ("'secret'",))]


def test_a_snapshot_does_not_see_what_is_written_meanwhile(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path)

    class Writer:
        written = 0

        def emit(self, event: Event) -> None:
            if isinstance(event, StepProgress):
                with psycopg.connect(target, autocommit=True) as other:
                    other.execute("UPDATE app.t SET x = 'later'; UPDATE app.k SET x = 'later'")
                self.written += 1

    writer = Writer()
    assert verify(connection, source, planned, RUN, sink=writer).verdict is Verdict.EQUAL
    assert writer.written > 0
    assert verify(connection, source, planned, RUN).verdict is Verdict.DIFFERENT


def test_a_carried_view_is_compared_and_one_left_behind_is_not(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    left = ObjectPlan("view", "left_behind", "not_carried", "a test", "after rows")
    source, planned = copied(target, tmp_path, objects=(view(), left))
    connection.execute("CREATE VIEW app.v AS SELECT id, x, id / 2.0::float8 AS half FROM app.t WHERE id < 5")
    found = verify(connection, source, planned, RUN)
    assert found.views == (ViewResult("app", "v", 4, 4, 0, 0),)
    assert found.verdict is Verdict.EQUAL


def test_a_view_that_answers_differently_makes_the_verdict_different(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path, objects=(view(),))
    connection.execute("CREATE VIEW app.v AS SELECT id, x, id / 2 AS half FROM app.t WHERE id < 5")
    found = verify(connection, source, planned, RUN)
    assert (found.verdict, found.views[0].differing) == (Verdict.DIFFERENT, 2)


def test_a_missing_view_is_an_error(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path, objects=(view(),))
    with pytest.raises(TargetUnusable, match="lacks a view"):
        verify(connection, source, planned, RUN)


def test_a_missing_table_is_an_error(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    connection.execute("DROP TABLE app.t")
    with pytest.raises(TargetUnusable, match="no such table") as caught:
        verify(connection, source, planned, RUN)
    assert caught.value.where == "table app.t"


def test_a_missing_column_is_an_error(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    connection.execute("ALTER TABLE app.t DROP COLUMN x")
    with pytest.raises(TargetUnusable, match="no column x"):
        verify(connection, source, planned, RUN)


def test_a_role_that_may_not_read_is_told_so(target: str, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    with psycopg.connect(target, autocommit=True) as owner:
        owner.execute("REVOKE SELECT ON app.t FROM CURRENT_USER")
        with pytest.raises(TargetUnusable, match="may not read"):
            verify(owner, source, planned, RUN)


def test_rows_hidden_by_a_policy_are_an_error_and_not_missing(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path)
    connection.execute("ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; ALTER TABLE app.t FORCE ROW LEVEL SECURITY")
    with pytest.raises(TargetUnusable):
        verify(connection, source, planned, RUN)


def test_a_connection_inside_a_transaction_is_refused(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = copied(target, tmp_path)
    with connection.transaction(), pytest.raises(Refused):
        verify(connection, source, planned, RUN)


def test_an_unknown_run_is_refused(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    with pytest.raises(Refused, match="no run"):
        verify(connection, source, planned, "another")


def _table(differing: int) -> TableResult:
    return TableResult("app", "app", "t", "t", 1, 1, 1, differing, 0, 0, "")


@pytest.mark.parametrize(
    ("differing", "view_differing", "error", "expected"),
    [
        (0, 0, None, Verdict.EQUAL),
        (1, 0, None, Verdict.DIFFERENT),
        (0, 1, None, Verdict.DIFFERENT),
        (0, 0, "no answer", Verdict.INCOMPLETE),
        (1, 0, "no answer", Verdict.DIFFERENT),
    ],
)
def test_the_verdict_follows_from_rows_and_views(
    differing: int, view_differing: int, error: str | None, expected: Verdict
) -> None:
    views = [ViewResult("app", "v", 1, 1, view_differing, 0, error=error)]
    assert judge([_table(differing)], views) is expected


def test_a_view_reads_a_tables_columns_by_their_representations(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = """
        CREATE TABLE t(id INTEGER PRIMARY KEY, flag TEXT, at TEXT);
        CREATE VIEW "The View" AS SELECT flag AS F, at, id FROM t UNION ALL SELECT flag, at, id FROM t;
        CREATE VIEW empty AS SELECT flag FROM t WHERE id > 5;
    """
    source = make_source(tmp_path / "a.db", script, {"t": [(1, "yes", "2024-01-02T03:04:05Z")]})
    columns = [
        column("id", "integer"),
        column("flag", "boolean_text:no/yes"),
        column("at", "timestamp:YYYY-MM-DDTHH:MM:SSZ"),
    ]
    objects = (view('"app"."the view"', "The View"), view("app.empty", "empty"))
    planned = plan(table("t", columns, key=["id"], rowid_alias="id"), objects=objects)
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    connection.execute(
        'CREATE VIEW app."the view" AS SELECT flag AS f, at, id FROM app.t'
        " UNION ALL SELECT flag, at, id FROM app.t;"
        "CREATE VIEW app.empty AS SELECT flag FROM app.t WHERE id > 5"
    )
    found = verify(connection, source, planned, RUN)
    assert found.views == (ViewResult("app", "The View", 2, 2, 0, 0), ViewResult("app", "empty", 0, 0, 0, 0))


def test_a_key_whose_own_class_is_kept_finds_its_row(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = "CREATE TABLE t(k, j, x, q, PRIMARY KEY (k, j)) WITHOUT ROWID"
    rows = [
        ("1", 1, 1, "a"),
        (2, "2", "2", "b\x00"),
        (2.0 + 2**-30, b"\x01", None, "c"),
        ("Infinity", 1e15, 5.0, None),
    ]
    source = make_source(tmp_path / "a.db", script, {"t": rows})
    columns = [
        column("k", "any_text:NUMERIC"),
        column("j", "any_text:TEXT"),
        column("x", "any_bytes"),
        column("q", "text", quarantines=True),
    ]
    planned = plan(table("t", columns, key=["k", "j"], without_rowid=True, rows=4))
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    assert verify(connection, source, planned, RUN).verdict is Verdict.EQUAL
    connection.execute("DELETE FROM pgraduate.kept_class WHERE column_name = 'x' AND row_key = '{2,2}'")
    (difference,) = verify(connection, source, planned, RUN).tables[0].differences
    assert (difference.key, difference.columns) == ("k=2, j='2'", ("x",))


@pytest.mark.parametrize(("encoding", "stored"), [("UTF-16le", "6100 00d8 6200"), ("UTF-16be", "0061 d800 0062")])
def test_half_a_character_of_a_utf16_source_is_kept_in_quarantine(
    encoding: str, stored: str, target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = f"PRAGMA encoding = '{encoding}'; CREATE TABLE t(id INTEGER PRIMARY KEY, x, b);"
    values = "INSERT INTO t VALUES (1, CAST(x'{0}' AS TEXT), CAST(x'{0}' AS TEXT))".format(stored.replace(" ", ""))
    source = make_source(tmp_path / "a.db", script + values)
    columns = [column("id", "integer"), column("x", "text"), column("b", "any_bytes")]
    planned = plan(table("t", columns, key=["id"], rowid_alias="id", rows=1))
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    found = verify(connection, source, planned, RUN)
    assert (found.verdict, found.tables[0].quarantined) == (Verdict.EQUAL, 2)
    kept = connection.execute("SELECT value FROM pgraduate.quarantine").fetchall()
    assert kept == [(bytes.fromhex(stored),)] * 2


def test_rows_of_many_megabytes_are_compared(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    script = "CREATE TABLE t(id INTEGER PRIMARY KEY, x BLOB, q TEXT);"
    values = (
        "INSERT INTO t VALUES (1, zeroblob(20000000), replace(hex(zeroblob(2000000)), '0000', char(0) || 'é0'))"
    )
    source = make_source(tmp_path / "a.db", script + values)
    columns = [column("id", "integer"), column("x", "blob"), column("q", "text", quarantines=True)]
    planned = plan(table("t", columns, key=["id"], rowid_alias="id", rows=1))
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    assert verify(connection, source, planned, RUN).verdict is Verdict.EQUAL
    connection.execute("UPDATE app.t SET x = set_byte(x, 19999999, 1)")
    (difference,) = verify(connection, source, planned, RUN, show_values=True).tables[0].differences
    assert (difference.columns, len(difference.source[0])) == (("x",), 200)
