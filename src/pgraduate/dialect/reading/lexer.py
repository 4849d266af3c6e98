"""SQLite's tokens, with their places in the text.

SQLite's lexical rules differ from every other dialect's in small ways: four quotes for names, hexadecimal integers,
five parameter forms.  They are applied here, once, so that what the parser sees later holds none of them.  The
invariant: the tokens and the blanks and comments between them are the whole text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from pgraduate.errors import NotTranslated


class Lexeme(Enum):
    WORD = "word"
    NAME = "name"
    """A name in square brackets or backticks."""
    QUOTED = "quoted"
    """A name in double quotes, which SQLite reads as a string where no such column exists."""
    STRING = "string"
    BLOB = "blob"
    NUMBER = "number"
    PARAMETER = "parameter"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the decoded content; `start` and `end` are the token's place in the statement.

    `word` is the upper-case word of an unquoted word or operator, '' for everything else.
    """

    lexeme: Lexeme
    value: str
    start: int
    end: int
    word: str = ""


_TOKEN = re.compile(
    r"""
      (?P<blank>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<blob>[xX]'[^']*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<backtick>`(?:[^`]|``)*`)
    | (?P<bracket>\[[^\]]*\])
    | (?P<number>0[xX][0-9a-fA-F]+
        | (?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?)
    | (?P<parameter>\?[0-9]*|[:@$][\w$]+(?:::\w+)*(?:\([^)\s]*\))?)
    | (?P<word>[^\W0-9][\w$]*)
    | (?P<operator>->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[-+*/%&|~<>=(),.;])
    """,
    re.VERBOSE | re.DOTALL,
)

_LEXEMES = {
    "blob": Lexeme.BLOB, "string": Lexeme.STRING, "quoted": Lexeme.QUOTED, "backtick": Lexeme.NAME,
    "bracket": Lexeme.NAME, "number": Lexeme.NUMBER, "parameter": Lexeme.PARAMETER, "word": Lexeme.WORD,
    "operator": Lexeme.OPERATOR,
}  # fmt: skip


class NotAToken(NotTranslated):
    """Text that is not SQLite's.  `place` counts characters from 0, `what_is` names what stands there."""

    def __init__(self, sql: str, place: int, what_is: str, hint: str) -> None:
        super().__init__(sql, f"{what_is} at position {place + 1}", hint)
        self.place = place
        self.what_is = what_is


def tokenize(sql: str) -> tuple[Token, ...]:
    """Split a statement into tokens; raise NotTranslated for text that is not SQLite's."""
    tokens: list[Token] = []
    place = 0
    while place < len(sql):
        match = _TOKEN.match(sql, place)
        if match is None:
            raise _unknown_character(sql, place)
        group = match.lastgroup or ""
        if group == "number" and match.end() < len(sql) and (sql[match.end()].isalnum() or sql[match.end()] == "_"):
            raise NotAToken(sql, place, f"the number {match.group()}", "a word follows it without a space")
        if group != "blank":
            value = _decoded(group, match.group())
            word = value.upper() if group in ("word", "operator") else ""
            tokens.append(Token(_LEXEMES[group], value, place, match.end(), word))
        place = match.end()
    return tuple(tokens)


def _unknown_character(sql: str, place: int) -> NotAToken:
    character = sql[place]
    if character in "'\"`[":
        return NotAToken(sql, place, f"the quote {character}", "it is not closed")
    return NotAToken(sql, place, f"the character {character!r}", "it is not part of SQLite's language")


def _decoded(group: str, text: str) -> str:
    match group:
        case "string" | "quoted" | "backtick":
            return text[1:-1].replace(text[0] * 2, text[0])
        case "bracket":
            return text[1:-1]
        case "blob":
            return text[2:-1].lower()
        case "number":
            return _number(text.replace("_", ""))
        case _:
            return text


def _number(text: str) -> str:
    """Give the decimal form; a hexadecimal integer is 64 bits in two's complement."""
    if text[:2].lower() != "0x":
        return text
    value = int(text, 16)
    return str(value - (1 << 64) if value >= 1 << 63 else value)
