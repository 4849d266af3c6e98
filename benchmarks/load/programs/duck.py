"""DuckDB between the two: both databases attached, one INSERT … SELECT per table, then the same keys and indexes."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import duckdb_extension_postgres_scanner
import duckdb_extension_sqlite_scanner
import psycopg

from benchmarks.load.case import SCHEMA, Case
from benchmarks.load.contenders import SESSION
from benchmarks.load.measuring import working
from pgraduate.postgres.identifiers import quote


def main(description: Path, conninfo: str) -> None:
    record, plan = Case.read(description)
    case = Case(record.name, Path(record.path), record, plan, {})
    duck = duckdb.connect()
    for extension in (duckdb_extension_sqlite_scanner, duckdb_extension_postgres_scanner):
        (binary,) = Path(str(extension.__file__)).parent.rglob("*.duckdb_extension")
        duck.execute(f"LOAD '{binary}'")
    with working(), psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(SESSION.encode())
        connection.execute(f"CREATE SCHEMA {quote(SCHEMA)}".encode())
        for statement in case.tables_sql:
            connection.execute(statement.encode())
        duck.execute("SET threads = 2")
        duck.execute(f"ATTACH '{record.sealed}' AS lite (TYPE sqlite, READ_ONLY)")
        duck.execute(f"ATTACH '{conninfo}' AS post (TYPE postgres)")
        for table in plan.tables:
            columns = [column for column in table.columns if not column.generated]
            names = ", ".join(quote(column.source) for column in columns)
            targets = ", ".join(quote(column.target) for column in columns)
            target = f"post.{quote(table.schema)}.{quote(table.name)}"
            duck.execute(f"INSERT INTO {target} ({targets}) SELECT {names} FROM lite.{quote(table.source)}")
        for statement in case.keys_sql:
            connection.execute(statement.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
