"""All rows of a database and the positions of its sequences, for tests that ask whether anything is different."""

from __future__ import annotations

import psycopg


def rows_of(conninfo: str, schema: str = "public") -> dict[str, object]:
    """Read every table's rows as sorted text, and where every sequence stands."""
    with psycopg.connect(conninfo) as connection:
        names = connection.execute(
            "SELECT relname, relkind::text FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'S')",
            (schema,),
        ).fetchall()
        found: dict[str, object] = {}
        for name, kind in names:
            what = "last_value, is_called" if kind == "S" else "t::text"
            question = f'SELECT {what} FROM "{schema}"."{name}" AS t ORDER BY 1'
            found[name] = connection.execute(question.encode()).fetchall()
    return found
