"""What every table of a database holds, as one number each that does not depend on the order of rows.

A row is its columns' texts in the order of their names, hashed by the server; a table is the sum of its rows' hashes
and their count.  Two databases are compared under the same session settings, so that a text says the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from pgraduate.maintain.upkeep import script

_SESSION = "SET LOCAL search_path = ''; SET LOCAL lc_monetary = 'C'; SET LOCAL extra_float_digits = 1"
_DIGEST = """
SELECT pg_catalog.count(*),
       coalesce(sum(('x' || pg_catalog.substr(m, 1, 16))::pg_catalog.bit(64)::pg_catalog.int8::pg_catalog.numeric), 0),
       coalesce(sum(('x' || pg_catalog.substr(m, 17, 16))::pg_catalog.bit(64)::pg_catalog.int8::pg_catalog.numeric), 0)
  FROM (SELECT pg_catalog.md5(ROW({})::pg_catalog.text) AS m FROM ONLY {}) AS rows
"""


@dataclass(frozen=True, slots=True)
class TableDigest:
    schema: str
    name: str
    rows: int
    digest: str


def digest_tables(connection: psycopg.Connection) -> tuple[TableDigest, ...]:
    """Digest every table of users; the caller holds the transaction whose snapshot is meant."""
    connection.execute(_SESSION)
    return tuple(_digest(connection, *row) for row in connection.execute(script("backup_tables")).fetchall())


def _digest(connection: psycopg.Connection, schema: str, name: str, columns: list[str]) -> TableDigest:
    items = sql.SQL(", ").join(map(sql.Identifier, columns))
    row = connection.execute(sql.SQL(_DIGEST).format(items, sql.Identifier(schema, name))).fetchone()
    assert row is not None
    return TableDigest(schema, name, row[0], f"{row[1]}:{row[2]}")
