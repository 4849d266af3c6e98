"""What sqlite_sequence says of tables with AUTOINCREMENT, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

TABLE = "CREATE TABLE ticket(id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT)"
ASKED = "SELECT name, seq FROM sqlite_sequence"


@pytest.fixture
def connection(engine: Any) -> Any:
    made = engine.connect()
    made.execute(TABLE)
    return made


def test_a_table_without_a_row_has_no_line(connection: Any) -> None:
    assert connection.execute(ASKED).fetchall() == []


def test_the_largest_number_stays_when_its_row_goes(connection: Any) -> None:
    connection.executemany("INSERT INTO ticket(what) VALUES (?)", [("a",), ("b",), ("c",)])
    connection.execute("DELETE FROM ticket WHERE id = 3")
    assert connection.execute(ASKED + " WHERE name = 'ticket'").fetchall() == [("ticket", 3)]


def test_a_number_given_by_hand_counts(connection: Any) -> None:
    connection.execute("INSERT INTO ticket(id, what) VALUES (41, 'x')")
    assert connection.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'ticket'").fetchone() == (42,)
