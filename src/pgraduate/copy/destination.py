"""What stands in PostgreSQL before the rows come: the columns' real types, and whether the table is empty."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import psycopg

from pgraduate.errors import Refused, TargetUnusable
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.postgres.identifiers import qualified


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.copy").joinpath("sql", f"{name}.sql").read_text("utf-8")


def names_of(plans: Sequence[TablePlan]) -> dict[str, list[str]]:
    """Give the tables' names as the scripts ask for them that are about several tables."""
    return {"schemas": [plan.schema for plan in plans], "tables": [plan.name for plan in plans]}


class ColumnTypes:
    """The types of the columns of some tables: pg_type's names, domains resolved, asked for in one query."""

    def __init__(self, connection: psycopg.Connection, plans: Sequence[TablePlan]) -> None:
        self._found: dict[tuple[str, str], dict[str, str]] = {}
        for schema, table, column, base in connection.execute(script("columns"), names_of(plans)):
            self._found.setdefault((schema, table), {})[column] = base

    def of(self, plan: TablePlan, columns: tuple[ColumnPlan, ...]) -> tuple[str, ...]:
        """Give the types of some columns of a table; raise TargetUnusable where the target lacks one."""
        types = self._found.get((plan.schema, plan.name), {})
        missing = [column.target for column in columns if column.target not in types]
        if missing:
            raise TargetUnusable(
                f"the target's table has no column {missing[0]}" if types else "the target has no such table",
                where=f"table {plan.schema}.{plan.name}",
                hint="the schema must be made before the rows are copied: run `pgraduate schema`",
            )
        return tuple(types[column.target] for column in columns)


def require_empty(connection: psycopg.Connection, plan: TablePlan) -> None:
    """Raise Refused for a table that holds rows which this run did not write."""
    row = connection.execute(f"SELECT EXISTS (SELECT FROM {qualified(plan.schema, plan.name)})").fetchone()
    if row is not None and row[0]:
        raise Refused(
            "the target's table holds rows that this run did not copy",
            where=f"table {plan.schema}.{plan.name}",
            hint="empty it, or choose another schema with --target-schema",
        )


def make_new(connection: psycopg.Connection, plan: TablePlan) -> None:
    """Give an empty table new storage in the open transaction, so that its rows can arrive frozen.

    Raises Refused as `require_empty` does: the lock keeps everybody out between the look and the TRUNCATE.
    """
    table = qualified(plan.schema, plan.name)
    connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    require_empty(connection, plan)
    connection.execute(f"TRUNCATE TABLE {table}")
