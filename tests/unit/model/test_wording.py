"""Counts in sentences."""

from __future__ import annotations

import pytest

from pgraduate.model.wording import counted, every


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "row", "1 row"),
        (0, "row", "0 rows"),
        (2000, "row", "2,000 rows"),
        (1, "index", "1 index"),
        (2, "index", "2 indexes"),
        (3, "batch", "3 batches"),
        (2, "entry", "2 entries"),
        (2, "key", "2 keys"),
        (2, "process", "2 processes"),
        (2, "foreign key", "2 foreign keys"),
    ],
)
def test_a_noun_has_the_number_of_its_count(count: int, noun: str, text: str) -> None:
    assert counted(count, noun) == text


def test_all_of_one_are_the_only_one() -> None:
    assert (every(1, "entry"), every(3, "entry")) == ("the only entry is", "all 3 entries are")
