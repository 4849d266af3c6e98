"""The statements of a trigger body as plpgsql.

Each statement of SQLite's body becomes one or more plpgsql statements in the same order.  A SELECT has only one
effect in a trigger, which is RAISE(); every other SELECT is translated, so that nothing unknown hides in it, and
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.identifiers import literal, quote
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import TableView
from pgraduate.dialect.triggers.last_number import giving_number, with_variable
from pgraduate.dialect.triggers.own_row import by_key
from pgraduate.dialect.triggers.parser import TriggerDefinition
from pgraduate.dialect.triggers.raises import (
    Action,
    Choice,
    Decision,
    Nothing,
    Raise,
    RaisingSelect,
    mentions_raise,
    parse_raising_select,
)
from pgraduate.dialect.writing.parser import Delete, Insert, Statement, Update, parse_dml
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.statements import dml_texts
from pgraduate.errors import NotTranslated

RAISE_SQLSTATE = "23000"
"""integrity_constraint_violation: SQLite's RAISE() is a constraint error, and no built-in constraint of PostgreSQL
uses the bare class, so that the message alone is what the application sees."""
INDENT = "    "


@dataclass(slots=True)
class Body:
    """`leave` gives the lines that end the function for RAISE(IGNORE); `asks` says whether a statement wants
    the number of a row inserted before, and `numbered` whether the last INSERT has handed it over."""

    definition: TriggerDefinition
    table: TableView
    pieces: Pieces
    scope: Scope
    leave: Callable[[], list[str]]
    statements: list[Statement] = field(default_factory=list)
    raises: list[Raise] = field(default_factory=list)
    asks: bool = False
    numbered: bool = False

    def lines(self, text: str) -> list[str]:
        """Translate one statement of the body."""
        if self.numbered:
            text = with_variable(text)
        if not tokenize(text)[0].is_word("SELECT", "VALUES", "WITH"):
            return self._dml(text)
        if mentions_raise(text):
            return self._raising(parse_raising_select(text))
        self.pieces.query(text, self.scope)
        self.pieces.fired("select without effect")
        return []

    def _dml(self, text: str) -> list[str]:
        if mentions_raise(text):
            raise NotTranslated(text, "RAISE() outside of a SELECT statement", "Test it in a SELECT before.")
        statement = parse_dml(text)
        if statement.returning is not None:
            raise NotTranslated(text, "RETURNING in a trigger")
        self.statements.append(statement)
        if isinstance(statement, Update | Delete) and statement.table.lower() == self.table.source.lower():
            where = by_key(statement.where, self.definition, self.table) if statement.where is not None else None
            if where != statement.where:
                self.pieces.fired("row by its key")
            statement = replace(statement, where=where)
        texts = dml_texts(statement, text, self.pieces, self.scope)
        if self.asks and isinstance(statement, Insert):
            handing_over = giving_number(statement, self.pieces.schema)
            self.numbered = handing_over is not None
            texts[-1] += handing_over or ""
        return [f"{sql};" for sql in texts]

    def _raising(self, select: RaisingSelect) -> list[str]:
        self.raises.extend(select.raises)
        self.pieces.fired("raise")
        rest = tokenize(select.rest)
        if not rest:
            return self._branching(select.columns)
        if rest[0].is_word("WHERE") and not any(
            token.is_word("GROUP", "ORDER", "LIMIT", "UNION") for token in rest
        ):
            condition = self.pieces.condition(select.rest[rest[0].end :], self.scope)
            return if_then(condition, self._branching(select.columns))
        return self._over_rows(select)

    def _branching(self, columns: tuple[Decision, ...]) -> list[str]:
        return [line for column in columns for line in self._decided(column)]

    def _decided(self, decision: Decision) -> list[str]:
        match decision:
            case Raise():
                return self._raise(decision)
            case Choice():
                return self._choice(decision)
            case Nothing():
                return []

    def _choice(self, choice: Choice) -> list[str]:
        lines: list[str] = []
        for condition, branch in choice.branches:
            word = "ELSIF" if lines else "IF"
            lines.append(f"{word} {_closed(self.pieces.condition(condition, self.scope))} THEN")
            lines += _indented(self._decided(branch) or ["NULL;"])
        if default := self._decided(choice.default):
            lines += ["ELSE", *_indented(default)]
        return [*lines, "END IF;"]

    def _raise(self, found: Raise) -> list[str]:
        if found.action is Action.IGNORE:
            return self.leave()
        message = literal(found.message or "")
        return [f"RAISE EXCEPTION USING ERRCODE = '{RAISE_SQLSTATE}', MESSAGE = {message};"]

    def _over_rows(self, select: RaisingSelect) -> list[str]:
        """Raise what the first row that reaches a RAISE reaches: each row gives the number of its RAISE."""
        numbers = iter(range(1, len(select.raises) + 1))
        columns = [_numbered(column, numbers) for column in select.columns]
        number = columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"
        node, shape, _ = self.pieces.query(f"SELECT {number} AS raised {select.rest}", self.scope)
        rows = f"({tree.text_of(node)}) AS reached({quote(shape.columns[0].target)})"
        raised = f"reached.{quote(shape.columns[0].target)}"
        if len(select.raises) == 1:
            exists = f"EXISTS (SELECT 1 FROM {rows} WHERE {raised} IS NOT NULL)"
            return if_then(exists, self._raise(select.raises[0]))
        lines = [f"CASE (SELECT {raised} FROM {rows} WHERE {raised} IS NOT NULL LIMIT 1)"]
        for place, found in enumerate(select.raises, 1):
            lines += _indented([f"WHEN {place} THEN", *_indented(self._raise(found))])
        return [*lines, f"{INDENT}ELSE NULL;", "END CASE;"]


def _numbered(decision: Decision, numbers: Iterator[int]) -> str:
    """Write a decision as a SQLite expression: the number of the RAISE that is reached, else NULL."""
    match decision:
        case Raise():
            return str(next(numbers))
        case Choice():
            branches = " ".join(f"WHEN {when} THEN {_numbered(then, numbers)}" for when, then in decision.branches)
            return f"CASE {branches} ELSE {_numbered(decision.default, numbers)} END"
        case Nothing():
            return "NULL"


def if_then(condition: str, lines: list[str]) -> list[str]:
    """Write IF; plpgsql ends a condition at the first THEN outside of parentheses, also at that of a CASE."""
    return [f"IF {_closed(condition)} THEN", *_indented(lines or ["NULL;"]), "END IF;"]


def _closed(condition: str) -> str:
    return f"({condition})" if "CASE" in condition else condition


def _indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
