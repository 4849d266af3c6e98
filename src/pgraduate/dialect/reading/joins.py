"""A comma in FROM whose table has an ON or USING behind it: to SQLite a comma is a JOIN like any other.

The parser takes a condition behind the word JOIN alone.  The invariant: all other commas stay what they are.

Source: "SELECT", section 2.1, join-operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgraduate.dialect.reading.keywords import JOINING
from pgraduate.dialect.reading.lexer import Lexeme, Token

_CONDITIONS = frozenset({"ON", "USING"})
_BEHIND_FROM = frozenset(
    {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "UNION", "EXCEPT", "INTERSECT", "RETURNING", ";"}
)
_BEHIND_A_TABLE = _BEHIND_FROM | JOINING | {",", "JOIN", "FROM", "SELECT"}


def with_joins(tokens: Sequence[Token]) -> Sequence[Token]:
    """Give the tokens with JOIN for each comma that has a condition."""
    words = {token.word for token in tokens}
    if "," not in words or "FROM" not in words or words.isdisjoint(_CONDITIONS):
        return tokens
    found = list(tokens)
    in_from: list[bool] = [False]
    for place, token in enumerate(tokens):
        word = token.word
        if word == "(":
            in_from.append(False)
        elif word == ")" and len(in_from) > 1:
            in_from.pop()
        elif word == "FROM":
            in_from[-1] = True
        elif word in _BEHIND_FROM:
            in_from[-1] = False
        elif word == "," and in_from[-1] and _has_condition(tokens, place + 1):
            found[place] = replace(token, lexeme=Lexeme.WORD, value="JOIN", word="JOIN")
    return found


def _has_condition(tokens: Sequence[Token], place: int) -> bool:
    depth = 0
    for token in tokens[place:]:
        if depth == 0 and token.word in _CONDITIONS:
            return True
        if depth == 0 and (token.word == ")" or token.word in _BEHIND_A_TABLE):
            return False
        depth += (token.word == "(") - (token.word == ")")
    return False
