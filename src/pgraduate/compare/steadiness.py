"""Views whose answer two engines need not share, though both hold the same rows.

Without an ORDER BY of its own no engine promises the order in which `group_concat` and its like join their rows: it
follows the plan.  And what depends on the moment or on chance is another answer at each question.  The invariant: this
is asked only of views whose rows differ, and what is excused so is counted apart and named.
Source: "Built-in Aggregate Functions", group_concat: "the order of the concatenated elements is arbitrary".
"""

from __future__ import annotations

import re

import apsw

_JOINS = re.compile(r"\b(?:group_concat|string_agg|json_group_array|json_group_object)\W*\(", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:random|randomblob)\W*\(|'now'|\bcurrent_(?:timestamp|date|time)\b"
    r"|\b(?:date|time|datetime|julianday|unixepoch)\W*\(\s*\)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\w+|\W", re.DOTALL)


def joins_rows(source: apsw.Connection, view: str) -> bool:
    """Say whether a view, or a view that it reads, may call an aggregate that joins its rows."""
    return _says(source, view, _JOINS)


def changes(source: apsw.Connection, view: str) -> bool:
    """Say whether a view's answer, or that of a view that it reads, may depend on the moment or on chance."""
    return _says(source, view, _CHANGES)


def in_any_order(text: str) -> str:
    """Give the words and signs of a text in an order of their own."""
    return "".join(sorted(_PARTS.findall(text)))


def _says(source: apsw.Connection, view: str, pattern: re.Pattern[str]) -> bool:
    views = source.execute("SELECT lower(name), sql FROM main.sqlite_schema WHERE type = 'view'").fetchall()
    texts = {str(name): str(sql).lower() for name, sql in views}
    seen: set[str] = set()
    waiting = [view.lower()]
    while waiting:
        name = waiting.pop()
        text = texts.get(name)
        if text is None or name in seen:
            continue
        if pattern.search(text):
            return True
        seen.add(name)
        waiting += [other for other in texts if other in text]
    return False
