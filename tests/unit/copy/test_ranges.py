"""Ranges hold each rowid that is not copied exactly once, however the table is cut."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pgraduate.copy.ranges import GREATEST, LEAST, WHOLE, Range, cut, missing

ROWIDS = st.one_of(
    st.integers(-20, 20), st.sampled_from([LEAST, LEAST + 1, GREATEST - 1, GREATEST]), st.integers(LEAST, GREATEST)
)


def chunks(rowids: Sequence[int], marks: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of rowids that are done, as chunks would have them."""
    done: list[tuple[int, int]] = []
    before = False
    for rowid, mark in zip(rowids, marks, strict=True):
        if mark:
            done = [*done[:-1], (done[-1][0], rowid)] if before else [*done, (rowid, rowid)]
        before = mark
    return done


@given(
    rowids=st.sets(ROWIDS, max_size=30).map(sorted),
    data=st.data(),
    divisions=st.sets(ROWIDS, max_size=30).map(sorted),
    pieces=st.integers(1, 40),
)
@settings(max_examples=400, deadline=None)
def test_each_rowid_that_is_not_done_lies_in_exactly_one_range(
    rowids: list[int], data: st.DataObject, divisions: list[int], pieces: int
) -> None:
    marks = data.draw(st.lists(st.booleans(), min_size=len(rowids), max_size=len(rowids)))
    parts = cut(missing(chunks(rowids, marks)), divisions, pieces)
    held = [sum(part.holds(rowid) for part in parts) for rowid in rowids]
    assert held == [0 if mark else 1 for mark in marks]


@given(done=st.lists(st.tuples(ROWIDS, ROWIDS).map(sorted).map(tuple)), rowid=ROWIDS)
@example(done=[(LEAST, GREATEST)], rowid=LEAST)
@example(done=[(LEAST, 0), (-5, 3)], rowid=GREATEST)
def test_what_is_missing_is_what_no_chunk_holds(done: list[tuple[int, int]], rowid: int) -> None:
    held = sum(part.holds(rowid) for part in missing(done))
    assert held == (0 if any(low <= rowid <= high for low, high in done) else 1)


def test_an_untouched_table_is_one_range_that_is_cut_evenly() -> None:
    assert missing([]) == (WHOLE,)
    assert cut([WHOLE], range(10, 100, 10), 3) == (Range(None, 40), Range(40, 70), Range(70, None))


def test_without_divisions_a_range_stays_whole() -> None:
    assert cut([Range(3, 7), Range(9, None)], [], 8) == (Range(3, 7), Range(9, None))


def test_only_divisions_inside_of_what_is_missing_are_chosen() -> None:
    assert cut([Range(100, None)], range(1, 200), 2) == (Range(100, 150), Range(150, None))
