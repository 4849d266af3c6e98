"""SQLite's tokens, and where one statement of a script ends.

Follows tokenize.c and complete.c of SQLite: a token is cut exactly where SQLite cuts it, so that a quote, a
comment or a keyword inside a name can never move the border of a statement.  Whitespace and comments are not
tokens; each token keeps its span, and text is always taken from the source by span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgraduate.errors import NotTranslated


class Kind(StrEnum):
    WORD = "word"
    """A bare identifier or keyword: SQLite decides by position which of the two it is."""
    QUOTED = "quoted"
    """A name in double quotes, backticks or brackets."""
    STRING = "string"
    BLOB = "blob"
    NUMBER = "number"
    PARAMETER = "parameter"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Say whether this is one of the bare words, given in upper case."""
        return self.kind is Kind.WORD and self.text.upper() in words

    def is_symbol(self, symbol: str) -> bool:
        return self.kind is Kind.SYMBOL and self.text == symbol

    @property
    def is_name(self) -> bool:
        """Whether SQLite takes this token for a name where it expects one (a string literal is taken too)."""
        return self.kind in (Kind.WORD, Kind.QUOTED, Kind.STRING)

    @property
    def name(self) -> str:
        """The identifier that the token stands for, without its quotes."""
        if self.kind is Kind.WORD:
            return self.text
        opening, inner = self.text[0], self.text[1:-1]
        return inner if opening == "[" else inner.replace(opening * 2, opening)


_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\n\f\r]+ | --[^\n]* | /\*(?:.*?\*/|.*\Z))
  | (?P<blob>[xX]'(?:[0-9A-Fa-f]{2})*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
  | (?P<number>0[xX][0-9A-Fa-f_]+ | (?:[0-9][0-9_]*(?:\.[0-9_]*)? | \.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
  | (?P<parameter>\?[0-9]* | [@:$](?:[A-Za-z0-9_$\u0080-\U0010ffff]|::)+(?:\([^)\s]*\))?)
  | (?P<word>[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
  | (?P<symbol>->>|->|\|\||<<|>>|<=|>=|==|!=|<>|[-+*/%(),.;<>=&|~])
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenize(sql: str) -> tuple[Token, ...]:
    """Cut SQL text into tokens.

    Raises NotTranslated where SQLite would report an unrecognized token (an open quote, a stray character).
    """
    return tuple(_tokens(sql))


def _tokens(sql: str) -> Iterator[Token]:
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        if match is None or match.lastgroup is None:
            raise NotTranslated(sql, f"an unrecognized token at character {position + 1}")
        if match.lastgroup != "skip":
            yield Token(Kind(match.lastgroup), match.group(), position)
        position = match.end()


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
