"""Our section in a README that is the user's: every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.document.readme import BEGIN, END, spliced, without_section
from pgraduate.errors import Refused

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=200).filter(
    lambda text: "<!-- pgraduate:" not in text
)


@given(before=TEXTS, first=TEXTS, second=TEXTS)
def test_a_second_section_replaces_the_first_and_nothing_else(before: str, first: str, second: str) -> None:
    once = spliced(before, first)
    assert once.startswith(before)
    assert spliced(once, second) == spliced(before, second)
    assert spliced(once, first) == once


@given(before=TEXTS, section=TEXTS, after=TEXTS)
def test_text_on_both_sides_of_the_markers_stays(before: str, section: str, after: str) -> None:
    text = f"{before}{BEGIN}\nold\n{END}{after}"
    changed = spliced(text, section)
    assert changed.startswith(before + BEGIN)
    assert changed.endswith(END + after)


@given(before=TEXTS, section=TEXTS)
def test_taken_out_again_the_readme_is_as_it_was(before: str, section: str) -> None:
    assert without_section(spliced(before, section)).rstrip("\n") == before.rstrip("\n")


@pytest.mark.parametrize(
    "text", [BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}", f"{BEGIN}{BEGIN}{END}"]
)
def test_markers_that_do_not_stand_once_and_in_order_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        spliced(text, "x")
