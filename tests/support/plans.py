"""Hand-made plans and the tables that they describe, for tests that must not depend on the schema stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import apsw
import psycopg

from pgraduate import compat
from pgraduate.model.plan import ColumnPlan, ObjectPlan, SchemaPlan, TablePlan
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.postgres.records import install

RUN = "run-1"
SCHEMA = "app"

_TYPES = {
    "integer": "bigint",
    "real": "double precision",
    "text": "text",
    "blob": "bytea",
    "number": "numeric",
    "boolean": "boolean",
    "boolean_text": "boolean",
    "uuid": "uuid",
    "date": "date",
    "timestamp": "timestamp without time zone",
    "epoch": "timestamp without time zone",
    "julian": "timestamp without time zone",
    "decimal": "numeric(15,4)",
    "json_value": "jsonb",
    "any_text": "text",
    "any_bytes": "bytea",
    "any_value": "pgraduate_compat.any_value",
}


def column(
    name: str,
    representation: str,
    type_name: str | None = None,
    *,
    quarantines: bool = False,
    keeps_class: bool = False,
    generated: bool = False,
) -> ColumnPlan:
    """Plan a column; `representation` is written as `Representation.parse` reads it."""
    rule = Representation.parse(representation)
    return ColumnPlan(
        source=name,
        target=name.lower(),
        type=type_name or _TYPES[rule.rule],
        representation=rule,
        reason="a test asks for it",
        quarantines=quarantines,
        keeps_class=keeps_class,
        generated=generated,
    )


def table(
    name: str,
    columns: Sequence[ColumnPlan],
    *,
    key: Sequence[str] = (),
    rowid_alias: str | None = None,
    without_rowid: bool = False,
    rows: int = 0,
    longest: int = 0,
) -> TablePlan:
    return TablePlan(
        source=name,
        schema=SCHEMA,
        name=name.lower(),
        columns=tuple(columns),
        key=tuple(key),
        rowid_alias=rowid_alias,
        without_rowid=without_rowid,
        rows=rows,
        longest=longest,
    )


def plan(*tables: TablePlan, objects: Sequence[ObjectPlan] = ()) -> SchemaPlan:
    return SchemaPlan(source=SCHEMA, schema=SCHEMA, policy="declared", tables=tables, objects=tuple(objects))


def create_table(planned: TablePlan, *, expressions: dict[str, str] | None = None) -> str:
    """Write the CREATE TABLE of a plan, with its key; `expressions` hold those of generated columns."""
    items = []
    for item in planned.columns:
        expression = (expressions or {}).get(item.source)
        suffix = f" GENERATED ALWAYS AS ({expression}) STORED" if expression else ""
        items.append(f"{quote(item.target)} {item.type}{suffix}")
    if planned.key:
        items.append("PRIMARY KEY (" + ", ".join(quote(planned.column(name).target) for name in planned.key) + ")")
    return f"CREATE TABLE {qualified(planned.schema, planned.name)} ({', '.join(items)})"


def prepare_target(conninfo: str, planned: SchemaPlan, *, expressions: dict[str, str] | None = None) -> None:
    """Make the records, the run and the tables of a plan; what an earlier test made there goes away."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        install(connection)
        if any(item.representation.rule is Rule.ANY_VALUE for made in planned.tables for item in made.columns):
            compat.install(connection)
        connection.execute(f"DROP SCHEMA IF EXISTS {quote(planned.schema)} CASCADE; DELETE FROM pgraduate.run")
        connection.execute("DELETE FROM pgraduate.kept_class; DELETE FROM pgraduate.quarantine")
        connection.execute("INSERT INTO pgraduate.run (run_id, version) VALUES (%s, 'test')", (RUN,))
        connection.execute(f"CREATE SCHEMA {quote(planned.schema)}")
        for item in planned.tables:
            connection.execute(create_table(item, expressions=expressions))


def make_source(path: Path, script: str, rows: Mapping[str, Sequence[Sequence[object]]] | None = None) -> Path:
    """Write a SQLite file: a script, then rows per table, each as a tuple of all its columns."""
    connection = apsw.Connection(str(path))
    try:
        connection.execute(script)
        with connection:
            for name, values in (rows or {}).items():
                if values:
                    marks = ", ".join("?" * len(values[0]))
                    connection.executemany(f"INSERT INTO {quote(name)} VALUES ({marks})", values)
    finally:
        connection.close()
    return path
