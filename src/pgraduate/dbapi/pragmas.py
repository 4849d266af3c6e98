"""PRAGMA: what speaks of the schema is answered by the mirror, what speaks of the file by what is true of the server.

The invariant: a pragma that would change what statements do is carried out or refused; none is ignored.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from pgraduate.dbapi.mirror import Mirror
from pgraduate.dialect.pragmas import Definition, parse_pragma

Rows = tuple[tuple[str, ...] | None, list[tuple[Any, ...]]]

OF_THE_SCHEMA = frozenset({
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "collation_list", "function_list", "module_list", "pragma_list", "compile_options", "encoding", "database_list",
})  # fmt: skip
OF_THE_FILE = frozenset({
    "journal_mode", "synchronous", "cache_size", "cache_spill", "temp_store", "mmap_size", "page_size", "auto_vacuum",
    "wal_autocheckpoint", "wal_checkpoint", "journal_size_limit", "secure_delete", "locking_mode", "threads",
    "automatic_index", "max_page_count", "freelist_count", "incremental_vacuum", "optimize",
    "shrink_memory", "read_uncommitted", "checkpoint_fullfsync", "fullfsync", "soft_heap_limit", "hard_heap_limit",
    "analysis_limit", "temp_store_directory", "cell_size_check", "data_version", "schema_version",
})  # fmt: skip
"""How SQLite keeps its file.  None of them changes what a statement answers: a connection has a file of its own in
memory, whose settings it may read and write."""
OF_STATEMENTS = ("recursive_triggers", "legacy_alter_table")
"""What a connection's own file also keeps, and statements ask for before they run."""
KEPT = frozenset({"user_version", "application_id"})
"""Integers that the application keeps in the database."""
_ON, _OFF = frozenset({"on", "yes", "true", "1"}), frozenset({"off", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a PRAGMA needs beside the mirror: an integer that is kept, to read (`value` is None) or to write."""

    name: str
    value: int | None


def pragma(sql: str, mirror: Mirror, own: sqlite3.Connection) -> Rows | Asked:
    """Answer a PRAGMA; `own` is the connection's own file.

    Raises sqlite3.NotSupportedError for one that has no meaning in PostgreSQL.
    """
    asked = parse_pragma(sql)
    if asked.name in OF_THE_SCHEMA:
        return mirror.answer(sql)
    if asked.name in KEPT:
        return Asked(asked.name, _integer(asked.argument) if asked.argument is not None else None)
    if asked.name in OF_THE_FILE:
        return _own(sql, own)
    return _named(asked, sql, mirror, own)


def _named(asked: Definition, sql: str, mirror: Mirror, own: sqlite3.Connection) -> Rows:
    value = (asked.argument or "").lower()
    match asked.name:
        case "busy_timeout" | "recursive_triggers" | "legacy_alter_table":
            return _own(sql, own)
        case "foreign_keys" if asked.argument is None:
            return ("foreign_keys",), [(1,)]
        case "foreign_keys" if value in _ON or (value in _OFF and not mirror.has_foreign_keys):
            return None, []
        case "defer_foreign_keys" if asked.argument is None:
            return ("defer_foreign_keys",), [(0,)]
        case "defer_foreign_keys" if value in _OFF or (value in _ON and not mirror.has_foreign_keys):
            return None, []
        case "integrity_check" | "quick_check" if not value or value.isdigit():
            return (asked.name,), [("ok",)]
        case "foreign_key_check":
            # PostgreSQL validates every foreign key that it has: there is no row to list.
            return ("table", "rowid", "parent", "fkid"), []
        case "case_sensitive_like" | "ignore_check_constraints" if value in _OFF:
            return None, []
        case "reverse_unordered_selects" | "writable_schema" if value in _OFF:
            return None, []
    known = {name for (name,) in own.execute("PRAGMA pragma_list")}
    if asked.name not in known:
        # SQLite passes over a name that it does not know.
        return None, []
    argument = f" = {asked.argument}" if asked.argument is not None else ""
    raise sqlite3.NotSupportedError(f"PRAGMA {asked.name}{argument} has no meaning in PostgreSQL")


def _own(sql: str, own: sqlite3.Connection) -> Rows:
    cursor = own.execute(sql)
    rows = cursor.fetchall()
    return (tuple(column[0] for column in cursor.description) if cursor.description else None), rows


def _integer(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        return 0
