"""Row filters: SQLite expressions that say which rows of a table are carried.

A filter is evaluated on the sealed copy: by the census, the loader and the checker, today and in a month.  The
invariant: it is one expression, SQLite understands it, and it says the same whenever and wherever it is asked.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Table
from pgraduate.sqlite.ddl_tokens import Kind, Token, significant
from pgraduate.sqlite.names import fold, quote
from pgraduate.sqlite.sealed import open_sealed

_UNSTEADY = frozenset(
    {"random", "randomblob", "changes", "total_changes", "last_insert_rowid", "sqlite_version", "sqlite_source_id"}
)
_CLOCKS = frozenset({"current_date", "current_time", "current_timestamp"})
_DATES = {"date": 0, "time": 0, "datetime": 0, "julianday": 0, "unixepoch": 0, "strftime": 1}
"""SQLite's date functions, with the number of arguments up to which they read the clock."""
_WORDS = frozenset({"now", "localtime", "utc", "subsec", "subsecond"})
_FIX = "write the moment itself, as in created >= '2024-01-01'"


def rows_of(table: Table) -> str:
    """Write FROM and WHERE for the rows of a table that are carried."""
    source = f'"main".{quote(table.name)} NOT INDEXED'
    # The line break ends a comment at the filter's end.
    return source if table.filter is None else f"{source} WHERE ({table.filter}\n)"


def require_filters(sealed: Path, catalog: Catalog) -> None:
    """Raise UsageError for the first filter that is no expression over its table, or not the same at every time."""
    filtered = [table for table in catalog.tables if table.filter is not None]
    if not filtered:
        return
    with closing(open_sealed(sealed)) as connection:
        for table in filtered:
            _require_one_expression(table)
            _require_steady(table)
            try:
                connection.execute(f"SELECT count(*) FROM {rows_of(table)}").fetchall()
            except (apsw.Error, ValueError) as error:
                raise _refused(table, f"SQLite refuses it: {error}") from None


def _require_one_expression(table: Table) -> None:
    depth = 0
    for token in significant(table.filter or ""):
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        if depth < 0 or token.kind is Kind.SEMICOLON:
            raise _refused(table, f"it is more than one expression: it goes on behind '{token.text}'")
    if depth:
        raise _refused(table, "a parenthesis is not closed")


def _require_steady(table: Table) -> None:
    tokens = significant(table.filter or "")
    for place, token in enumerate(tokens):
        called = place + 1 < len(tokens) and tokens[place + 1].kind is Kind.OPEN
        word = fold(token.text)
        if token.kind is Kind.WORD and (word in _CLOCKS or (called and word in _UNSTEADY)):
            raise _refused(table, f"{token.text} is another at every call", _FIX)
        if token.kind is Kind.WORD and called and word in _DATES and _reads_clock(tokens[place:], _DATES[word]):
            raise _refused(table, f"{token.text} reads the clock", _FIX)
        if token.kind in (Kind.STRING, Kind.NAME) and fold(token.name.strip()) in _WORDS:
            raise _refused(table, f"{token.text} depends on when and where it is asked", _FIX)


def _reads_clock(tokens: list[Token], most: int) -> bool:
    """Tell whether a call of a date function, with its name as the first token, has at most `most` arguments."""
    depth, arguments = 0, 0
    for token in tokens[1:]:
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        if depth == 0:
            break
        if arguments == 0 and token is not tokens[1]:
            arguments = 1
        arguments += token.kind is Kind.COMMA and depth == 1
    return arguments <= most


def _refused(table: Table, what: str, hint: str | None = None) -> UsageError:
    return UsageError(
        f"the filter of {table.name} cannot be used: {what}",
        where=f"filter of {table.name}",
        hint=hint or "a filter is one SQLite expression over the table's columns, such as status <> 'draft'",
    )
