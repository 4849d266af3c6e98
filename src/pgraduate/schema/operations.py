"""The two operations that write a schema: what stands before the rows, and what is made behind them.

An object's statements and its line in `pgraduate.object` commit together.  The invariant: a line stands there
exactly when this run made the object, so a resume makes the rest and an undo takes back nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal

import psycopg

from pgraduate.errors import TargetUnusable
from pgraduate.model.operation import Check, Plan
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.together import bound, execute_together

Phase = Literal["before rows", "after rows"]

_REFUSALS = ("0A", "22", "23", "42", "54")
"""SQLSTATE classes by which PostgreSQL refuses an object for what it is: feature, data, constraint, name, limit."""
_DISPENSABLE = frozenset({"primary key", "unique", "check", "default", "index", "foreign key", "view", "trigger"})
"""Kinds without which every row still arrives: refused ones are recorded, and the rest goes on."""
_CAUSES = {
    "23502": "rows hold NULL there; give them values, then create it",
    "23503": "rows have no parent; give them one, then create it",
    "23505": "several rows hold the same there; make them differ, then create it",
    "54000": "a value there is longer than an index holds",
}
"""What a refusal says of the rows, by SQLSTATE, and what a person can do: the server's words name the index alone."""
_FOUND = "schema (found)"
"""The mark of a schema that stood there before the run, which an undo must leave."""


@dataclass(frozen=True, slots=True)
class NumberedObject:
    """`ordinal` is the object's place in the whole schema plan."""

    ordinal: int
    object: ObjectPlan


class _SchemaOperation:
    """Makes the objects of one phase, each in a transaction of its own, and takes them back in reverse."""

    kind: ClassVar[str]

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Make every object that this run has not made yet.

        Raises TargetUnusable where PostgreSQL refuses an object that the data need.
        """
        run_id, source = plan.facts["run_id"], plan.facts["source"]
        done = _marks(connection, run_id, source)
        with _building(connection):
            for numbered in _objects(plan):
                if numbered.ordinal not in done:
                    _make(connection, run_id, source, numbered)

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        """Look for each object in the catalog; one that PostgreSQL refused is recorded and not expected."""
        from pgraduate.compare.objects import missing_objects

        refused = _refused(connection, plan.facts["run_id"], plan.facts["source"])
        items = [numbered.object for numbered in _objects(plan) if numbered.ordinal not in refused]
        missing = missing_objects(connection, plan.facts["schema"], items)
        return Check(not missing, "; ".join(f"{item.kind} {item.name}: {reason}" for item, reason in missing))

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Take back what this run made; an object that was there before the run has no line and stays."""
        run_id, source = plan.facts["run_id"], plan.facts["source"]
        done = _marks(connection, run_id, source)
        for numbered in reversed(list(_objects(plan))):
            with connection.transaction():
                if done.get(numbered.ordinal):
                    _execute(connection, numbered.object.undo)
                key = {"run_id": run_id, "source": source, "ordinal": numbered.ordinal}
                connection.execute(_script("forget_object"), key)


class CreateTables(_SchemaOperation):
    """Operation over a connection: the schema and its tables."""

    kind: ClassVar[str] = "schema.create"


class FinishObjects(_SchemaOperation):
    """Operation over a connection: identities, keys, checks, defaults, indexes, views and triggers."""

    kind: ClassVar[str] = "schema.finish"


def plan_create(plan: SchemaPlan, run_id: str) -> Plan:
    """Plan the operation that makes what must stand before the rows."""
    return _plan(CreateTables.kind, plan, run_id, "before rows", f"tables of schema {plan.schema}")


def plan_finish(plan: SchemaPlan, run_id: str) -> Plan:
    """Plan the operation that makes what stands behind the rows."""
    return _plan(FinishObjects.kind, plan, run_id, "after rows", f"keys, indexes and views of schema {plan.schema}")


def _plan(kind: str, plan: SchemaPlan, run_id: str, phase: Phase, subject: str) -> Plan:
    numbered = [
        NumberedObject(ordinal, item)
        for ordinal, item in enumerate(plan.objects)
        if item.phase == phase and item.outcome != "not_carried"
    ]
    return Plan(
        kind,
        subject,
        tuple(statement for each in numbered for statement in each.object.statements),
        tuple(statement for each in reversed(numbered) for statement in each.object.undo),
        {
            "run_id": run_id,
            "source": plan.source,
            "schema": plan.schema,
            "objects": [to_json(each) for each in numbered],
        },
    )


def _objects(plan: Plan) -> Iterator[NumberedObject]:
    for item in plan.facts["objects"]:
        yield from_json(NumberedObject, item)


@contextmanager
def _building(connection: psycopg.Connection) -> Iterator[None]:
    """Give the session the settings that builders want, and take them back; a session that died has none."""
    connection.execute(_script("building"))
    yield
    for setting in _SETTINGS:
        connection.execute(f"RESET {setting}")


_SETTINGS = ("synchronous_commit", "maintenance_work_mem")


def _make(connection: psycopg.Connection, run_id: str, source: str, numbered: NumberedObject) -> None:
    item = numbered.object
    found = item.kind == "schema" and _schema_stands(connection, item)
    values = (run_id, source, numbered.ordinal, _FOUND if found else item.kind, item.name)
    mark = bound(connection, _script("mark_object"), values)
    try:
        execute_together(connection, [*(() if found else item.statements), mark])
    except psycopg.Error as error:
        if not _is_refusal(error):
            raise
        reason = _said(error)
        if item.kind not in _DISPENSABLE:
            raise TargetUnusable(
                f"PostgreSQL refuses the {item.kind} of {item.name}: {reason}",
                where=item.target,
                hint="`pgraduate undo` takes the run back; answer the question in pgraduate.toml or repair the source",
            ) from error
        with connection.transaction():
            connection.execute(
                _script("refuse_object"), (run_id, source, numbered.ordinal, item.kind, item.name, reason)
            )


def _execute(connection: psycopg.Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())


def _is_refusal(error: psycopg.Error) -> bool:
    """Tell a statement that PostgreSQL cannot accept from a failure of rights, locks or the connection."""
    state = error.sqlstate or ""
    return state.startswith(_REFUSALS) and not isinstance(error, psycopg.errors.InsufficientPrivilege)


def _said(error: psycopg.Error) -> str:
    """Give the server's words; those of class 22 may quote a value, so there only the condition is named."""
    state = error.sqlstate or ""
    if state.startswith("22") or not error.diag.message_primary:
        return f"{type(error).__name__} ({state})"
    said = f"{error.diag.message_primary} ({state})"
    return f"{said}: {_CAUSES[state]}" if state in _CAUSES else said


def _marks(connection: psycopg.Connection, run_id: str, source: str) -> dict[int, bool]:
    """Read which objects are done, by ordinal; False for one that stood there before the run."""
    with connection.transaction():
        rows = connection.execute(_script("marks"), (run_id, source)).fetchall()
    return {ordinal: kind != _FOUND for ordinal, kind in rows}


def _refused(connection: psycopg.Connection, run_id: str, source: str) -> set[int]:
    with connection.transaction():
        return {ordinal for (ordinal,) in connection.execute(_script("refusals"), (run_id, source))}


def _schema_stands(connection: psycopg.Connection, item: ObjectPlan) -> bool:
    row = connection.execute(_script("schema_exists"), {"name": item.name}).fetchone()
    return bool(row and row[0])


@cache
def _script(name: str) -> str:
    return files("pgraduate.schema").joinpath("sql", f"{name}.sql").read_text("utf-8")
