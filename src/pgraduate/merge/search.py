"""Search tables in a merge: full-text tables and R-Trees, whose row numbers are mostly keys of another table.

One that keeps rows of its own merges as a table does, keyed by the row's number.  One over the text of another table
has no rows: its index is built again when everything else stands.
"""

from __future__ import annotations

from pgraduate.model.catalog import Table

_FULL_TEXT = ("fts3", "fts4", "fts5")
_TREES = ("rtree", "rtree_i32")


def is_search(table: Table) -> bool:
    """Whether a virtual table is one whose rows this room can read and write."""
    return table.kind == "virtual" and bool(table.columns) and table.module in (*_FULL_TEXT, *_TREES)


def holds_rows(table: Table) -> bool:
    """Whether rows are written into the table itself; a contentless index keeps no text that could be read."""
    return table.kind == "table" or (is_search(table) and "content" not in table.options)


def is_rebuilt(table: Table) -> bool:
    return is_search(table) and bool(table.options.get("content"))
