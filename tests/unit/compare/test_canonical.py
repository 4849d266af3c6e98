"""The canonical bytes and digests of rows."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.compare.canonical import digest, encode, ordered_digest, row_digest
from pgraduate.model.cell import Cell, raw_text, unreadable

ALIKE: list[Cell] = [
    None, 0, 0.0, -0.0, 1, 1.0, "", b"", "0", b"0", "1", b"1", 2**53, float(2**53), 2**63 - 1, float(2**63),
    float("inf"), float("nan"), "Infinity", "é", "e\u0301", "é".encode(), "a", "a\x00",
    raw_text(b"a"), raw_text(b"a\x00"), unreadable("a"), unreadable(b"a"),
]  # fmt: skip


def test_the_bytes_are_the_same_on_every_python() -> None:
    row = (1, 2**40, -1.5, "é", b"x", None, raw_text(b"\xff"))
    assert encode(row).hex() == (
        "2807000000" "6901000000" "6c03000000000000000004" "67000000000000f8bf" "7502000000c3a9"
        "7301000000" "78" "4e" "2802000000" "750400000074657874" "7301000000ff"
    )  # fmt: skip


def test_the_digest_is_the_same_on_every_python() -> None:
    assert row_digest((1, "a", None)).hex() == "855d58dcd937b9c6df037607b87fe81d"


def test_cells_that_look_alike_have_different_bytes() -> None:
    assert len({encode((cell,)) for cell in ALIKE}) == len(ALIKE)


CELLS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=4),
    st.binary(max_size=4),
)
ROWS = st.tuples(CELLS, CELLS)


@settings(derandomize=True)
@given(left=ROWS, right=ROWS)
def test_two_rows_have_the_same_bytes_exactly_if_every_cell_is_the_same(
    left: tuple[Cell, Cell], right: tuple[Cell, Cell]
) -> None:
    assert (encode(left) == encode(right)) == (repr(left) == repr(right))


@settings(derandomize=True)
@given(rows=st.lists(ROWS, max_size=8), data=st.data())
def test_the_order_of_rows_does_not_matter(rows: list[tuple[Cell, Cell]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    assert digest(iter(rows)) == digest(iter(shuffled))


@settings(derandomize=True)
@given(rows=st.lists(ROWS, min_size=1, max_size=8))
def test_a_row_that_stands_twice_counts_twice(rows: list[tuple[Cell, Cell]]) -> None:
    assert digest(iter([*rows, rows[0]])) != digest(iter(rows))


def test_no_rows_have_the_digest_zero() -> None:
    assert (digest(iter([])).rows, str(digest(iter([])))) == (0, "0" * 32)


@settings(derandomize=True)
@given(rows=st.lists(ROWS, max_size=8), together=st.integers(1, 9))
def test_an_ordered_digest_is_of_the_rows_bytes_one_after_the_other(
    rows: list[tuple[Cell, Cell]], together: int
) -> None:
    expected = hashlib.blake2b(b"".join(map(encode, rows)), digest_size=16).hexdigest()
    found = ordered_digest(iter(rows), together=together)
    assert (found.rows, str(found)) == (len(rows), expected)
