from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.postgres.identifiers import MAX_BYTES, fold, qualified, quote, shorten, unique

NAMES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=90) | st.text("aAäÄ日_2\0", max_size=70)


@pytest.mark.parametrize(
    ("name", "quoted"), [("a", '"a"'), ('a"b', '"a""b"'), ("select", '"select"'), ("ß ", '"ß "')]
)
def test_a_name_is_always_quoted(name: str, quoted: str) -> None:
    assert quote(name) == quoted


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_name_that_postgresql_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        quote(name)


def test_a_qualified_name_quotes_each_part() -> None:
    assert qualified("my app", "Order") == '"my app"."Order"'


@pytest.mark.parametrize(
    ("name", "exact", "folded"),
    [
        ("OrderLines", False, "orderlines"),
        ("OrderLines", True, "OrderLines"),
        ("ÄPFEL", False, "Äpfel"),
        ("İ", False, "İ"),
        ("a\0B", False, "ab"),
        ("", False, "unnamed"),
        ("\0", True, "unnamed"),
    ],
)
def test_folding_lowers_ascii_letters_only(name: str, exact: bool, folded: str) -> None:
    assert fold(name, exact=exact) == folded


def test_a_name_of_exactly_the_limit_is_left_alone() -> None:
    assert shorten("x" * MAX_BYTES) == "x" * MAX_BYTES


def test_long_names_that_agree_up_to_the_limit_stay_apart() -> None:
    stem = "x" * 80
    assert shorten(stem + "a") != shorten(stem + "b")


@given(NAMES, st.booleans())
@settings(max_examples=400, derandomize=True)
def test_a_folded_name_always_fits(name: str, exact: bool) -> None:
    target = fold(name, exact=exact)
    assert 0 < len(target.encode()) <= MAX_BYTES
    assert fold(name, exact=exact) == target


@given(st.lists(NAMES, unique=True, max_size=12), st.booleans(), st.sets(st.sampled_from("ab2_"), max_size=3))
@settings(max_examples=400, derandomize=True)
def test_different_names_never_become_one(names: list[str], exact: bool, taken: set[str]) -> None:
    targets = unique(names, exact=exact, taken=taken)
    assert list(targets) == names
    assert len(set(targets.values())) == len(names)
    assert not taken & set(targets.values())
    assert all(0 < len(target.encode()) <= MAX_BYTES and "\0" not in target for target in targets.values())
    assert unique(names, exact=exact, taken=taken) == targets


def test_names_that_differ_in_case_get_a_suffix_in_their_order() -> None:
    assert unique(["Item", "item", "ITEM"]) == {"Item": "item", "item": "item_2", "ITEM": "item_3"}


def test_a_suffix_never_makes_a_name_too_long() -> None:
    long = "n" * MAX_BYTES
    targets = unique([long, long.upper()])
    assert {len(target) for target in targets.values()} == {MAX_BYTES}
