"""The roles of a schema, as the file that a person reviews.

Where pgraduate.toml names roles, the file holds what a run does for them; where it names none, nothing is created
or granted, and the file holds the same statements as comments, with how to use them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args, get_type_hints

from pgraduate.model.decision import toml_text
from pgraduate.model.plan import RolePlan, SchemaPlan
from pgraduate.postgres.identifiers import quote, shorten
from pgraduate.postgres.role_acts import MONITOR, RoleAct, wanted_privileges
from pgraduate.schema.comments import comment
from pgraduate.schema.view import COMPAT_SCHEMA

_PURPOSES = get_args(get_type_hints(RolePlan)["purpose"])
_TITLES = {
    "app": "the application: reads and writes rows, changes no table",
    "readonly": "people and reports: reads rows",
    "monitor": "a monitoring agent: reads the server's statistics, and no row",
}
_DATABASE = ':"DBNAME"'
"""psql's own variable: the database that the file is applied to."""
_WHOLE_SCHEMA = {"table": "ALL TABLES", "sequence": "ALL SEQUENCES"}


def role_plans(names: Mapping[str, str]) -> tuple[RolePlan, ...]:
    """Give the roles that pgraduate.toml names, by purpose."""
    return tuple(RolePlan(purpose, names[purpose]) for purpose in _PURPOSES if purpose in names)


def roles_sql(plan: SchemaPlan) -> Iterator[str]:
    """Give the lines of the roles' file, for psql; each statement can run again."""
    if plan.roles:
        yield "-- Run by the owner of the tables; CREATE ROLE needs CREATEROLE, and the last statement of each role"
        yield "-- a right over it."
    else:
        yield "-- Not applied: pgraduate.toml names no roles. To let a run create or use roles, name those you want:"
        yield "--"
        yield "-- [roles]"
        for role in _suggested(plan.schema):
            yield f"-- {role.purpose} = {toml_text(role.name)}"
        yield "--"
        yield "-- Or apply these statements by hand, behind the other files:"
    yield "-- Log-ins are an administrator's. A log-in inherits the rights of a role that is granted to it, but not its"
    yield "-- search_path, which has to be set for the log-in as well."
    for role in plan.roles or _suggested(plan.schema):
        yield ""
        yield from comment(f"{role.purpose} role {role.name}: {_TITLES[role.purpose]}")
        for statement in _statements(role, plan):
            yield from [statement] if plan.roles else comment(statement)


def _suggested(schema: str) -> tuple[RolePlan, ...]:
    return role_plans({purpose: shorten(f"{schema}_{purpose}") for purpose in _PURPOSES})


def _statements(role: RolePlan, plan: SchemaPlan) -> Iterator[str]:
    create = RoleAct(role.name, "role").statement
    yield (
        f"SELECT {_literal(create)} WHERE NOT EXISTS"
        f" (SELECT FROM pg_catalog.pg_roles WHERE rolname = {_literal(role.name)}) \\gexec"
    )
    if role.purpose == "monitor":
        yield RoleAct(role.name, "member", objects=(MONITOR,)).statement + ";"
    granted: dict[str, list[str]] = {}
    for kind, privilege in wanted_privileges(role):
        granted.setdefault(kind, []).append(privilege)
    for kind, privileges in granted.items():
        if statement := _grant(role, kind, tuple(privileges), plan):
            yield statement + ";"
    yield RoleAct(role.name, "search_path", objects=(_DATABASE, quote(plan.schema))).statement + ";"


def _grant(role: RolePlan, kind: str, privileges: tuple[str, ...], plan: SchemaPlan) -> str | None:
    schema = quote(plan.schema)
    if kind in _WHOLE_SCHEMA:
        rights = ", ".join(privileges)
        return f"GRANT {rights} ON {_WHOLE_SCHEMA[kind]} IN SCHEMA {schema} TO {quote(role.name)}"
    if kind == "compat routine" or (kind == "compat schema" and not plan.compat):
        return None
    objects = {"database": _DATABASE, "compat schema": quote(COMPAT_SCHEMA)}
    return RoleAct(role.name, kind, privileges, (objects.get(kind, schema),)).statement


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
