"""The type that a column gets, from its declaration and its counts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity, affinity_of
from pgraduate.schema.choice import Choice
from pgraduate.schema.declared import declared
from pgraduate.schema.faithful import faithful
from pgraduate.schema.inferred import inferred

TEXTS = ColumnCensus("c", texts=5, text_longest=10, text_longest_bytes=10)
INTEGERS = ColumnCensus("c", integers=5, integer_min=0, integer_max=9)
REALS = ColumnCensus("c", reals=5)
BLOBS = ColumnCensus("c", blobs=5, blob_longest=4)
NOTHING = ColumnCensus("c", nulls=5)
SECONDS = replace(INTEGERS, integer_min=1_700_000_000, integer_max=1_700_000_009)


def column(declaration: str) -> Column:
    return Column("c", declaration, affinity_of(declaration))


def proof(census: ColumnCensus, *names: str) -> ColumnCensus:
    return replace(census, conversions=dict.fromkeys(names, census.values))


def mixed(integers: int = 0, reals: int = 0, texts: int = 0, blobs: int = 0, **more: int) -> ColumnCensus:
    low, high = (0, 9) if integers else (None, None)
    plain = ColumnCensus("c", 0, integers, reals, texts, blobs, integer_min=low, integer_max=high)
    return replace(plain, **more)  # type: ignore[arg-type]


FAITHFUL = [
    ("INTEGER", INTEGERS, "bigint", "integer", False),
    ("REAL", REALS, "double precision", "real", False),
    ("TEXT", TEXTS, "text", "text", False),
    ("BLOB", BLOBS, "bytea", "blob", False),
    ("BLOB", TEXTS, "text", "text", False),
    ("", INTEGERS, "bigint", "integer", False),
    ("", REALS, "double precision", "real", False),
    ("INTEGER", TEXTS, "text", "text", False),
    ("TEXT", BLOBS, "bytea", "blob", False),
    ("DATETIME", INTEGERS, "bigint", "integer", False),
    ("DECIMAL(5,2)", INTEGERS, "double precision", "number", False),
    ("NUMERIC", mixed(integers=2, reals=3), "double precision", "number", False),
    ("NUMERIC", replace(mixed(integers=2, reals=3), integer_max=2**53 + 1), "numeric", "number", False),
    ("", mixed(integers=2, reals=3, whole_reals=1), ANY_VALUE_TYPE, "any_value", False),
    ("", mixed(integers=2, reals=3, whole_reals=1, negative_zeros=1), "double precision", "number", True),
    ("NUMERIC", mixed(integers=2, reals=3, negative_zeros=1), "double precision", "number", False),
    (
        "NUMERIC",
        replace(mixed(integers=2, reals=3, negative_zeros=1), integer_max=2**53 + 1),
        "text",
        "any_text:NUMERIC",
        True,
    ),
    ("INTEGER", mixed(integers=2, texts=1), "text", "any_text:INTEGER", False),
    ("REAL", mixed(reals=2, texts=1), "text", "any_text:REAL", False),
    ("TEXT", mixed(texts=2, blobs=1), ANY_VALUE_TYPE, "any_value", False),
    ("TEXT", mixed(texts=2, blobs=1, nul_texts=1), ANY_VALUE_TYPE, "any_value", False),
    ("BLOB", mixed(texts=2, blobs=1), ANY_VALUE_TYPE, "any_value", False),
    ("BLOB", mixed(texts=2, blobs=1, nul_texts=1), "bytea", "any_bytes", True),
    ("BLOB", mixed(reals=2, blobs=1, negative_zeros=1), "bytea", "any_bytes", True),
    ("", mixed(integers=2, texts=1), ANY_VALUE_TYPE, "any_value", False),
    ("", mixed(integers=1, texts=2), ANY_VALUE_TYPE, "any_value", False),
    ("", mixed(reals=1, texts=2, negative_zeros=1), "text", "any_text:TEXT", True),
    ("", proof(mixed(integers=1, texts=2), "any_text:NUMERIC"), "text", "any_text:NUMERIC", False),
    ("INTEGER", replace(mixed(reals=1, texts=1), infinities=1), ANY_VALUE_TYPE, "any_value", False),
    ("INTEGER", NOTHING, "bigint", "integer", False),
    ("REAL", NOTHING, "double precision", "real", False),
    ("VARCHAR(5)", NOTHING, "text", "text", False),
    ("BLOB", NOTHING, ANY_VALUE_TYPE, "any_value", False),
    ("DATETIME", NOTHING, "text", "text", False),
    ("BOOLEAN", NOTHING, "bigint", "integer", False),
    ("DECIMAL(5,2)", NOTHING, "double precision", "number", False),
    ("", NOTHING, ANY_VALUE_TYPE, "any_value", False),
]


@pytest.mark.parametrize(("declaration", "census", "type_name", "representation", "keeps"), FAITHFUL)
def test_the_faithful_type(
    declaration: str, census: ColumnCensus, type_name: str, representation: str, keeps: bool
) -> None:
    choice = faithful(column(declaration), census)
    assert (choice.type, str(choice.representation), choice.keeps_class) == (type_name, representation, keeps)


STAMPS = "timestamp:YYYY-MM-DD HH:MM:SS"
GRANTED = [
    ("BOOLEAN", proof(INTEGERS, "boolean"), "boolean", "boolean"),
    ("bool", proof(TEXTS, "boolean_text:f/t"), "boolean", "boolean_text:f/t"),
    ("DATE", proof(TEXTS, "date"), "date", "date"),
    ("DATE", proof(TEXTS, STAMPS), "timestamp", STAMPS),
    ("datetime", proof(TEXTS, STAMPS), "timestamp", STAMPS),
    ("TIMESTAMP WITH TIME ZONE", proof(TEXTS, STAMPS), "timestamp", STAMPS),
    ("DECIMAL(8, 2)", proof(REALS, "number:8,2"), "numeric(8,2)", "number:8,2"),
    ("NUMERIC(8)", proof(INTEGERS, "number:8,0"), "numeric(8,0)", "number:8,0"),
    ("NUMERIC", proof(REALS, "number"), "numeric", "number"),
    ("JSON", proof(TEXTS, "json"), "json", "text"),
    ("GUID", proof(TEXTS, "uuid"), "uuid", "uuid"),
    ("VARCHAR(10)", TEXTS, "varchar(10)", "text"),
    ("CHAR(10)", TEXTS, "varchar(10)", "text"),
    ("character varying(10)", TEXTS, "varchar(10)", "text"),
]


@pytest.mark.parametrize(("declaration", "census", "type_name", "representation"), GRANTED)
def test_a_declared_type_that_is_proven_is_granted(
    declaration: str, census: ColumnCensus, type_name: str, representation: str
) -> None:
    choice = choose(declaration, census)
    assert (choice.type, str(choice.representation), choice.proof) == (type_name, representation, 5)


DENIED = [
    ("BOOLEAN", INTEGERS, "bigint"),
    ("DATE", TEXTS, "text"),
    ("DATETIME", proof(SECONDS, "epoch:s"), "bigint"),
    ("DATETIME", NOTHING, "text"),
    ("DECIMAL(5,2)", replace(REALS, conversions={"number:5,2": 4}), "double precision"),
    ("UUID", TEXTS, "text"),
    ("JSON", replace(TEXTS, conversions={"json": 4}), "text"),
    ("VARCHAR(9)", TEXTS, "text"),
    ("VARCHAR(10)", replace(TEXTS, nul_texts=1), "text"),
    ("VARCHAR(10)", NOTHING, "text"),
    ("VARCHAR(99999999999)", TEXTS, "text"),
    ("TIME", TEXTS, "text"),
    ("DECIMAL(2,5)", REALS, "double precision"),
]


@pytest.mark.parametrize(("declaration", "census", "type_name"), DENIED)
def test_a_declared_type_without_proof_stays_faithful(
    declaration: str, census: ColumnCensus, type_name: str
) -> None:
    choice = choose(declaration, census)
    assert choice.type == type_name
    assert choice.representation == faithful(column(declaration), census).representation


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 1_000), ("us", 1_000_000)])
def test_the_rich_policy_reads_a_plausible_unit(unit: str, factor: int) -> None:
    census = replace(INTEGERS, integer_min=1_600_000_000 * factor, integer_max=1_700_000_000 * factor)
    choice = choose("DATETIME", proof(census, "epoch:s", "epoch:ms", "epoch:us"), rich=True)
    assert (choice.type, str(choice.representation)) == ("timestamp", f"epoch:{unit}")


def test_the_rich_policy_guesses_no_unit_for_integers_of_two_units() -> None:
    census = replace(INTEGERS, integer_min=1_600_000_000, integer_max=1_700_000_000_000)
    assert choose("DATETIME", proof(census, "epoch:s", "epoch:ms"), rich=True).type == "bigint"


def test_json_that_a_key_compares_stays_text() -> None:
    census = proof(TEXTS, "json")
    plain = faithful(column("JSON"), census)
    assert declared(column("JSON"), census, plain, indexed=True).type == "text"


COUNTS = st.integers(0, 3)
CENSUSES = st.builds(
    ColumnCensus,
    column=st.just("c"),
    nulls=COUNTS,
    integers=COUNTS,
    reals=COUNTS,
    texts=COUNTS,
    blobs=COUNTS,
    integer_min=st.sampled_from([-(2**63), -1]),
    integer_max=st.sampled_from([5, 2**53 + 1, 2**63 - 1]),
    whole_reals=COUNTS,
    infinities=COUNTS,
)
HOLDS = {
    Rule.INTEGER: {"integer"},
    Rule.REAL: {"real"},
    Rule.NUMBER: {"integer", "real"},
    Rule.TEXT: {"text"},
    Rule.BLOB: {"blob"},
    Rule.ANY_TEXT: {"integer", "real", "text", "blob"},
    Rule.ANY_BYTES: {"integer", "real", "text", "blob"},
    Rule.ANY_VALUE: {"integer", "real", "text", "blob"},
}


@settings(max_examples=300, derandomize=True)
@given(
    declaration=st.sampled_from(["", "INT", "TEXT", "BLOB", "REAL", "NUMERIC", "DATETIME", "BOOLEAN", "STRING"]),
    census=CENSUSES,
)
def test_the_faithful_type_holds_every_class_that_occurs(declaration: str, census: ColumnCensus) -> None:
    choice = faithful(column(declaration), census)
    assert set(census.classes) <= HOLDS[choice.representation.rule]


@settings(max_examples=300, derandomize=True)
@given(census=CENSUSES)
def test_a_natural_reading_that_cannot_give_a_class_back_keeps_it(census: ColumnCensus) -> None:
    choice = faithful(Column("c", "", Affinity.BLOB), census)
    if choice.representation.rule is Rule.ANY_TEXT and census.blobs:
        assert choice.keeps_class


def choose(declaration: str, census: ColumnCensus, *, rich: bool = False) -> Choice:
    plain = faithful(column(declaration), census)
    chosen = declared(column(declaration), census, plain, indexed=False)
    return inferred(column(declaration), census, chosen, read_elsewhere=False) if rich else chosen
