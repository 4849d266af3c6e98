"""SQLite's tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.dialect.reading.lexer import Lexeme, tokenize
from pgraduate.errors import NotTranslated


@pytest.mark.parametrize(
    ("sql", "lexeme", "value"),
    [
        ("'it''s'", Lexeme.STRING, "it's"),
        ('"a""b"', Lexeme.QUOTED, 'a"b'),
        ("[a b]", Lexeme.NAME, "a b"),
        ("`a``b`", Lexeme.NAME, "a`b"),
        ("X'00fF'", Lexeme.BLOB, "00ff"),
        ("0x1F", Lexeme.NUMBER, "31"),
        ("0xFFFFFFFFFFFFFFFF", Lexeme.NUMBER, "-1"),
        ("1_000", Lexeme.NUMBER, "1000"),
        (".5e-3", Lexeme.NUMBER, ".5e-3"),
        ("5.", Lexeme.NUMBER, "5."),
        ("?12", Lexeme.PARAMETER, "?12"),
        (":name", Lexeme.PARAMETER, ":name"),
        ("$a::b(c)", Lexeme.PARAMETER, "$a::b(c)"),
        ("->>", Lexeme.OPERATOR, "->>"),
        ("çelik", Lexeme.WORD, "çelik"),
    ],
)
def test_token(sql: str, lexeme: Lexeme, value: str) -> None:
    (token,) = tokenize(sql)
    assert (token.lexeme, token.value) == (lexeme, value)


def test_comments_and_blanks_are_no_tokens() -> None:
    assert [token.value for token in tokenize("a -- b\n /* c */ + d /* open")] == ["a", "+", "d"]


@pytest.mark.parametrize("sql", ["'open", "a \\ b", "5abc", "x'zz' #", "{"])
def test_what_is_not_sqlite_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslated):
        tokenize(sql)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(st.sampled_from("ab1 .'\"`[]?:@$+-*/%|<>=!(),;\n"), max_size=20))
def test_tokens_stand_in_order_at_their_places(sql: str) -> None:
    try:
        tokens = tokenize(sql)
    except NotTranslated:
        return
    ends = [0, *(token.end for token in tokens)]
    assert all(end <= token.start < token.end for end, token in zip(ends, tokens, strict=False))
