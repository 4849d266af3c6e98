"""A failure in SQLite's words: which columns a violated constraint is over, in the source's names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence

import psycopg

from pgraduate.dbapi.exceptions import as_sqlite, coded
from pgraduate.dbapi.mirror import Mirror
from pgraduate.dbapi.sessions import Spoiled
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import TableView

_KEY = re.compile(r"\((?P<columns>.*?)\)=\(", re.DOTALL)


ListChecks = Callable[[str, str], Sequence[str]]
"""Give the names of a table's checks on the server, in the order in which they were made, by schema and table."""


def told(error: BaseException, mirror: Mirror, checks: ListChecks) -> sqlite3.Error:
    """Give the exception that sqlite3 would raise."""
    if isinstance(error, Spoiled):
        assert isinstance(error.__cause__, psycopg.Error)
        return as_sqlite(error.__cause__)
    if isinstance(error, psycopg.errors.IntegrityError):
        said = as_sqlite(error, lambda _table, _constraint: violated(error, mirror))
        if isinstance(error, psycopg.errors.UniqueViolation) and is_primary(error, mirror):
            coded(said, "SQLITE_CONSTRAINT_PRIMARYKEY", 1555)
        if isinstance(error, psycopg.errors.CheckViolation) and (check := failed_check(error, mirror, checks)):
            said.args = (f"CHECK constraint failed: {check}",)
        return said
    assert isinstance(error, Exception)
    return as_sqlite(error)


def violated(error: psycopg.Error, mirror: Mirror) -> tuple[str, ...]:
    """Give `table.column` for each column, () where the server does not say."""
    said = error.diag
    table = next((shape for shape in mirror.shapes.values() if shape.target == said.table_name), None)
    if table is None:
        return ()
    if said.column_name:
        return (_named(table, said.column_name),)
    found = _KEY.search(said.message_detail or "")
    if found is None:
        return ()
    return tuple(_named(table, name) for name in found["columns"].split(", "))


def failed_check(error: psycopg.errors.CheckViolation, mirror: Mirror, checks: ListChecks) -> str | None:
    """Give the check as SQLite names it: by its name, else by its condition; None where that is not known."""
    said = error.diag
    table = next((shape for shape in mirror.shapes.values() if shape.target == said.table_name), None)
    if table is None:
        return None
    labels = _check_labels(table, mirror)
    if len(labels) < 2:
        return labels[0] if labels else None
    names = checks(table.schema, table.target)
    # One that the server has not, or has beside SQLite's, would shift the others.
    return labels[names.index(said.constraint_name)] if len(names) == len(labels) else None


def _check_labels(table: TableView, mirror: Mirror) -> list[str]:
    """Give the checks in the order of the definition, each by its name, else by its condition."""
    _, rows = mirror.answer("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table.source,))
    tokens = tokenize(rows[0][0]) if rows else ()
    conditions = iter(table.checks)
    labels: list[str] = []
    for place, token in enumerate(tokens):
        if not token.is_word("CHECK") or not tokens[place + 1].is_symbol("("):
            continue
        condition = next(conditions, None)
        if condition is None:
            return []
        named = place > 1 and tokens[place - 2].is_word("CONSTRAINT")
        labels.append(tokens[place - 1].name if named else condition)
    return labels


def is_primary(error: psycopg.Error, mirror: Mirror) -> bool:
    """Say whether the columns of a violated key are those of its table's primary key."""
    names = violated(error, mirror)
    if not names:
        return False
    table = names[0].partition(".")[0]
    _, rows = mirror.answer("SELECT name FROM pragma_table_info(?) WHERE pk > 0", (table,))
    return bool(rows) and {f"{table}.{name}" for (name,) in rows} == set(names)


def _named(table: TableView, target: str) -> str:
    plain = target.removeprefix('"').removesuffix('"').replace('""', '"')
    for column in table.columns:
        if column.target == plain or f"({column.target})" in target or f"({column.target}," in target:
            return f"{table.source}.{column.source}"
    return f"{table.source}.{plain}"
