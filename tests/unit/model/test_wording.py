"""Counts and names in sentences."""

from __future__ import annotations

import pytest

from pgraduate.model.wording import counted, differ, every, visible


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


def test_rows_differ_in_their_number() -> None:
    assert (differ(1), differ(0)) == ("1 row differs", "0 rows differ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("shop ünd 😀", "shop ünd 😀"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("a\u2028b", "a\\u2028b"),
        ("caf\udce9.db", "caf\\udce9.db"),
        ("a\\nb", "a\\nb"),
    ],
)
def test_a_name_commands_no_terminal(name: str, shown: str) -> None:
    assert visible(name) == shown
