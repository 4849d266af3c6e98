from __future__ import annotations

import pytest

from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.dialect.triggers.last_number import asks_for_number, giving_number, with_variable
from pgraduate.dialect.writing.parser import parse_dml

COLUMNS = (ColumnView("Id", "id", "bigint"), ColumnView("a", "a", "text"))
SCHEMA = SimpleSchema.of(TableView("t", "app", "t", COLUMNS, "Id"), TableView("plain", "app", "plain", COLUMNS))


def test_every_call_becomes_the_variable_and_nothing_else_does() -> None:
    sql = "UPDATE t SET a = 'last_insert_rowid()', b = Last_Insert_Rowid ( ) WHERE last_insert_rowid = last_insert_rowid()"
    assert asks_for_number(sql)
    assert with_variable(sql) == (
        'UPDATE t SET a = \'last_insert_rowid()\', b = "pgraduate_rowid" WHERE last_insert_rowid = "pgraduate_rowid"'
    )
    assert not asks_for_number("SELECT 'last_insert_rowid()', last_insert_rowid")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO T(a) VALUES (1)", ' RETURNING "id" INTO pgraduate_rowid'),
        ("INSERT INTO t DEFAULT VALUES", ' RETURNING "id" INTO pgraduate_rowid'),
        ("INSERT INTO t(a) VALUES (1), (2)", None),
        ("INSERT INTO t(a) SELECT 1", None),
        ("INSERT OR IGNORE INTO t(a) VALUES (1)", None),
        ("INSERT INTO t(a) VALUES (1) ON CONFLICT DO NOTHING", None),
        ("INSERT INTO plain(a) VALUES (1)", None),
        ("INSERT INTO nowhere(a) VALUES (1)", None),
        ("DELETE FROM t", None),
    ],
)
def test_only_an_insert_of_one_numbered_row_hands_its_number_over(sql: str, expected: str | None) -> None:
    assert giving_number(parse_dml(sql), SCHEMA) == expected
