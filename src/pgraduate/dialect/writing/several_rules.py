"""Several ON CONFLICT clauses: PostgreSQL has one, for one key.

SQLite tries the clauses in their order, and the first whose key a row collides on is the row's.  Where one of them is DO
UPDATE it stays, and the rows that another one passes over are taken out before.  The invariant: a row that is kept
meets the clause that stays, or none.

Source: "UPSERT", section 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.writing.conflicts import NewRows, colliding_keys, target_key
from pgraduate.dialect.writing.ignoring import absence, keeping, presence
from pgraduate.dialect.writing.parser import Insert, Policy, Upsert
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.errors import NotTranslated

Key = tuple[ColumnView, ...]


def with_one_rule(insert: Insert, new: NewRows, sql: str, pieces: Pieces) -> tuple[Insert, NewRows]:
    """Give the INSERT with the DO UPDATE alone, and the rows that no clause before or behind it passes over.

    Both are unchanged where the clauses need no such thing: one clause, or one key.
    """
    keys = colliding_keys(new, sql)
    updates = [upsert for upsert in insert.upserts if upsert.assignments is not None]
    if len(insert.upserts) < 2 or len(keys) < 2 or len(updates) != 1 or insert.policy is not Policy.ABORT:
        return insert, new
    if any(upsert.target_where is not None for upsert in insert.upserts):
        return insert, new
    (update,) = updates
    rules = _rules(insert.upserts, keys, new, sql)
    (own,) = next(found for upsert, found in rules if upsert is update)
    tests = []
    is_behind = False
    for upsert, found in rules:
        if upsert is update:
            is_behind = True
        for key in found if upsert is not update else ():
            absent = absence(key, new, sql, pieces)
            tests.append(f"({absent} OR {presence(own, new, sql, pieces)})" if is_behind else absent)
    pieces.fired("several rules for conflicts")
    named = replace(update, target=tuple(column.source for column in own))
    return replace(insert, upserts=(named,)), keeping(new, tests, sql)


def _rules(
    upserts: Sequence[Upsert], keys: Sequence[Key], new: NewRows, sql: str
) -> list[tuple[Upsert, tuple[Key, ...]]]:
    """Give each clause with the keys that it is the first to speak of; one without a target speaks of all that are left."""
    left = list(keys)
    rules = []
    for upsert in upserts:
        named = {column.source for column in target_key(upsert, new, sql)} if upsert.target else None
        found = tuple(key for key in left if named is None or {column.source for column in key} == named)
        left = [key for key in left if key not in found]
        if upsert.assignments is not None and len(found) != 1:
            raise NotTranslated(sql, "DO UPDATE for more than one key", "Name the columns of the key.")
        rules.append((upsert, found))
    return rules
