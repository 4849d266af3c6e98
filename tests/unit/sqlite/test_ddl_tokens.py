"""The tokenizer: nothing is lost, and words, names, strings and comments are told apart as SQLite does."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.sqlite.ddl_tokens import Kind, significant, tokenize

PIECES = [
    "'",
    '"',
    "`",
    "[",
    "]",
    "--",
    "/*",
    "*/",
    "\n",
    "(",
    ")",
    ",",
    "x'",
    "ab",
    "1e",
    "+",
    ".5",
    "0x",
    "é",
    "$",
    ";",
]


@settings(derandomize=True, max_examples=300)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_the_tokens_joined_are_the_text(sql: str) -> None:
    tokens = list(tokenize(sql))
    assert "".join(token.text for token in tokens) == sql
    assert all(token.text and sql[token.start : token.end] == token.text for token in tokens)


NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@settings(derandomize=True, max_examples=200)
@given(NAMES, st.sampled_from(['"', "`", "[", "'"]))
def test_a_quoted_name_is_read_as_sqlite_reads_it(name: str, quote: str) -> None:
    if quote == "[":
        name = name.replace("]", "")
    written = f"[{name}]" if quote == "[" else quote + name.replace(quote, quote * 2) + quote
    (token,) = tokenize(written)
    assert token.name == name
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"SELECT 1 AS {written}").description[0][0] == token.name


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("x'0aFF'", [Kind.BLOB]),
        ("x'0'", [Kind.WORD, Kind.STRING]),
        ("1.5e-3", [Kind.NUMBER]),
        (".5", [Kind.NUMBER]),
        ("0xfF", [Kind.NUMBER]),
        ("1_000", [Kind.NUMBER]),
        ("a.b", [Kind.WORD, Kind.DOT, Kind.WORD]),
        ("a--b\nc", [Kind.WORD, Kind.COMMENT, Kind.SPACE, Kind.WORD]),
        ("a/*b*/c", [Kind.WORD, Kind.COMMENT, Kind.WORD]),
        ("a/*b", [Kind.WORD, Kind.COMMENT]),
        ("été$1", [Kind.WORD]),
        ("'it''s'", [Kind.STRING]),
        ('"a""b"', [Kind.NAME]),
        ("[a\"'b]", [Kind.NAME]),
        ("'open", [Kind.OTHER, Kind.WORD]),
        ("\ufeffa", [Kind.SPACE, Kind.WORD]),
    ],
)
def test_kinds_are_told_apart(sql: str, kinds: list[Kind]) -> None:
    assert [token.kind for token in tokenize(sql)] == kinds


def test_a_quoted_word_is_never_a_keyword() -> None:
    assert [token.keyword for token in significant("CHECK \"CHECK\" `CHECK` [CHECK] 'CHECK'")] == [
        "CHECK",
        "",
        "",
        "",
        "",
    ]
