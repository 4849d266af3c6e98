"""The same small database in SQLite and in PostgreSQL, fed the same statements, compared whole.

The tables are described by SQLite's own catalog; a declared type has its PostgreSQL type and representation below.
PostgreSQL's values are turned back here by plain Python, apart from the code under test.
"""

from __future__ import annotations

import datetime
import decimal
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql as pgsql

from pgraduate.compat.install import install
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.dialect.translation import TriggerTranslation
from pgraduate.dialect.triggers.creation import translate_trigger
from pgraduate.dialect.writing.statements import translate_dml
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, affinity_of

SCHEMA = "app"
SECONDS = "YYYY-MM-DD HH:MM:SS"
TYPES: Mapping[str, tuple[str, Representation]] = {
    "INTEGER": ("bigint", Representation(Rule.INTEGER)),
    "REAL": ("double precision", Representation(Rule.REAL)),
    "TEXT": ("text", Representation(Rule.TEXT)),
    "VARCHAR(20)": ("varchar(20)", Representation(Rule.TEXT)),
    "JSON": ("json", Representation(Rule.TEXT)),
    "BLOB": ("bytea", Representation(Rule.BLOB)),
    "BOOLEAN": ("boolean", Representation(Rule.BOOLEAN)),
    "YESNO": ("boolean", Representation(Rule.BOOLEAN_TEXT, "no/yes")),
    "DATE": ("date", Representation(Rule.DATE)),
    "DATETIME": ("timestamp", Representation(Rule.TIMESTAMP, SECONDS)),
    "TIMESTAMP": ("timestamp", Representation(Rule.TIMESTAMP, SECONDS)),
    "EPOCH INTEGER": ("timestamp", Representation(Rule.EPOCH, "s")),
    "DECIMAL": ("numeric", Representation(Rule.NUMBER)),
    "UUID TEXT": ("uuid", Representation(Rule.UUID)),
    "": ("text", Representation(Rule.ANY_TEXT, "NUMERIC")),
}
Value = int | float | str | bytes | None


