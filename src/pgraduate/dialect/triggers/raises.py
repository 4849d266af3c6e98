"""RAISE() in the SELECT statements of a trigger body, read as a decision.

PostgreSQL raises from a plpgsql statement, never from an expression, so the select list becomes a tree: on which
condition which RAISE is reached.  A RAISE in a place where SQLite's order of evaluation would matter is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.tokens import Token, closing, span, split_commas, tokenize
from pgraduate.errors import NotTranslated


class Action(StrEnum):
    ABORT = "ABORT"
    FAIL = "FAIL"
    ROLLBACK = "ROLLBACK"
    IGNORE = "IGNORE"


@dataclass(frozen=True, slots=True)
class Raise:
    """`message` is the text as SQLite reports it, None for IGNORE."""

    action: Action
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """An expression that raises nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition holds is taken, otherwise `default`; conditions are SQLite text."""

    branches: tuple[tuple[str, Decision], ...]
    default: Decision


Decision = Raise | Nothing | Choice


@dataclass(frozen=True, slots=True)
class RaisingSelect:
    """`columns` are the decisions of the select list, `rest` is the text from FROM or WHERE to the end."""

    columns: tuple[Decision, ...]
    rest: str

    @property
    def raises(self) -> tuple[Raise, ...]:
        """Every RAISE in the order of the text."""
        return tuple(found for column in self.columns for found in _raises(column))


def mentions_raise(sql: str) -> bool:
    """Say whether the text calls RAISE()."""
    return _calls_raise(tokenize(sql))


def parse_raising_select(sql: str) -> RaisingSelect:
    """Read a SELECT that calls RAISE() in its select list.

    Raises NotTranslated where RAISE stands anywhere else, or within anything but CASE, iif, ifnull and coalesce.
    """
    tokens = tokenize(sql)
    if not tokens or not tokens[0].is_word("SELECT"):
        raise NotTranslated(sql, "RAISE() outside of a SELECT statement", _HINT)
    end = _end_of_list(tokens)
    if _calls_raise(tokens[end:]):
        raise NotTranslated(sql, "RAISE() outside of a select list", _HINT)
    if _is_compound(tokens[end:]):
        raise NotTranslated(sql, "RAISE() in a compound query", _HINT)
    first = 2 if len(tokens) > 1 and tokens[1].is_word("ALL", "DISTINCT") else 1
    columns = tuple(_decision(sql, part) for part in split_commas(tokens[first:end]))
    return RaisingSelect(columns, sql[tokens[end].start :].strip() if end < len(tokens) else "")


_HINT = "Write it as SELECT RAISE(…) WHERE condition."


def _end_of_list(tokens: Sequence[Token]) -> int:
    depth = 0
    for index, token in enumerate(tokens):
        depth += token.is_symbol("(") - token.is_symbol(")")
        clause = token.is_word(
            "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW"
        )
        from_ = token.is_word("FROM") and not tokens[index - 1].is_word("DISTINCT")
        if depth == 0 and (clause or from_):
            return index
    return len(tokens)


def _is_compound(tokens: Sequence[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_word("UNION", "INTERSECT", "EXCEPT"):
            return True
    return False


def _decision(sql: str, tokens: Sequence[Token]) -> Decision:
    if not _calls_raise(tokens):
        return Nothing()
    if tokens[0].is_symbol("(") and closing(tokens, 0) == len(tokens) - 1:
        return _decision(sql, tokens[1:-1])
    if tokens[0].is_word("CASE"):
        return _case(sql, _without_alias(tokens, _end_of_case(sql, tokens)))
    if len(tokens) > 1 and tokens[1].is_symbol("("):
        last = closing(tokens, 1)
        _without_alias(tokens, last)
        return _call(sql, tokens[0], tokens[2:last])
    raise NotTranslated(sql, "RAISE() as an operand", _HINT)


def _without_alias(tokens: Sequence[Token], last: int) -> Sequence[Token]:
    """Give the tokens up to `last`; behind it only the name of the result column may stand."""
    behind = tokens[last + 1 :]
    named = behind[1:] if behind and behind[0].is_word("AS") else behind
    if len(named) > 1 or (named and not named[0].is_name):
        raise NotTranslated("".join(token.text for token in tokens), "RAISE() as an operand", _HINT)
    return tokens[: last + 1]


def _call(sql: str, name: Token, arguments: Sequence[Token]) -> Decision:
    parts = split_commas(arguments)
    if name.is_word("RAISE"):
        return _raise(sql, parts)
    if name.is_word("IIF", "IF") and len(parts) in (2, 3) and not _calls_raise(parts[0]):
        default = _decision(sql, parts[2]) if len(parts) == 3 else Nothing()
        return Choice(((span(sql, parts[0]), _decision(sql, parts[1])),), default)
    if name.is_word("IFNULL", "COALESCE") and not any(_calls_raise(part) for part in parts[:-1]):
        condition = " AND ".join(f"({span(sql, part)}) IS NULL" for part in parts[:-1])
        return Choice(((condition, _decision(sql, parts[-1])),), Nothing())
    raise NotTranslated(sql, f"RAISE() within {name.text}()", _HINT)


def _raise(sql: str, arguments: Sequence[Sequence[Token]]) -> Raise:
    action = arguments[0][0] if arguments and arguments[0] else None
    if action is None or not action.is_word(*Action):
        raise NotTranslated(sql, "RAISE() without an action")
    if action.is_word("IGNORE"):
        return Raise(Action.IGNORE)
    message = arguments[1] if len(arguments) == 2 else ()
    if len(message) != 1 or not message[0].is_name:
        raise NotTranslated(sql, "RAISE() with a computed message", "Use a string literal.")
    return Raise(Action(action.text.upper()), message[0].name)


def _case(sql: str, tokens: Sequence[Token]) -> Choice:
    """Read CASE [base] WHEN … THEN … [ELSE …] END."""
    marks = [index for index in _marks(tokens) if tokens[index].is_word("WHEN", "THEN", "ELSE", "END")]
    pieces = [
        (tokens[start].text.upper(), tokens[start + 1 : end])
        for start, end in zip(marks, [*marks[1:], len(tokens)], strict=True)
    ]
    base = tokens[1 : marks[0]]
    if _calls_raise(base):
        raise NotTranslated(sql, "RAISE() in a condition", _HINT)
    branches = []
    default: Decision = Nothing()
    condition = ""
    for word, piece in pieces:
        if word == "WHEN":
            if _calls_raise(piece):
                raise NotTranslated(sql, "RAISE() in a condition", _HINT)
            condition = f"({span(sql, base)}) = ({span(sql, piece)})" if base else span(sql, piece)
        elif word == "THEN":
            branches.append((condition, _decision(sql, piece)))
        elif word == "ELSE":
            default = _decision(sql, piece)
    return Choice(tuple(branches), default)


def _marks(tokens: Sequence[Token]) -> list[int]:
    """Give the places of the words that belong to the outermost CASE."""
    places = []
    depth = 0
    for index, token in enumerate(tokens):
        if token.is_symbol("(") or token.is_word("CASE"):
            depth += 1
        elif token.is_symbol(")"):
            depth -= 1
        elif _is_end(tokens, index):
            depth -= 1
            if depth == 0:
                places.append(index)
        elif depth == 1 and token.is_word("WHEN", "THEN", "ELSE"):
            places.append(index)
    return places


def _end_of_case(sql: str, tokens: Sequence[Token]) -> int:
    places = [index for index in _marks(tokens) if tokens[index].is_word("END")]
    if not places:
        raise NotTranslated(sql, "CASE without END")
    return places[0]


def _is_end(tokens: Sequence[Token], index: int) -> bool:
    """Say whether END closes a CASE here; where a value is expected it is a column of that name."""
    if not tokens[index].is_word("END"):
        return False
    before = tokens[index - 1]
    after_value = before.lexeme is not Lexeme.OPERATOR or before.is_symbol(")")
    return after_value and not before.is_word(
        "THEN", "WHEN", "ELSE", "CASE", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN"
    )


def _calls_raise(tokens: Sequence[Token]) -> bool:
    return any(token.is_word("RAISE") and following.is_symbol("(") for token, following in pairwise(tokens))


def _raises(decision: Decision) -> tuple[Raise, ...]:
    match decision:
        case Raise():
            return (decision,)
        case Choice():
            branches = tuple(found for _, branch in decision.branches for found in _raises(branch))
            return branches + _raises(decision.default)
        case _:
            return ()
