"""What a selection takes out of a catalog, and what goes with it."""

from __future__ import annotations

import pytest

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Column, ForeignKey, Index, IndexKey, Table, Trigger, View
from pgraduate.model.selected import Selected, select
from pgraduate.model.selection import Selection
from pgraduate.model.storage import Affinity


def table(name: str, *columns: str, **more: object) -> Table:
    made = tuple(Column(column, "TEXT", Affinity.TEXT) for column in columns)
    return Table(name, made, f"CREATE TABLE {name}", **more)  # type: ignore[arg-type]


CATALOG = Catalog(
    "shop",
    (
        table("Customer", "id", "name", "ssn", primary_key=("id",), rowid_alias="id"),
        table("orders", "id", "customer", "a.b", foreign_keys=(ForeignKey(("customer",), "customer", ("id",)),)),
        table("log_a", "t"),
        table("log_b", "t"),
        table("a.b", "c"),
        table("words", "text", kind="virtual", module="fts5"),
        table("words_data", "block", kind="shadow"),
        table("found", "name", kind="virtual", module="fts5", options={"content": "customer"}),
    ),
    (
        Index("by_ssn", "customer", (IndexKey("ssn"),), False, "create"),
        Index("auto", "customer", (IndexKey("SSN"), IndexKey("name")), True, "unique"),
        Index("by_name", "customer", (IndexKey("name"),), False, "create"),
    ),
    (View("v", ("name",), "CREATE VIEW v AS SELECT name FROM customer"),),
    (Trigger("t", "LOG_A", "CREATE TRIGGER t"),),
)


def chosen(**words: object) -> Selected:
    return select(CATALOG, Selection(**words), "shop")  # type: ignore[arg-type]


def names(selected: Selected) -> list[str]:
    return [item.name for item in selected.catalog.tables]


def left(selected: Selected) -> set[tuple[str, str]]:
    return {(item.kind, item.name) for item in selected.left}


def test_without_a_selection_the_catalog_is_itself() -> None:
    assert chosen() == Selected(CATALOG)


def test_what_is_included_is_all_that_is_carried() -> None:
    found = chosen(include=("customer", "orders"))
    assert names(found) == ["Customer", "orders"]
    assert not found.catalog.views
    assert set(found.catalog.left_out) == {"log_a", "log_b", "a.b", "words", "found", "v"}


def test_an_included_column_brings_its_table_without_the_others() -> None:
    found = chosen(include=("customer.name", "orders"))
    assert [column.name for column in found.catalog.table("customer").columns] == ["name"]
    assert len(found.catalog.table("orders").columns) == 3


def test_an_excluded_pattern_takes_triggers_with_their_tables() -> None:
    found = chosen(exclude=("LOG_?",))
    assert names(found) == ["Customer", "orders", "a.b", "words", "words_data", "found"]
    assert left(found) == {("table", "log_a"), ("table", "log_b"), ("trigger", "t")}
    assert not found.catalog.triggers


def test_a_virtual_table_takes_its_shadows() -> None:
    assert names(chosen(exclude=("words",))) == ["Customer", "orders", "log_a", "log_b", "a.b", "found"]


def test_an_excluded_column_takes_its_indexes_and_is_remembered() -> None:
    found = chosen(exclude=("customer.ssn",))
    assert found.catalog.table("customer").left_out == ("ssn",)
    assert [index.name for index in found.catalog.indexes] == ["by_name"]
    assert left(found) == {("column", "Customer.ssn"), ("index", "by_ssn"), ("unique", "Customer(SSN, name)")}


def test_an_excluded_key_takes_the_primary_key_and_empties_the_foreign_key() -> None:
    found = chosen(exclude=("customer.id",))
    customer = found.catalog.table("customer")
    assert (customer.primary_key, customer.rowid_alias) == ((), None)
    assert found.catalog.table("orders").foreign_keys[0].parent_columns == ()
    assert ("primary key", "Customer") in left(found)


def test_an_excluded_child_column_takes_the_foreign_key() -> None:
    found = chosen(exclude=("orders.customer",))
    assert found.catalog.table("orders").foreign_keys == ()
    assert ("foreign key", "orders(customer)") in left(found)


def test_a_name_with_a_dot_means_the_table_before_the_column() -> None:
    assert "a.b" not in names(chosen(exclude=("a.b",)))
    assert chosen(exclude=("orders.a.b",)).catalog.table("orders").left_out == ("a.b",)


def test_a_word_may_begin_with_the_schema() -> None:
    assert "log_a" not in names(chosen(exclude=("shop.log_a",)))


def test_names_and_filters_reach_their_tables() -> None:
    found = chosen(rename={"CUSTOMER": "client", "customer.name": "label", "v": "w"}, filters={"orders": "id > 1"})
    assert found.relation_names == {"customer": "client", "v": "w"}
    assert found.column_names == {"customer": {"name": "label"}}
    assert found.catalog.table("orders").filter == "id > 1"


def test_words_that_mean_nothing_are_named() -> None:
    found = chosen(exclude=("custmer", "log_a"), rename={"orders.nope": "x"}, filters={"nope": "1"})
    assert found.unused == ("custmer", "rename orders.nope", "filter nope")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"exclude": ("log_a.t",)}, "leaves no column"),
        ({"exclude": ("words.text",)}, "whole or not at all"),
        ({"filters": {"words": "1"}}, "its rows cannot be filtered"),
        ({"rename": {"found": "x"}}, "keeps its name"),
        ({"exclude": ("log_a",), "filters": {"log_a": "1"}}, "neither a new name nor a filter"),
        ({"exclude": ("customer.ssn",), "rename": {"customer.ssn": "x"}}, "neither a new name nor a filter"),
    ],
)
def test_a_selection_that_cannot_be_is_refused(words: dict[str, object], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        chosen(**words)