@dataclass
class Twins:
    lite: sqlite3.Connection
    post: psycopg.Connection
    translations: list[TriggerTranslation] = field(default_factory=list)
    has_functions: bool = False

    @staticmethod
    @contextmanager
    def create(post: psycopg.Connection, tables: str, views: Mapping[str, str] | None = None) -> Iterator[Twins]:
        """Create the tables in both engines; `views` gives PostgreSQL's text of each view by its name."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as lite:
            lite.executescript(tables)
            twins = Twins(lite, post)
            post.execute(f"CREATE SCHEMA {SCHEMA}")
            for table in twins.schema.tables.values():
                if not table.is_view:
                    post.execute(_ddl(lite, table).encode())
            for name, text in (views or {}).items():
                post.execute(f"CREATE VIEW {SCHEMA}.{name} AS {text}".encode())
            yield twins

    @property
    def schema(self) -> SimpleSchema:
        rows = self.lite.execute("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
        return SimpleSchema.of(*(_view_of(self.lite, name, type == "view") for name, type in rows))

    def trigger(self, sql: str, name: str | None = None) -> TriggerTranslation:
        """Create a trigger in both engines."""
        self.lite.execute(sql)
        translation = translate_trigger(sql, self.schema, name=name)
        self.bring_functions(translation.uses_compat)
        self.post.execute(translation.function.encode())
        self.post.execute(translation.trigger.encode())
        self.translations.append(translation)
        return translation

    def run(self, statement: str) -> tuple[str | None, str | None]:
        """Run a statement in both engines and give the two error messages."""
        failed: str | None = None
        try:
            self.lite.execute(statement)
        except sqlite3.IntegrityError as error:
            failed = str(error)
        translation = translate_dml(statement, self.schema)
        self.bring_functions(translation.uses_compat)
        try:
            with self.post.transaction():
                for text in (*translation.before, translation.sql):
                    self.post.execute(text.encode())
        except psycopg.IntegrityError as error:
            return failed, error.diag.message_primary
        return failed, None

    def bring_functions(self, needed: bool) -> None:
        """Install the compat functions for the first statement that calls one."""
        if needed and not self.has_functions:
            install(self.post)
            self.has_functions = True

    def contents(self) -> tuple[dict[str, list[tuple[Value, ...]]], dict[str, list[tuple[Value, ...]]]]:
        """Read every table of both engines, sorted."""
        lite: dict[str, list[tuple[Value, ...]]] = {}
        post: dict[str, list[tuple[Value, ...]]] = {}
        for table in self.schema.tables.values():
            if table.is_view:
                continue
            name = table.source.replace('"', '""')
            lite[table.source] = _sorted(self.lite.execute(f'SELECT * FROM "{name}"').fetchall())
            rows = self.post.execute(
                pgsql.SQL("SELECT {} FROM {}").format(
                    pgsql.SQL(", ").join(
                        # The text of a json value is what SQLite holds; psycopg would parse it.
                        pgsql.SQL("{}::text" if column.type == "json" else "{}").format(
                            pgsql.Identifier(column.target)
                        )
                        for column in table.columns
                    ),
                    pgsql.Identifier(table.schema, table.target),
                )
            ).fetchall()
            post[table.source] = _sorted(
                [tuple(_back(v, c.representation) for v, c in zip(row, table.columns, strict=True)) for row in rows]
            )
        return lite, post


CreateTwins = Callable[[str], Twins]

_BY_AFFINITY = {
    Affinity.INTEGER: "INTEGER", Affinity.REAL: "REAL", Affinity.TEXT: "TEXT", Affinity.BLOB: "BLOB",
    Affinity.NUMERIC: "DECIMAL",
}  # fmt: skip


def _type_of(declared: str) -> tuple[str, Representation]:
    return TYPES.get(declared) or TYPES[_BY_AFFINITY[affinity_of(declared)]]


def _view_of(lite: sqlite3.Connection, name: str, is_view: bool) -> TableView:
    info = lite.execute('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)', (name,)).fetchall()
    columns = tuple(
        ColumnView(column, column.lower().replace(" ", "_"), _type_of(type)[0], affinity_of(type), _type_of(type)[1],
                   not_null=bool(not_null))
        for column, type, not_null, _ in info
    )  # fmt: skip
    primary = tuple(column for column, _, _, pk in sorted(info, key=lambda row: int(row[3])) if pk)
    alias = primary[0] if len(primary) == 1 and {c: t for c, t, _, _ in info}[primary[0]] == "INTEGER" else None
    keys = [primary] if primary else []
    for (index,) in lite.execute("SELECT name FROM pragma_index_list(?) WHERE origin = 'u'", (name,)).fetchall():
        found = lite.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,))
        keys.append(tuple(column for (column,) in found))
    return TableView(name, SCHEMA, name.lower(), columns, alias, tuple(keys), is_view)


def _ddl(lite: sqlite3.Connection, table: TableView) -> str:
    defaults = dict(lite.execute("SELECT name, dflt_value FROM pragma_table_xinfo(?)", (table.source,)).fetchall())
    lines = []
    for column in table.columns:
        line = f"{_quoted(column.target)} {column.type}"
        if column.source == table.rowid_alias:
            line += " GENERATED BY DEFAULT AS IDENTITY"
        elif (default := defaults[column.source]) is not None:
            words = {"0": "false", "1": "true"} if column.representation.rule is Rule.BOOLEAN else {}
            line += f" DEFAULT {words.get(default, default)}"
        lines.append(line + (" NOT NULL" if column.not_null else ""))
    targets = {column.source: _quoted(column.target) for column in table.columns}
    lines += [f"UNIQUE ({', '.join(targets[name] for name in key)})" for key in table.unique_keys]
    return f"CREATE TABLE {table.schema}.{_quoted(table.target)} ({', '.join(lines)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _back(value: object, representation: Representation) -> Value:
    """Turn PostgreSQL's value into SQLite's."""
    match value:
        case bool():
            if representation.rule is Rule.BOOLEAN_TEXT:
                return representation.detail.split("/")[value]
            return int(value)
        case datetime.datetime():
            if representation.rule is Rule.EPOCH:
                return int(value.replace(tzinfo=datetime.UTC).timestamp())
            assert value.microsecond == 0
            return value.isoformat(" ")
        case datetime.date():
            return value.isoformat()
        case decimal.Decimal():
            whole = value == value.to_integral() and abs(value) < 2**63
            return int(value) if whole else float(value)
        case uuid.UUID():
            return str(value)
        case str() if representation.rule is Rule.ANY_TEXT:
            return _natural(value)
        case None | int() | float() | str() | bytes():
            return value
        case _:
            raise AssertionError(f"no SQLite value for {type(value)}")


def _natural(text: str) -> Value:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _sorted(rows: Sequence[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    return sorted(rows, key=lambda row: tuple((value is not None, str(type(value)), str(value)) for value in row))
