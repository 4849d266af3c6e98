"""What the requested roles still lack in a target, and what of it this connection may not give.

The catalog alone is asked, so the answer is the same before a run, in the middle of one and after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from pgraduate.errors import Refused
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.plan import RolePlan
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.records import script
from pgraduate.postgres.role_acts import MONITOR, RoleAct, wanted_privileges
from pgraduate.postgres.search_path import DEFAULT, role_search_path, with_schemas


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What there is of a role, and what the connection's own role may do for it."""

    exists: bool
    own: bool
    """The role is the one that asks."""
    can_login: bool
    may_create: bool
    may_alter: bool
    may_make_monitor: bool
    monitors: bool
    may_define: bool
    """The role may make objects in the schemas, or become who may."""
    has_rights: bool
    """Something in the cluster names the role: a right, an owner, a policy."""
    has_members: bool
    me: str
    """The role that asks."""
    database: str
    """The database's name as SQL writes it."""


@dataclass(frozen=True, slots=True)
class Need:
    """An act that is not done yet; `allowed` says whether this connection may do it."""

    act: RoleAct
    allowed: bool


def role_facts(connection: psycopg.Connection, role: str, schemas: Sequence[str] = ()) -> RoleFacts:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(script("role_facts"), {"role": role, "schemas": list(schemas)}).fetchone()
    assert row is not None
    return RoleFacts(**row)


def require_roles(connection: psycopg.Connection, roles: Sequence[RolePlan]) -> None:
    """Refuse, with the statements for an administrator, roles that do not exist and cannot be created here."""
    facts = {role.name: role_facts(connection, role.name) for role in roles}
    for role in roles:
        if facts[role.name].own:
            raise Refused(
                f"role {role.name} owns what the run makes; it cannot be the {role.purpose} role as well",
                where="pgraduate.toml [roles]",
                hint=f"name another role for '{role.purpose}'",
            )
    missing = [name for name, fact in facts.items() if not fact.exists and not fact.may_create]
    if missing:
        statements = " ".join(f"{RoleAct(name, 'role').statement};" for name in missing)
        raise Refused(
            f"role {connection.info.user} may not create roles, and there is no role {', '.join(missing)}",
            where="pgraduate.toml [roles]",
            hint=f"as an administrator: {statements}",
        )


def role_findings(
    connection: psycopg.Connection, roles: Sequence[RolePlan], schemas: Sequence[str], *, compat: str | None
) -> Iterator[Finding]:
    """Say what an administrator has to do for the roles, statement by statement, and which can do too much."""
    for role in roles:
        facts = role_facts(connection, role.name, schemas)
        if facts.may_define:
            yield Finding(
                "ROLE_MAY_DEFINE",
                Severity.WARNING,
                f"role {role.name}",
                f"the {role.purpose} role may change tables: it is a superuser, a member of the owner, or may create"
                " objects in the schema",
                "name a role of its own under [roles], or take that right from it",
            )
        if not facts.can_login:
            yield Finding(
                "ROLE_WITHOUT_LOGIN",
                Severity.NOTICE,
                f"role {role.name}",
                f"the {role.purpose} role cannot log in; a log-in inherits its rights, but not its search_path",
                f"as an administrator, for each log-in: GRANT {quote(role.name)} TO …; ALTER ROLE … IN DATABASE"
                f" {facts.database} SET search_path = {_path(DEFAULT, schemas)};",
            )
        for need in needs(connection, role, schemas, compat=compat):
            if not need.allowed:
                yield Finding(
                    "ROLE_NEEDS_ADMINISTRATOR",
                    Severity.WARNING,
                    f"role {role.name}",
                    f"role {connection.info.user} may not {_deed(need.act)} the {role.purpose} role{_until(need.act)}",
                    f"as an administrator: {_statement(connection, need.act)};",
                )


def needs(
    connection: psycopg.Connection, role: RolePlan, schemas: Sequence[str], *, compat: str | None
) -> Iterator[Need]:
    """Give what a role lacks, in the order in which it can be done."""
    facts = role_facts(connection, role.name)
    if not facts.exists:
        yield Need(RoleAct(role.name, "role"), facts.may_create)
    if role.purpose == "monitor" and not facts.monitors:
        yield Need(RoleAct(role.name, "member", objects=(MONITOR,)), facts.may_make_monitor)
    yield from _lacking_privileges(connection, role, schemas, compat=compat, me=facts.me)
    path = role_search_path(connection, role.name) or DEFAULT
    missing = [name for name in schemas if name not in path]
    if missing:
        act = RoleAct(role.name, "search_path", objects=(facts.database, *map(quote, missing)))
        yield Need(act, facts.may_alter)


def _lacking_privileges(
    connection: psycopg.Connection, role: RolePlan, schemas: Sequence[str], *, compat: str | None, me: str
) -> Iterator[Need]:
    kinds, privileges = zip(*wanted_privileges(role), strict=True)
    question = {
        "role": role.name,
        "kinds": list(kinds),
        "privileges": list(privileges),
        "schemas": list(schemas),
        "compat": compat,
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(script("role_lacks"), question).fetchall()
    for row in rows:
        owner = me if row["kind"].startswith("default ") else None
        act = RoleAct(role.name, row["kind"], tuple(row["privileges"]), tuple(row["objects"]), owner)
        yield Need(act, row["allowed"])


def _deed(act: RoleAct) -> str:
    """Say an act as what is done to a role."""
    match act.kind:
        case "role":
            return "create"
        case "search_path":
            return "set the search_path of"
        case "member":
            return f"add to {act.objects[0]}"
        case _:
            return f"grant {', '.join(act.privileges)} to"


def _until(act: RoleAct) -> str:
    return ", which finds the tables by qualified names only" if act.kind == "search_path" else ""


def _statement(connection: psycopg.Connection, act: RoleAct) -> str:
    """Write the act so that it holds whatever search_path the role has already."""
    if act.kind != "search_path":
        return act.statement
    before = role_search_path(connection, act.role) or DEFAULT
    where = f"ALTER ROLE {quote(act.role)} IN DATABASE {act.objects[0]}"
    return f"{where} SET search_path = {_path(before, act.schemas)}"


def _path(before: Sequence[str], schemas: Sequence[str]) -> str:
    return ", ".join(map(quote, with_schemas(before, schemas)))
