"""An extension made in a database, and taken away only by who made it."""

from __future__ import annotations

from typing import ClassVar

import psycopg
from psycopg import sql

from pgraduate.cluster import Administrator
from pgraduate.model.operation import Check, Plan
from pgraduate.postgres.extensions import has_extension


class CreateExtension:
    """Operation over a server's administrator: CREATE EXTENSION, where the server's files and settings allow it."""

    kind: ClassVar[str] = "extension.create"

    def apply(self, administrator: Administrator, plan: Plan, /) -> None:
        with administrator.connect() as connection:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(plan.facts["name"]))
            )

    def check(self, administrator: Administrator, plan: Plan, /) -> Check:
        with administrator.connect() as connection:
            return Check(has_extension(connection, plan.facts["name"]), "the extension is not there")

    def undo(self, administrator: Administrator, plan: Plan, /) -> None:
        if plan.facts["stood"]:
            return
        with administrator.connect() as connection:
            connection.execute(sql.SQL("DROP EXTENSION IF EXISTS {}").format(sql.Identifier(plan.facts["name"])))


def plan_extension(connection: psycopg.Connection, name: str) -> Plan:
    """Plan an extension; one that stands already is not taken away by undo."""
    stood = has_extension(connection, name)
    return Plan(
        CreateExtension.kind,
        f"extension {name}",
        (f"CREATE EXTENSION IF NOT EXISTS {name}",),
        () if stood else (f"DROP EXTENSION IF EXISTS {name}",),
        {"name": name, "stood": stood},
    )
