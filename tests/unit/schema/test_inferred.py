"""Types that name and values suggest: given only where every value proves them and nothing else reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.hints import Hint, hint_of
from pgraduate.model.storage import affinity_of
from pgraduate.schema.choice import Choice
from pgraduate.schema.declared import declared
from pgraduate.schema.faithful import faithful
from pgraduate.schema.inferred import inferred

INTEGERS = ColumnCensus("c", integers=3, integer_min=0, integer_max=1)
REALS = ColumnCensus("c", reals=3)
TEXTS = ColumnCensus("c", texts=3, text_longest=30)
DOCUMENT = "json_value"


def choose(
    name: str, declaration: str, census: ColumnCensus, *proofs: str, default: str | None = None, read: bool = False
) -> Choice:
    """Choose under the policy `rich`; every value converts by each of the proofs."""
    column = Column(name, declaration, affinity_of(declaration), default_sql=default)
    counted = replace(census, conversions=dict.fromkeys(proofs, census.values))
    plain = declared(column, counted, faithful(column, counted), indexed=False)
    return inferred(column, counted, plain, read_elsewhere=read)


GIVEN = [
    ("is_new", "INTEGER", INTEGERS, "boolean", "boolean"),
    ("Deleted", "INT", INTEGERS, "boolean", "boolean"),
    ("createdAt", "TEXT", TEXTS, "timestamp:YYYY-MM-DDTHH:MM:SSZ", "timestamp"),
    ("birthday", "VARCHAR(40)", TEXTS, "date", "date"),
    ("updated_at", "REAL", REALS, "julian", "timestamp"),
    ("c", "DATETIME", REALS, "julian", "timestamp"),
    ("unit_price", "REAL", REALS, "decimal:15,2", "numeric(15,2)"),
    ("Total", "FLOAT", REALS, "decimal:15,4", "numeric(15,4)"),
    ("c", "TEXT", TEXTS, DOCUMENT, "jsonb"),
    ("c", "JSON", TEXTS, DOCUMENT, "jsonb"),
]


@pytest.mark.parametrize(("name", "declaration", "census", "proof", "type_name"), GIVEN)
def test_a_suggested_type_is_given_with_reason_proof_and_refused_writes(
    name: str, declaration: str, census: ColumnCensus, proof: str, type_name: str
) -> None:
    choice = choose(name, declaration, census, proof)
    assert (choice.type, choice.proof, choice.keeps_class) == (type_name, census.values, False)
    assert "3 values of 3 converted and back" in choice.reason
    assert choice.refuses


@pytest.mark.parametrize(("name", "declaration", "census", "proof", "type_name"), GIVEN)
def test_one_value_that_does_not_convert_leaves_the_column_as_it_was(
    name: str, declaration: str, census: ColumnCensus, proof: str, type_name: str
) -> None:
    column = Column(name, declaration, affinity_of(declaration))
    counted = replace(census, conversions={proof: census.values - 1})
    plain = declared(column, counted, faithful(column, counted), indexed=False)
    assert inferred(column, counted, plain, read_elsewhere=False) == plain


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_an_epoch_needs_a_name_that_says_time(unit: str) -> None:
    factor = {"s": 1, "ms": 1_000, "us": 1_000_000}[unit]
    census = replace(INTEGERS, integer_min=1_600_000_000 * factor, integer_max=1_700_000_000 * factor)
    proofs = ("epoch:s", "epoch:ms", "epoch:us")
    assert str(choose("mtime", "INTEGER", census, *proofs).representation) == f"epoch:{unit}"
    assert choose("size", "INTEGER", census, *proofs).type == "bigint"


def test_a_zero_among_the_epochs_is_not_before_1980() -> None:
    census = replace(INTEGERS, integer_min=0, integer_max=1_700_000_000)
    assert choose("deleted_at", "INTEGER", census, "epoch:s").type == "bigint"


@pytest.mark.parametrize(("name", "census", "proof"), [("c", TEXTS, DOCUMENT), ("updated_at", REALS, "julian")])
def test_what_something_else_reads_stays_text_or_number(name: str, census: ColumnCensus, proof: str) -> None:
    declaration = "TEXT" if census is TEXTS else "REAL"
    assert choose(name, declaration, census, proof, read=True).type in ("text", "double precision")


@pytest.mark.parametrize(
    ("name", "declaration", "census", "proof", "default"),
    [
        ("is_new", "INTEGER", INTEGERS, "boolean", "-1"),
        ("created_at", "TEXT", TEXTS, "timestamp:YYYY-MM-DD HH:MM:SS", "''"),
        ("c", "TEXT", TEXTS, DOCUMENT, "'none'"),
        ("c", "TEXT", TEXTS, DOCUMENT, "'[NaN]'"),
        ("c", "TEXT", TEXTS, DOCUMENT, "'[1e9999]'"),
        ("c", "TEXT", TEXTS, DOCUMENT, "'[\"\\u0000\"]'"),
    ],
)
def test_a_default_without_a_form_in_the_type_forbids_it(
    name: str, declaration: str, census: ColumnCensus, proof: str, default: str
) -> None:
    choice = choose(name, declaration, census, proof, default=default)
    assert choice.type == faithful(Column(name, declaration, affinity_of(declaration)), census).type
    assert "its default has no form in" in choice.reason


def test_a_declared_type_that_is_proven_goes_before_a_name() -> None:
    census = ColumnCensus("c", reals=3)
    choice = choose("price", "DECIMAL(6,3)", census, "number:6,3", "decimal:15,2")
    assert choice.type == "numeric(6,3)"


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("created_at", {Hint.TIME}), ("dateCreated", {Hint.TIME}), ("DOB", {Hint.TIME}),
        ("deleted", {Hint.TIME, Hint.FLAG}),
        ("isActive", {Hint.FLAG}), ("has_children", {Hint.FLAG}), ("unitPrice", {Hint.MONEY}),
        ("TOTAL_COSTS", {Hint.MONEY}),
        ("time_zone", set()), ("island", set()), ("latitude", set()), ("is", set()), ("price_count", set()), ("ß", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_a_name_says_what_its_words_say(name: str, hints: set[Hint]) -> None:
    assert hint_of(name) == hints
