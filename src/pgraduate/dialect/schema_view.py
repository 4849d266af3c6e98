"""What the translator must know of a schema, and nothing more.

The dialect is pure: it sees tables through these protocols, so that a migration plan, a live catalog or a test's
dictionary can stand behind them.  `SimpleSchema` is the plain implementation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity


@dataclass(frozen=True, slots=True)
class Declared:
    """What SQLite's own catalog says of a column: `type` as written, '' for none, `default` as SQL; `hidden` is 2 for a
    VIRTUAL and 3 for a STORED generated column."""

    type: str
    not_null: bool = False
    default: str | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class DeclaredTerm:
    """One term of an index as PRAGMA index_xinfo lists it: `place` is the column's, -1 for the rowid and -2 for an
    expression, `name` the column's; `is_key` is False for what SQLite adds to find the row."""

    place: int
    name: str | None
    descending: bool = False
    collation: str = "BINARY"
    is_key: bool = True


@dataclass(frozen=True, slots=True)
class DeclaredIndex:
    """An index as SQLite's catalog has it; `target` is PostgreSQL's name of the index that stands for it.

    `origin` is c for CREATE INDEX, u for UNIQUE and pk for PRIMARY KEY; `sql` is None for one behind a constraint.
    """

    name: str
    target: str
    unique: bool
    origin: str
    partial: bool
    terms: tuple[DeclaredTerm, ...]
    sql: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """What SQLite's own catalog says of a table or a view beyond its columns; `sql` is its definition.

    `indexes` stand in the order in which SQLite made them, `triggers` with their definitions by PostgreSQL's names.
    `implied_parents` gives the columns, as PostgreSQL names them, of each foreign key whose definition leaves the
    parent's key out.  `helpers` are PostgreSQL's names of indexes that SQLite does not have.
    """

    sql: str
    without_rowid: bool = False
    strict: bool = False
    indexes: tuple[DeclaredIndex, ...] = ()
    triggers: tuple[tuple[str, str, str], ...] = ()
    """PostgreSQL's name, SQLite's name, and the definition."""
    implied_parents: tuple[tuple[str, ...], ...] = ()
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """The SQLite whose answers a translation has to give: `version` as sqlite_version() says it, `source` as
    sqlite_source_id() does, `options` as PRAGMA compile_options lists them."""

    version: str
    source: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column on both sides: `source` and `target` names, SQLite's affinity and collation, PostgreSQL's type,
    and the representation that links their values."""

    source: str
    target: str
    type: str
    affinity: Affinity = Affinity.BLOB
    representation: Representation = Representation(Rule.TEXT)
    collation: str = "BINARY"
    not_null: bool = False
    keeps_class: bool = False
    """Some cells' classes are kept beside the column, so that an expression over it cannot know them."""
    by_bytes: bool = True
    """PostgreSQL compares the column's text by bytes (COLLATE "C")."""
    generated: bool = False
    """The value is computed; no statement may write it, and INSERT without a column list skips it."""
    implicit: bool = False
    """Found by its name only, as a rowid is: neither * nor INSERT without a column list has it."""
    declared: Declared | None = None
    """None where SQLite's definition is not known."""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table or view.  `unique_keys` are source column names, the primary key first."""

    source: str
    schema: str
    target: str
    columns: tuple[ColumnView, ...]
    rowid_alias: str | None = None
    unique_keys: tuple[tuple[str, ...], ...] = ()
    is_view: bool = False
    checks: tuple[str, ...] = ()
    """The conditions of CHECK constraints, as SQLite has them."""
    left_out: tuple[str, ...] = ()
    """Columns that SQLite has and PostgreSQL has not: a statement that needs one is refused."""
    searched: tuple[str, ...] = ()
    """The columns whose words MATCH finds, as the search index has them; () for a table without full-text search."""

    autoincrement: bool = False
    """SQLite keeps the largest number that the rowid ever had in sqlite_sequence."""
    declared: DeclaredTable | None = None
    """None where SQLite's definition is not known."""

    def column(self, source: str) -> ColumnView | None:
        folded = source.lower()
        for column in self.columns:
            if column.source.lower() == folded:
                return column
        return None

    def lacks(self, source: str) -> bool:
        """Tell whether SQLite has a column of this name that PostgreSQL has not."""
        return any(name.lower() == source.lower() for name in self.left_out)


class SchemaView(Protocol):
    @property
    def compat_schema(self) -> str:
        """The schema that holds the compat functions."""
        ...

    @property
    def target_schema(self) -> str | None:
        """The schema that the database became, whose catalog stands for SQLite's; None where that is not known."""
        ...

    @property
    def text_encoding(self) -> str:
        """The encoding of texts in the SQLite database: UTF-8, UTF-16le or UTF-16be."""
        ...

    @property
    def release(self) -> Release | None:
        """The SQLite that reads the database on the other side; None where there is none."""
        ...

    @property
    def tables(self) -> Mapping[str, TableView]:
        """All tables and views by their lower-case SQLite names."""
        ...

    def table(self, source: str, /) -> TableView | None:
        """Find a table or view by its SQLite name, without regard to ASCII case."""
        ...


@dataclass(frozen=True, slots=True)
class SimpleSchema:
    """Tables by lower-case source name."""

    tables: Mapping[str, TableView] = field(default_factory=dict)
    compat_schema: str = "pgraduate_compat"
    target_schema: str | None = None
    text_encoding: str = "UTF-8"
    release: Release | None = None

    @staticmethod
    def of(*tables: TableView, compat_schema: str = "pgraduate_compat") -> SimpleSchema:
        return SimpleSchema({table.source.lower(): table for table in tables}, compat_schema)

    def table(self, source: str, /) -> TableView | None:
        return self.tables.get(source.lower())
