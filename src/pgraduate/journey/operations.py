"""The operations of a run that belong to no single stage, and the registry of all of them.

`REGISTRY` is what undo looks up and what the generic kill test walks over; an operation that is not in it does
not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from pgraduate.archive import RetireOriginal
from pgraduate.cluster import Administrator
from pgraduate.compat import SCHEMA as COMPAT_SCHEMA
from pgraduate.compat import VERSION, check, install
from pgraduate.document import WriteDocuments
from pgraduate.errors import Refused
from pgraduate.maintain.retention.ledger import archived
from pgraduate.maintain.schedule import InstallSchedule
from pgraduate.maintain.upkeep import Upkeep
from pgraduate.model.operation import Check, Operation, Plan, Reach
from pgraduate.model.plan import SchemaPlan
from pgraduate.postgres.identifiers import qualified
from pgraduate.postgres.records import install as install_records
from pgraduate.postgres.records import script
from pgraduate.postgres.roles import GrantRoles, plan_roles
from pgraduate.postgres.runs import known_runs, plans
from pgraduate.postgres.search_path import SearchPath
from pgraduate.schema import CreateTables, FinishObjects
from pgraduate.tune.indexes.building import BuildIndexes, DropIndexes
from pgraduate.tune.settings.altering import AlterSettings
from pgraduate.tune.statements.extension import CreateExtension
from pgraduate.tune.tables.altering import SetTableOptions
from pgraduate.verify import RestoreQuarantine


class InstallRecords:
    """Operation over a connection: pgraduate's own schema; taken back only when nothing is recorded in it."""

    kind: ClassVar[str] = "records.install"

    def apply(self, connection: psycopg.Connection, _plan: Plan, /) -> None:
        install_records(connection)

    def check(self, connection: psycopg.Connection, _plan: Plan, /) -> Check:
        row = connection.execute("SELECT to_regclass('pgraduate.verdict') IS NOT NULL").fetchone()
        return Check(bool(row and row[0]), "the schema pgraduate is not complete")

    def undo(self, connection: psycopg.Connection, _plan: Plan, /) -> None:
        if self.check(connection, _plan).holds and records_are_empty(connection):
            connection.execute("DROP SCHEMA pgraduate CASCADE")


class InstallCompat:
    """Operation over a connection: the compat functions; taken back only when nothing needs them."""

    kind: ClassVar[str] = "compat.install"

    def apply(self, connection: psycopg.Connection, _plan: Plan, /) -> None:
        install(connection)

    def check(self, connection: psycopg.Connection, _plan: Plan, /) -> Check:
        missing = check(connection)
        return Check(not missing, f"{len(missing)} compat functions are missing")

    def undo(self, connection: psycopg.Connection, _plan: Plan, /) -> None:
        if compat_is_installed(connection) and not compat_is_needed(connection):
            connection.execute(f"DROP SCHEMA {qualified(COMPAT_SCHEMA)} CASCADE")


class Vacuum:
    """Operation over a connection: rows frozen and statistics gathered; there is nothing to take back."""

    kind: ClassVar[str] = "tables.vacuum"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for statement in plan.statements:
            connection.execute(statement.encode())

    def check(self, _connection: psycopg.Connection, _plan: Plan, /) -> Check:
        return Check(True)

    def undo(self, _connection: psycopg.Connection, _plan: Plan, /) -> None:
        return None


REGISTRY: Mapping[str, Operation[psycopg.Connection]] = {
    operation.kind: operation
    for operation in (
        InstallRecords(),
        InstallCompat(),
        CreateTables(),
        FinishObjects(),
        Vacuum(),
        SearchPath(),
        GrantRoles(),
        RestoreQuarantine(),
        Upkeep(),
        BuildIndexes(),
        DropIndexes(),
        SetTableOptions(),
    )
}

"""Operations over a connection of the target's role."""

