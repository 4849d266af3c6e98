"""pgraduate's records inside a target: the schema `pgraduate`.

They decide what a resume does, so they are written in the transactions whose work they describe.  The invariant:
a line in `chunk` or `object` stands there exactly when its rows or its object do.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import psycopg

SCHEMA = "pgraduate"


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.postgres").joinpath("sql", f"{name}.sql").read_text("utf-8")


def install(connection: psycopg.Connection) -> None:
    """Make the records' schema where it is missing; an owner of the database may do it."""
    with connection.transaction():
        connection.execute(script("records"))
