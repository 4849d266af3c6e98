"""From a statement's text to a tree that holds exactly what SQLite reads in it.

The parser is sqlglot's; everything in which SQLite's language differs from what it reads is settled in the text
before (see `lexer`, `parameters`, `precedence`).  The invariant: names come back through `name_of`, function names
through `function_name`, and a statement that the parser does not understand raises NotTranslated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from pgraduate.dialect.reading.joins import with_joins
from pgraduate.dialect.reading.lexer import Lexeme, Token, tokenize
from pgraduate.dialect.reading.parameters import PREFIX, Numbering
from pgraduate.dialect.reading.precedence import CALL, QUOTE_MARK, Writer, grouped
from pgraduate.errors import NotTranslated

_QUERIES = frozenset({"SELECT", "WITH", "VALUES", "("})
_END_OF_COLUMNS = frozenset(
    {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "UNION", "EXCEPT", "INTERSECT", ";", "VALUES"}
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`column_texts` gives, for the number that stands as a comment on each SELECT, its result columns as written;
    `parameters` the SQLite name of each numbered parameter."""

    sql: str
    tree: exp.Expr
    column_texts: tuple[tuple[str, ...], ...]
    parameters: tuple[str, ...]

    def texts_of(self, select: exp.Select) -> tuple[str, ...]:
        """Give the source texts of a SELECT's result columns, in order; () for one that the parser put in."""
        for comment in select.comments or ():
            if comment.isdigit():
                return self.column_texts[int(comment)]
        return ()


def parse(sql: str) -> Parsed:
    """Parse one SQLite query; raise NotTranslated where it is not understood.

    Any other statement is refused by its first word, before the parser could guess at it.
    """
    tokens = _one_statement(sql)
    if tokens[0].word not in _QUERIES:
        raise NotTranslated(sql, f"the statement {tokens[0].word or tokens[0].value}")
    return _parse(sql, tokens, prefix="")


def parse_expression(sql: str) -> Parsed:
    """Parse one SQLite expression; the tree is the expression itself."""
    return parse_expressions([sql])[0]


def parse_expressions(texts: Sequence[str]) -> tuple[Parsed, ...]:
    """Parse several SQLite expressions at once, which costs less than one after the other."""
    sql = ", ".join(texts)
    parsed = _parse(sql, _one_statement(sql), prefix="SELECT ")
    tree = parsed.tree
    more = [name for name, part in tree.args.items() if part and name != "expressions"]
    if not isinstance(tree, exp.Select) or more or len(tree.expressions) != len(texts):
        raise NotTranslated(sql, "something that is not one expression")
    return tuple(
        Parsed(text, expression, parsed.column_texts, parsed.parameters)
        for text, expression in zip(texts, tree.expressions, strict=True)
    )


@cache
def _sqlite() -> Dialect:
    """Make the dialect once; it keeps nothing of what it reads."""
    return Dialect.get_or_raise("sqlite")


def name_of(identifier: exp.Expr | str) -> str:
    """Give a name as the statement wrote it, without quotes."""
    text = identifier if isinstance(identifier, str) else identifier.name
    return text.removeprefix(CALL).removeprefix(QUOTE_MARK)


def is_double_quoted(identifier: exp.Expr) -> bool:
    """Say whether a name was written in double quotes: a string where no such column exists."""
    return identifier.name.removeprefix(CALL).startswith(QUOTE_MARK)


def function_name(call: exp.Anonymous) -> str:
    """Give a function's name in lower case."""
    this = call.this
    return name_of(this if isinstance(this, str) else this.name).lower()


def _parse(sql: str, tokens: Sequence[Token], prefix: str) -> Parsed:
    numbering = Numbering()
    numbers = {token.start: number for number, token in enumerate(t for t in tokens if t.word == "SELECT")}
    writer = Writer(
        sql,
        marker=lambda text: f":{PREFIX}{numbering.number(text)}",
        select=lambda token: f"/*{numbers[token.start]}*/",
    )
    text = prefix + writer.sequence(grouped(sql, with_joins(tokens)))
    try:
        trees = _sqlite().parse(text)
    except (SqlglotError, RecursionError) as error:
        raise NotTranslated(sql, "a statement that is not understood", "write it in a simpler form") from error
    if len(trees) != 1 or trees[0] is None:
        raise NotTranslated(sql, "a text that is not one statement")
    tree = trees[0]
    if isinstance(tree, exp.Command) or tree.find(exp.Command) is not None:
        raise NotTranslated(sql, f"the statement {tokens[0].value.upper()}")
    return Parsed(sql, tree, tuple(_column_texts(sql, tokens)), numbering.labels())


def _one_statement(sql: str) -> tuple[Token, ...]:
    tokens = tokenize(sql)
    while tokens and tokens[-1].word == ";":
        tokens = tokens[:-1]
    if not tokens:
        raise NotTranslated(sql, "an empty statement")
    return tokens


def _column_texts(sql: str, tokens: Sequence[Token]) -> list[tuple[str, ...]]:
    """Give the result columns of each SELECT as written, in the order of the SELECTs."""
    return [_columns_from(sql, tokens, place + 1) for place, token in enumerate(tokens) if token.word == "SELECT"]


def _columns_from(sql: str, tokens: Sequence[Token], place: int) -> tuple[str, ...]:
    columns: list[str] = []
    depth = 0
    if place < len(tokens) and tokens[place].word in ("DISTINCT", "ALL"):
        place += 1
    start = place
    while place < len(tokens):
        word = tokens[place].word
        of_comparison = word == "FROM" and tokens[place - 1].word == "DISTINCT" and place > start
        if depth == 0 and (word == ")" or (word in _END_OF_COLUMNS and not of_comparison)):
            break
        if depth == 0 and word == ",":
            columns.append(_slice(sql, tokens[start:place]))
            start = place + 1
        depth += (word == "(") - (word == ")")
        place += 1
    columns.append(_slice(sql, tokens[start:place]))
    return tuple(columns)


def _slice(sql: str, tokens: Sequence[Token]) -> str:
    return sql[tokens[0].start : tokens[-1].end] if tokens else ""


def header_end(sql: str, tokens: Sequence[Token], keyword: str) -> int:
    """Give the place in the text after the first `keyword` outside parentheses; raise NotTranslated without one."""
    depth = 0
    for token in tokens:
        depth += (token.word == "(") - (token.word == ")")
        if depth == 0 and token.lexeme is Lexeme.WORD and token.word == keyword:
            return token.end
    raise NotTranslated(sql, f"a statement without {keyword}")
