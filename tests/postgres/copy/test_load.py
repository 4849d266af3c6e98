"""Loading tables into a real server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table

from pgraduate.copy import CellRefused, TableCopied, chunk_stream, load, loader, sending, session
from pgraduate.errors import Interrupted, Refused, SourceUnusable, TargetUnusable
from pgraduate.events import Event, StepProgress
from pgraduate.model.plan import ColumnPlan, SchemaPlan


def connecting(target: str) -> Callable[[], psycopg.Connection]:
    return lambda: psycopg.connect(target)


def prepare_and_load(
    target: str, source: Path, planned: SchemaPlan, *, expressions: dict[str, str] | None = None
) -> tuple[TableCopied, ...]:
    prepare_target(target, planned, expressions=expressions)
    return load(connecting(target), source, planned, RUN)


def keyed(*columns: ColumnPlan) -> SchemaPlan:
    return plan(table("t", [column("id", "integer"), *columns], key=["id"], rowid_alias="id"))


def source_of(tmp_path: Path, rows: Sequence[Sequence[object]], columns: str = "x") -> Path:
    return make_source(tmp_path / "a.db", f"CREATE TABLE t(id INTEGER PRIMARY KEY, {columns})", {"t": rows})


def test_values_of_every_class_arrive(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    rows = [
        (1, -(2**63), 1.5, "é\U0001f600", b"\x00\xff"),
        (2, 2**63 - 1, float("-inf"), "", b""),
        (3, None, None, None, None),
    ]
    source = source_of(tmp_path, rows, "i INT, r REAL, x TEXT, b BLOB")
    planned = keyed(column("i", "integer"), column("r", "real"), column("x", "text"), column("b", "blob"))
    (copied,) = prepare_and_load(target, source, planned)
    assert connection.execute("SELECT * FROM app.t ORDER BY id").fetchall() == rows
    assert (copied.rows, copied.resumed_rows, copied.kept_classes, copied.quarantined) == (3, 0, 0, 0)
    assert copied.bytes > 0


ARRIVALS: list[tuple[str, str | None, object, object]] = [
    ("integer", "smallint", -32768, -32768),
    ("integer", "integer", 2**31 - 1, 2**31 - 1),
    ("number", "numeric(20,2)", 12.25, Decimal("12.25")),
    ("number", "numeric", 2**63 - 1, Decimal(2**63 - 1)),
    ("number", "numeric", float("inf"), Decimal("Infinity")),
    ("number", "double precision", 2**53, float(2**53)),
    ("boolean", None, 1, True),
    ("boolean_text:off/on", None, "off", False),
    ("uuid", None, "00000000-0000-0000-0000-0000000000ff", uuid.UUID(int=255)),
    ("date", None, "0001-01-01", date(1, 1, 1)),
    ("timestamp:YYYY-MM-DDTHH:MM:SS.fffZ", None, "2024-01-02T03:04:05.678Z",
     datetime(2024, 1, 2, 3, 4, 5, 678000)),
    ("epoch:ms", None, -1, datetime(1969, 12, 31, 23, 59, 59, 999000)),
    ("text", "varchar(3)", "abc", "abc"),
    ("text", "json", '{"a": 1,  "a": 2}', {"a": 2}),
    ("any_text:NUMERIC", None, float("-inf"), "-Infinity"),
    ("any_text:NUMERIC", None, b"\xab", "\\xab"),
    ("any_text:NUMERIC", None, 1e300, "1e+300"),
    ("any_bytes", None, "é\x00", "é\x00".encode()),
    ("any_bytes", None, 12, b"12"),
]  # fmt: skip


WAYS = ("psycopg's row formatter", "psycopg's write_row", "a thread of its own")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way that rows can take to the server."""
    if request.param == WAYS[1]:
        monkeypatch.setattr(chunk_stream, "private_format", lambda: None)
    if request.param == WAYS[2]:
        monkeypatch.setattr(session, "SEND_BUFFER", 0)
        monkeypatch.setattr(sending, "ENOUGH_BUFFER", 2**40)
    return str(request.param)


