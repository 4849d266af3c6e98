"""A trigger is left out only where its statements do nothing but keep a full-text table over its table current."""

from __future__ import annotations

import pytest

from pgraduate.model.catalog import Column, Table
from pgraduate.model.storage import Affinity
from pgraduate.schema.search_triggers import Upkeep, upkeep
from pgraduate.schema.virtual_tables import Mirror


def table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, "", Affinity.BLOB) for column in columns), "")


MIRRORS = {"fts": Mirror(table("FTS", "a", "b"), table("Docs", "id", "a", "b"), "id")}
TAKE_OUT = "INSERT INTO fts(fts, rowid, a, b) VALUES('delete', old.id, old.a, old.b);"
HAND_OVER = "INSERT INTO fts(rowid, a, b) VALUES (new.id, new.a, new.b);"


def of(body: str, on: str = "AFTER UPDATE ON docs") -> Upkeep:
    return upkeep(f"CREATE TRIGGER t {on} BEGIN {body} END", MIRRORS)


@pytest.mark.parametrize(
    "body",
    [
        HAND_OVER,
        TAKE_OUT,
        TAKE_OUT + HAND_OVER,
        'INSERT INTO "FTS"("FTS", "rowid", "a") VALUES(\'DELETE\', OLD."rowid", old.[a]);',
        "INSERT OR REPLACE INTO fts(docid, b) VALUES (new.rowid, new.b);",
        "DELETE FROM fts WHERE docid = old.rowid;",
        "DELETE FROM main.fts WHERE old.id == rowid;",
        "insert into fts ( rowid , a , b ) values ( new . id , new . a , new . b ) ; -- INSERT INTO log\n",
    ],
)
def test_upkeep_is_recognised(body: str) -> None:
    assert of(body) is Upkeep.ONLY


@pytest.mark.parametrize(
    "body",
    [
        HAND_OVER + "INSERT INTO log VALUES (1);",
        HAND_OVER + "SELECT raise(abort, 'no');",
        "INSERT INTO fts(rowid, a, b) VALUES (new.id, new.b, new.a);",
        "INSERT INTO fts(rowid, a, b) VALUES (new.id, old.a, new.b);",
        "INSERT INTO fts(rowid, a) VALUES (new.id + 1, new.a);",
        "INSERT INTO fts(rowid, a) VALUES (new.id, 'new.a');",
        "INSERT INTO fts(rowid, a) SELECT new.id, new.a;",
        "INSERT INTO fts(rowid, a) VALUES (new.id, new.a), (new.id, new.a);",
        "INSERT INTO fts(fts, rowid, a) VALUES ('optimize', old.id, old.a);",
        "INSERT INTO fts(fts, rowid, a) VALUES ('delete', new.id, new.a);",
        "INSERT INTO fts(fts) VALUES ('rebuild');",
        "INSERT INTO fts VALUES (new.a, new.b);",
        "DELETE FROM fts;",
        "DELETE FROM fts WHERE rowid > old.id;",
        "DELETE FROM fts WHERE rowid = old.a;",
        "UPDATE fts SET a = new.a WHERE rowid = new.id;",
    ],
)
def test_anything_more_is_not_upkeep(body: str) -> None:
    assert of(body) is Upkeep.MORE


def test_a_trigger_on_another_table_is_not_upkeep() -> None:
    assert of(HAND_OVER, on="AFTER INSERT ON other") is Upkeep.MORE


@pytest.mark.parametrize(
    "body", ["INSERT INTO log VALUES ('fts');", "UPDATE docs SET a = 'INSERT INTO fts';", "SELECT 1;"]
)
def test_a_trigger_that_writes_elsewhere_is_none(body: str) -> None:
    assert of(body) is Upkeep.NONE
