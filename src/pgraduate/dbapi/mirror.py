"""A database's shape without its rows: SQLite's own catalog in memory, and beside it what PostgreSQL made of it.

The standard sqlite3 module holds the definitions, so that it answers PRAGMA and sqlite_master, refuses what SQLite
refuses, and says it in SQLite's words.  A mirror never changes once it is made: a definition gives a new one, so that
a transaction's own definitions stay unseen until it commits, and a rollback only forgets them.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import Release, TableView

COMPAT = "pgraduate_compat"
COUNTERS = ("last_insert_rowid", "changes", "total_changes")
"""The functions that speak of the connection that asks."""

_STATEMENTS = 4096
_CATALOG = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"


@dataclass(frozen=True, slots=True)
class Definition:
    """One object of the catalog: `sql` is SQLite's definition, `shape` what a table or view became."""

    kind: str
    name: str
    table: str
    sql: str
    shape: TableView | None = None


class Mirror:
    """A SchemaView.  `version` is that of the database's definitions; `cache` holds the statements that were prepared."""

    compat_schema = COMPAT
    text_encoding = "UTF-8"

    def __init__(self, schema: str, version: int, definitions: Iterable[Definition] = ()) -> None:
        self.target_schema: str | None = schema
        self.schema = schema
        self.version = version
        self.shapes: dict[str, TableView] = {}
        self.cache: dict[Any, Any] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._lite = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._counters = (0, 0, 0)
        for place, name in enumerate(COUNTERS):
            self._lite.create_function(name, 0, lambda place=place: self._counters[place])
        for definition in definitions:
            self._lite.execute(definition.sql)
            if definition.shape is not None:
                self.shapes[definition.name.lower()] = definition.shape

    @cached_property
    def release(self) -> Release:
        """The application's own SQLite, which compiles every statement first."""
        _, ((version, source),) = self.answer("SELECT sqlite_version(), sqlite_source_id()")
        _, options = self.answer("PRAGMA compile_options")
        return Release(version, source, tuple(option for (option,) in options))

    @property
    def tables(self) -> Mapping[str, TableView]:
        return self.shapes

    @cached_property
    def has_triggers(self) -> bool:
        _, rows = self.answer("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        return bool(rows[0][0])

    @cached_property
    def has_foreign_keys(self) -> bool:
        _, rows = self.answer(
            "SELECT count(*) FROM sqlite_master AS t, pragma_foreign_key_list(t.name) WHERE t.type = 'table'"
        )
        return bool(rows[0][0])

    def table(self, source: str, /) -> TableView | None:
        return self.shapes.get(source.lower())

    def keep(self, key: Any, prepared: Any) -> None:
        """Keep a prepared statement; an application that writes its values into its texts fills no memory."""
        if len(self.cache) >= _STATEMENTS:
            self.cache.clear()
        self.cache[key] = prepared

    def check(self, sql: str, values: Any) -> None:
        """Let SQLite compile a statement; raises what sqlite3 raises for it: syntax, unknown names, bindings."""
        with self._lock:
            self._lite.execute(f"EXPLAIN {sql}", values).close()

    def reads(self, sql: str, values: Any) -> frozenset[tuple[str, str]]:
        """Name the tables' columns that a statement reads, also behind views and in triggers, in lower case.

        A table of which no column's value is needed stands with the column "".
        """
        found: set[tuple[str, str]] = set()

        def note(action: int, table: str | None, column: str | None, *_: str | None) -> int:
            if action == sqlite3.SQLITE_READ and table:
                found.add((table.lower(), (column or "").lower()))
            return sqlite3.SQLITE_OK

        with self._lock:
            self._lite.set_authorizer(note)
            try:
                self._lite.execute(f"EXPLAIN {sql}", values).close()
            finally:
                self._lite.set_authorizer(None)
        return frozenset(found)

    def require_readable(self, sql: str, values: Any = ()) -> None:
        """Refuse a statement that reads a migrated column whose cells' classes were kept apart from it."""
        apart = {
            (name, column.source.lower())
            for name, shape in self.shapes.items()
            for column in shape.columns
            if column.keeps_class and not shape.is_view
        }
        needed = sorted(apart & self.reads(sql, values)) if apart else []
        if needed:
            table, column = needed[0]
            raise sqlite3.NotSupportedError(
                f"{table}.{column} holds values of several storage classes, and the type that it was migrated to does not "
                f"tell them apart: give its values one class in SQLite (UPDATE {table} SET {column} = CAST({column} AS "
                "TEXT)) and migrate again, or leave the column out of the statement"
            )

    def declared(self, sql: str, names: Sequence[str]) -> tuple[str, ...]:
        """Give the type that each column of a query was declared with, "" for what is no column of a table.

        SQLite tells it of the columns of a view, so the query becomes one for a moment; a statement that cannot is
        a write with RETURNING, whose columns have no declared types here.
        """
        words = ["NULL" if token.lexeme is Lexeme.PARAMETER else token.text for token in tokenize(sql)]
        plain = " ".join(words).rstrip("; ")
        with self._lock:
            try:
                self._lite.execute(f"CREATE TEMP VIEW pgraduate_declared AS {plain}")
            except sqlite3.OperationalError:
                return ("",) * len(names)
            try:
                found = self._lite.execute("PRAGMA temp.table_info(pgraduate_declared)").fetchall()
            finally:
                self._lite.execute("DROP VIEW temp.pgraduate_declared")
        return tuple(row[2] for row in found)

    def answer(
        self, sql: str, values: Any = (), counters: tuple[int, int, int] = (0, 0, 0)
    ) -> tuple[tuple[str, ...] | None, list[tuple[Any, ...]]]:
        """Ask the catalog itself: the columns' names, and the rows.  `counters` are the asking connection's."""
        with self._lock:
            self._counters = counters
            cursor = self._lite.execute(sql, values)
            rows = cursor.fetchall()
            names = tuple(column[0] for column in cursor.description) if cursor.description else None
            cursor.close()
        return names, rows

    def catalog(self) -> dict[tuple[str, str], Definition]:
        """Give every object by kind and lower-case name."""
        _, rows = self.answer(_CATALOG)
        return {
            (kind, name.lower()): Definition(
                kind, name, table, sql, self.shapes.get(name.lower()) if kind in ("table", "view") else None
            )
            for kind, name, table, sql in rows
            if not name.startswith("sqlite_")
        }

    def redefined(self, sql: str, *, legacy: bool = False) -> Mirror:
        """Give the mirror as it is after a definition; raises what sqlite3 raises for it.  Shapes are the caller's.

        `legacy` is PRAGMA legacy_alter_table.
        """
        made = self.copy()
        with made._lock:
            made._lite.execute(f"PRAGMA legacy_alter_table = {int(legacy)}")
            made._lite.execute(sql)
            made._lite.execute("PRAGMA legacy_alter_table = 0")
        return made

    def copy(self, *, version: int | None = None) -> Mirror:
        made = Mirror(self.schema, self.version if version is None else version)
        with self._lock:
            self._lite.backup(made._lite)
        made.shapes = dict(self.shapes)
        return made


class Shape:
    """What all connections of the process to one database know of it: the newest mirror."""

    __slots__ = ("mirror",)

    def __init__(self, mirror: Mirror) -> None:
        self.mirror = mirror


def changes(
    before: Mapping[tuple[str, str], Definition], after: Mapping[tuple[str, str], Definition]
) -> tuple[list[Definition], list[Definition]]:
    """Give the objects that are gone and those that are new; one that changed is both."""
    gone = [item for key, item in before.items() if after.get(key) != item]
    new = [item for key, item in after.items() if before.get(key) != item]
    return gone, new
