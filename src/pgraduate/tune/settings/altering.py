"""Settings changed by ALTER SYSTEM, and postgresql.auto.conf given back byte for byte.

The file as it was stands in the plan.  To undo, the plan's settings are reset and those of the file are set again in
their old order, which makes the server write the same bytes; where it does not (somebody edited the file by hand), a
server of ours gets the bytes themselves.  The invariant: at every moment the file holds only values that a test boot
has accepted or that were in it before, so that the server starts whenever it is killed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import psycopg
from psycopg import sql

from pgraduate.cluster import Administrator
from pgraduate.errors import PgraduateError, Refused
from pgraduate.model.operation import Check, Plan
from pgraduate.tune.settings.formulas import Proposal

FILE = "postgresql.auto.conf"
LISTS = ("shared_preload_libraries",)
_LINE = re.compile(r"^\s*(?P<name>[\w.]+)\s*(?:=\s*|\s)(?:'(?P<quoted>(?:[^']|'')*)'|(?P<plain>[^\s'#]+))")
_SECRETS = re.compile(r"^(primary_conninfo|ssl_passphrase_command|.*password.*)\s*=", re.MULTILINE | re.IGNORECASE)


class AlterSettings:
    """Operation over a server's administrator: settings written, reloaded, and with `facts["restart"]` restarted."""

    kind: ClassVar[str] = "settings.alter"

    def apply(self, administrator: Administrator, plan: Plan, /) -> None:
        values: Mapping[str, str] = plan.facts["values"]
        with administrator.connect() as connection:
            present = dict(_entries(read_file(connection)))
            for name, value in values.items():
                if present.get(name) != _stored(name, value):
                    _set(connection, name, value)
            connection.execute("SELECT pg_reload_conf()")
        if plan.facts["restart"]:
            administrator.restart()

    def check(self, administrator: Administrator, plan: Plan, /) -> Check:
        with administrator.connect() as connection:
            present = dict(_entries(read_file(connection)))
            wrong = connection.execute(
                "SELECT name FROM pg_catalog.pg_file_settings WHERE error IS NOT NULL"
                " AND error <> 'setting could not be applied' AND name = ANY (%s)",
                (list(plan.facts["values"]),),
            ).fetchall()
        missing = [
            name for name, value in plan.facts["values"].items() if present.get(name) != _stored(name, value)
        ]
        missing += [name for (name,) in wrong]
        return Check(not missing, "not in effect: " + ", ".join(missing))

    def undo(self, administrator: Administrator, plan: Plan, /) -> None:
        before: str = plan.facts["before"]
        with administrator.connect() as connection:
            if read_file(connection) == before:
                return
            ours = set(plan.facts["values"])
            if foreign := _changed(before, read_file(connection)) - ours:
                raise Refused(
                    "settings were altered since: " + ", ".join(sorted(foreign)),
                    where=FILE,
                    hint="ALTER SYSTEM RESET what you no longer want, then undo again",
                )
            for name in sorted(ours & {name for name, _ in _entries(read_file(connection))}):
                connection.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
            for name, value in _entries(before):
                _set(connection, name, value)  # each goes to the end, so that the old order comes back
            same = read_file(connection) == before
            connection.execute("SELECT pg_reload_conf()")
        if not same:
            self._write(administrator, before)
        if plan.facts["restart"]:
            administrator.restart()

    @staticmethod
    def _write(administrator: Administrator, text: str) -> None:
        """Give a server of ours the file's own bytes; another one holds the same settings in other bytes by now."""
        data = administrator.embedded.status().data if administrator.embedded else None
        if data is None:
            raise PgraduateError(
                "the settings are as they were, the bytes of the file are not: somebody had edited it by hand",
                where=FILE,
                hint="nothing more needs to be done; the plan in the journal holds the file as it was",
            )
        # In place, not renamed: the file keeps its owner and its mode.
        (data / FILE).write_bytes(text.encode())
        with administrator.connect() as connection:
            connection.execute("SELECT pg_reload_conf()")


def plan_alter(connection: psycopg.Connection, proposals: tuple[Proposal, ...], *, restart: bool) -> Plan:
    """Plan the change; raise Refused where this role may not alter the system, or the file holds a secret."""
    before = read_file(connection)
    if _SECRETS.search(before):
        raise Refused(
            f"{FILE} holds a secret, and the journal must not", where=FILE, hint="move it into postgresql.conf"
        )
    values = {item.name: item.value for item in proposals}
    statements = tuple(f"ALTER SYSTEM SET {name} = {_shown(name, value)}" for name, value in values.items())
    return Plan(
        AlterSettings.kind,
        f"{len(values)} settings in {FILE}",
        (*statements, "SELECT pg_reload_conf()"),
        (f"-- {FILE} as it was, byte for byte", "SELECT pg_reload_conf()"),
        {"values": values, "before": before, "restart": restart},
    )


def read_file(connection: psycopg.Connection) -> str:
    """Read postgresql.auto.conf through the server; raise Refused for a role that may not."""
    try:
        row = connection.execute("SELECT pg_catalog.pg_read_file(%s)", (FILE,)).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        raise Refused(
            f"role {connection.info.user} may not change the server's settings",
            hint="apply as a superuser; on a managed server put the plan's values into its parameter group",
        ) from None
    assert row is not None
    return str(row[0])


def _set(connection: psycopg.Connection, name: str, value: str) -> None:
    connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), _literals(name, value)))


def _literals(name: str, value: str) -> sql.Composable:
    """Write a value; a list is written as one, since quotes around the whole would make one long name of it."""
    parts = [part.strip().strip('"') for part in value.split(",")] if name in LISTS else [value]
    return sql.SQL(", ").join(sql.Literal(part) for part in parts)


def _shown(name: str, value: str) -> str:
    parts = [part.strip() for part in value.split(",")] if name in LISTS else [value]
    return ", ".join("'" + part.replace("'", "''") + "'" for part in parts)


def _stored(name: str, value: str) -> str:
    """A value as the file holds it."""
    return ", ".join(part.strip() for part in value.split(",")) if name in LISTS else value


def _entries(text: str) -> list[tuple[str, str]]:
    """Read the file's settings in their order; a later line of a name counts."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            found.pop(match["name"], None)
            quoted = match["quoted"]
            found[match["name"]] = match["plain"] if quoted is None else quoted.replace("''", "'")
    return list(found.items())


def _changed(before: str, now: str) -> set[str]:
    old, new = dict(_entries(before)), dict(_entries(now))
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}
