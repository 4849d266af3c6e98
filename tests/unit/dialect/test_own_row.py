from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.dialect.triggers.own_row import by_key, row_key
from pgraduate.dialect.triggers.parser import Event, Timing, TriggerDefinition

A, B, C = (ColumnView(name, name, "text", not_null=name != "c") for name in ("a", 'b "x"', "c"))
TABLE = TableView("t", "app", "t", (A, B, C), None, (("c",), ("a", 'b "x"')))
TESTS = '("a" = {0}."a" AND "b ""x""" = {0}."b ""x""")'


def trigger(event: Event, timing: Timing = Timing.AFTER) -> TriggerDefinition:
    return TriggerDefinition("x", timing, event, "t", ())


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("rowid = new.rowid", TESTS),
        ("NEW._rowid_==t.OID", TESTS),
        ("c > 1 AND (rowid IS new.rowid) OR c", f"c > 1 AND ({TESTS}) OR c"),
        ('"rowid" = [new]."oid" AND c = 2', f"{TESTS} AND c = 2"),
        ("rowid = 5 AND c = new.c", "rowid = 5 AND c = new.c"),
        ("u.rowid = new.rowid", "u.rowid = new.rowid"),
        ("rowid > new.rowid", "rowid > new.rowid"),
        ("'rowid = new.rowid'", "'rowid = new.rowid'"),
    ],
)
def test_a_comparison_of_rowids_becomes_one_of_the_key(where: str, expected: str) -> None:
    assert by_key(where, trigger(Event.INSERT), TABLE) == expected.format("new")


@pytest.mark.parametrize(
    ("definition", "row"),
    [
        (trigger(Event.UPDATE), "new"),
        (trigger(Event.UPDATE, Timing.BEFORE), "old"),
        (trigger(Event.DELETE), "old"),
        (trigger(Event.DELETE, Timing.BEFORE), "old"),
    ],
)
def test_the_key_is_that_of_the_row_as_it_stands(definition: TriggerDefinition, row: str) -> None:
    assert by_key("rowid = old.rowid", definition, TABLE) == TESTS.format(row)


@pytest.mark.parametrize(
    ("table", "definition"),
    [
        (replace(TABLE, rowid_alias="a"), trigger(Event.INSERT)),
        (replace(TABLE, unique_keys=()), trigger(Event.INSERT)),
        (replace(TABLE, columns=(*TABLE.columns, ColumnView("rowid", "rowid", "text"))), trigger(Event.INSERT)),
        (TABLE, trigger(Event.INSERT, Timing.BEFORE)),
    ],
)
def test_a_condition_stays_where_the_rowid_has_a_name_or_the_row_has_no_key(
    table: TableView, definition: TriggerDefinition
) -> None:
    assert by_key("rowid = new.rowid", definition, table) == "rowid = new.rowid"


def test_a_key_without_nulls_comes_before_one_with() -> None:
    assert row_key(TABLE) == ("a", 'b "x"')
    assert row_key(replace(TABLE, unique_keys=(("c",),))) == ("c",)
    assert row_key(replace(TABLE, rowid_alias="a")) == ("a",)
    assert row_key(replace(TABLE, unique_keys=())) == ()
