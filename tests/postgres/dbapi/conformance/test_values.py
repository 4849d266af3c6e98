"""Values in and out: storage classes, adapters, converters, text and row factories."""

from __future__ import annotations

import collections.abc
import datetime
import decimal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from support.engines import Connect


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test register adapters and converters; they go at its end."""
    kept = dict(sqlite3.adapters), dict(sqlite3.converters)
    yield
    for now, before in zip((sqlite3.adapters, sqlite3.converters), kept, strict=True):
        now.clear()
        now.update(before)


@pytest.mark.parametrize(
    "value",
    [
        None,
        0,
        -1,
        1 << 62,
        -(1 << 63),
        0.0,
        -1.5,
        1e300,
        float("inf"),
        "",
        "text",
        "ä€😀",
        "o'clock",
        "100%",
        b"",
        b"\x00\xff",
    ],
)
def test_every_storage_class_comes_back(db: sqlite3.Connection, value: object) -> None:
    db.execute("CREATE TABLE any_kind (v)")
    db.execute("INSERT INTO any_kind VALUES (?)", (value,))
    (back,) = db.execute("SELECT v FROM any_kind").fetchone()
    assert (type(back), back) == (type(value), value)


def test_bool_is_an_integer_and_nan_is_null(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT ?, typeof(?), ?", (True, False, float("nan"))).fetchone() == (1, "integer", None)


@pytest.mark.parametrize("value", [bytearray(b"ab"), memoryview(b"ab"), b"ab"])
def test_what_has_a_buffer_is_a_blob(db: sqlite3.Connection, value: object) -> None:
    row = db.execute("SELECT ?, typeof(?)", (value, value)).fetchone()
    assert row == (b"ab", "blob")


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("INTEGER", "12", 12),
        ("INTEGER", 3.0, 3),
        ("TEXT", 12, "12"),
        ("REAL", 7, 7.0),
        ("REAL", "1.5", 1.5),
        ("BLOB", "x", "x"),
        ("NUMERIC", "12", 12),
        ("NUMERIC", "x", "x"),
        ("VARCHAR(3)", "longer", "longer"),
    ],
)
def test_affinity(db: sqlite3.Connection, column: str, value: object, kept: object) -> None:
    db.execute(f"CREATE TABLE typed (v {column})")
    db.execute("INSERT INTO typed VALUES (?)", (value,))
    (back,) = db.execute("SELECT v FROM typed").fetchone()
    assert (type(back), back) == (type(kept), kept)


@pytest.mark.parametrize(
    ("factory", "result"),
    [
        (bytes, b"\xc3\xa4"),
        (lambda data: data.decode() + "!", "ä!"),
        (str, "ä"),
        (bytearray, bytearray(b"\xc3\xa4")),
    ],
)
def test_text_factory(db: sqlite3.Connection, factory: type, result: object) -> None:
    db.text_factory = factory
    assert db.execute("SELECT 'ä', 1, x'41'").fetchone() == (result, 1, b"A")


def test_the_default_factories(db: sqlite3.Connection) -> None:
    assert (db.text_factory, db.row_factory) == (str, None)


def test_rows_are_genuine(db: sqlite3.Connection, module: ModuleType) -> None:
    db.row_factory = module.Row
    row = db.execute("SELECT id, name AS Title, count(*) FROM item WHERE id = 1").fetchone()
    assert isinstance(row, sqlite3.Row)
    assert row.keys() == ["id", "Title", "count(*)"]
    assert (row["ID"], row["title"], row[-1], row[0:2]) == (1, "pen", 1, (1, "pen"))
    assert (dict(row), len(row)) == ({"id": 1, "Title": "pen", "count(*)": 1}, 3)
    assert isinstance(row, collections.abc.Sequence)
    with pytest.raises(IndexError, match="No item with that key"):
        row["absent"]


def test_a_row_factory_is_given_cursor_and_tuple(db: sqlite3.Connection) -> None:
    db.row_factory = lambda cursor, row: {
        column[0]: value for column, value in zip(cursor.description, row, strict=True)
    }
    assert db.execute("SELECT id, name FROM item ORDER BY id").fetchmany(2) == [
        {"id": 1, "name": "pen"},
        {"id": 2, "name": "ink"},
    ]


def test_a_cursor_takes_the_row_factory_of_its_birth_and_may_have_its_own(db: sqlite3.Connection) -> None:
    before = db.cursor()
    db.row_factory = sqlite3.Row
    assert type(before.execute("SELECT 1").fetchone()) is tuple
    cursor = db.cursor()
    cursor.row_factory = lambda _, row: row[0]
    assert cursor.execute("SELECT 5").fetchall() == [5]


def test_a_cursor_class(db: sqlite3.Connection, module: ModuleType, engine: str) -> None:
    base = module.Cursor if engine == "postgresql" else sqlite3.Cursor

    class Own(base):  # type: ignore[misc, valid-type]
        pass

    assert isinstance(db.cursor(factory=Own).execute("SELECT 1"), Own)


class Point:
    def __init__(self, x: int, y: int) -> None:
        self.x, self.y = x, y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self) -> int:
        return hash((self.x, self.y))


class Conforming(Point):
    def __conform__(self, protocol: object) -> str | None:
        return f"{self.x};{self.y}" if protocol is sqlite3.PrepareProtocol else None


def _point(text: bytes) -> Point:
    x, y = text.split(b";")
    return Point(int(x), int(y))


def test_an_object_may_adapt_itself(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT ?", (Conforming(1, 2),)).fetchone() == ("1;2",)


@pytest.mark.usefixtures("registered")
def test_adapters(db: sqlite3.Connection, module: ModuleType) -> None:
    module.register_adapter(Point, lambda point: f"{point.x};{point.y}")
    module.register_adapter(decimal.Decimal, str)
    assert db.execute("SELECT ?, ?", (Point(1, 2), decimal.Decimal("1.10"))).fetchone() == ("1;2", "1.10")


@pytest.mark.filterwarnings("ignore:The default .* adapter is deprecated:DeprecationWarning")
def test_dates_are_adapted(db: sqlite3.Connection) -> None:
    moment = datetime.datetime(2024, 1, 2, 3, 4, 5, 600)
    assert db.execute("SELECT ?, ?", (moment.date(), moment)).fetchone() == (
        "2024-01-02",
        "2024-01-02 03:04:05.000600",
    )


def test_what_has_no_adapter_is_refused(db: sqlite3.Connection) -> None:
    with pytest.raises((sqlite3.ProgrammingError, sqlite3.InterfaceError), match="Error binding parameter"):
        db.execute("SELECT ?", (Point(1, 2),))


@pytest.mark.usefixtures("registered")
def test_converters_by_declared_type(module: ModuleType, connect: Connect) -> None:
    module.register_converter("point", _point)
    db = connect(detect_types=module.PARSE_DECLTYPES)
    db.execute("CREATE TABLE p (a point, b POINT(5), c text, d Point)")
    db.execute("INSERT INTO p VALUES ('1;2', '3;4', '5;6', NULL)")
    assert db.execute("SELECT a, b, c, d FROM p").fetchone() == (Point(1, 2), Point(3, 4), "5;6", None)
    assert db.execute("SELECT x.a AS n FROM p AS x").fetchone() == (Point(1, 2),)
    assert db.execute("SELECT a || '' FROM p").fetchone() == ("1;2",)


@pytest.mark.usefixtures("registered")
def test_converters_by_column_name(module: ModuleType, connect: Connect) -> None:
    module.register_converter("point", _point)
    db = connect(detect_types=module.PARSE_COLNAMES)
    cursor = db.execute("""SELECT '1;2' AS "p [point]", '3;4' AS q""")
    assert cursor.fetchone() == (Point(1, 2), "3;4")
    assert [column[0] for column in cursor.description] == ["p", "q"]


@pytest.mark.filterwarnings("ignore:The default .* is deprecated:DeprecationWarning")
def test_the_standard_converters(module: ModuleType, connect: Connect) -> None:
    db = connect(detect_types=module.PARSE_DECLTYPES | module.PARSE_COLNAMES)
    db.execute("CREATE TABLE seen (d date, t timestamp)")
    row = datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5)
    db.execute("INSERT INTO seen VALUES (?, ?)", row)
    assert db.execute("SELECT d, t FROM seen").fetchone() == row


@pytest.mark.usefixtures("registered")
def test_without_detect_types_nothing_is_converted(module: ModuleType, db: sqlite3.Connection) -> None:
    module.register_converter("point", _point)
    db.execute("CREATE TABLE p (a point)")
    db.execute("INSERT INTO p VALUES ('1;2')")
    assert db.execute("SELECT a FROM p").fetchone() == ("1;2",)


@pytest.mark.usefixtures("registered")
def test_another_connection_converts_alike(module: ModuleType, connect: Connect, tmp_path: Path) -> None:
    """What a column was declared as stands in the database, not in the process that declared it."""
    module.register_converter("point", _point)
    connect().execute("CREATE TABLE p (a point)")
    other = connect(detect_types=module.PARSE_DECLTYPES)
    other.execute("INSERT INTO p VALUES ('1;2')")
    assert other.execute("SELECT a FROM p").fetchone() == (Point(1, 2),)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_fraction_for_an_integer_column_is_refused_in_words_that_do_not_show_it(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE moment (at INTEGER, near NUMERIC)")
    with pytest.raises(sqlite3.NotSupportedError, match="declare it NUMERIC") as caught:
        db.execute("INSERT INTO moment (at) VALUES (?)", (1700000000.25,))
    assert "1700000000" not in str(caught.value)
    db.execute("INSERT INTO moment VALUES (?, ?)", (1700000000.0, 1700000000.25))
    assert db.execute("SELECT at, near FROM moment").fetchall() == [(1700000000, 1700000000.25)]


def test_a_strict_table_keeps_any_value_as_it_is(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE exact (v ANY) STRICT")
    db.execute("CREATE TABLE numeric (v ANY)")
    values = [("000123",), (5,), (2.0,), (b"1",), (None,)]
    for table in ("exact", "numeric"):
        db.executemany(f"INSERT INTO {table} VALUES (?)", values)
    asked = "SELECT v, typeof(v) FROM {} ORDER BY rowid"
    assert db.execute(asked.format("exact")).fetchall() == [
        ("000123", "text"), (5, "integer"), (2.0, "real"), (b"1", "blob"), (None, "null")
    ]  # fmt: skip
    assert db.execute(asked.format("numeric")).fetchall()[0] == (123, "integer")
