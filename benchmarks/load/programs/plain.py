"""The loop that everybody writes first: the standard sqlite3 module, psycopg's write_row, one thread."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import psycopg

from benchmarks.load.case import SCHEMA, Case
from benchmarks.load.contenders import SESSION
from benchmarks.load.measuring import working
from pgraduate.postgres.identifiers import qualified, quote


def main(description: Path, conninfo: str) -> None:
    record, plan = Case.read(description)
    case = Case(record.name, Path(record.path), record, plan, {})
    with working(), psycopg.connect(conninfo, autocommit=True) as connection:
        source = sqlite3.connect(record.sealed)
        connection.execute(SESSION.encode())
        connection.execute(f"CREATE SCHEMA {quote(SCHEMA)}".encode())
        for statement in case.tables_sql:
            connection.execute(statement.encode())
        for table in plan.tables:
            columns = [column for column in table.columns if not column.generated]
            targets = ", ".join(quote(column.target) for column in columns)
            copy_in = f"COPY {qualified(table.schema, table.name)} ({targets}) FROM STDIN (FORMAT BINARY)"
            with connection.cursor() as cursor, cursor.copy(copy_in.encode()) as copy:
                copy.set_types([column.type.replace("double precision", "float8") for column in columns])
                names = ", ".join(quote(column.source) for column in columns)
                for row in source.execute(f"SELECT {names} FROM {quote(table.source)}"):
                    copy.write_row(row)
        for statement in case.keys_sql:
            connection.execute(statement.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