def test_every_representation_arrives_in_its_type(
    target: str, connection: psycopg.Connection, tmp_path: Path, way: str
) -> None:
    columns = [column(f"c{number}", name, type_name) for number, (name, type_name, _, _) in enumerate(ARRIVALS)]
    names = ", ".join(item.source for item in columns)
    source = make_source(tmp_path / "a.db", f"CREATE TABLE t({names})", {"t": [[item[2] for item in ARRIVALS]]})
    prepare_and_load(target, source, plan(table("t", columns)))
    arrived = connection.execute("SELECT * FROM app.t").fetchone()
    assert arrived == tuple(item[3] for item in ARRIVALS)


def test_a_value_that_its_representation_does_not_allow_stops_the_load(target: str, tmp_path: Path) -> None:
    with pytest.raises(CellRefused) as caught:
        prepare_and_load(target, source_of(tmp_path, [(7, "secret")]), keyed(column("x", "date")))
    assert caught.value.where == "table t, column x, rowid 7"
    assert "secret" not in str(caught.value.to_json())


def test_a_representation_without_a_form_in_the_type_is_refused(target: str, tmp_path: Path) -> None:
    with pytest.raises(CellRefused, match="no form in the type int8"):
        prepare_and_load(target, source_of(tmp_path, [(1, 1.5)]), keyed(column("x", "real", "bigint")))


def test_nothing_stays_of_a_chunk_that_was_refused(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = source_of(tmp_path, [(1, 1), (2, "two")])
    with pytest.raises(CellRefused):
        prepare_and_load(target, source, keyed(column("x", "integer")))
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM pgraduate.chunk").fetchone() == (0,)


def test_rows_that_go_out_as_they_are_read_arrive_by_every_way(
    target: str, connection: psycopg.Connection, tmp_path: Path, way: str
) -> None:
    rows = [(n, n * 7, f"text {n} é", n / 3, bytes([n % 256]) * (n % 50)) for n in range(1, 3001)]
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, s TEXT, r REAL, b BLOB)"
    source = make_source(tmp_path / "a.db", script, {"t": rows})
    columns = [column(name, rule) for name, rule in zip("isrb", ("integer", "text", "real", "blob"), strict=True)]
    planned = plan(table("t", [column("id", "integer"), *columns], key=["id"], rowid_alias="id", rows=3000))
    (copied,) = prepare_and_load(target, source, planned)
    assert connection.execute("SELECT * FROM app.t ORDER BY id").fetchall() == rows
    assert (copied.rows, copied.bytes > 100_000) == (3000, True)


def test_a_value_of_another_class_stops_rows_that_go_out_as_they_are_read(
    target: str, tmp_path: Path, way: str
) -> None:
    script = "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER)"
    source = make_source(tmp_path / "a.db", script, {"t": [(1, 1), (2, "secret")]})
    columns = [column("id", "integer"), column("i", "integer")]
    with pytest.raises(CellRefused) as caught:
        prepare_and_load(target, source, plan(table("t", columns, key=["id"], rowid_alias="id", rows=2)))
    assert caught.value.where == "table t, column i, rowid 2"


@pytest.mark.parametrize(("most", "fetches"), [(100, 0), (29, 5)])
def test_only_a_table_of_one_transaction_arrives_frozen(
    most: int,
    fetches: int,
    target: str,
    connection: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loader, "SMALL_BYTES", 0)
    monkeypatch.setattr(loader, "FREEZE_BYTES", most)
    monkeypatch.setattr(loader, "CHUNK_ROWS", 2)
    columns = [column("id", "integer"), column("x", "integer")]
    planned = plan(table("t", columns, key=["id"], rowid_alias="id", rows=5, longest=6))
    prepare_and_load(target, source_of(tmp_path, [(n, n) for n in range(1, 6)]), planned)
    connection.execute("CREATE INDEX i ON app.t (x)")
    connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    row = connection.execute("EXPLAIN (ANALYZE, FORMAT JSON) SELECT x FROM app.t WHERE x > 0").fetchone()
    assert row is not None
    # Rows that every session may see need no look into the table.
    assert row[0][0]["Plan"]["Heap Fetches"] == fetches


EXTREMES = [-(2**63), -5, 0, 1, 2, 1000, 2**63 - 1]


