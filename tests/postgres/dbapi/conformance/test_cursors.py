"""Cursors: parameters, rows, names, counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from support.engines import Connect

BINDINGS = r"Incorrect number of bindings supplied\. The current statement uses {}, and there are {} supplied\."


@pytest.mark.parametrize(
    ("statement", "parameters", "row"),
    [
        ("SELECT ?, ?", (1, "b"), (1, "b")),
        ("SELECT ?2, ?1, ?2", ("a", "b"), ("b", "a", "b")),
        ("SELECT :x, :y, :x", {"x": 1, "y": 2}, (1, 2, 1)),
        ("SELECT @x, $y", {"x": 1, "y": 2}, (1, 2)),
        ("SELECT ?, '?', '%', '%s'", [7], (7, "?", "%", "%s")),
        ("SELECT ? -- why?\n, 2", (1,), (1, 2)),
        ("SELECT ?", ["x"], ("x",)),
    ],
)
def test_parameters(db: sqlite3.Connection, statement: str, parameters: object, row: tuple[object, ...]) -> None:
    assert db.execute(statement, parameters).fetchone() == row  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statement", "parameters", "kind", "message"),
    [
        ("SELECT ?", (), sqlite3.ProgrammingError, BINDINGS.format(1, 0)),
        ("SELECT 1", (5,), sqlite3.ProgrammingError, BINDINGS.format(0, 1)),
        ("SELECT :a", {"b": 1}, sqlite3.ProgrammingError, "You did not supply a value for binding"),
        ("SELECT 1; SELECT 2", (), (sqlite3.ProgrammingError, sqlite3.Warning), "execute one statement at a time"),
        ("SELECT ?", ({},), (sqlite3.ProgrammingError, sqlite3.InterfaceError), "Error binding parameter"),
        ("SELECT ?", (1 << 63,), OverflowError, "Python int too large to convert to SQLite INTEGER"),
        ("SELEKT 1", (), sqlite3.OperationalError, 'near "SELEKT": syntax error'),
        ("SELECT * FROM absent", (), sqlite3.OperationalError, "no such table: absent"),
        ("SELECT absent FROM item", (), sqlite3.OperationalError, "no such column: absent"),
        ("SELECT absent(1)", (), sqlite3.OperationalError, "no such function: absent"),
        ("INSERT INTO item (name) VALUES (1, 2)", (), sqlite3.OperationalError, "2 values for 1 columns"),
        ("CREATE TABLE item (a)", (), sqlite3.OperationalError, "table item already exists"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_sqlite_says_it(
    db: sqlite3.Connection, statement: str, parameters: object, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        db.execute(statement, parameters)  # type: ignore[arg-type]
    assert db.execute("SELECT count(*) FROM item").fetchone() == (3,)


def test_an_empty_statement_does_nothing(db: sqlite3.Connection) -> None:
    cursor = db.execute("  -- nothing\n")
    assert (cursor.description, cursor.fetchall(), cursor.rowcount) == (None, [], -1)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("SELECT id, Name, price AS Cost FROM item", ["id", "name", "Cost"]),
        ("SELECT count(*), max(price), 1+1, 'x' FROM item", ["count(*)", "max(price)", "1+1", "'x'"]),
        ("SELECT i.id, t.word, t.word FROM item i LEFT JOIN tag t ON t.item = i.id", ["id", "word", "word"]),
        ("SELECT * FROM item", ["id", "name", "price", "data"]),
        ("INSERT INTO item (name) VALUES ('new') RETURNING id, name AS n", ["id", "n"]),
    ],
)
def test_description_has_sqlites_names(db: sqlite3.Connection, statement: str, names: list[str]) -> None:
    described = db.execute(statement).description
    assert [column[0] for column in described] == names
    assert all(column[1:] == (None,) * 6 for column in described)


def test_description_is_there_without_rows_and_not_after_a_write(db: sqlite3.Connection) -> None:
    cursor = db.execute("SELECT id FROM item WHERE 0")
    assert [column[0] for column in cursor.description] == ["id"]
    assert db.execute("DELETE FROM item WHERE id = 99").description is None


def test_fetching(db: sqlite3.Connection) -> None:
    cursor = db.execute("SELECT id FROM item ORDER BY id")
    assert cursor.fetchone() == (1,)
    assert cursor.fetchmany() == [(2,)]
    assert cursor.fetchall() == [(3,)]
    assert (cursor.fetchone(), cursor.fetchall(), cursor.fetchmany(5)) == (None, [], [])


def test_arraysize_is_how_many_fetchmany_gives(db: sqlite3.Connection) -> None:
    cursor = db.cursor()
    assert cursor.arraysize == 1
    cursor.arraysize = 2
    cursor.execute("SELECT id FROM item ORDER BY id")
    assert (len(cursor.fetchmany()), len(cursor.fetchmany(9))) == (2, 1)


def test_a_cursor_is_iterable_and_execute_gives_the_cursor(db: sqlite3.Connection) -> None:
    cursor = db.cursor()
    assert cursor.execute("SELECT id FROM item ORDER BY id") is cursor
    assert [row[0] for row in cursor] == [1, 2, 3]
    with pytest.raises(StopIteration):
        next(cursor)
    assert cursor.connection is db


def test_a_closed_cursor_answers_nothing(db: sqlite3.Connection) -> None:
    cursor = db.cursor()
    cursor.close()
    with pytest.raises(sqlite3.ProgrammingError, match=r"Cannot operate on a closed cursor\."):
        cursor.execute("SELECT 1")


def test_set_sizes_do_nothing(db: sqlite3.Connection) -> None:
    cursor = db.cursor()
    assert cursor.setinputsizes([1]) is None
    assert cursor.setoutputsize(1) is None


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ("SELECT * FROM item", -1),
        ("UPDATE item SET price = 1", 3),
        ("DELETE FROM item WHERE id < 3", 2),
        ("DELETE FROM item WHERE id > 9", 0),
        ("INSERT INTO item (name) VALUES ('a'), ('b')", 2),
        ("INSERT OR IGNORE INTO item (name) VALUES ('pen')", 0),
        ("CREATE TABLE other (a)", -1),
    ],
)
def test_rowcount(db: sqlite3.Connection, statement: str, count: int) -> None:
    assert db.execute(statement).rowcount == count


def test_executemany_counts_all(db: sqlite3.Connection) -> None:
    cursor = db.executemany("INSERT INTO item (name) VALUES (?)", [("a",), ("b",), ("c",)])
    assert cursor.rowcount == 3
    assert db.execute("SELECT count(*) FROM item").fetchone() == (6,)


def test_executemany_takes_an_iterator_and_mappings(db: sqlite3.Connection) -> None:
    def names() -> Iterator[dict[str, str]]:
        yield {"n": "a"}
        yield {"n": "b"}

    db.executemany("INSERT INTO item (name) VALUES (:n)", names())
    assert db.execute("SELECT count(*) FROM item").fetchone() == (5,)


def test_executemany_of_nothing(db: sqlite3.Connection) -> None:
    assert db.executemany("INSERT INTO item (name) VALUES (?)", []).rowcount == 0


def test_executemany_refuses_a_query(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match=r"executemany\(\) can only execute DML statements\."):
        db.executemany("SELECT ?", [(1,)])


def test_executemany_keeps_the_rows_before_the_one_that_fails(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: item\.name"):
        db.executemany("INSERT INTO item (name) VALUES (?)", [("a",), ("b",), ("pen",), ("c",)])
    assert [row[0] for row in db.execute("SELECT name FROM item ORDER BY id")] == ["pen", "ink", "paper", "a", "b"]
    assert db.in_transaction


def test_lastrowid(db: sqlite3.Connection) -> None:
    cursor = db.cursor()
    assert cursor.lastrowid is None
    assert cursor.execute("INSERT INTO item (name) VALUES ('a')").lastrowid == 4
    assert cursor.execute("INSERT INTO item (id, name) VALUES (40, 'b')").lastrowid == 40
    assert cursor.execute("INSERT INTO item (name) VALUES ('c')").lastrowid == 41
    assert cursor.execute("UPDATE item SET price = 1").lastrowid == 41
    assert db.execute("SELECT last_insert_rowid()").fetchone() == (41,)


def test_an_explicit_null_takes_the_next_id(db: sqlite3.Connection) -> None:
    assert db.execute("INSERT INTO item (id, name) VALUES (?, ?)", (None, "a")).lastrowid == 4


def test_changes_and_total_changes(db: sqlite3.Connection, connect: Connect) -> None:
    fresh = connect()
    assert fresh.total_changes == 0
    db.commit()
    fresh.execute("UPDATE item SET price = 2")
    fresh.execute("DELETE FROM item WHERE id = 1")
    assert fresh.total_changes == 4
    assert fresh.execute("SELECT changes(), total_changes()").fetchone() == (1, 4)


def test_a_result_can_be_read_while_its_table_is_written(db: sqlite3.Connection) -> None:
    for (number,) in db.execute("SELECT id FROM item ORDER BY id"):
        db.execute("UPDATE item SET price = ? WHERE id = ?", (number, number))
    assert db.execute("SELECT sum(price) FROM item").fetchone() == (6.0,)


def test_nested_cursors(db: sqlite3.Connection) -> None:
    pairs = [
        (a, b)
        for (a,) in db.execute("SELECT id FROM item ORDER BY id")
        for (b,) in db.execute("SELECT id FROM item WHERE id < ?", (a,))
    ]
    assert pairs == [(2, 1), (3, 1), (3, 2)]


def test_returning(db: sqlite3.Connection) -> None:
    cursor = db.execute("INSERT INTO item (name) VALUES ('a'), ('b') RETURNING id, name")
    assert cursor.fetchall() == [(4, "a"), (5, "b")]


def test_executescript(db: sqlite3.Connection) -> None:
    cursor = db.executescript("INSERT INTO item (name) VALUES ('a;b'); -- ;\n UPDATE item SET price = 9; SELECT 1")
    assert isinstance(cursor, type(db.cursor()))
    assert not db.in_transaction
    assert db.execute("SELECT count(*), sum(price) FROM item").fetchone() == (4, 36.0)
