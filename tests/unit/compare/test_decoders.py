"""How the checker reads back what PostgreSQL returns, and what it refuses to read."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.any_values import text_form
from support.plans import column

from pgraduate.compare.canonical import encode
from pgraduate.copy import classes, encoders
from pgraduate.model.cell import unreadable
from pgraduate.model.representation import BOOLEAN_WORDS, TIMESTAMP_FORMATS, Representation
from pgraduate.postgres.decoders import reading, stands_for

UNREADABLE = "unreadable"


def natural(representation: str, value: Any, base: str = "text") -> Any:
    decode = reading(Representation.parse(representation), base).natural
    return value if decode is None else decode(value)


@pytest.mark.parametrize(
    ("representation", "returned", "expected"),
    [
        ("timestamp:YYYY-MM-DD HH:MM:SS", "2024-01-02 03:04:05", "2024-01-02 03:04:05"),
        ("timestamp:YYYY-MM-DDTHH:MM:SSZ", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z"),
        ("timestamp:YYYY-MM-DD HH:MM:SS.fff", "2024-01-02 03:04:05.1", "2024-01-02 03:04:05.100"),
        ("timestamp:YYYY-MM-DD HH:MM:SS.fff", "2024-01-02 03:04:05", "2024-01-02 03:04:05.000"),
        (
            "timestamp:YYYY-MM-DDTHH:MM:SS.ffffff+00:00",
            "2024-01-02 03:04:05.000001",
            "2024-01-02T03:04:05.000001+00:00",
        ),
        ("timestamp:YYYY-MM-DD HH:MM:SS[.ffffff]", "2024-01-02 03:04:05", "2024-01-02 03:04:05"),
        ("timestamp:YYYY-MM-DD HH:MM:SS[.ffffff]", "2024-01-02 03:04:05.5", "2024-01-02 03:04:05.500000"),
        ("timestamp:YYYY-MM-DDTHH:MM", "2024-01-02 03:04:00", "2024-01-02T03:04"),
        ("timestamp:YYYY-MM-DD[ HH:MM:SS]", "2024-01-02 00:00:00", "2024-01-02"),
        ("timestamp:YYYY-MM-DD[ HH:MM:SS]", "2024-01-02 00:00:01", "2024-01-02 00:00:01"),
        ("epoch:s", "-1000000.000000", UNREADABLE),
        ("epoch:s", "-1000000", -1),
        ("epoch:ms", "1704164645123000", 1704164645123),
        ("epoch:us", "1", 1),
        ("boolean_text:No/Yes", 0, "No"),
        ("number", "12.00", 12),
        ("number", "9223372036854776000", 2.0**63),
        ("number", "0.1", 0.1),
        ("number", "Infinity", math.inf),
        ("any_text:NUMERIC", "12", 12),
        ("any_text:NUMERIC", "1e+300", 1e300),
        ("any_text:NUMERIC", "Infinity", "Infinity"),
        ("any_text:NUMERIC", "\\x00", "\\x00"),
        ("any_text:TEXT", "12", "12"),
        ("any_text:REAL", "12.0", 12.0),
    ],
)
def test_the_natural_reading(representation: str, returned: Any, expected: Any) -> None:
    found = natural(representation, returned, "numeric" if representation == "number" else "text")
    assert (found[0] if expected == UNREADABLE else found) == expected
    assert expected == UNREADABLE or type(found) is type(expected)


@pytest.mark.parametrize(
    ("representation", "returned"),
    [
        ("timestamp:YYYY-MM-DD HH:MM:SS", "2024-01-02 03:04:05.5"),
        ("timestamp:YYYY-MM-DD HH:MM:SS.fff", "2024-01-02 03:04:05.1234"),
        ("timestamp:YYYY-MM-DD HH:MM", "2024-01-02 03:04:05"),
        ("timestamp:YYYY-MM-DD HH:MM:SS", "infinity"),
        ("timestamp:YYYY-MM-DD HH:MM:SS", "0044-03-15 00:00:00 BC"),
        ("timestamp:YYYY-MM-DD HH:MM:SS", "10000-01-01 00:00:00"),
        ("timestamp:YYYY-MM-DD[ HH:MM:SS]", "-infinity"),
        ("epoch:s", "1500000"),
        ("epoch:ms", "Infinity"),
        ("number", "0.1000000000000000055"),
        ("number", "1" * 5000),
        ("any_text:NUMERIC", " 12 "),
        ("any_text:NUMERIC", "1.50"),
        ("any_text:NUMERIC", "1" * 5000),
        ("any_text:REAL", "12"),
    ],
)
def test_what_the_loader_cannot_have_written_is_marked(representation: str, returned: str) -> None:
    found = natural(representation, returned, "numeric" if representation == "number" else "text")
    assert found[0] == UNREADABLE


@pytest.mark.parametrize(
    ("name", "text"),
    [("integer", "1.0"), ("integer", " 1"), ("integer", "1" * 5000), ("real", "1"), ("real", "nan"),
     ("real", "inf"), ("blob", "00"), ("blob", "\\x0"), ("blob", "\\xAB"), ("null", "x"), ("other", "x")],
)  # fmt: skip
def test_a_kept_class_that_the_text_cannot_have_is_marked(name: str, text: str) -> None:
    assert reading(Representation.parse("any_text:TEXT"), "text").kept(text, name) == unreadable(
        ("integer", text) if name == "integer" else ("real", text) if name == "real" else (name, text)
    )


def test_a_kept_class_beside_a_representation_of_one_class_is_marked() -> None:
    assert reading(Representation.parse("integer"), "int8").kept(5, "real") == unreadable(("real", 5))


@pytest.mark.parametrize(
    ("value", "stored", "expected"),
    [
        ("a\ufffdb", b"a\x00b", True),
        ("a\ufffdb", "a\x00b".encode("utf-16-le"), True),
        ("a\ufffd", b"a\xff", True),
        (b"a\xef\xbf\xbd", b"a\xff", True),
        ("ab", b"a\x00b", False),
        ("a\ufffdb ", b"a\x00b", False),
        (None, b"a\x00b", False),
    ],
)
def test_what_quarantine_leaves_in_the_column(value: Any, stored: bytes, expected: bool) -> None:
    assert stands_for(value, stored) is expected


NUMBER_LIKE = st.from_regex(r"[ \t\n]?[+-]?[0-9]{0,20}\.?[0-9]{0,20}([eE][+-]?[0-9]{1,12})?[ \n]?", fullmatch=True)
ANYTHING = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.binary(max_size=8),
    NUMBER_LIKE,
)


@settings(derandomize=True, max_examples=300)
@given(cell=ANYTHING, detail=st.sampled_from(["TEXT", "NUMERIC", "INTEGER", "REAL"]))
def test_loader_and_checker_agree_on_the_natural_reading_of_any_text(cell: Any, detail: str) -> None:
    planned = column("x", f"any_text:{detail}")
    question = classes.class_kept(planned, "text")
    encode_cell = encoders.encoder(planned, "text")
    assert question is not None
    assert encode_cell is not None
    text, kept = encode_cell(cell), question(cell)
    rule = reading(planned.representation, "text")
    read = rule.kept(text, kept) if kept else rule.natural(text) if rule.natural else text
    assert encode((read,)) == encode((cell,))


@settings(derandomize=True, max_examples=300)
@given(
    cell=st.one_of(
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False).filter(lambda value: struct.pack("d", value) != struct.pack("d", -0.0)),
        st.integers(-(2**70), 2**70).map(float),
    ),
    base=st.sampled_from(["numeric", "float8"]),
)
def test_loader_and_checker_agree_on_the_natural_reading_of_a_number(cell: int | float, base: str) -> None:
    planned = column("x", "number", base)
    question, encode_cell = classes.class_kept(planned, base), encoders.encoder(planned, base)
    assert question is not None
    assert encode_cell is not None
    try:
        sent = encode_cell(cell)
    except encoders.NotRepresentable:
        assert base == "float8"
        return
    kept, rule = question(cell), reading(planned.representation, base)
    returned = sent if base == "float8" else f"{sent:f}"
    assert rule.natural is not None
    assert encode((rule.kept(returned, kept) if kept else rule.natural(returned),)) == encode((cell,))


@pytest.mark.parametrize("form", TIMESTAMP_FORMATS)
@settings(derandomize=True, max_examples=30)
@given(moment=st.datetimes())
def test_a_timestamp_of_every_format_reads_back_as_its_text(form: str, moment: Any) -> None:
    kept = 6 if "ffffff" in form else 3 if "fff" in form else 0
    moment = moment.replace(microsecond=moment.microsecond // 10 ** (6 - kept) * 10 ** (6 - kept))
    if "SS" not in form:
        moment = moment.replace(second=0)
    returned = str(moment).rstrip("0") if moment.microsecond else str(moment)
    text = natural(f"timestamp:{form}", returned)
    encode_cell = encoders.encoder(column("x", f"timestamp:{form}"), "timestamp")
    assert encode_cell is not None
    assert encode_cell(text) == moment


@pytest.mark.parametrize("words", BOOLEAN_WORDS)
def test_every_pair_of_words_reads_back(words: str) -> None:
    encode_cell = encoders.encoder(column("x", f"boolean_text:{words}"), "bool")
    assert encode_cell is not None
    assert [natural(f"boolean_text:{words}", int(encode_cell(word))) for word in words.split("/")] == words.split(
        "/"
    )


@settings(derandomize=True, max_examples=300)
@given(ANYTHING)
def test_a_value_of_any_class_reads_back_from_what_the_server_writes(cell: Any) -> None:
    assume(cell != 0 or math.copysign(1, cell) > 0 if isinstance(cell, float) else True)
    assume("\0" not in cell if isinstance(cell, str) else True)
    assert encode((natural("any_value", text_form(cell)),)) == encode((cell,))


@pytest.mark.parametrize(
    "form",
    [
        '(1,5,x,"\\\\x")', '(1,5,,"\\\\x")', '(1,5,"",)', '(1,5,"","\\\\x00")', '(1,,"","\\\\x")', '(1,NaN,"","\\\\x")',
        '(1,9223372036854775808,"","\\\\x")', '(1,0.44949106478873812,"","\\\\x")', '(1,0.4494910647887381,"","\\\\x")',
        '(1,1234567890123456780000000.0,"","\\\\x")', '(1,9223372036854775807.0,"","\\\\x")', '(1,0.00000000,"","\\\\x",)',
        '(2,0,,"\\\\x")', '(2,1,a,"\\\\x")', '(2,0.0,a,"\\\\x")', '(2,0,a,"\\\\x00")', '(2,0,a,)', '(2,0,"","")',
        '(3,0,x,"\\\\x00")', '(3,0,,"\\\\x00")', '(3,1,"","\\\\x00")', '(3,0,"",)', '(4,0,"","\\\\x")', '(,0,"","\\\\x")',
        "(,,,)", "",
    ],
)  # fmt: skip
def test_a_value_of_any_class_that_no_class_has_is_a_difference(form: str) -> None:
    assert type(natural("any_value", form)) is tuple
