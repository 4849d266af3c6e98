"""The schemas of a run on a role's search_path in this database, so that tables are found unqualified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import psycopg
from psycopg import sql

from pgraduate.model.operation import Check, Plan
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.records import script

DEFAULT = ["$user", "public"]
"""PostgreSQL's own search_path, as names."""

_ENTRY = re.compile(r'"((?:[^"]|"")*)"|([^,\s]+)')


class SearchPath:
    """Operation over a connection: new schemas stand before "$user", and nobody else's entry is moved."""

    kind: ClassVar[str] = "role.search_path"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        add_schemas(connection, plan.facts["schemas"])

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        names = role_search_path(connection)
        missing = [name for name in plan.facts["schemas"] if name not in names]
        return Check(not missing, f"search_path lacks {', '.join(missing)}" if missing else "")

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        remove_schemas(connection, plan.facts["schemas"])


def plan_search_path(connection: psycopg.Connection, schemas: Sequence[str]) -> Plan:
    """Plan the setting for the connection's role in its database."""
    role, database = connection.info.user, connection.info.dbname
    where = f"ALTER ROLE {quote(role)} IN DATABASE {quote(database)}"
    named = ", ".join(quote(name) for name in schemas)
    return Plan(
        SearchPath.kind,
        f"role {role} in database {database}",
        (f"{where} SET search_path = {named}, …",),
        (f"{where} SET search_path = … -- without {named}",),
        {"schemas": list(schemas)},
    )


def role_search_path(connection: psycopg.Connection, role: str | None = None) -> list[str]:
    """Read a role's own setting for this database as names, by default the current role's; [] where it has none."""
    row = connection.execute(script("role_search_path"), {"role": role}).fetchone()
    if row is None:
        return []
    return [quoted.replace('""', '"') if quoted else plain for quoted, plain in _ENTRY.findall(row[0])]


def with_schemas(names: Sequence[str], schemas: Sequence[str]) -> list[str]:
    """Give a search_path with the schemas that it lacks before "$user"."""
    missing = [name for name in schemas if name not in names]
    place = names.index("$user") if "$user" in names else len(names)
    return [*names[:place], *missing, *names[place:]]


def add_schemas(connection: psycopg.Connection, schemas: Sequence[str], role: str | None = None) -> None:
    """Put the schemas on a role's search_path, by default the current role's, where they are not there yet."""
    before = role_search_path(connection, role) or DEFAULT
    after = with_schemas(before, schemas)
    if after != before:
        _write(connection, after, role)


def remove_schemas(connection: psycopg.Connection, schemas: Sequence[str], role: str | None = None) -> None:
    """Take the schemas off a role's search_path, by default the current role's, and leave the rest of it."""
    before = role_search_path(connection, role)
    after = [name for name in before if name not in schemas]
    if after != before:
        _write(connection, [] if after == DEFAULT else after, role)


def _write(connection: psycopg.Connection, names: Sequence[str], role: str | None) -> None:
    who = sql.SQL("CURRENT_USER") if role is None else sql.Identifier(role)
    where = sql.SQL("ALTER ROLE {} IN DATABASE {}").format(who, sql.Identifier(connection.info.dbname))
    if names:
        value = sql.SQL(", ").join(sql.Identifier(name) for name in names)
        connection.execute(sql.SQL("{} SET search_path = {}").format(where, value))
    else:
        connection.execute(sql.SQL("{} RESET search_path").format(where))
