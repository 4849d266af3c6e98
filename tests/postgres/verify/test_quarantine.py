"""Cells in quarantine: listed by key, given back to a column of bytes, and taken back again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw
import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table

from pgraduate.copy import load
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.result import Verdict
from pgraduate.verify import (
    Move,
    RestoreQuarantine,
    TableMoves,
    key_columns,
    list_quarantine,
    plan_restore,
    verify,
)

BAD, WORSE = b"Caf\xe9", b"\xff\xfe"
SCRIPT = """
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, y TEXT);
CREATE TABLE k(x TEXT, y TEXT);
"""
OPERATION = RestoreQuarantine()


@pytest.fixture
def made(target: str, connection: psycopg.Connection, tmp_path: Path) -> tuple[Path, SchemaPlan]:
    """Four rows with a key, three of them with bad cells, and five without a key, all of whose texts look the same."""
    path = make_source(tmp_path / "a.db", SCRIPT)
    rows: dict[str, Sequence[Sequence[object]]] = {
        "t": [(1, BAD, "fine"), (2, "whole", BAD), (3, BAD, WORSE), (4, "whole", None)],
        "k": [(BAD, b"a\0"), (BAD, b"a\0"), (b"Caf\xea", b"a\0"), (b"Caf\xe8", b"a\0"), ("Caf\ufffd", "a\ufffd")],
    }
    source = apsw.Connection(str(path))
    for name, values in rows.items():
        for row in values:
            marks = ", ".join("CAST(? AS TEXT)" if isinstance(value, bytes) else "?" for value in row)
            source.execute(f"INSERT INTO {name} VALUES ({marks})", row)
    source.close()
    cells = [column("x", "text", quarantines=True), column("y", "text", quarantines=True)]
    planned = plan(
        table("t", [column("id", "integer"), *cells], key=["id"], rowid_alias="id", rows=4),
        table("k", cells, rows=5),
    )
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), path, planned, RUN)
    connection.execute(
        "ALTER TABLE app.t ADD COLUMN x_bytes bytea, ADD COLUMN y_bytes bytea;"
        "ALTER TABLE app.k ADD COLUMN x_bytes bytea, ADD COLUMN y_bytes bytea"
    )
    return path, planned


def moves(planned: SchemaPlan, name: str, *columns: str) -> TableMoves:
    key, is_key = key_columns(planned, name)
    return TableMoves("app", name, key, is_key, tuple(Move(item, f"{item}_bytes") for item in columns))


def content(connection: psycopg.Connection, name: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT * FROM app.{name} ORDER BY {name}::text".encode()).fetchall()


def lines(connection: psycopg.Connection, where: str = "quarantine") -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT table_name, column_name, row_key, class, value, reason, source_rowid"
        f" FROM pgraduate.{where} ORDER BY 1, 2, 7, 3".encode()
    ).fetchall()


def test_cells_are_listed_by_key_without_their_bytes(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    found = list_quarantine(connection, [made[1]])
    keyed = [(cell.column, dict(cell.key), cell.size, cell.copies) for cell in found.cells if cell.table == "t"]
    assert keyed == [
        ("x", {"id": "1"}, 4, 1),
        ("x", {"id": "3"}, 4, 1),
        ("y", {"id": "2"}, 4, 1),
        ("y", {"id": "3"}, 2, 1),
    ]
    keyless = [(cell.column, dict(cell.key), cell.rowid, cell.copies) for cell in found.cells if cell.table == "k"]
    assert keyless == [("x", {}, 1, 2), ("x", {}, 3, 1), ("x", {}, 4, 1), ("y", {}, 1, 4)]
    assert all(cell.value is None and cell.storage_class == "text" and cell.reason for cell in found.cells)
    counts = {(item.table, item.column): (item.cells, item.restored) for item in found.columns}
    assert counts == {("t", "x"): (2, 0), ("t", "y"): (2, 0), ("k", "x"): (4, 0), ("k", "y"): (4, 0)}


def test_the_bytes_are_given_on_request(connection: psycopg.Connection, made: tuple[Path, SchemaPlan]) -> None:
    found = list_quarantine(connection, [made[1]], show_values=True)
    assert {cell.value for cell in found.cells} == {BAD, WORSE, b"a\0", b"Caf\xea", b"Caf\xe8"}


def test_a_column_lists_a_thousand_cells_and_counts_all(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgraduate.verify.quarantine.LISTED", 1)
    found = list_quarantine(connection, [made[1]])
    assert len(found.cells) == 4
    assert sum(item.cells for item in found.columns) == 12


def test_cells_go_back_by_the_keys_of_their_rows(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    wanted = plan_restore(connection, [moves(made[1], "t", "x", "y")])
    OPERATION.apply(connection, wanted)
    assert OPERATION.check(connection, wanted).holds
    stored = connection.execute("SELECT id, x_bytes, y_bytes FROM app.t ORDER BY id").fetchall()
    assert stored == [(1, BAD, None), (2, None, BAD), (3, BAD, WORSE), (4, None, None)]
    assert {line[0] for line in lines(connection)} == {"k"}


def test_rows_without_a_key_get_their_cells_together(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    OPERATION.apply(connection, plan_restore(connection, [moves(made[1], "k", "x", "y")]))
    stored = connection.execute("SELECT x_bytes, y_bytes FROM app.k ORDER BY 1").fetchall()
    assert stored == [(b"Caf\xe8", b"a\0"), (BAD, b"a\0"), (BAD, b"a\0"), (b"Caf\xea", b"a\0"), (None, None)]


def test_a_single_column_of_rows_without_a_key_is_refused(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    with pytest.raises(Refused, match="together") as caught:
        plan_restore(connection, [moves(made[1], "k", "x")])
    assert caught.value.hint is not None
    assert caught.value.hint.endswith("y")


@pytest.mark.parametrize("name", ["t", "k"])
def test_taken_back_everything_is_as_it_was(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan], name: str
) -> None:
    connection.execute(f"UPDATE app.{name} SET y_bytes = 'own'".encode())
    before = content(connection, name), lines(connection)
    wanted = plan_restore(connection, [moves(made[1], name, "x", "y")])
    OPERATION.apply(connection, wanted)
    assert content(connection, name) != before[0]
    OPERATION.undo(connection, wanted)
    assert (content(connection, name), lines(connection)) == before
    assert lines(connection, "restored") == []


def test_verify_reads_a_restored_cell_where_it_is(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    path, planned = made
    first = verify(connection, path, planned, RUN)
    wanted = plan_restore(connection, [moves(planned, "t", "x", "y"), moves(planned, "k", "x", "y")])
    OPERATION.apply(connection, wanted)
    found = verify(connection, path, planned, RUN)
    assert found.verdict is Verdict.EQUAL
    assert [item.quarantined for item in found.tables] == [0, 0]
    assert [item.digest for item in found.tables] == [item.digest for item in first.tables]


@pytest.mark.parametrize(
    ("write", "differing"),
    [
        ("UPDATE app.t SET x_bytes = 'other' WHERE id = 1", 1),
        ("UPDATE app.t SET x_bytes = NULL WHERE id = 3", 1),
        ("ALTER TABLE app.t DROP COLUMN x_bytes", 2),
        (
            "UPDATE app.k SET x_bytes = NULL WHERE ctid = (SELECT min(ctid) FROM app.k WHERE x_bytes = 'Caf\\351')",
            2,
        ),
    ],
)
def test_verify_sees_a_restored_cell_that_was_lost(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan], write: str, differing: int
) -> None:
    path, planned = made
    OPERATION.apply(
        connection, plan_restore(connection, [moves(planned, "t", "x", "y"), moves(planned, "k", "x", "y")])
    )
    connection.execute(write.encode())
    assert sum(item.differing for item in verify(connection, path, planned, RUN).tables) == differing


def test_a_cell_whose_row_is_gone_stays_in_quarantine(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    connection.execute("DELETE FROM app.t WHERE id = 3")
    wanted = plan_restore(connection, [moves(made[1], "t", "x", "y")])
    OPERATION.apply(connection, wanted)
    assert OPERATION.check(connection, wanted).holds
    assert [line[2] for line in lines(connection) if line[0] == "t"] == [["3"], ["3"]]


def test_applied_again_it_takes_no_row_a_second_time(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    connection.execute("DELETE FROM app.k WHERE ctid IN (SELECT ctid FROM app.k LIMIT 4)")
    wanted = plan_restore(connection, [moves(made[1], "k", "x", "y")])
    OPERATION.apply(connection, wanted)
    once = content(connection, "k"), lines(connection)
    OPERATION.apply(connection, wanted)
    assert (content(connection, "k"), lines(connection)) == once
    assert len(lines(connection, "restored")) == 2


def test_what_was_written_since_is_not_lost_by_taking_back(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    wanted = plan_restore(connection, [moves(made[1], "t", "x", "y")])
    OPERATION.apply(connection, wanted)
    connection.execute("UPDATE app.t SET y_bytes = 'new' WHERE id = 3")
    before = content(connection, "t"), lines(connection)
    with pytest.raises(Refused, match="something else"):
        OPERATION.undo(connection, wanted)
    assert (content(connection, "t"), lines(connection)) == before


def test_the_lines_return_although_the_column_and_a_row_are_gone(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    before = lines(connection)
    wanted = plan_restore(connection, [moves(made[1], "t", "x", "y")])
    OPERATION.apply(connection, wanted)
    connection.execute("DELETE FROM app.t WHERE id = 2; ALTER TABLE app.t DROP COLUMN x_bytes")
    OPERATION.undo(connection, wanted)
    assert lines(connection) == before


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("DROP COLUMN x_bytes", 'ALTER TABLE "app"."t" ADD COLUMN "x_bytes" bytea'),
        ("ALTER COLUMN x_bytes TYPE text", 'ALTER TABLE "app"."t" ADD COLUMN "x_bytes_2" bytea'),
    ],
)
def test_without_a_column_of_bytes_it_is_refused_with_the_statement(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan], change: str, hint: str
) -> None:
    connection.execute(f"ALTER TABLE app.t {change}".encode())
    with pytest.raises(Refused) as caught:
        plan_restore(connection, [moves(made[1], "t", "x")])
    assert caught.value.hint == hint
    connection.execute(hint.encode())


def test_no_trigger_of_the_application_fires_and_each_is_as_it_was(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    connection.execute(
        "CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN new.x := 'stamped'; RETURN new; END$$;"
        "CREATE TRIGGER usual BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.stamp();"
        "CREATE TRIGGER always BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.stamp();"
        "CREATE TRIGGER off BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.stamp();"
        "ALTER TABLE app.t ENABLE ALWAYS TRIGGER always, DISABLE TRIGGER off"
    )
    states = "SELECT tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    before = connection.execute(states).fetchall()
    OPERATION.apply(connection, plan_restore(connection, [moves(made[1], "t", "x", "y")]))
    assert connection.execute("SELECT count(*) FROM app.t WHERE x = 'stamped'").fetchone() == (0,)
    assert connection.execute(states).fetchall() == before == [("always", "A"), ("off", "D"), ("usual", "O")]


def test_a_constraint_that_refuses_the_bytes_leaves_everything(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    connection.execute("ALTER TABLE app.t ADD CONSTRAINT short CHECK (length(x_bytes) < 3)")
    before = lines(connection)
    wanted = plan_restore(connection, [moves(made[1], "t", "x")])
    with pytest.raises(Refused, match="short"):
        OPERATION.apply(connection, wanted)
    assert lines(connection) == before


def test_the_column_itself_may_take_the_bytes(
    connection: psycopg.Connection, made: tuple[Path, SchemaPlan]
) -> None:
    connection.execute("ALTER TABLE app.t ALTER COLUMN x TYPE bytea USING convert_to(x, 'UTF8')")
    here = TableMoves("app", "t", ("id",), True, (Move("x", "x"),))
    before = content(connection, "t")
    wanted = plan_restore(connection, [here])
    OPERATION.apply(connection, wanted)
    assert connection.execute("SELECT x FROM app.t ORDER BY id").fetchall() == [
        (BAD,),
        (b"whole",),
        (BAD,),
        (b"whole",),
    ]
    OPERATION.undo(connection, wanted)
    assert content(connection, "t") == before


def test_a_table_that_is_gone_is_told(connection: psycopg.Connection, made: tuple[Path, SchemaPlan]) -> None:
    wanted = plan_restore(connection, [moves(made[1], "t", "x")])
    connection.execute("ALTER TABLE app.t RENAME COLUMN id TO number")
    with pytest.raises(TargetUnusable, match="names its rows"):
        OPERATION.apply(connection, wanted)
