"""Triggers that keep a full-text table over another table current, which no index of PostgreSQL needs.

Recognised by its parsed statements alone: every one hands a row of the searched table to the index, by the values
of that row, or takes it out.  A trigger that does anything else is not recognised.

Sources: "External Content Tables" of the FTS5 and the FTS3/4 documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.triggers.parser import TriggerDefinition, parse_trigger
from pgraduate.dialect.writing.parser import Delete, Insert, Statement, Update, parse_dml
from pgraduate.errors import NotTranslated
from pgraduate.model.names import fold_name
from pgraduate.schema.virtual_tables import Mirror

_NUMBERS = frozenset({"rowid", "docid", "_rowid_", "oid"})


class Upkeep(Enum):
    """What a trigger does to the full-text tables over other tables."""

    NONE = auto()
    """It writes to none of them."""
    ONLY = auto()
    """It keeps them current and does nothing else."""
    MORE = auto()
    """It writes to one in a way that is more than keeping it current."""


def upkeep(sql: str, mirrors: Mapping[str, Mirror]) -> Upkeep:
    """Say what a trigger does to full-text tables; `mirrors` by folded name.

    Raises NotTranslated for a trigger that cannot be parsed.
    """
    definition = parse_trigger(sql)
    statements = [_parsed(text) for text in definition.statements]
    written = [
        mirrors.get(fold_name(statement.table)) if statement is not None else None for statement in statements
    ]
    if not any(written):
        return Upkeep.NONE
    keeps = all(
        statement is not None and mirror is not None and _keeps(statement, mirror, definition)
        for statement, mirror in zip(statements, written, strict=True)
    )
    return Upkeep.ONLY if keeps else Upkeep.MORE


def _parsed(text: str) -> Statement | None:
    """Parse one statement of a body; a query writes nothing."""
    if tokenize(text)[0].is_word("SELECT", "VALUES"):
        return None
    return parse_dml(text)


def _keeps(statement: Statement, mirror: Mirror, definition: TriggerDefinition) -> bool:
    if fold_name(definition.table) != fold_name(mirror.content.name) or statement.returning is not None:
        return False
    match statement:
        case Insert():
            return _hands_over(statement, mirror)
        case Delete():
            return statement.where is not None and _finds_row(statement.where, mirror)
        case Update():
            return False


def _hands_over(insert: Insert, mirror: Mirror) -> bool:
    """Recognise `(rowid, a, b) VALUES (new.id, new.a, new.b)`, and the same as the command 'delete' for the old row."""
    if insert.query is not None or insert.upserts or len(insert.rows) != 1:
        return False
    names = [fold_name(name) for name in insert.columns]
    values = list(insert.rows[0])
    if len(names) != len(values):
        return False
    row = "new"
    if fold_name(mirror.table.name) in names:
        command = tokenize(values.pop(names.index(fold_name(mirror.table.name))))
        names.remove(fold_name(mirror.table.name))
        if len(command) != 1 or command[0].lexeme is not Lexeme.STRING or command[0].name.lower() != "delete":
            return False
        row = "old"
    return bool(names) and all(
        _is_value(tokenize(value), row, name, mirror) for name, value in zip(names, values, strict=True)
    )


def _is_value(tokens: tuple[Token, ...], row: str, column: str, mirror: Mirror) -> bool:
    """Whether the tokens are `row.column`, or the row's number where the column is the number."""
    if len(tokens) != 3 or fold_name(tokens[0].name) != row or not tokens[1].is_symbol("."):
        return False
    shown = fold_name(tokens[2].name)
    return _is_number(shown, mirror) if column in _NUMBERS else shown == column


def _finds_row(where: str, mirror: Mirror) -> bool:
    """Recognise `docid = old.id` in either order."""
    tokens = tokenize(where)
    if len(tokens) != 5:
        return False
    sides = ((tokens[:1], tokens[1], tokens[2:]), (tokens[4:], tokens[3], tokens[:3]))
    return any(
        equals.text in ("=", "==")
        and fold_name(number[0].name) in _NUMBERS
        and _is_value(value, "old", "rowid", mirror)
        for number, equals, value in sides
    )


def _is_number(name: str, mirror: Mirror) -> bool:
    return name in _NUMBERS or (mirror.number is not None and name == fold_name(mirror.number))


def refusal(sql: str) -> NotTranslated:
    """Say why a trigger that writes more to a full-text table is not carried."""
    return NotTranslated(
        sql,
        "a trigger that writes other values to a full-text table than those of its row",
        "The search index keeps itself current by the table's own text.",
    )
