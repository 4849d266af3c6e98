"""Values of any class beside SQLite's own: their order, their equality, and what becomes of them."""

from __future__ import annotations

import math

import apsw
import psycopg
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.any_values import text_form

from pgraduate.postgres import any_value

Value = int | float | str | bytes
_BOUNDED = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
    st.from_regex(r"\A[ ]?[+-]?[0-9]{0,19}\.?[0-9]{0,3}(e[0-9]{1,2})?[ a]?\Z"),
)
_NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([2**53, 2**53 + 1, 2**62 + 1, 2**63 - 1]),
    st.sampled_from([0.0, 1.0, 2.0, -1.0, 0.5, 2.0**53, 2.0**62, 2.0**63, 1e300, 1e-300, math.inf, -math.inf]),
    st.floats(allow_nan=False, allow_subnormal=False).filter(lambda real: real != 0),
)
_VALUES = st.one_of(_NUMBERS, _TEXTS, _TEXTS.map(str.encode), st.binary(max_size=4))


def _both(
    installed: psycopg.Connection, sqlite: apsw.Connection, lite: str, post: str, *values: Value
) -> tuple[object, object]:
    expected = next(iter(sqlite.execute(f"SELECT {lite}", values)))[0]
    arguments = [text_form(value) for value in values]
    row = installed.execute(
        f"SELECT {post}".replace("?", "%s::pgraduate_compat.any_value").encode(), arguments
    ).fetchone()
    assert row is not None
    return expected, row[0]


@_BOUNDED
@given(_VALUES, _VALUES)
def test_order_and_equality(installed: psycopg.Connection, sqlite: apsw.Connection, a: Value, b: Value) -> None:
    for operator in ("=", "<", ">="):
        expected, found = _both(installed, sqlite, f"? {operator} ?", f"? {operator} ?", a, b)
        assert bool(expected) == found, operator


@_BOUNDED
@given(_VALUES)
def test_affinities(installed: psycopg.Connection, sqlite: apsw.Connection, value: Value) -> None:
    sqlite.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (n NUMERIC, r REAL, x TEXT)")
    sqlite.execute("INSERT INTO t VALUES (?1, ?1, ?1)", (value,))
    stored = next(iter(sqlite.execute("SELECT * FROM t")))
    for name, expected in zip(("numeric", "real", "text"), stored, strict=True):
        row = installed.execute(
            f"SELECT (pgraduate_compat.{name}_affinity(%s::pgraduate_compat.any_value))::text".encode(),
            (text_form(value),),
        ).fetchone()
        assert row is not None
        found = any_value.read(str(row[0]))
        if name == "text" and isinstance(value, float):
            # How many digits beyond the fifteenth SQLite writes depends on its version: both name the same double.
            assert isinstance(found, str)
            assert float(found) == float(expected)
            continue
        assert (type(found), found) == (type(expected), expected), name


@_BOUNDED
@given(_VALUES)
def test_casts_and_classes(installed: psycopg.Connection, sqlite: apsw.Connection, value: Value) -> None:
    assume(not isinstance(value, bytes) or (value.isascii() and b"\x00" not in value))
    for lite, post in (
        ("typeof(?)", "pgraduate_compat.any_typeof(?)"),
        ("CAST(? AS INTEGER)", "pgraduate_compat.any_integer(?)"),
        ("CAST(? AS REAL)", "pgraduate_compat.any_real(?)"),
        ("CAST(? AS BLOB)", "pgraduate_compat.any_blob(?)"),
        ("length(?)", "pgraduate_compat.any_length(?)"),
        ("hex(?)", "pgraduate_compat.hex(pgraduate_compat.any_blob(?))"),
    ):
        expected, found = _both(installed, sqlite, lite, post, value)
        if isinstance(expected, float) and isinstance(found, float):
            assert math.isclose(expected, found, rel_tol=1e-12), lite
        else:
            assert expected == found, lite