def test_rowids_below_zero_with_holes_and_at_the_limit_are_all_copied_in_chunks(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_ROWS", 2)
    monkeypatch.setattr(loader, "BATCH_ROWS", 1)
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x TEXT)")
    sqlite = apsw.Connection(str(source))
    sqlite.executemany("INSERT INTO t(rowid, x) VALUES (?, 'x')", [(rowid,) for rowid in EXTREMES])
    sqlite.close()
    prepare_and_load(target, source, plan(table("t", [column("x", "text")])))
    chunks = connection.execute("SELECT chunk, low, high, row_count FROM pgraduate.chunk ORDER BY chunk").fetchall()
    assert chunks == [(0, -(2**63), -5, 2), (1, 0, 1, 2), (2, 2, 1000, 2), (3, 2**63 - 1, 2**63 - 1, 1)]
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (7,)


@pytest.mark.parametrize("names", [["rowid"], ["rowid", "_rowid_"], ["rowid", "_rowid_", "oid"], ["ROWID"]])
def test_columns_that_take_the_names_of_the_rowid_do_no_harm(
    names: list[str], target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_ROWS", 2)
    rows = [tuple(5 for _ in names)] * 5
    source = make_source(tmp_path / "a.db", f"CREATE TABLE t({', '.join(names)})", {"t": rows})
    prepare_and_load(target, source, plan(table("t", [column(name, "integer") for name in names])))
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (5,)


def test_a_chunk_ends_by_its_bytes(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_BYTES", 1_000_000)
    source = source_of(tmp_path, [(number, b"\x07" * 400_000) for number in range(7)])
    (copied,) = prepare_and_load(target, source, keyed(column("x", "blob")))
    chunks = connection.execute("SELECT row_count, byte_count FROM pgraduate.chunk ORDER BY chunk").fetchall()
    assert [rows for rows, _ in chunks] == [3, 3, 1]
    assert copied.bytes == sum(count for _, count in chunks) > 7 * 400_000


def test_the_chunks_of_a_table_without_rowid_commit_together(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "FREEZE_BYTES", 0)
    monkeypatch.setattr(loader, "CHUNK_ROWS", 2)
    monkeypatch.setattr(loader, "BATCH_ROWS", 1)
    script = "CREATE TABLE t(k TEXT PRIMARY KEY, x) WITHOUT ROWID"
    source = make_source(tmp_path / "a.db", script, {"t": [(f"k{number}", number) for number in range(5)]})
    columns = [column("k", "text"), column("x", "integer")]
    planned = plan(table("t", columns, key=["k"], without_rowid=True))
    prepare_and_load(target, source, planned)
    again = load(connecting(target), source, planned, RUN)
    chunks = connection.execute("SELECT low, high, row_count FROM pgraduate.chunk ORDER BY chunk").fetchall()
    assert chunks == [(None, None, 2), (None, None, 2), (None, None, 1)]
    assert connection.execute("SELECT count(DISTINCT xmin::text) FROM pgraduate.chunk").fetchone() == (1,)
    assert (again[0].rows, again[0].resumed_rows) == (5, 5)


def test_small_tables_share_a_transaction(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    names = [f"t{number}" for number in range(5)]
    script = "".join(f"CREATE TABLE {name}(x); INSERT INTO {name} VALUES (1);" for name in names)
    source = make_source(tmp_path / "a.db", script)
    prepare_and_load(target, source, plan(*(table(name, [column("x", "integer")]) for name in names)))
    transactions = connection.execute("SELECT count(*), count(DISTINCT xmin::text) FROM pgraduate.chunk").fetchone()
    assert transactions == (5, 1)


def test_a_load_of_what_is_loaded_copies_nothing(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = source_of(tmp_path, [(1, 1), (2, 2)]), keyed(column("x", "integer"))
    first = prepare_and_load(target, source, planned)
    second = load(connecting(target), source, planned, RUN)
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (2,)
    assert (first[0].resumed_rows, second[0].resumed_rows) == (0, 2)
    assert (second[0].rows, second[0].bytes) == (2, first[0].bytes)


def test_a_chunk_ends_by_its_side_lines(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_LINES", 3)
    source = source_of(tmp_path, [(number, number) for number in range(7)])
    (copied,) = prepare_and_load(target, source, keyed(column("x", "any_text:TEXT")))
    chunks = connection.execute("SELECT row_count FROM pgraduate.chunk ORDER BY chunk").fetchall()
    assert chunks == [(3,), (3,), (1,)]
    assert copied.kept_classes == 7


def test_a_table_with_rows_of_others_is_refused(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source, planned = source_of(tmp_path, [(1, 1)]), keyed(column("x", "integer"))
    prepare_target(target, planned)
    connection.execute("INSERT INTO app.t VALUES (5, 5)")
    with pytest.raises(Refused, match="did not copy"):
        load(connecting(target), source, planned, RUN)


def test_an_unknown_run_is_refused(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = source_of(tmp_path, []), keyed(column("x", "integer"))
    prepare_target(target, planned)
    with pytest.raises(Refused, match="no run"):
        load(connecting(target), source, planned, "another")


def test_a_text_that_the_plan_did_not_expect_names_its_column(target: str, tmp_path: Path) -> None:
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(good TEXT, bad TEXT)")
    sqlite = apsw.Connection(str(source))
    sqlite.execute("INSERT INTO t VALUES ('fine', CAST(x'61ff' AS TEXT))")
    sqlite.close()
    with pytest.raises(SourceUnusable) as caught:
        prepare_and_load(target, source, plan(table("t", [column("good", "text"), column("bad", "text")])))
    assert caught.value.where == "table t, column bad"


def test_a_nul_that_the_plan_did_not_expect_stops_the_load_without_its_value(target: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, [(1, "secret\x00")])
    with pytest.raises(TargetUnusable, match="22021") as caught:
        prepare_and_load(target, source, keyed(column("x", "text")))
    assert "secret" not in str(caught.value.to_json())


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_texts_that_cannot_stand_leave_their_bytes_in_quarantine(
    encoding: str, target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    codec = encoding.lower().replace("-", "_").replace("16", "16_")
    source = make_source(
        tmp_path / "a.db",
        f"PRAGMA encoding = '{encoding}'; CREATE TABLE t(id INTEGER PRIMARY KEY, x)",
        {"t": [(1, "fine é"), (2, "a\x00b"), (3, None)]},
    )
    planned = keyed(column("x", "text", quarantines=True))
    (copied,) = prepare_and_load(target, source, planned)
    assert connection.execute("SELECT * FROM app.t ORDER BY id").fetchall() == [
        (1, "fine é"),
        (2, "a\ufffdb"),
        (3, None),
    ]
    lines = connection.execute("SELECT column_name, row_key, class, value FROM pgraduate.quarantine").fetchall()
    assert lines == [("x", ["2"], "text", "a\x00b".encode(codec))]
    assert copied.quarantined == 1


def test_a_key_is_kept_in_the_text_form_of_its_own_type(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = "CREATE TABLE t(d, b, f, r, x, PRIMARY KEY (d, b, f, r)) WITHOUT ROWID"
    source = make_source(tmp_path / "a.db", script, {"t": [("2024-01-02 03:04:05", b"\xff", 1, 1e15, 1)]})
    columns = [
        column("d", "timestamp:YYYY-MM-DD HH:MM:SS"),
        column("b", "blob"),
        column("f", "boolean"),
        column("r", "real"),
        column("x", "any_text:TEXT"),
    ]
    prepare_and_load(target, source, plan(table("t", columns, key=["d", "b", "f", "r"], without_rowid=True)))
    lines = connection.execute("SELECT row_key, class FROM pgraduate.kept_class").fetchall()
    assert lines == [(["2024-01-02 03:04:05", "\\xff", "true", "1e+15"], "integer")]


def test_a_column_that_postgresql_computes_is_not_loaded(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    script = "CREATE TABLE t(id INTEGER PRIMARY KEY, twice INTEGER AS (id * 2)); INSERT INTO t(id) VALUES (4)"
    source = make_source(tmp_path / "a.db", script)
    planned = keyed(column("twice", "integer", generated=True))
    prepare_and_load(target, source, planned, expressions={"twice": "id * 2"})
    assert connection.execute("SELECT * FROM app.t").fetchall() == [(4, 8)]


def test_names_are_quoted_on_both_sides(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    script = 'CREATE TABLE "a""b %s {x}"("order" TEXT, "c""d %(x)s {}" TEXT, "" TEXT)'
    source = make_source(tmp_path / "a.db", script, {'a"b %s {x}': [("1", "2", "3")]})
    unnamed = ColumnPlan("", "unnamed", "text", column("x", "text").representation, "no name")
    columns = [column("order", "text"), column('c"d %(x)s {}', "text", quarantines=True), unnamed]
    prepare_and_load(target, source, plan(table('a"b %s {x}', columns)))
    assert connection.execute('SELECT * FROM app."a""b %%s {x}"', ()).fetchall() == [("1", "2", "3")]


def test_a_column_that_the_source_does_not_have_is_no_text(target: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, [(1, "x")])
    with pytest.raises(SourceUnusable, match="no such column"):
        prepare_and_load(target, source, keyed(column("absent", "text")))


def test_a_row_of_many_megabytes_arrives_whole(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source = make_source(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, x BLOB, y TEXT);"
        " INSERT INTO t VALUES (1, zeroblob(60000000), replace(hex(zeroblob(7500000)), '00', 'é0'))",
    )
    (copied,) = prepare_and_load(target, source, keyed(column("x", "blob"), column("y", "text")))
    assert connection.execute("SELECT length(x), length(y) FROM app.t").fetchone() == (60_000_000, 15_000_000)
    assert copied.bytes > 80_000_000


def test_a_trigger_that_drops_rows_is_noticed(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = source_of(tmp_path, [(1, 1), (2, 2)]), keyed(column("x", "integer"))
    prepare_target(target, planned)
    connection.execute(
        "CREATE FUNCTION app.skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER skip BEFORE INSERT ON app.t FOR EACH ROW WHEN (NEW.id = 1) EXECUTE FUNCTION app.skip()"
    )
    with pytest.raises(TargetUnusable, match="took 1 of 2 rows"):
        load(connecting(target), source, planned, RUN)


def test_a_missing_table_is_said(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = source_of(tmp_path, [(1, 1)]), keyed(column("x", "integer"))
    prepare_target(target, planned)
    connection.execute("DROP TABLE app.t")
    with pytest.raises(TargetUnusable, match="no such table"):
        load(connecting(target), source, planned, RUN)


def test_a_lost_connection_is_an_interruption(target: str, server: Any, tmp_path: Path) -> None:
    source, planned = source_of(tmp_path, [(number, number) for number in range(10)]), keyed(column("x", "integer"))
    prepare_target(target, planned)

    def dying() -> psycopg.Connection:
        connection = psycopg.connect(target)
        with psycopg.connect(server.superuser, autocommit=True) as superuser:
            superuser.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        return connection

    with pytest.raises(Interrupted):
        load(dying, source, planned, RUN)


def test_a_locked_table_does_not_hold_the_load_for_ever(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, planned = source_of(tmp_path, [(1, 1)]), keyed(column("x", "integer"))
    prepare_target(target, planned)
    prepare = session.prepare

    def impatient(opened: psycopg.Connection) -> None:
        prepare(opened)
        opened.execute("SET lock_timeout = '50ms'")

    monkeypatch.setattr(session, "prepare", impatient)
    with connection.transaction():
        connection.execute("LOCK TABLE app.t IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TargetUnusable, match="lock"):
            load(connecting(target), source, planned, RUN)


def test_progress_is_told_with_rows_done_and_total(target: str, tmp_path: Path) -> None:
    class Listener:
        def __init__(self) -> None:
            self.events: list[Event] = []

        def emit(self, event: Event) -> None:
            self.events.append(event)

    listener = Listener()
    source = make_source(
        tmp_path / "a.db", "CREATE TABLE a(x); CREATE TABLE b(x)", {"a": [(1,)], "b": [(1,), (2,)]}
    )
    columns = [column("x", "integer")]
    planned = plan(table("a", columns, rows=1), table("b", columns, rows=2))
    prepare_target(target, planned)
    load(connecting(target), source, planned, RUN, sink=listener)
    assert listener.events == [
        StepProgress("copy", 2, 3, "rows", "app.b"),
        StepProgress("copy", 3, 3, "rows", "app.a"),
    ]


def test_the_last_commit_waits_for_the_log(target: str, tmp_path: Path) -> None:
    settings: list[str] = []
    source, planned = source_of(tmp_path, [(1, 1)]), keyed(column("x", "integer"))
    prepare_target(target, planned)

    class Recording(psycopg.Connection[Any]):
        def commit(self) -> None:
            query = (
                "SELECT current_setting('synchronous_commit') WHERE pg_current_xact_id_if_assigned() IS NOT NULL"
            )
            settings.extend(row[0] for row in self.execute(query).fetchall())
            super().commit()

    load(lambda: Recording.connect(target), source, planned, RUN)
    assert settings[-1] == "on"
