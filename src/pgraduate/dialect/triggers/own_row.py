"""A trigger's own row, found by `rowid = NEW.rowid`, in a table whose rowid has no name in PostgreSQL.

The rowid stands for the row, and so does a unique key: the condition becomes one over the key.  Behind an UPDATE
the row has the key of NEW, whichever of the two rows the trigger names, for an UPDATE keeps the rowid.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgraduate.dialect.core.names import ROWID_NAMES
from pgraduate.dialect.identifiers import quote
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import TableView
from pgraduate.dialect.triggers.parser import Event, Timing, TriggerDefinition


def row_key(table: TableView) -> tuple[str, ...]:
    """Give the source names of the columns that stand for the rowid: its alias, else the first key without NULLs,
    else the first key; () without any."""
    if table.rowid_alias is not None:
        return (table.rowid_alias,)
    safe = [key for key in table.unique_keys if is_never_null(table, key)]
    return (safe or list(table.unique_keys) or [()])[0]


def is_never_null(table: TableView, key: Sequence[str]) -> bool:
    return all((column := table.column(name)) is not None and column.not_null for name in key)


def names_rowid(name: str, table: TableView) -> bool:
    """Say whether a name means the rowid and no column of that name."""
    return name.lower() in ROWID_NAMES and table.column(name) is None


def by_key(where: str, definition: TriggerDefinition, table: TableView) -> str:
    """Replace each comparison of the table's rowid with that of NEW or OLD by one over the table's key.

    The text is given back as it is where the rowid has an alias, where the table has no key, and for BEFORE INSERT,
    whose NEW has no rowid yet.
    """
    key = row_key(table)
    before_insert = definition.timing is Timing.BEFORE and definition.event is Event.INSERT
    if table.rowid_alias is not None or not key or before_insert:
        return where
    tokens = tokenize(where)
    parts: list[str] = []
    place = 0
    for index, token in enumerate(tokens):
        if token.text not in ("=", "==") and not token.is_word("IS"):
            continue
        left, right = _operand_before(tokens, index), _operand_after(tokens, index)
        row = _row(left, right, table) or _row(right, left, table)
        if row is None:
            continue
        if definition.event is Event.UPDATE:
            row = "old" if definition.timing is Timing.BEFORE else "new"
        tests = " AND ".join(f"{quote(name)} = {row}.{quote(name)}" for name in key)
        parts += [where[place : left[0].start], f"({tests})"]
        place = right[-1].end
    return "".join([*parts, where[place:]])


def _row(own: Sequence[Token], other: Sequence[Token], table: TableView) -> str | None:
    """Name the row variable where one side is the table's rowid and the other that of NEW or OLD."""
    if not own or len(other) != 3 or other[0].name.lower() not in ("new", "old"):
        return None
    of_table = len(own) == 1 or own[0].name.lower() == table.source.lower()
    rowids = names_rowid(own[-1].name, table) and names_rowid(other[-1].name, table)
    return other[0].name.lower() if of_table and rowids else None


def _operand_before(tokens: Sequence[Token], index: int) -> Sequence[Token]:
    """Give the name, with its qualifier if it has one, that ends before a place."""
    if index < 1 or not tokens[index - 1].is_name:
        return ()
    qualified = index >= 3 and tokens[index - 2].is_symbol(".") and tokens[index - 3].is_name
    return tokens[index - 3 : index] if qualified else tokens[index - 1 : index]


def _operand_after(tokens: Sequence[Token], index: int) -> Sequence[Token]:
    if index + 1 >= len(tokens) or not tokens[index + 1].is_name:
        return ()
    qualified = index + 3 < len(tokens) and tokens[index + 2].is_symbol(".") and tokens[index + 3].is_name
    return tokens[index + 1 : index + 4] if qualified else tokens[index + 1 : index + 2]
