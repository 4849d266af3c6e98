"""Which tables' rowids become a column: those that are asked for, and those that an object of the file reads."""

from __future__ import annotations

import pytest

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Column, Table, Trigger, View
from pgraduate.model.rowids import with_rowids
from pgraduate.model.selected import select
from pgraduate.model.selection import Selection
from pgraduate.model.storage import Affinity


def table(name: str, *columns: str, **more: object) -> Table:
    made = tuple(Column(column, "TEXT", Affinity.TEXT) for column in columns)
    return Table(name, made, f"CREATE TABLE {name}", **more)  # type: ignore[arg-type]


def aliases(catalog: Catalog) -> dict[str, str | None]:
    return {item.name: item.rowid_alias for item in catalog.tables}


PLAIN = (
    table("kv", "key", "value", primary_key=("key",)),
    table("log", "rowid", "oid"),
    table("numbered", "id", primary_key=("id",), rowid_alias="id"),
    table("wide", "a", "b", primary_key=("a",), without_rowid=True),
)


def test_nothing_is_added_where_nobody_asks() -> None:
    catalog = Catalog("app", PLAIN, views=(View("v", ("key",), "CREATE VIEW v AS SELECT key FROM kv"),))
    assert with_rowids(catalog, ()) == catalog


def test_a_pattern_means_the_tables_that_can() -> None:
    found = select(Catalog("app", PLAIN), Selection(rowids=("*",)), "app").catalog
    assert aliases(found) == {"kv": "rowid", "log": "_rowid_", "numbered": "id", "wide": None}
    assert found.table("kv").columns[-1].implicit
    assert found.table("log").primary_key == ("_rowid_",)


def test_a_table_with_another_key_has_a_second_one() -> None:
    found = with_rowids(Catalog("app", PLAIN), {"kv"})
    assert found.table("kv").primary_key == ("key",)
    assert [(index.table, index.keys[0].column, index.unique) for index in found.indexes] == [("kv", "rowid", True)]


@pytest.mark.parametrize(("name", "why"), [("numbered", "id is the rowid already"), ("wide", "WITHOUT ROWID")])
def test_a_table_that_cannot_is_refused_by_its_name(name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        select(Catalog("app", PLAIN), Selection(rowids=(name,)), "app")


def test_a_word_that_names_nothing_is_told() -> None:
    assert select(Catalog("app", PLAIN), Selection(rowids=("kx",)), "app").unused == ("kx",)


@pytest.mark.parametrize(
    "more",
    [
        {"triggers": (Trigger("t", "kv", "CREATE TRIGGER t AFTER INSERT ON kv BEGIN SELECT new.RowId; END"),)},
        {"views": (View("v", ("n",), "CREATE VIEW v AS SELECT _rowid_ AS n FROM kv"),)},
        {"tables": (*PLAIN, table("words", "key", kind="virtual", module="fts5", options={"content": "KV"}))},
    ],
    ids=["trigger", "view", "full text"],
)
def test_what_an_object_reads_is_carried_with_it(more: dict[str, object]) -> None:
    catalog = Catalog("app", **({"tables": PLAIN} | more))  # type: ignore[arg-type]
    assert aliases(with_rowids(catalog, ()))["kv"] == "rowid"


def test_a_column_of_such_a_name_is_not_the_rowid() -> None:
    catalog = Catalog("app", PLAIN, views=(View("v", ("oid",), "CREATE VIEW v AS SELECT oid FROM log"),))
    assert aliases(with_rowids(catalog, ()))["log"] is None


@pytest.mark.parametrize(("name", "kept"), [("kv", None), ("bare", "rowid")])
def test_a_trigger_on_its_own_row_needs_a_rowid_only_where_no_key_finds_the_row(
    name: str, kept: str | None
) -> None:
    body = f"UPDATE {name} SET value = 1 WHERE {name}.rowid = NEW.rowid"
    trigger = Trigger("t", name, f"CREATE TRIGGER t AFTER INSERT ON {name} BEGIN {body}; END")
    catalog = Catalog("app", (*PLAIN, table("bare", "value")), triggers=(trigger,))
    assert aliases(with_rowids(catalog, ()))[name] == kept


def test_the_rowid_of_a_column_that_is_left_out_stays_behind_with_it() -> None:
    content = table("note", "id", "body", primary_key=("id",), rowid_alias="id")
    words = table("words", "body", kind="virtual", module="fts5", options={"content": "note"})
    found = select(Catalog("app", (content, words)), Selection(exclude=("note.id",)), "app").catalog
    assert aliases(found)["note"] is None
    with pytest.raises(UsageError, match="a column that is left out"):
        select(Catalog("app", (content, words)), Selection(exclude=("note.id",), rowids=("note",)), "app")
