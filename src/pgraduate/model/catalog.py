"""The catalog of one SQLite database, as its own pragmas and parser tell it.

Names are the source's, in the source's spelling.  SQL fragments are SQLite's text, untouched: only `dialect/`
turns them into PostgreSQL.  The invariant: an object of the file is either here or is one of SQLite's own
(`sqlite_%`); nothing is left out because it is hard to carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgraduate.model.names import fold_name
from pgraduate.model.storage import Affinity

CODECS = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
"""Python's names of the encodings that a database may have."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    declared: str
    """The declared type as written, '' where there is none."""
    affinity: Affinity
    not_null: bool = False
    default_sql: str | None = None
    primary_key_position: int = 0
    """1-based place in the primary key, 0 outside it."""
    generated: Literal["virtual", "stored"] | None = None
    generated_sql: str | None = None
    collation: str = "BINARY"
    """BINARY, NOCASE, RTRIM or the name of an application's own collation."""
    hidden: bool = False
    """A hidden column of a virtual table."""
    implicit: bool = False
    """It holds data, but SQLite's SELECT * does not show it: a rowid that is carried as a column."""
    unindexed: bool = False
    """A column of a virtual table that its module stores and does not search."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    """Resolved: an implicit parent key is spelled out; empty where the parent or its key does not exist."""
    on_update: str = "NO ACTION"
    on_delete: str = "NO ACTION"
    deferred: bool = False
    """DEFERRABLE INITIALLY DEFERRED."""
    name: str | None = None
    implied: bool = field(default=False, compare=False)
    """The definition names the parent alone: its primary key is meant.  The key is the same, spelled out or not."""


@dataclass(frozen=True, slots=True)
class IndexKey:
    column: str | None
    """None for an expression (and then `expression_sql` holds it) and for the rowid."""
    expression_sql: str | None = None
    descending: bool = False
    collation: str = "BINARY"


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    table: str
    keys: tuple[IndexKey, ...]
    unique: bool
    origin: Literal["create", "unique", "primary key"]
    """CREATE INDEX, or the automatic index behind a UNIQUE or PRIMARY KEY constraint."""
    where_sql: str | None = None
    sql: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    expression_sql: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    sql: str
    kind: Literal["table", "virtual", "shadow"] = "table"
    module: str | None = None
    """The module of a virtual table (fts5, rtree …), lower case."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The options of a virtual table by lower-case name: content, content_rowid, tokenize …"""
    primary_key: tuple[str, ...] = ()
    rowid_alias: str | None = None
    """The INTEGER PRIMARY KEY column, which is the rowid itself."""
    autoincrement: bool = False
    sequence: int | None = None
    """The table's entry in sqlite_sequence."""
    without_rowid: bool = False
    strict: bool = False
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    conflict_rules: tuple[str, ...] = ()
    """Constraints that, as declared, ignore or replace a row where others fail: `UNIQUE (a, b) ON CONFLICT REPLACE`."""
    left_out: tuple[str, ...] = ()
    """Columns that a selection leaves in SQLite."""
    filter: str | None = None
    """A SQLite expression: a selection carries only the rows for which it is true."""

    def column(self, name: str) -> Column:
        """Find a column by its name, which SQLite compares without regard to ASCII case; raise KeyError."""
        folded = fold_name(name)
        for column in self.columns:
            if fold_name(column.name) == folded:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class View:
    name: str
    columns: tuple[str, ...]
    sql: str
    error: str | None = None
    """What SQLite says when it prepares the view, where it cannot."""


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """One database file: `name` is the file's stem, `encoding` one of UTF-8, UTF-16le, UTF-16be."""

    name: str
    tables: tuple[Table, ...]
    indexes: tuple[Index, ...] = ()
    views: tuple[View, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    encoding: str = "UTF-8"
    user_version: int = 0
    application_id: int = 0
    left_out: tuple[str, ...] = ()
    """Tables and views that a selection leaves in SQLite."""

    @property
    def codec(self) -> str:
        """Give Python's name of the encoding."""
        return CODECS[self.encoding]

    def table(self, name: str) -> Table:
        """Find a table by name without regard to ASCII case; raise KeyError."""
        folded = fold_name(name)
        for table in self.tables:
            if fold_name(table.name) == folded:
                return table
        raise KeyError(name)

    def indexes_of(self, table: str) -> tuple[Index, ...]:
        folded = fold_name(table)
        return tuple(index for index in self.indexes if fold_name(index.table) == folded)
