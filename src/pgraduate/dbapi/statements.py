"""What kind of statement a text is, as sqlite3 and its transaction control must know it before anything is parsed."""

from __future__ import annotations

import re
from enum import Enum, auto

from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.errors import NotTranslated


class Kind(Enum):
    EMPTY = auto()
    QUERY = auto()
    WRITE = auto()
    DEFINITION = auto()
    TRANSACTION = auto()
    PRAGMA = auto()
    UPKEEP = auto()
    OTHER = auto()


_WORD = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?(?:\*/|\Z)|;|\ufeff)*([A-Za-z]*)", re.DOTALL)
_KINDS = {
    "SELECT": Kind.QUERY, "VALUES": Kind.QUERY, "WITH": Kind.QUERY,
    "INSERT": Kind.WRITE, "REPLACE": Kind.WRITE, "UPDATE": Kind.WRITE, "DELETE": Kind.WRITE,
    "CREATE": Kind.DEFINITION, "ALTER": Kind.DEFINITION, "DROP": Kind.DEFINITION,
    "BEGIN": Kind.TRANSACTION, "COMMIT": Kind.TRANSACTION, "END": Kind.TRANSACTION, "ROLLBACK": Kind.TRANSACTION,
    "SAVEPOINT": Kind.TRANSACTION, "RELEASE": Kind.TRANSACTION,
    "PRAGMA": Kind.PRAGMA,
    "VACUUM": Kind.UPKEEP, "ANALYZE": Kind.UPKEEP, "REINDEX": Kind.UPKEEP,
}  # fmt: skip
_WRITES = ("INSERT", "REPLACE", "UPDATE", "DELETE")


def first_word(sql: str) -> str:
    """Give the first word in upper case, behind comments; '' where there is none."""
    found = _WORD.match(sql)
    return found[1].upper() if found is not None else ""


def kind_of(sql: str) -> Kind:
    word = first_word(sql)
    if word == "WITH":
        return _behind_with(sql)
    if not word:
        return Kind.EMPTY if _WORD.fullmatch(sql) else Kind.OTHER
    return _KINDS.get(word, Kind.OTHER)


def begins_transaction(sql: str) -> bool:
    """Say whether sqlite3 begins a transaction of its own accord before the statement: its rule looks at one word."""
    return first_word(sql) in _WRITES


def _behind_with(sql: str) -> Kind:
    """Look past the common tables for what the statement does."""
    depth = 0
    try:
        tokens = tokenize(sql)
    except NotTranslated:
        return Kind.QUERY
    for token in tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_word(*_WRITES, "SELECT", "VALUES"):
            return Kind.WRITE if token.is_word(*_WRITES) else Kind.QUERY
    return Kind.QUERY
