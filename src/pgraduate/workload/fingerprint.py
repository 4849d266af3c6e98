"""A statement without its literals: the text that may be shown, and the values that it was run with.

One kind of statement has one shape whatever its literals, its spacing and its comments are; a list of values is one
parameter, whatever its length.  An int literal and a placeholder give the same shape.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import TokenType
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token

Engine = Literal["sqlite", "postgresql"]
Value = None | int | float | str | bytes
"""What a parameter holds: the five storage classes of SQLite, which JSON and PostgreSQL's literals can carry."""

_DIALECTS: dict[Engine, str] = {"sqlite": "sqlite", "postgresql": "postgres"}
_ROWS = re.compile(
    r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:SELECT|WITH|VALUES|INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE | re.DOTALL
)
_LITERALS = {
    TokenType.NUMBER,
    TokenType.STRING,
    TokenType.HEX_STRING,
    TokenType.BYTE_STRING,
    TokenType.NATIONAL_STRING,
    TokenType.HEREDOC_STRING,
    TokenType.BIT_STRING,
}
_NUMBERED = re.compile(
    r"""[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "[^"]*" | (?P<number>\$\d+)(?=[^\s\d])""", re.VERBOSE
)
_KEPT_APART = "AND|OR|IN|NOT|WHERE|ON|FROM|VALUES|AS|BY|SET|SELECT|EXISTS|OVER|USING|THEN|WHEN|ELSE|ANY|ALL"
_CALL = re.compile(rf"\b(?!(?:{_KEPT_APART})\b)(\w+) \(", re.IGNORECASE)
_MARKS = {TokenType.PARAMETER, TokenType.PLACEHOLDER, TokenType.COLON}
_NAMES = {TokenType.NUMBER, TokenType.VAR}
_LIST = re.compile(r"\( (?:\? , )+\? \)")


@dataclass(frozen=True, slots=True)
class Shape:
    """`text` has `?` for each literal and each parameter; `id` is a digest of it."""

    id: str
    text: str


def shape(sql: str, engine: Engine = "postgresql") -> Shape:
    """Take the literals out of a statement.

    Raises ValueError for a text that cannot even be split into tokens.
    """
    sql = spaced(sql)
    words: list[str] = []
    before: Token | None = None
    for token in tokens_of(sql, engine):
        named = before is not None and before.token_type in _MARKS and before.end + 1 == token.start
        if named and token.token_type in _NAMES:
            words[-1] = "?"  # the number of $1, the name of :name
        elif is_literal(token) or token.token_type in (TokenType.PLACEHOLDER, TokenType.PARAMETER):
            words.append("?")
        else:
            words.append(_word(token))
        before = token
    text = _LIST.sub("( ? )", " ".join(words))
    text = _readable(text)
    return Shape(hashlib.sha256(text.lower().encode()).hexdigest()[:12], text)


def bind(sql: str, parameters: Sequence[Value], engine: Engine = "postgresql") -> str:
    """Write the parameters into a statement as literals, in the order of `?`, or by the numbers of `$1` and `?1`.

    The result runs; it is never shown.  Raises ValueError where a parameter is missing.
    """
    if not parameters:
        return sql
    sql = spaced(sql)
    result, copied, counted, skip = [], 0, 0, -1
    tokens = tokens_of(sql, engine)
    for place, token in enumerate(tokens):
        if place == skip or token.token_type not in (TokenType.PLACEHOLDER, TokenType.PARAMETER):
            continue
        number, end = counted + 1, token.end + 1
        follower = tokens[place + 1] if place + 1 < len(tokens) else None
        if follower is not None and follower.start == end and follower.token_type is TokenType.NUMBER:
            number, end, skip = int(follower.text), follower.end + 1, place + 1
        counted = max(counted, number)
        if number > len(parameters):
            raise ValueError(f"the statement has more than {len(parameters)} parameters")
        result += [sql[copied : token.start], literal(parameters[number - 1], engine)]
        copied = end
    return "".join(result) + sql[copied:]


def literal(value: Value, engine: Engine = "postgresql") -> str:
    """Write a value as a literal of the engine's SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper() if engine == "postgresql" else str(int(value))
    if isinstance(value, int | float):
        text = repr(value)
        return f"({text})" if text.startswith("-") else text
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea" if engine == "postgresql" else f"x'{value.hex()}'"
    quoted = value.replace("'", "''")
    if engine == "postgresql" and "\\" in quoted:
        return "E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"


def works_on_rows(sql: str) -> bool:
    """Whether a text begins as a statement does that reads or writes rows, and not as one that defines, locks or sets."""
    return _ROWS.match(sql) is not None


def spaced(sql: str) -> str:
    """Set a space behind each $1: sqlglot takes `$1,$` for the beginning of a dollar-quoted string."""
    return _NUMBERED.sub(lambda found: f"{found[0]} " if found["number"] else found[0], sql)


def tokens_of(sql: str, engine: Engine) -> list[Token]:
    try:
        return [
            token for token in Dialect.get_or_raise(_DIALECTS[engine]).tokenize(sql)
            if token.token_type is not TokenType.SEMICOLON
        ]  # fmt: skip
    except TokenError:
        raise ValueError("the text is not a statement: its quotes do not close") from None


def is_literal(token: Token) -> bool:
    return token.token_type in _LITERALS


def _word(token: Token) -> str:
    if token.token_type is TokenType.IDENTIFIER:
        return '"' + token.text.replace('"', '""') + '"'
    return token.text


def _readable(text: str) -> str:
    """Set the spaces as people do; the shape is also what a report shows."""
    text = re.sub(r" ([,)\].;])", r"\1", text)
    text = re.sub(r"([(\[.]) ", r"\1", text)
    text = re.sub(r" (::) ", r"\1", text)
    return _CALL.sub(r"\1(", text)
