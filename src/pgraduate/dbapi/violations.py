"""Which columns a violated constraint is over, in the source's names: SQLite's messages give them."""

from __future__ import annotations

import re

import psycopg

from pgraduate.dbapi.mirror import Mirror
from pgraduate.dialect.schema_view import TableView

_KEY = re.compile(r"\((?P<columns>.*?)\)=\(", re.DOTALL)


def violated(error: psycopg.Error, mirror: Mirror) -> tuple[str, ...]:
    """Give `table.column` for each column, () where the server does not say."""
    said = error.diag
    table = next((shape for shape in mirror.shapes.values() if shape.target == said.table_name), None)
    if table is None:
        return ()
    if said.column_name:
        return (_named(table, said.column_name),)
    found = _KEY.search(said.message_detail or "")
    if found is None:
        return ()
    return tuple(_named(table, name) for name in found["columns"].split(", "))


def _named(table: TableView, target: str) -> str:
    plain = target.removeprefix('"').removesuffix('"').replace('""', '"')
    for column in table.columns:
        if column.target == plain or f"({column.target})" in target or f"({column.target}," in target:
            return f"{table.source}.{column.source}"
    return f"{table.source}.{plain}"
