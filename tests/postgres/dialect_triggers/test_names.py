"""Names of every kind."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import LOG, Case

CASES: dict[str, Case] = {
    "odd names": Case(
        'CREATE TABLE "my table"("the id" INTEGER PRIMARY KEY, "select" TEXT, [a""b] INTEGER);'
        'CREATE TABLE "LOG"("Group" TEXT);',
        (
            'CREATE TRIGGER "on ""my"" table" AFTER INSERT ON "my table" WHEN new."select" IS NOT NULL BEGIN '
            'INSERT INTO "log"("GROUP") VALUES (new."select" || new.[the id]); END',
        ),
        ("INSERT INTO [my table](`select`) VALUES ('x'), (NULL), ('y')",),
    ),
    "keywords as names": Case(
        "CREATE TABLE event(begin INTEGER, end INTEGER, key TEXT);" + LOG,
        (
            "CREATE TRIGGER after AFTER UPDATE OF end ON event WHEN new.begin BEGIN "
            "SELECT CASE WHEN new.end < new.begin THEN RAISE(ABORT, 'ends too early') END; "
            "UPDATE event SET key = CASE WHEN end > 5 THEN 'late' ELSE key END WHERE begin = new.begin; END",
        ),
        (
            "INSERT INTO event VALUES (1, 2, 'a'), (3, 4, 'b')",
            "UPDATE event SET end = 9 WHERE begin = 1",
            "UPDATE event SET end = 0 WHERE begin = 3",
        ),
        failures=1,
    ),
    "a column named like a variable of plpgsql": Case(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, found INTEGER, sqlstate TEXT, tg_op TEXT);",
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET found = found + 1, tg_op = sqlstate "
            "WHERE found = 1 AND id = new.id; END",
        ),
        ("INSERT INTO t(found, sqlstate) VALUES (1, 'a'), (2, 'b')",),
    ),
    "names without regard to case": Case(
        "CREATE TABLE Users(Id INTEGER PRIMARY KEY, Name TEXT);" + LOG,
        (
            "CREATE TRIGGER Trg AFTER UPDATE OF NAME ON USERS BEGIN INSERT INTO LOG(WHAT, X) "
            "VALUES (OLD.name, New.ID); END",
        ),
        ("INSERT INTO users(name) VALUES ('a')", "UPDATE users SET name = 'b'"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
