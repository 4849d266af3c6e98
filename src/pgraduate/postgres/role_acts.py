"""What is done for a role, as data: each act is one statement, and knows the statement that takes it back.

The rights of each purpose stand here and nowhere else; the files that a person reviews and the operation that
executes both read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pgraduate.model.plan import RolePlan
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.search_path import DEFAULT, with_schemas

MONITOR = "pg_monitor"
"""PostgreSQL's own role that may read every statistic and no row."""

Privileges = tuple[str, ...]

RIGHTS: Mapping[str, Mapping[str, Privileges]] = {
    "app": {"table": ("SELECT", "INSERT", "UPDATE", "DELETE"), "sequence": ("USAGE", "SELECT")},
    "readonly": {"table": ("SELECT",), "sequence": ("SELECT",)},
    "monitor": {},
}
"""What each purpose may do with every table, view and sequence, those to come included."""

CALLERS = frozenset({"app", "readonly"})
"""Purposes that run statements of the application, which may call compat functions."""

_GRANTED_ON = {
    "database": "DATABASE",
    "schema": "SCHEMA",
    "compat schema": "SCHEMA",
    "compat routine": "ROUTINE",
    "table": "TABLE",
    "sequence": "SEQUENCE",
}
_DEFAULTS = {"default table": "TABLES", "default sequence": "SEQUENCES"}

SHARED = frozenset({"role", "database", "member", "compat schema", "compat routine"})
"""Kinds of act that several runs can rely on."""


@dataclass(frozen=True, slots=True)
class RoleAct:
    """One thing done for a role.

    `kind` is role, member, search_path, or what the privileges are granted on.  `objects` are names as SQL writes
    them; for a search_path the database and then the schemas.  `owner` is whose future objects a default is for.
    """

    role: str
    kind: str
    privileges: Privileges = ()
    objects: tuple[str, ...] = ()
    owner: str | None = None

    @property
    def statement(self) -> str:
        role, listed, rights = quote(self.role), ", ".join(self.objects), ", ".join(self.privileges)
        if self.kind == "role":
            return f"CREATE ROLE {role} NOLOGIN"
        if self.kind == "member":
            return f"GRANT {listed} TO {role}"
        if self.kind == "search_path":
            path = ", ".join(map(quote, with_schemas(DEFAULT, self.schemas)))
            return f"ALTER ROLE {role} IN DATABASE {self.objects[0]} SET search_path = {path}"
        if self.kind in _DEFAULTS:
            return f"{self._defaults} GRANT {rights} ON {_DEFAULTS[self.kind]} TO {role}"
        return f"GRANT {rights} ON {_GRANTED_ON[self.kind]} {listed} TO {role}"

    @property
    def undo(self) -> str:
        role, listed, rights = quote(self.role), ", ".join(self.objects), ", ".join(self.privileges)
        if self.kind == "role":
            return f"DROP ROLE {role}"
        if self.kind == "member":
            return f"REVOKE {listed} FROM {role}"
        if self.kind == "search_path":
            without = ", ".join(self.objects[1:])
            return f"ALTER ROLE {role} IN DATABASE {self.objects[0]} SET search_path = … -- without {without}"
        if self.kind in _DEFAULTS:
            return f"{self._defaults} REVOKE {rights} ON {_DEFAULTS[self.kind]} FROM {role}"
        return f"REVOKE {rights} ON {_GRANTED_ON[self.kind]} {listed} FROM {role}"

    @property
    def schemas(self) -> list[str]:
        """The schemas of a search_path, as plain names."""
        return [name[1:-1].replace('""', '"') for name in self.objects[1:]]

    @property
    def _defaults(self) -> str:
        owner = f" FOR ROLE {quote(self.owner)}" if self.owner else ""
        return f"ALTER DEFAULT PRIVILEGES{owner} IN SCHEMA {', '.join(self.objects)}"


def wanted_privileges(role: RolePlan) -> Iterator[tuple[str, str]]:
    """Give each kind of object and each privilege that a role has on all objects of that kind."""
    yield "database", "CONNECT"
    yield "schema", "USAGE"
    if role.purpose in CALLERS:
        yield "compat schema", "USAGE"
        yield "compat routine", "EXECUTE"
    for kind, privileges in RIGHTS[role.purpose].items():
        for privilege in privileges:
            yield kind, privilege
            yield f"default {kind}", privilege
