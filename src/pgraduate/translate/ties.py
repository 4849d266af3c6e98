"""Rows that ORDER BY leaves equal: both engines may give them in any order, and neither promises one.

SQLite is asked once more, with the terms of ORDER BY as further columns; the rows between two changes of these keys
may stand in any order on the other side.  The invariant: where the terms cannot be read off the text, or the second
answer is not the first one again, nothing counts as a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pgraduate.compare.answers import Answer
from pgraduate.compare.canonical import encode
from pgraduate.compare.statements import unmatched
from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.tokens import Token, span, split_commas, tokenize
from pgraduate.model.cell import Cells

_COMPOUND = ("UNION", "EXCEPT", "INTERSECT")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A query with its sort keys: `places` are those of the keys in its rows."""

    sql: str
    places: tuple[int, ...]


def only_ties(sql: str, source: Answer, target: Answer, ask: Callable[[str], Answer]) -> bool:
    """Say whether two answers of the same rows differ in the order of equal rows only; `ask` queries SQLite."""
    query = keyed(sql, source.names)
    if query is None:
        return False
    again = ask(query.sql)
    width = len(source.names)
    if again.failure is not None or any(unmatched([row[:width] for row in again.rows], source.rows)):
        return False
    place = 0
    for _, group in groupby(again.rows, key=lambda row: encode(tuple(row[place] for place in query.places))):
        rows: list[Cells] = [row[:width] for row in group]
        if any(unmatched(rows, target.rows[place : place + len(rows)])):
            return False
        place += len(rows)
    return place == len(target.rows)


def keyed(sql: str, names: Sequence[str]) -> Keyed | None:
    """Put the terms of ORDER BY behind the result columns, which are called `names`; None where that cannot be done."""
    tokens = _outside(tokenize(sql))
    order = _last(tokens, "ORDER")
    select = next((place for place, (_, token) in enumerate(tokens) if token.is_word("SELECT")), None)
    if order is None or select is None:
        return None
    everything = tokenize(sql)
    terms = [_bare(term) for term in split_commas(_terms(everything, tokens[order][0]))]
    places: list[int] = []
    added: list[str] = []
    for term in terms:
        place = _output(term, names)
        if place is None:
            added.append(span(sql, term))
            place = len(names) + len(added) - 1
        places.append(place)
    if not added:
        return Keyed(sql, tuple(places))
    body = tokens[select + 1 : order]
    source = next((place for place, (_, token) in enumerate(body) if _is_from(body, place)), None)
    if source is None or (body and body[0][1].is_word("DISTINCT")):
        return None
    if any(token.is_word(*_COMPOUND) for _, token in body):
        return None
    start = body[source][1].start
    return Keyed(f"{sql[:start]}, {', '.join(added)} {sql[start:]}", tuple(places))


def _outside(tokens: Sequence[Token]) -> list[tuple[int, Token]]:
    """Give the tokens outside of parentheses with their places."""
    found = []
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_symbol("(")
        if depth == 0:
            found.append((place, token))
        depth -= token.is_symbol(")")
    return found


def _last(tokens: Sequence[tuple[int, Token]], word: str) -> int | None:
    return next((place for place in reversed(range(len(tokens))) if tokens[place][1].is_word(word)), None)


def _terms(tokens: Sequence[Token], order: int) -> Sequence[Token]:
    """Give the tokens behind ORDER BY, up to LIMIT."""
    depth = 0
    for place in range(order + 2, len(tokens)):
        depth += tokens[place].is_symbol("(") - tokens[place].is_symbol(")")
        if depth == 0 and tokens[place].is_word("LIMIT"):
            return tokens[order + 2 : place]
    return tokens[order + 2 :]


def _bare(term: Sequence[Token]) -> Sequence[Token]:
    """Leave out ASC, DESC and NULLS FIRST or LAST."""
    if len(term) > 2 and term[-2].is_word("NULLS"):
        term = term[:-2]
    return term[:-1] if len(term) > 1 and term[-1].is_word("ASC", "DESC") else term


def _output(term: Sequence[Token], names: Sequence[str]) -> int | None:
    """Find the result column that a term names or numbers."""
    if len(term) != 1:
        return None
    token = term[0]
    if token.lexeme is Lexeme.NUMBER and token.text.isdigit() and 1 <= int(token.text) <= len(names):
        return int(token.text) - 1
    folded = [name.lower() for name in names]
    return folded.index(token.name.lower()) if token.is_name and token.name.lower() in folded else None


def _is_from(body: Sequence[tuple[int, Token]], place: int) -> bool:
    return body[place][1].is_word("FROM") and not (place and body[place - 1][1].is_word("DISTINCT"))
