"""Names in PostgreSQL: kept where possible, apart always, short enough."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Column, Index, IndexKey, Table, View
from pgraduate.model.storage import Affinity
from pgraduate.schema.names import name_all, name_schema
from pgraduate.schema.views import in_order


def table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, "", Affinity.BLOB) for column in columns), "")


def index(name: str) -> Index:
    return Index(name, "t", (IndexKey("a"),), False, "create")


@pytest.mark.parametrize(
    ("stem", "schema"),
    [("App", "app"), ("pg_stuff", "db_pg_stuff"), ("pgraduate", "db_pgraduate"), ("my app", "my app")],
)
def test_the_schema_is_named_after_the_file(stem: str, schema: str) -> None:
    assert name_schema(stem, None, exact=False) == schema


@pytest.mark.parametrize("wish", ["pg_mine", "pgraduate_compat", "x" * 64, ""])
def test_a_schema_name_that_is_not_free_stops(wish: str) -> None:
    with pytest.raises(UsageError):
        name_schema("app", wish, exact=False)


def test_a_system_column_gets_another_name() -> None:
    names = name_all(Catalog("app", (table("t", "ctid", "CTID_2"),)), "app", exact=False)
    assert [names.column("t", name) for name in ("ctid", "ctid_2")] == ["ctid_2", "ctid_2_2"]


def test_an_index_keeps_its_name_before_a_constraint_gets_one() -> None:
    names = name_all(Catalog("app", (table("t", "a"),), (index("t_pkey"),)), "app", exact=False)
    assert (names.indexes["t_pkey"], names.relation("t", "pkey")) == ("t_pkey", "t_pkey_2")


def test_a_check_does_not_take_the_name_of_its_tables_key() -> None:
    names = name_all(Catalog("app", (table("t", "a"),)), "app", exact=False)
    assert names.relation("t", "pkey", constraint_of="t") == "t_pkey"
    assert names.constraint("t", "t_pkey") == "t_pkey_2"


def test_two_tables_may_have_a_check_of_one_name() -> None:
    names = name_all(Catalog("app", (table("t", "a"), table("u", "a"))), "app", exact=False)
    assert [names.constraint(name, "positive") for name in ("t", "u")] == ["positive", "positive"]


@settings(max_examples=200, derandomize=True)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=12, unique_by=str.lower))
def test_no_two_objects_of_a_schema_share_a_name(sources: list[str]) -> None:
    split = len(sources) // 2
    tables = tuple(table(name, "a") for name in sources[:split])
    indexes = tuple(index(name) for name in sources[split:])
    names = name_all(Catalog("app", tables, indexes), "app", exact=False)
    made = [names.relation("t", "key") for _ in range(3)]
    given_names = [*names.tables.values(), *names.indexes.values(), *made]
    assert len(set(given_names)) == len(tables) + len(indexes) + 3
    assert all(0 < len(name.encode()) <= 63 and "\x00" not in name for name in given_names)


def test_a_view_stands_behind_those_that_it_reads() -> None:
    views = [View("a", (), "SELECT * FROM b"), View("b", (), "SELECT * FROM C"), View("c", (), "SELECT 1")]
    assert [view.name for view in in_order(views)] == ["c", "b", "a"]


def test_views_that_mention_each_other_keep_their_order() -> None:
    views = [View("a", (), "SELECT 1 AS b"), View("b", (), "SELECT 2 AS a")]
    assert [view.name for view in in_order(views)] == ["a", "b"]
