"""The tokens of SQLite's SQL, as its own tokenizer cuts them.

Follows `sqlite3GetToken` (tokenize.c): strings, four kinds of quoted names, comments, numbers, blobs, parameters
and operators.  The invariant: the tokens joined are the text, for any text at all; what SQLite would call illegal
becomes a one-character OTHER token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

_SPACE = " \t\n\f\r\ufeff"
_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")
_CLOSING = {'"': '"', "`": "`", "[": "]"}


class Kind(Enum):
    SPACE = auto()
    COMMENT = auto()
    WORD = auto()
    """A bare word: keyword or name."""
    NAME = auto()
    """A quoted name."""
    STRING = auto()
    BLOB = auto()
    NUMBER = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    SEMICOLON = auto()
    DOT = auto()
    OTHER = auto()


_PUNCTUATION = {"(": Kind.OPEN, ")": Kind.CLOSE, ",": Kind.COMMA, ";": Kind.SEMICOLON, ".": Kind.DOT}


@dataclass(frozen=True, slots=True)
class Token:
    """`start` is the offset in the text, in characters."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word in upper case where this token could be a keyword, '' otherwise."""
        return self.text.upper() if self.kind is Kind.WORD else ""

    @property
    def name(self) -> str:
        """What the token means as a name: unquoted, doubled quotes made single."""
        if self.kind not in (Kind.NAME, Kind.STRING) or len(self.text) < 2:
            return self.text
        closing = self.text[-1]
        inner = self.text[1:-1]
        return inner if closing == "]" else inner.replace(closing * 2, closing)


def tokenize(sql: str) -> Iterator[Token]:
    """Cut a text into tokens, spaces and comments included."""
    position = 0
    while position < len(sql):
        kind, end = _next(sql, position)
        yield Token(kind, sql[position:end], position)
        position = end


def significant(sql: str) -> list[Token]:
    """Give the tokens that mean something: no spaces, no comments."""
    return [token for token in tokenize(sql) if token.kind not in (Kind.SPACE, Kind.COMMENT)]


def _next(sql: str, start: int) -> tuple[Kind, int]:
    first = sql[start]
    if first in _SPACE:
        return Kind.SPACE, _while(sql, start, lambda character: character in _SPACE)
    if sql.startswith("--", start):
        newline = sql.find("\n", start)
        return Kind.COMMENT, len(sql) if newline < 0 else newline
    if sql.startswith("/*", start) and start + 2 < len(sql):
        closing = sql.find("*/", start + 2)
        return Kind.COMMENT, len(sql) if closing < 0 else closing + 2
    if first == "'":
        return _quoted(sql, start, "'", Kind.STRING)
    if first in _CLOSING:
        return _quoted(sql, start, _CLOSING[first], Kind.NAME)
    if first in "xX" and sql.startswith("'", start + 1):
        end = _while(sql, start + 2, lambda character: character in _HEX)
        if sql.startswith("'", end) and (end - start) % 2 == 0:
            return Kind.BLOB, end + 1
    if first in _DIGITS or (first == "." and sql[start + 1 : start + 2] in _DIGITS):
        return Kind.NUMBER, _number(sql, start)
    if first in _PUNCTUATION:
        return _PUNCTUATION[first], start + 1
    if _in_word(first) and first != "$":
        return Kind.WORD, _while(sql, start, _in_word)
    return Kind.OTHER, start + 1


def _in_word(character: str) -> bool:
    """Whether SQLite's tokenizer counts the character into a word: any byte above ASCII does."""
    return character in "_$" or character > "\x7f" or (character.isalnum() and character.isascii())


def _while(sql: str, start: int, belongs: Callable[[str], bool]) -> int:
    end = start
    while end < len(sql) and belongs(sql[end]):
        end += 1
    return end


def _quoted(sql: str, start: int, closing: str, kind: Kind) -> tuple[Kind, int]:
    position = start + 1
    while (end := sql.find(closing, position)) >= 0:
        if closing != "]" and sql.startswith(closing, end + 1):
            position = end + 2
            continue
        return kind, end + 1
    return Kind.OTHER, start + 1


def _number(sql: str, start: int) -> int:
    if sql[start : start + 2] in ("0x", "0X") and sql[start + 2 : start + 3] in _HEX:
        end = _while(sql, start + 2, lambda character: character in _HEX)
    else:
        end = _while(sql, start, lambda character: character in _DIGITS or character == "_")
        if sql.startswith(".", end):
            end = _while(sql, end + 1, lambda character: character in _DIGITS or character == "_")
        if sql[end : end + 1] in ("e", "E"):
            sign = 2 if sql[end + 1 : end + 2] in ("+", "-") else 1
            if sql[end + sign : end + sign + 1] in _DIGITS:
                end = _while(sql, end + sign, lambda character: character in _DIGITS or character == "_")
    return _while(sql, end, _in_word)
