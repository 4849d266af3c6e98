"""The binary form in which the loader sends a value of any class: what the server's own functions make of the value."""

from __future__ import annotations

import math
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.copy.encoders import NotRepresentable
from pgraduate.copy.encoders.any_value import any_value
from pgraduate.postgres.decoders.any_value import read_any_value

Value = int | float | str | bytes
_EDGES = [
    0, 1, -1, 9999, 10_000, -10_000, 10**8, 10**16 + 1, 2**63 - 1, -(2**63), 0.0, 1.0, -1.0, 0.5, 0.1 + 0.2, 1 / 3, 1e15,
    1e16, 1e22, 123456.789, 1e-4, 1e-5, 1e-300, 5e-324, 1.7976931348623157e308, 1.7976e308, 2.0**53 + 2, 2.0**62,
    2.0**63, -(2.0**63), 2.0**63 - 1024, -(2.0**63) - 2048, 9.21e18, math.inf, -math.inf, "", "a",
    'with "quotes", (commas) \\', "\n\t é \U0001f600", "NULL", b"", b"\x00\xff", b"text",
]  # fmt: skip
_TYPES = {int: "bigint", float: "double precision", str: "text", bytes: "bytea"}
_VALUES = st.one_of(
    st.sampled_from(_EDGES),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False).filter(lambda real: real != 0 or math.copysign(1, real) > 0),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
    st.binary(max_size=8),
)


@pytest.fixture(scope="module")
def installed(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with server.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        compat.install(connection)
        connection.execute("CREATE TABLE sent (v pgraduate_compat.any_value)")
        yield connection


def _sent(connection: psycopg.Connection, value: Value) -> tuple[bool, str, str]:
    """Send a value; give whether it equals what the server's function makes of it, and both texts."""
    connection.execute("TRUNCATE sent")
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY sent FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["bytea"])
        copy.write_row([any_value(value)])
    row = connection.execute(
        "SELECT v = c, v::text, c::text"
        f" FROM sent, (SELECT pgraduate_compat.any_value(%s::{_TYPES[type(value)]}) AS c) AS made".encode(),
        (value,),
    ).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize("value", _EDGES, ids=repr)
def test_an_edge_equals_what_the_server_makes(installed: psycopg.Connection, value: Value) -> None:
    same, sent, made = _sent(installed, value)
    found = read_any_value(sent)
    assert (same, sent, type(found), found) == (True, made, type(value), value)


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_VALUES)
def test_any_value_equals_what_the_server_makes(installed: psycopg.Connection, value: Value) -> None:
    same, sent, made = _sent(installed, value)
    found = read_any_value(sent)
    assert (same, sent, type(found), found) == (True, made, type(value), value)


def test_a_negative_zero_is_refused() -> None:
    with pytest.raises(NotRepresentable, match="negative zero"):
        any_value(-0.0)
