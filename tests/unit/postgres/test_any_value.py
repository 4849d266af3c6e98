"""The text of an any_value, read back: every class, and every sign that a composite's text writes in another way."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.any_values import text_form

from pgraduate.postgres import any_value


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (r'(1,5,"","\\x")', 5),
        (r'(1,-5.0,"","\\x")', -5.0),
        (r'(1,Infinity,"","\\x")', math.inf),
        (r'(2,0,abc,"\\x")', "abc"),
        (r'(2,0,"","\\x")', ""),
        (r'(2,0,"a ""b"" \\, (c)","\\x")', 'a "b" \\, (c)'),
        (r'(3,0,"","\\x00ff")', b"\x00\xff"),
    ],
)
def test_what_the_server_writes_is_read(form: str, value: object) -> None:
    found = any_value.read(form)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("form", ["", "5", "(1,5)", '(4,0,"","")', '(1,,"",)', '(1,5,"","\\x"),'])
def test_any_other_text_is_refused(form: str) -> None:
    with pytest.raises(ValueError):
        any_value.read(form)


_VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False).filter(lambda real: real != 0 or math.copysign(1, real) > 0),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))),
    st.binary(),
)


@given(_VALUES)
def test_what_the_server_writes_is_read_in_its_class(value: int | float | str | bytes) -> None:
    found = any_value.read(text_form(value))
    assert (type(found), found) == (type(value), value)
