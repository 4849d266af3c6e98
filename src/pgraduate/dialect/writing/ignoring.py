"""INSERT OR IGNORE: only the rows that violate nothing are offered to PostgreSQL.

ON CONFLICT DO NOTHING passes over rows that collide on a unique key, and a row that it passes over has used up a
number of the identity.  So the rows go through a WHERE first, which keeps those that NOT NULL, CHECK or a key
would stop; ON CONFLICT stays for rows that collide with each other or with another session's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pgraduate.dialect.core.names import Scope, source_of_table
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.writing.conflicts import NewRows, folded
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.targets import is_rowid
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity

_ROWS = "_new"


def without_violations(new: NewRows, sql: str, pieces: Pieces) -> NewRows:
    """Give the same rows without those that a constraint would stop; unchanged where no constraint can."""
    tests = list(_tests(new, sql, pieces))
    if not tests or not new.columns:
        return new
    pieces.fired("or ignore: rows that violate nothing")
    return keeping(new, tests, sql)


def keeping(new: NewRows, tests: Sequence[str], sql: str) -> NewRows:
    """Give the rows for which all conditions hold; in these the rows go by the name `_new`."""
    if not tests:
        return new
    if any("DEFAULT" in row for row in new.rows):
        new = _without_defaults(new, sql)
    names = ", ".join(quote(column.target) for column in new.columns)
    text = new.text
    if new.rows:
        rows = ", ".join(f"({', '.join(map(_typed, row, new.columns))})" for row in new.rows)
        text = f"VALUES {rows}"
    chosen = f"SELECT {names} FROM ({text}) AS {_ROWS} ({names}) WHERE {' AND '.join(tests)}"
    return replace(new, text=chosen, rows=(), unused=frozenset())


def _typed(value: str, column: ColumnView) -> str:
    return f"CAST({value} AS {column.type})"


def _without_defaults(new: NewRows, sql: str) -> NewRows:
    """Leave out the columns that have their default in every row."""
    kept = [place for place in range(len(new.columns)) if any(row[place] != "DEFAULT" for row in new.rows)]
    if any(row[place] == "DEFAULT" for row in new.rows for place in kept):
        raise NotTranslated(sql, "OR IGNORE with a number in some rows only")
    columns = tuple(new.columns[place] for place in kept)
    return replace(new, columns=columns, rows=tuple(tuple(row[place] for place in kept) for row in new.rows))


def _tests(new: NewRows, sql: str, pieces: Pieces) -> Iterator[str]:
    listed = [c for c in new.columns if not is_rowid(new.table, c)]
    for column in listed:
        if column.not_null:
            yield f"{_ROWS}.{quote(column.target)} IS NOT NULL"
    scope = Scope([source_of_table(replace(new.table, columns=new.columns), new.table.source, _ROWS)])
    for check in new.table.checks:
        try:
            yield f"({pieces.condition(check, scope)}) IS NOT FALSE"
        except NotTranslated:
            what = f"A row that violates CHECK ({check}) fails, where SQLite passes over it."
            pieces.findings.append(Finding("IGNORE_ONLY_UNIQUE", Severity.NOTICE, pieces.where, what))
    if new.table.rowid_alias is not None:
        yield from _absences(new, sql, pieces)


def _absences(new: NewRows, sql: str, pieces: Pieces) -> Iterator[str]:
    """Test that no row has the same key yet, for keys other than the number itself."""
    columns = {column.source.lower(): column for column in new.columns}
    for names in new.table.unique_keys:
        key = [columns[name.lower()] for name in names if name.lower() in columns]
        if len(key) < len(names) or (len(key) == 1 and is_rowid(new.table, key[0])):
            continue
        yield absence(key, new, sql, pieces)


def absence(key: Sequence[ColumnView], new: NewRows, sql: str, pieces: Pieces) -> str:
    """Write the condition that the table has no row with the key of a new one."""
    return f"NOT {presence(key, new, sql, pieces)}"


def presence(key: Sequence[ColumnView], new: NewRows, sql: str, pieces: Pieces) -> str:
    """Write the condition that the table has a row with the key of a new one."""
    target = qualified(new.table.schema, new.table.target)
    pairs = " AND ".join(
        f"{folded(c, f'_old.{quote(c.target)}', sql, pieces)} = "
        f"{folded(c, f'{_ROWS}.{quote(c.target)}', sql, pieces)}"
        for c in key
    )
    return f"EXISTS (SELECT 1 FROM {target} AS _old WHERE {pairs})"
