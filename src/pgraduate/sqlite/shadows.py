"""The shadow tables of virtual tables whose module is not compiled in.

For modules that SQLite knows, PRAGMA table_list says which tables are shadows.  For the rest there is only the
naming rule of the module's documentation: `<virtual table>_<suffix>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgraduate.model.catalog import Table
from pgraduate.sqlite.names import fold

_SUFFIXES = {
    "fts1": r"content|term",
    "fts2": r"content|segments|segdir",
    "fts3": r"content|segments|segdir|docsize|stat",
    "fts4": r"content|segments|segdir|docsize|stat",
    "fts5": r"data|idx|content|docsize|config",
    "rtree": r"node|parent|rowid",
    "rtree_i32": r"node|parent|rowid",
    "geopoly": r"node|parent|rowid",
    "spellfix1": r"vocab",
    "vec0": r"info|chunks|rowids|auxiliary|(vector_chunks|metadatachunks|metadatatext)\d\d",
}


def shadow_tables(tables: Iterable[Table]) -> set[str]:
    """Name the tables that store a virtual table of a known kind."""
    tables = list(tables)
    rules = [
        re.compile(f"{re.escape(fold(table.name))}_({_SUFFIXES[table.module]})")
        for table in tables
        if table.kind == "virtual" and table.module in _SUFFIXES
    ]
    return {
        table.name
        for table in tables
        if table.kind == "table" and any(rule.fullmatch(fold(table.name)) for rule in rules)
    }
