"""Every view of the sample databases gives in PostgreSQL what it gives in SQLite, also read through another view."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import psycopg
import pytest
from support.dialect_twin import Column, Table, Value, difference, load, run_postgres, run_sqlite

from pgraduate import compat
from pgraduate.dialect import translate_view
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.dialect.translation import Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

DATABASES = Path(os.environ.get("PGRADUATE_DATABASES", Path(__file__).parents[3].parent / "shared" / "databases"))
SAMPLES = ("northwind", "sakila_schema", "edge_view")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")


def representation(declared: str, values: Sequence[Value]) -> tuple[str, Representation]:
    """Plan a column as the default policy does, as far as the samples need it."""
    classes = {type(value) for value in values if value is not None}
    texts = [value for value in values if isinstance(value, str)]
    if classes == {str} and declared.upper() == "DATE" and all(_DATE.fullmatch(t) for t in texts):
        return "date", Representation(Rule.DATE)
    if classes == {str} and "TIME" in declared.upper() and all(_MOMENT.fullmatch(t) for t in texts):
        return "timestamp", Representation(Rule.TIMESTAMP, "YYYY-MM-DD[ HH:MM:SS]")
    if classes <= {int} and ("INT" in declared.upper() or classes):
        return "bigint", Representation(Rule.INTEGER)
    if classes <= {float} and classes:
        return "double precision", Representation(Rule.REAL)
    if classes == {int, float}:
        return "numeric", Representation(Rule.NUMBER)
    if classes == {bytes}:
        return "bytea", Representation(Rule.BLOB)
    return "text", Representation(Rule.TEXT)


def tables_of(source: apsw.Connection) -> list[Table]:
    rows = source.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
    )
    names = [str(name) for (name,) in rows]
    return [_table(source, name) for name in names]


def _views_of(source: apsw.Connection) -> dict[str, str]:
    rows = source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
    return {str(name): str(sql) for name, sql in rows}


def _table(source: apsw.Connection, name: str) -> Table:
    rows = source.execute(f'SELECT * FROM "{name}"').fetchall()
    columns = []
    for place, (_, column, declared, _, _, _) in enumerate(source.execute(f'PRAGMA table_info("{name}")')):
        type, rule = representation(declared, [row[place] for row in rows])
        columns.append(Column(column, declared, type, rule))
    return Table(name, tuple(columns), tuple(rows))


def as_table(name: str, translation: Translation) -> TableView:
    """Make a translated view something that other views can read, as the schema's planner does."""
    columns = tuple(
        ColumnView(
            c.name,
            c.name.lower(),
            c.type or "text",
            c.affinity or Affinity.BLOB,
            c.representation or Representation(Rule.TEXT),
            c.collation,
        )
        for c in translation.columns
    )
    return TableView(name, "app", name.lower(), columns, is_view=True)


@dataclass
class Views:
    """The views of a file, translated in the order in which they can be made."""

    schema: SimpleSchema
    done: dict[str, Translation] = field(default_factory=dict)

    def translate(self, waiting: dict[str, str]) -> None:
        while waiting:
            for name, sql in list(waiting.items()):
                try:
                    translation = translate_view(sql, self.schema)
                except NotTranslated as refusal:
                    if "unknown table" not in refusal.what or len(waiting) == 1:
                        raise
                    continue
                self.done[name] = translation
                tables = dict(self.schema.tables) | {name.lower(): as_table(name, translation)}
                self.schema = SimpleSchema(tables, self.schema.compat_schema)
                del waiting[name]


@pytest.mark.parametrize("sample", SAMPLES)
def test_views_of_sample_database_give_the_same_rows(sample: str, connection: psycopg.Connection) -> None:
    file = DATABASES / f"{sample}.db"
    if not file.exists():
        pytest.skip("the sample databases are not here")
    source = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    tables = tables_of(source)
    compat.install(connection)
    load(connection, tables)
    views = Views(SimpleSchema.of(*(table.view() for table in tables)))
    views.translate(_views_of(source))
    assert views.done
    for name, translation in views.done.items():
        names = ", ".join(f'"{column.name.lower()}"' for column in translation.columns)
        connection.execute(f'CREATE VIEW app."{name.lower()}" ({names}) AS {translation.sql}'.encode())
    for name, translation in views.done.items():
        names_of_source, expected = run_sqlite(source, f'SELECT * FROM "{name}"')
        assert names_of_source in ([column.name for column in translation.columns], [])
        assert difference(expected, run_postgres(connection, translation), ordered=False) is None, name
    source.close()
