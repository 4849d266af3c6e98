"""The roles of a run: made where they are missing, given the rights of their purpose, and taken back exactly.

What is lacking is read from the catalog; what was done is written to `pgraduate.role_act` in the same transaction.
The invariant: a right that stood there before the run has no line, so an undo leaves it; and a role or a right that
a later run relies on is handed to that run instead of being taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import psycopg

from pgraduate.model.operation import Check, Plan
from pgraduate.model.plan import RolePlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.records import script
from pgraduate.postgres.role_acts import SHARED, RoleAct
from pgraduate.postgres.role_needs import Need, needs, require_roles, role_facts
from pgraduate.postgres.search_path import add_schemas, remove_schemas

_LOOKUPS = {
    "schema": "to_regnamespace",
    "compat schema": "to_regnamespace",
    "default table": "to_regnamespace",
    "default sequence": "to_regnamespace",
    "table": "to_regclass",
    "sequence": "to_regclass",
    "compat routine": "to_regprocedure",
}


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """The roles that a run was asked for, and the schemas that it made; `compat` names the schema of the
    functions that their objects call, if they do."""

    run_id: str
    roles: tuple[RolePlan, ...]
    schemas: tuple[str, ...]
    compat: str | None


@dataclass(frozen=True, slots=True)
class RecordedAct:
    id: int
    act: RoleAct


class GrantRoles:
    """Operation over a connection: roles, rights, default privileges and search_path, in one transaction."""

    kind: ClassVar[str] = "role.grants"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Do what the roles lack and this connection may do.

        Raises Refused where a role has to be created by an administrator.
        """
        request = from_json(RoleRequest, plan.facts)
        with connection.transaction():
            require_roles(connection, request.roles)
            for need in _needs(connection, request):
                if need.allowed:
                    _do(connection, request, need.act)

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        """Ask for what is still lacking; what only an administrator may do is a finding, not a part of this."""
        lacking = [need.act for need in _needs(connection, from_json(RoleRequest, plan.facts)) if need.allowed]
        return Check(not lacking, "; ".join(f"role {act.role} lacks {act.kind}" for act in lacking))

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Take back what this run did, the last first; a role that others use by now stays, with its line."""
        request = from_json(RoleRequest, plan.facts)
        with connection.transaction():
            for recorded in reversed(_recorded(connection, request.run_id)):
                heir = _heir(connection, request.run_id, recorded.act)
                if heir is not None:
                    _hand_over(connection, recorded, heir)
                elif _take_back(connection, recorded.act):
                    connection.execute("DELETE FROM pgraduate.role_act WHERE act_id = %s", (recorded.id,))


def plan_roles(
    connection: psycopg.Connection,
    run_id: str,
    roles: Sequence[RolePlan],
    schemas: Sequence[str],
    *,
    compat: str | None,
) -> Plan:
    """Plan what the roles lack, and list what this run did for them already."""
    request = RoleRequest(run_id, tuple(roles), tuple(schemas), compat)
    lacking = [need.act for need in _needs(connection, request) if need.allowed]
    done = [recorded.act for recorded in _recorded(connection, run_id)]
    return Plan(
        GrantRoles.kind,
        f"roles {', '.join(role.name for role in roles)}",
        tuple(act.statement for act in lacking),
        tuple(act.undo for act in reversed([*done, *lacking])),
        to_json(request),
    )


def remaining_roles(connection: psycopg.Connection, run_id: str | None = None) -> list[str]:
    """Name the roles that pgraduate made in this database, or one run of it, and that still exist."""
    if not _has_records(connection):
        return []
    return [name for (name,) in connection.execute(script("roles_made"), {"run_id": run_id})]


def drop_role(connection: psycopg.Connection, role: str) -> None:
    """Drop a role that a run made and forget it."""
    _execute(connection, RoleAct(role, "role").undo)
    connection.execute("DELETE FROM pgraduate.role_act WHERE role_name = %s", (role,))


def _needs(connection: psycopg.Connection, request: RoleRequest) -> list[Need]:
    return [
        need for role in request.roles for need in needs(connection, role, request.schemas, compat=request.compat)
    ]


def _do(connection: psycopg.Connection, request: RoleRequest, act: RoleAct) -> None:
    if act.kind == "search_path":
        add_schemas(connection, act.schemas, act.role)
    else:
        _execute(connection, act.statement)
    line = (request.run_id, act.role, act.kind, list(act.privileges), list(act.objects), act.owner)
    connection.execute(script("record_role_act"), line)


def _take_back(connection: psycopg.Connection, act: RoleAct) -> bool:
    """Undo one act where its role and objects still stand; False where the role has to stay."""
    if not role_facts(connection, act.role).exists:
        return True
    if act.kind == "role":
        return _drop_unless_used(connection, act)
    if act.kind == "search_path":
        remove_schemas(connection, act.schemas, act.role)
        return True
    standing = _standing(connection, act)
    if standing:
        _execute(connection, RoleAct(act.role, act.kind, act.privileges, standing, act.owner).undo)
    return True


def _drop_unless_used(connection: psycopg.Connection, act: RoleAct) -> bool:
    # The server knows what depends on a role in every database; this connection sees one.
    try:
        with connection.transaction():
            _execute(connection, act.undo)
    except psycopg.errors.DependentObjectsStillExist:
        return False
    return True


def _standing(connection: psycopg.Connection, act: RoleAct) -> tuple[str, ...]:
    """Keep the objects of an act that still exist: REVOKE fails on others, and their rights went with them."""
    lookup = _LOOKUPS.get(act.kind)
    if lookup is None:
        return act.objects
    query = f"SELECT name FROM unnest(%s::text[]) AS name WHERE pg_catalog.{lookup}(name) IS NOT NULL"
    return tuple(name for (name,) in connection.execute(query.encode(), (list(act.objects),)))


def _recorded(connection: psycopg.Connection, run_id: str) -> list[RecordedAct]:
    rows = connection.execute(script("role_acts"), {"run_id": run_id}).fetchall()
    return [
        RecordedAct(id, RoleAct(role, kind, tuple(privileges), tuple(objects), owner))
        for id, role, kind, privileges, objects, owner in rows
    ]


def _heir(connection: psycopg.Connection, run_id: str, act: RoleAct) -> str | None:
    """Find the run, if any, that relies on what this act did: the last other one with the same role."""
    if act.kind not in SHARED:
        return None
    row = connection.execute(script("role_heir"), {"run_id": run_id, "role": act.role}).fetchone()
    return None if row is None else row[0]


def _hand_over(connection: psycopg.Connection, recorded: RecordedAct, heir: str) -> None:
    connection.execute("UPDATE pgraduate.role_act SET run_id = %s WHERE act_id = %s", (heir, recorded.id))


def _has_records(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT to_regclass('pgraduate.role_act') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _execute(connection: psycopg.Connection, statement: str) -> None:
    connection.execute(statement.encode())
