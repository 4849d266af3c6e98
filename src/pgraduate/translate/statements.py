"""A script's statements: their texts, the lines where they begin, and what kind of statement each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgraduate.dialect.reading.tokens import Token, split_statements, tokenize


class Kind(StrEnum):
    QUERY = "query"
    DML = "dml"
    VIEW = "view"
    TRIGGER = "trigger"
    PRAGMA = "pragma"
    TRANSACTION = "transaction"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Statement:
    """`name` is what the statement is called: its leading words."""

    text: str
    line: int
    kind: Kind
    name: str


def split(script: str) -> tuple[Statement, ...]:
    """Cut a script into statements by SQLite's own tokens; raise NotTranslated for text that has other ones."""
    found = []
    place, line = 0, 1
    for text in split_statements(script):
        start = script.index(text, place)
        line += script.count("\n", place, start)
        found.append(_statement(text, line))
        place = start + len(text)
        line += text.count("\n")
    return tuple(found)


def _statement(text: str, line: int) -> Statement:
    tokens = tokenize(text)
    return Statement(text, line, *_kind(tokens))


_WRITES = ("INSERT", "REPLACE", "UPDATE", "DELETE")
_TRANSACTIONS = ("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE")
_OBJECTS = ("ALTER", "CREATE", "DROP")
_QUALIFIERS = ("TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL")


def _kind(tokens: Sequence[Token]) -> tuple[Kind, str]:
    first = tokens[0]
    word = first.text.upper()
    if first.is_word("SELECT", "VALUES"):
        return Kind.QUERY, word
    if first.is_word(*_WRITES):
        return Kind.DML, word
    if first.is_word(*_TRANSACTIONS):
        return Kind.TRANSACTION, word
    if first.is_word("WITH"):
        main = _main_word(tokens)
        return (Kind.DML if main in _WRITES else Kind.QUERY), main
    if first.is_word(*_OBJECTS):
        words = [token.text.upper() for token in tokens[1:3] if token.is_word(*_QUALIFIERS)]
        object_ = next((token.text.upper() for token in tokens[1:3] if not token.is_word(*_QUALIFIERS)), "")
        kind = {"VIEW": Kind.VIEW, "TRIGGER": Kind.TRIGGER}.get(object_) if word == "CREATE" else None
        return kind or Kind.OTHER, " ".join([word, *words, object_])
    return (Kind.PRAGMA if word == "PRAGMA" else Kind.OTHER), word


def _main_word(tokens: Sequence[Token]) -> str:
    """Give the verb behind the common table expressions."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_symbol("(") - token.is_symbol(")")
        if (
            depth == 0
            and place
            and tokens[place - 1].is_symbol(")")
            and token.is_word("SELECT", "VALUES", *_WRITES)
        ):
            return token.text.upper()
    return "SELECT"
