"""The texts of the questions that checks ask, and how they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, Any]


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.health").joinpath("sql", f"{name}.sql").read_text("utf-8")


def ask(
    connection: psycopg.Connection,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    schema: str | None = None,
) -> list[Row]:
    """Ask the question of a .sql file; `{schema}` in it is where an extension lives."""
    text = sql.SQL(script(name))
    question = text.format(schema=sql.Identifier(schema)) if schema is not None else text
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(question, parameters).fetchall()
