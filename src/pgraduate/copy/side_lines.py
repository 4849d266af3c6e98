"""Writing the side lines of a chunk: kept classes and quarantined cells.

The key's text is made by PostgreSQL, here and in every later reading: the encoded key goes into a temporary table
with the columns' own types, and `column::text` turns it into `row_key`.  No client ever imitates that text.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from pgraduate.copy.encoders.wire import cast_of, wire_type
from pgraduate.copy.rows import SideLine
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.postgres.identifiers import qualified, quote


def write_side_lines(
    connection: psycopg.Connection,
    plan: TablePlan,
    key: Sequence[ColumnPlan],
    bases: Sequence[str],
    lines: Sequence[SideLine],
) -> None:
    """Write the lines into the open transaction; `bases` are the types of the key's columns."""
    names = [f"k{place}" for place in range(len(key))]
    casts = [cast_of(column, base) for column, base in zip(key, bases, strict=True)]
    typed = [
        f", {quote(column.target) if cast is None else f'NULL::{cast.wire}'} AS {name}"
        for column, cast, name in zip(key, casts, names, strict=True)
    ]
    connection.execute(
        "CREATE TEMPORARY TABLE pgraduate_side_lines ON COMMIT DROP AS SELECT NULL::text AS column_name, "
        "NULL::text AS class, NULL::bytea AS value, NULL::text AS reason, NULL::bigint AS source_rowid"
        f"{''.join(typed)} FROM {qualified(plan.schema, plan.name)} WITH NO DATA"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY pg_temp.pgraduate_side_lines FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["text", "text", "bytea", "text", "int8", *map(wire_type, key, bases)])
        for line in lines:
            copy.write_row((line.column, line.storage_class, line.value, line.reason, line.rowid, *line.key))
    items = [name if cast is None else cast.into.format(name) for name, cast in zip(names, casts, strict=True)]
    row_key = "ARRAY[" + ", ".join(f"({item})::text" for item in items) + "]"
    for table, extra, kind in (("kept_class", "", "IS NULL"), ("quarantine", ", value, reason", "IS NOT NULL")):
        connection.execute(
            f"INSERT INTO pgraduate.{table}"
            f" (schema_name, table_name, column_name, row_key, class, source_rowid{extra})"
            f" SELECT %s, %s, column_name, {row_key}, class, source_rowid{extra}"
            f" FROM pg_temp.pgraduate_side_lines WHERE value {kind}",
            (plan.schema, plan.name),
        )
    connection.execute("DROP TABLE pg_temp.pgraduate_side_lines")
