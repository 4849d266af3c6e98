"""Types that a person asks for."""

from __future__ import annotations

import pytest

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.storage import affinity_of
from pgraduate.schema.override import overridden

INTEGERS = ColumnCensus("c", integers=3, integer_min=0, integer_max=70_000)
REALS = ColumnCensus("c", reals=3, whole_reals=1)
TEXTS = ColumnCensus("c", texts=3, text_longest=4, text_longest_bytes=4, conversions={"uuid": 3, "date": 2})
MIXED = ColumnCensus("c", integers=1, texts=2, integer_min=1, integer_max=1)

GRANTED = [
    ("INTEGER", INTEGERS, "int4", "integer", "integer", False),
    ("INTEGER", INTEGERS, "double precision", "double precision", "number", False),
    ("REAL", REALS, "numeric", "numeric", "number", True),
    ("TEXT", TEXTS, "UUID", "uuid", "uuid", False),
    ("TEXT", TEXTS, "character varying(4)", "varchar(4)", "text", False),
    ("TEXT", MIXED, "text", "text", "any_text:TEXT", True),
    ("INTEGER", MIXED, "text", "text", "any_text:INTEGER", False),
    ("INTEGER", MIXED, "bytea", "bytea", "any_bytes", True),
]


@pytest.mark.parametrize(("declaration", "census", "wish", "type_name", "representation", "keeps"), GRANTED)
def test_a_wish_that_every_value_proves_is_granted(
    declaration: str, census: ColumnCensus, wish: str, type_name: str, representation: str, keeps: bool
) -> None:
    choice = overridden("t.c", wish, Column("c", declaration, affinity_of(declaration)), census)
    assert (choice.type, str(choice.representation), choice.keeps_class) == (type_name, representation, keeps)


@pytest.mark.parametrize(
    ("census", "wish"),
    [
        (INTEGERS, "smallint"),
        (TEXTS, "date"),
        (TEXTS, "varchar(3)"),
        (TEXTS, "bigint"),
        (REALS, "numeric(5,2)"),
        (ColumnCensus("c", reals=3, whole_reals=1, negative_zeros=1), "numeric"),
        (MIXED, "json"),
    ],
)
def test_a_wish_without_proof_stops(census: ColumnCensus, wish: str) -> None:
    with pytest.raises(UsageError, match=r"not every value of 3 values converts") as caught:
        overridden("t.c", wish, Column("c", "", affinity_of("")), census)
    assert caught.value.where == "pgraduate.toml [types] t.c"


@pytest.mark.parametrize("wish", ["jsonb", "real", "varchar", "numeric(5,2,1)", "money; DROP TABLE x"])
def test_a_type_that_cannot_give_back_the_value_is_not_known(wish: str) -> None:
    with pytest.raises(UsageError, match="is not a type that gives back"):
        overridden("t.c", wish, Column("c", "TEXT", affinity_of("TEXT")), TEXTS)


def test_a_column_without_values_takes_any_known_type() -> None:
    empty = ColumnCensus("c")
    assert overridden("t.c", "uuid", Column("c", "TEXT", affinity_of("TEXT")), empty).type == "uuid"