OF_A_RUN = frozenset(
    operation.kind
    for operation in (
        InstallRecords,
        InstallCompat,
        CreateTables,
        FinishObjects,
        Vacuum,
        SearchPath,
        GrantRoles,
    )
)
"""What `run` itself performs: an undo plans these anew from the target's records.  The plans of all others are read
from the journal."""

ADMINISTRATION: Mapping[str, Operation[Administrator]] = {
    operation.kind: operation for operation in (AlterSettings(), CreateExtension())
}
"""Operations over the server itself: settings, extensions."""

PROJECT: Mapping[str, Operation[Path]] = {
    operation.kind: operation for operation in (RetireOriginal(), WriteDocuments(), InstallSchedule())
}
"""Operations over the files of a project: documents, schedules, archives."""


def plan_records() -> Plan:
    return Plan(
        InstallRecords.kind, "schema pgraduate", (script("records"),), ("DROP SCHEMA pgraduate -- when empty",)
    )


def plan_compat() -> Plan:
    name = qualified(COMPAT_SCHEMA)
    return Plan(
        InstallCompat.kind,
        f"schema {COMPAT_SCHEMA}",
        (f"CREATE SCHEMA {name} -- functions, version {VERSION}",),
        (f"DROP SCHEMA {name} CASCADE -- when nothing needs it",),
    )


def plan_vacuum(plan: SchemaPlan) -> Plan:
    """Plan what a bulk load owes to later readers: all rows visible to everybody, and a planner that knows them."""
    tables = ", ".join(qualified(table.schema, table.name) for table in plan.tables)
    statements = (f"VACUUM (FREEZE, ANALYZE) {tables}",) if tables else ()
    return Plan(Vacuum.kind, f"tables of schema {plan.schema}", statements, ())


def plan_grants(connection: psycopg.Connection, run_id: str, made: Sequence[SchemaPlan]) -> Plan | None:
    """Plan what the requested roles of a run lack; None where pgraduate.toml asked for none."""
    if not made[0].roles:
        return None
    compat = COMPAT_SCHEMA if any(plan.compat for plan in made) else None
    return plan_roles(connection, run_id, made[0].roles, [plan.schema for plan in made], compat=compat)


def records_are_empty(connection: psycopg.Connection) -> bool:
    """Tell whether nothing is recorded in the schema pgraduate any more."""
    row = connection.execute(
        "SELECT NOT EXISTS (SELECT FROM pgraduate.run) AND NOT EXISTS (SELECT FROM pgraduate.quarantine)"
        " AND NOT EXISTS (SELECT FROM pgraduate.kept_class) AND NOT EXISTS (SELECT FROM pgraduate.restored)"
    ).fetchone()
    return bool(row and row[0]) and not archived(connection)


def compat_is_installed(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = %s)", (COMPAT_SCHEMA,)
    ).fetchone()
    return bool(row and row[0])


def compat_is_needed(connection: psycopg.Connection) -> bool:
    """Tell whether an object outside, or a plan that made objects, still relies on the compat functions.

    A function's body leaves no dependency in the catalog, so the plans of the known runs are asked as well.
    """
    row = connection.execute(script("compat_dependents"), {"schema": COMPAT_SCHEMA}).fetchone()
    if row is not None and row[0]:
        return True
    return any(plan.compat for run in known_runs(connection) for plan in plans(connection, run.run_id))


def operation_of(kind: str) -> Operation[Any]:
    """Find a registered operation; raise Refused for a kind that this version does not know."""
    operation: Operation[Any] | None = REGISTRY.get(kind) or ADMINISTRATION.get(kind) or PROJECT.get(kind)
    if operation is None:
        raise Refused(
            f"the operation '{kind}' is not known to this version of pgraduate",
            hint="use the version that wrote the journal",
        )
    return operation


def reach_of(kind: str) -> Reach:
    """Tell what an operation of this kind works on."""
    if kind in ADMINISTRATION:
        return Reach.ADMINISTRATOR
    return Reach.PROJECT if kind in PROJECT else Reach.DATABASE
