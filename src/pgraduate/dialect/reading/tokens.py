"""Tokens as a grammar reads them, and where one statement of a script ends.

The lexical rules stand in `lexer`; here a token also answers whether it is a certain word, a symbol or a name,
which in SQLite its place decides.  Text is always taken from the source by span, never put together from tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgraduate.dialect.reading import lexer
from pgraduate.dialect.reading.lexer import Lexeme

_NAMES = frozenset({Lexeme.WORD, Lexeme.NAME, Lexeme.QUOTED, Lexeme.STRING})


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what stands in the source, `name` the identifier that it stands for, without quotes."""

    lexeme: Lexeme
    text: str
    name: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Say whether this is one of the bare words, given in upper case."""
        return self.lexeme is Lexeme.WORD and self.text.upper() in words

    def is_symbol(self, symbol: str) -> bool:
        return self.lexeme is Lexeme.OPERATOR and self.text == symbol

    @property
    def is_name(self) -> bool:
        """Whether SQLite takes this token for a name where it expects one (a string literal is taken too)."""
        return self.lexeme in _NAMES


def tokenize(sql: str) -> tuple[Token, ...]:
    """Cut SQL text into tokens; raise NotTranslated for text that is not SQLite's."""
    return tuple(
        Token(token.lexeme, sql[token.start : token.end], token.value, token.start) for token in lexer.tokenize(sql)
    )


def split_statements(sql: str) -> tuple[str, ...]:
    """Cut a script into its statements, without their semicolons; empty statements are left out.

    A trigger ends at `; END ;`, the rule of sqlite3_complete(): no CASE … END and no column named end can be
    taken for it.
    """
    tokens = tokenize(sql)
    statements: list[str] = []
    first = 0
    for index, token in enumerate(tokens):
        if not token.is_symbol(";"):
            continue
        if _is_create_trigger(tokens[first:index]) and not _closes_trigger(tokens[first:index]):
            continue
        statements.extend(_text(sql, tokens[first:index]))
        first = index + 1
    statements.extend(_text(sql, tokens[first:]))
    return tuple(statements)


def split_body(sql: str, body: Sequence[Token]) -> tuple[str, ...]:
    """Cut the tokens between a trigger's BEGIN and END into the text of its statements."""
    statements: list[str] = []
    first = 0
    for index, token in enumerate(body):
        if token.is_symbol(";"):
            statements.extend(_text(sql, body[first:index]))
            first = index + 1
    statements.extend(_text(sql, body[first:]))
    return tuple(statements)


def span(sql: str, tokens: Sequence[Token]) -> str:
    """Give the source text from the first token to the last, '' for none."""
    return sql[tokens[0].start : tokens[-1].end] if tokens else ""


def split_commas(tokens: Sequence[Token]) -> tuple[Sequence[Token], ...]:
    """Cut at the commas outside of parentheses."""
    parts: list[Sequence[Token]] = []
    first = depth = 0
    for index, token in enumerate(tokens):
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_symbol(","):
            parts.append(tokens[first:index])
            first = index + 1
    parts.append(tokens[first:])
    return tuple(parts)


def closing(tokens: Sequence[Token], opening: int) -> int:
    """Give the place of the parenthesis that closes the one at `opening`, or the end where none does."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += tokens[index].is_symbol("(") - tokens[index].is_symbol(")")
        if depth == 0:
            return index
    return len(tokens)


def _text(sql: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    return (span(sql, tokens),) if tokens else ()


def _is_create_trigger(tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens[:5] if not token.is_word("EXPLAIN", "QUERY", "PLAN", "TEMP", "TEMPORARY")]
    return len(words) >= 2 and words[0].is_word("CREATE") and words[1].is_word("TRIGGER")


def _closes_trigger(tokens: Sequence[Token]) -> bool:
    return len(tokens) >= 2 and tokens[-1].is_word("END") and tokens[-2].is_symbol(";")
