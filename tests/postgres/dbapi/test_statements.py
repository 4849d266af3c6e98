"""What execute, executemany, executescript and the fetches do, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from pgraduate import dbapi as sqlite3

TABLE = "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB, price REAL)"


@pytest.fixture
def connection(engine: Any) -> Any:
    made = engine.connect()
    made.execute(TABLE)
    return made


def test_values_come_back_as_they_went(connection: Any) -> None:
    rows = [(1, "a", b"\x00\xff", 1.5), (2, "ä'\"%", None, None), (2**63 - 1, "", b"", -0.0)]
    connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", rows)
    assert connection.execute("SELECT * FROM item ORDER BY id").fetchall() == rows


def test_a_parameter_may_have_a_name(connection: Any) -> None:
    connection.execute("INSERT INTO item(name, price) VALUES (:name, :price)", {"name": "a", "price": 2})
    found = connection.execute("SELECT name, price FROM item WHERE name = :n AND :n = :n", {"n": "a"}).fetchone()
    assert found == ("a", 2.0)


def test_the_number_of_a_new_row_is_known(connection: Any) -> None:
    first = connection.execute("INSERT INTO item(name) VALUES ('a')")
    given = connection.execute("INSERT INTO item(id, name) VALUES (?, ?)", (40, "b"))
    after = connection.execute("INSERT INTO item(id, name) VALUES (NULL, 'c')")
    assert (first.lastrowid, given.lastrowid, after.lastrowid) == (1, 40, 41)
    assert connection.execute("SELECT last_insert_rowid()").fetchone() == (41,)


def test_a_table_without_a_key_numbers_its_rows(connection: Any) -> None:
    connection.execute("CREATE TABLE log(line TEXT)")
    numbers = [connection.execute("INSERT INTO log VALUES (?)", (line,)).lastrowid for line in "ab"]
    assert numbers == [1, 2]
    assert connection.execute("SELECT rowid, * FROM log ORDER BY rowid DESC").fetchall() == [(2, "b"), (1, "a")]


def test_changes_are_counted(connection: Any) -> None:
    many = connection.executemany("INSERT INTO item(name) VALUES (?)", [("a",), ("b",), ("c",)])
    changed = connection.execute("UPDATE item SET price = 1 WHERE name < 'c'")
    read = connection.execute("SELECT * FROM item")
    assert (many.rowcount, changed.rowcount, read.rowcount, connection.total_changes) == (3, 2, -1, 5)
    assert connection.execute("SELECT changes(), total_changes()").fetchone() == (2, 5)


def test_columns_have_the_names_that_sqlite_gives(connection: Any) -> None:
    found = connection.execute('SELECT id, count(*), max(price) AS "Top", 1+1 FROM item').description
    assert [column[0] for column in found] == ["id", "count(*)", "Top", "1+1"]
    assert all(column[1:] == (None,) * 6 for column in found)
    assert connection.execute("INSERT INTO item(name) VALUES ('a')").description is None


def test_rows_are_fetched_in_pieces(connection: Any) -> None:
    connection.executemany("INSERT INTO item(name) VALUES (?)", [(letter,) for letter in "abcdefg"])
    cursor = connection.cursor()
    cursor.execute("SELECT name FROM item ORDER BY id")
    assert (cursor.fetchone(), cursor.fetchmany(2), cursor.fetchmany()) == (("a",), [("b",), ("c",)], [("d",)])
    assert next(cursor) == ("e",)
    assert (cursor.fetchall(), cursor.fetchall(), cursor.fetchone()) == ([("f",), ("g",)], [], None)


def test_rows_are_genuine_rows(connection: Any) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("INSERT INTO item(name) VALUES ('a')")
    row = connection.execute("SELECT id, name FROM item").fetchone()
    assert isinstance(row, sqlite3.Row)
    assert (dict(row), row["NAME"], tuple(row)) == ({"id": 1, "name": "a"}, "a", (1, "a"))


def test_a_row_factory_sees_cursor_and_values(connection: Any) -> None:
    connection.row_factory = lambda cursor, row: {
        column[0]: value for column, value in zip(cursor.description, row, strict=True)
    }
    assert connection.execute("SELECT 1 AS one, 'x' AS other").fetchone() == {"one": 1, "other": "x"}


def test_a_text_factory_makes_texts(connection: Any) -> None:
    connection.text_factory = bytes
    assert connection.execute("SELECT 'ä', 1").fetchone() == ("ä".encode(), 1)


def test_a_script_commits_first_and_runs_to_its_end(engine: Any, connection: Any) -> None:
    connection.execute("INSERT INTO item(name) VALUES ('before')")
    connection.executescript(
        "CREATE TABLE a(x); -- a comment; with a semicolon\nINSERT INTO a VALUES ('; '); INSERT INTO a VALUES (2);"
    )
    connection.rollback()
    other = engine.connect()
    assert other.execute("SELECT count(*) FROM item").fetchone() == (1,)
    assert other.execute("SELECT count(*) FROM a").fetchone() == (2,)


def test_only_what_writes_is_executed_many_times(connection: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="executemany"):
        connection.executemany("SELECT ?", [(1,)])


def test_of_a_failing_batch_the_rows_before_stay(connection: Any) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: item\.name"):
        connection.executemany("INSERT INTO item(name) VALUES (?)", [("a",), ("b",), ("a",), ("c",)])
    connection.commit()
    assert connection.execute("SELECT name FROM item ORDER BY id").fetchall() == [("a",), ("b",)]


def test_replace_and_upsert(connection: Any) -> None:
    connection.execute("INSERT INTO item(name, price) VALUES ('a', 1)")
    connection.execute("REPLACE INTO item(id, name) VALUES (5, 'a')")
    connection.execute(
        "INSERT INTO item(name, price) VALUES ('a', 2) ON CONFLICT(name) DO UPDATE SET price = excluded.price"
    )
    connection.execute("INSERT OR IGNORE INTO item(name) VALUES ('a')")
    assert connection.execute("SELECT id, name, price FROM item").fetchall() == [(5, "a", 2.0)]


def test_returning_gives_rows(connection: Any) -> None:
    cursor = connection.execute("INSERT INTO item(name) VALUES ('a'), ('b') RETURNING id, name")
    assert cursor.fetchall() == [(1, "a"), (2, "b")]


def test_a_statement_reads_the_numbers_of_its_connection(connection: Any) -> None:
    connection.execute("CREATE TABLE part(item INTEGER, n INTEGER)")
    connection.executemany("INSERT INTO item(name) VALUES (?)", [("a",), ("b",)])
    connection.execute("INSERT INTO item(id, name) VALUES (7, 'c')")
    connection.execute("INSERT INTO part(item, n) VALUES (last_insert_rowid(), 1)")
    connection.execute("INSERT INTO part SELECT 7, changes() FROM item WHERE id = ?", (7,))
    assert connection.execute("SELECT item, n FROM part").fetchall() == [(7, 1), (7, 1)]
    connection.execute("UPDATE item SET price = 1")
    rows = connection.execute("SELECT changes(), total_changes() > 3, name FROM item WHERE id = 7").fetchall()
    assert rows == [(3, 1, "c")]
    connection.rollback()
    assert connection.execute("SELECT name, total_changes() > 3 FROM item").fetchall() == []


def test_what_a_trigger_takes_from_a_view_counts_as_no_change(connection: Any) -> None:
    connection.execute("CREATE VIEW named AS SELECT id, name FROM item")
    connection.execute(
        "CREATE TRIGGER named_in INSTEAD OF INSERT ON named BEGIN INSERT INTO item(name) VALUES (new.name); END"
    )
    added = connection.execute("INSERT INTO named(name) VALUES ('a')")
    assert (added.rowcount, connection.execute("SELECT changes()").fetchone()) == (0, (0,))
    assert connection.execute("SELECT id, name FROM named").fetchall() == [(1, "a")]


def test_returning_knows_the_number_of_the_new_row(connection: Any) -> None:
    given = connection.execute(
        "INSERT INTO item(id, name, data) VALUES (40, 'a', x'00') RETURNING name, data, price"
    )
    assert (given.lastrowid, given.fetchall()) == (40, [("a", b"\x00", None)])
    assert [column[0] for column in given.description] == ["name", "data", "price"]
    assert connection.execute("SELECT last_insert_rowid()").fetchone() == (40,)
    after = connection.execute("INSERT INTO item(name) VALUES ('b') RETURNING *")
    assert (after.fetchone(), after.lastrowid) == ((41, "b", None, None), 41)
    none = connection.execute("INSERT INTO item(name) VALUES ('b') ON CONFLICT DO NOTHING RETURNING id")
    assert none.fetchall() == []
    replaced = connection.execute("REPLACE INTO item(id, name) VALUES (50, 'b') RETURNING name, rowid")
    assert (replaced.fetchall(), replaced.lastrowid) == ([("b", 50)], 50)


@pytest.mark.parametrize(
    ("value", "error"),
    [(2**63, OverflowError), (object(), (sqlite3.ProgrammingError, sqlite3.InterfaceError))],
)
def test_a_value_that_sqlite_cannot_hold_is_refused(connection: Any, value: object, error: Any) -> None:
    with pytest.raises(error):
        connection.execute("INSERT INTO item(name) VALUES (?)", (value,))


def test_values_are_adapted(connection: Any) -> None:
    connection.execute("CREATE TABLE kept(a INTEGER, b TEXT, c BLOB, d REAL)")
    connection.execute("INSERT INTO kept VALUES (?, ?, ?, ?)", (True, "x", memoryview(b"yz"), float("nan")))
    assert connection.execute("SELECT * FROM kept").fetchone() == (1, "x", b"yz", None)
