"""Storage parameters set on tables, and given back exactly: the same ones, in the same order.

SET and RESET of these parameters take SHARE UPDATE EXCLUSIVE, which reads and writes pass; autovacuum on the table is
asked to step aside.  The invariant: undo changes only what the plan set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from pgraduate.errors import Interrupted, Refused
from pgraduate.model.operation import Check, Plan
from pgraduate.postgres.identifiers import qualified
from pgraduate.tune.tables.churn import question, split_options
from pgraduate.tune.tables.formulas import TableProposal

LOCK_TIMEOUT = "10s"
"""VACUUM and other changes of the table hold the same lock; autovacuum gives way after deadlock_timeout."""


class SetTableOptions:
    """Operation over a connection: `facts["tables"]` has each table's parameters, and those that it had."""

    kind: ClassVar[str] = "tables.options"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in plan.facts["tables"]:
            present = _required(connection, item)
            wanted = {name: value for name, value in item["set"].items() if present.get(name) != value}
            if wanted:
                _alter(connection, item, wanted, [])

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        missing = []
        for item in plan.facts["tables"]:
            present = _required(connection, item)
            missing += [
                f"{item['table']}.{name}" for name, value in item["set"].items() if present.get(name) != value
            ]
        return Check(not missing, "not set: " + ", ".join(missing))

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in reversed(plan.facts["tables"]):
            present = _read(connection, item)
            if present is not None:  # with a table that was dropped since, its parameters went
                _give_back(connection, item, present)


def _give_back(connection: psycopg.Connection, item: Mapping[str, Any], present: Mapping[str, str]) -> None:
    """Give back what the plan changed and nobody has changed since, in the old order."""
    before = split_options(item["before"])
    wanted = {name: value for name, value in present.items() if item["set"].get(name) != value}
    wanted |= {
        name: before[name] for name, value in item["set"].items() if name in before and present.get(name) == value
    }
    if wanted == before:
        wanted = before
    if list(wanted.items()) == list(present.items()):
        return
    left = {name: value for name, value in present.items() if name in wanted}
    if list(left.items()) == list(wanted.items()):
        _alter(connection, item, {}, [name for name in present if name not in wanted])
    else:
        # A parameter that is set again goes to the end: the old order comes back by setting all anew.
        _alter(connection, item, wanted, list(present))


def plan_options(connection: psycopg.Connection, proposals: Sequence[TableProposal]) -> Plan:
    """Plan to set what was proposed; what a table has now, not when it was proposed, is what undo gives back.

    Raises Refused where a table is gone.
    """
    items: list[dict[str, Any]] = [
        {"schema": item.schema, "table": item.table, "set": dict(item.options)} for item in proposals
    ]
    for item in items:
        item["before"] = [f"{name}={value}" for name, value in _required(connection, item).items()]
    return Plan(
        SetTableOptions.kind,
        ", ".join(f"{item['schema']}.{item['table']}" for item in items),
        tuple(set_statement(item.schema, item.table, item.options) for item in proposals),
        tuple(_reset_statement(item) for item in reversed(items)),
        {"tables": items},
    )


def set_statement(schema: str, table: str, options: Mapping[str, str]) -> str:
    listed = ", ".join(f"{name} = {value}" for name, value in options.items())
    return f"ALTER TABLE {qualified(schema, table)} SET ({listed})"


def _reset_statement(item: Mapping[str, Any]) -> str:
    before = split_options(item["before"])
    gone = [name for name in item["set"] if name not in before]
    back = {name: before[name] for name in item["set"] if name in before}
    reset = f"ALTER TABLE {qualified(item['schema'], item['table'])} RESET ({', '.join(gone)})" if gone else ""
    set_again = set_statement(item["schema"], item["table"], back) if back else ""
    return "; ".join(part for part in (reset, set_again) if part)


def _read(connection: psycopg.Connection, item: Mapping[str, Any]) -> dict[str, str] | None:
    names = {"schema": item["schema"], "table": item["table"]}
    row = connection.execute(question("options").encode(), names).fetchone()
    return None if row is None else split_options(row[0])


def _required(connection: psycopg.Connection, item: Mapping[str, Any]) -> dict[str, str]:
    found = _read(connection, item)
    if found is None:
        raise Refused(
            "a table of the plan is not there",
            where=qualified(item["schema"], item["table"]),
            hint="plan again: pgraduate tune tables plan",
        )
    return found


def _alter(
    connection: psycopg.Connection, item: Mapping[str, Any], wanted: Mapping[str, str], gone: Sequence[str]
) -> None:
    """Reset, then set, in one transaction; raise Interrupted where the lock does not come."""
    table = sql.Identifier(item["schema"], item["table"])
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('lock_timeout', %s, true)", (LOCK_TIMEOUT,))
            if gone:
                names = sql.SQL(", ").join(map(_name, gone))
                connection.execute(sql.SQL("ALTER TABLE {} RESET ({})").format(table, names))
            if wanted:
                pairs = sql.SQL(", ").join(
                    sql.SQL("{} = {}").format(_name(name), sql.Literal(value)) for name, value in wanted.items()
                )
                connection.execute(sql.SQL("ALTER TABLE {} SET ({})").format(table, pairs))
    except psycopg.errors.LockNotAvailable:
        raise Interrupted(
            f"the table is locked for longer than {LOCK_TIMEOUT}",
            where=qualified(item["schema"], item["table"]),
            hint="a VACUUM or a change of the table is at work; run the command again later",
        ) from None


def _name(name: str) -> sql.Composable:
    """Write a parameter's name; parts of a name such as toast.autovacuum_enabled are quoted apart."""
    return sql.SQL(".").join(map(sql.Identifier, name.split(".")))
