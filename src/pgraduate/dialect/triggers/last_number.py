"""last_insert_rowid() in a trigger body: the number of the row that the body inserted last.

The INSERT before gives its number to a variable of the function, and the call becomes that variable.  Where no INSERT
of one row with a number goes before, SQLite's answer lies outside of the trigger and the call stays, to be refused.
"""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect.core.kinds import Kind, typed
from pgraduate.dialect.core.names import ShapeColumn, Source
from pgraduate.dialect.identifiers import quote
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.writing.parser import Insert, Policy, Statement

VARIABLE = "pgraduate_rowid"
DECLARATION = f"DECLARE {VARIABLE} bigint;\n"
SOURCE = Source(VARIABLE, "", (ShapeColumn(VARIABLE, VARIABLE, typed(exp.Null(), Kind.INTEGER)),))
"""What makes the variable known to the expressions of a body."""


def asks_for_number(sql: str) -> bool:
    """Say whether the text calls last_insert_rowid()."""
    return bool(_calls(tokenize(sql)))


def with_variable(sql: str) -> str:
    """Replace each call by the variable."""
    tokens = tokenize(sql)
    parts: list[str] = []
    place = 0
    for index in _calls(tokens):
        parts += [sql[place : tokens[index].start], quote(VARIABLE)]
        place = tokens[index + 2].end
    return "".join([*parts, sql[place:]])


def giving_number(statement: Statement, schema: SchemaView) -> str | None:
    """Give the clause that hands over the number of the inserted row, None where there is not exactly one."""
    if not isinstance(statement, Insert) or statement.policy is not Policy.ABORT or statement.upserts:
        return None
    table = schema.table(statement.table)
    several = statement.query is not None or len(statement.rows) > 1
    alias = table.column(table.rowid_alias) if table is not None and table.rowid_alias is not None else None
    if alias is None or several:
        return None
    return f" RETURNING {quote(alias.target)} INTO {VARIABLE}"


def _calls(tokens: tuple[Token, ...]) -> list[int]:
    return [
        index
        for index in range(len(tokens) - 2)
        if tokens[index].is_word("LAST_INSERT_ROWID")
        and tokens[index + 1].is_symbol("(")
        and tokens[index + 2].is_symbol(")")
    ]
