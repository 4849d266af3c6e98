"""The formatter of a row: what the private function sends, and what every wire type refuses."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.copy import row_format
from pgraduate.copy.row_format import STRICT, FormattedWriter, RowRefused, private_format, transformer

TYPES = ("int8", "float8", "text", "bytea")
ROWS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.binary(),
)


class Blocks:
    """A sender that keeps what it is handed."""

    def __init__(self) -> None:
        self.data = bytearray()

    def send(self, block: bytearray, /) -> None:
        self.data += block


def formatted(rows: list[tuple[object, ...]], types: tuple[str, ...] = TYPES) -> bytes:
    format_row = private_format()
    assert format_row is not None, "psycopg's row formatter is not where it is expected"
    blocks = Blocks()
    writer = FormattedWriter(blocks, transformer(types), format_row)
    assert writer.write(iter(rows), lambda _: False)[0] == len(rows)
    writer.finish()
    assert writer.sent == len(blocks.data)
    return bytes(blocks.data)


def by_hand(row: tuple[object, ...]) -> bytes:
    """Format a row by the documentation of COPY's binary format."""
    fields = b""
    for value in row:
        match value:
            case None:
                fields += pack("!i", -1)
                continue
            case int():
                data = pack("!q", value)
            case float():
                data = pack("!d", value)
            case str():
                data = value.encode()
            case bytes():
                data = value
        fields += pack("!i", len(data)) + data
    return pack("!h", len(row)) + fields


@given(st.lists(ROWS, max_size=20))
def test_rows_are_sent_as_the_format_is_documented(rows: list[tuple[object, ...]]) -> None:
    head = b"PGCOPY\n\xff\r\n\0" + bytes(8)
    assert formatted(rows) == head + b"".join(map(by_hand, rows)) + b"\xff\xff"


@pytest.mark.parametrize("wire", sorted(STRICT))
def test_a_strict_type_takes_one_class(wire: str) -> None:
    values = {"int8": 5, "text": "5", "bytea": b"5", "float8": 5.0}
    for of, value in values.items():
        if of == wire:
            formatted([(value,)], (wire,))
        else:
            with pytest.raises(RowRefused):
                formatted([(value,)], (wire,))


def test_a_refusal_names_the_row_and_shows_no_value() -> None:
    with pytest.raises(RowRefused) as caught:
        formatted([(1, 1.0, "a", b""), (2, 2.0, "b", "secret")])
    assert caught.value.row == (2, 2.0, "b", "secret")
    assert "secret" not in str(caught.value)


def test_a_function_that_answers_something_else_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg._copy_base

    def wrong(_row: object, _transformer: object, out: bytearray) -> None:
        out += b"something else"

    monkeypatch.setattr(psycopg._copy_base, "format_row_binary", wrong)
    row_format.private_format.cache_clear()
    try:
        assert private_format() is None
    finally:
        row_format.private_format.cache_clear()


def test_it_stops_at_the_block_that_is_enough() -> None:
    format_row = private_format()
    assert format_row is not None
    blocks = Blocks()
    writer = FormattedWriter(blocks, transformer(("bytea",)), format_row)
    rows = iter([(b"x" * row_format.BLOCK,)] * 5)
    count, _ = writer.write(rows, lambda sent: sent > 2 * row_format.BLOCK)
    assert count == 2
    assert len(list(rows)) == 3
