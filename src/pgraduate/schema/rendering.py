"""A schema plan as SQL files that a person reviews and psql executes.

The files hold the statements that the operations execute, in the same order, each under a comment that says why;
`psql -f` on all of them in the order of their names gives the same catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgraduate.model.plan import ColumnPlan, ObjectPlan, SchemaPlan, TablePlan
from pgraduate.model.wording import counted
from pgraduate.schema.comments import comment
from pgraduate.schema.roles import roles_sql
from pgraduate.schema.view import COMPAT_SCHEMA

_FILES = {
    "00_schema.sql": ("schema",),
    "10_tables.sql": ("table", "generated column", "virtual table", "column", "rows"),
    "20_keys.sql": ("identity", "primary key", "unique", "check", "conflict rule", "default"),
    "30_indexes.sql": ("index",),
    "40_foreign_keys.sql": ("foreign key",),
    "50_views.sql": ("view",),
    "60_triggers.sql": ("trigger",),
}
ROLES = "70_roles.sql"
_TITLES = {
    "00_schema.sql": "The schema",
    "10_tables.sql": "Tables: everything that must stand before the rows",
    "20_keys.sql": "Identities, primary keys, unique constraints, checks and defaults: behind the rows",
    "30_indexes.sql": "Indexes",
    "40_foreign_keys.sql": "Foreign keys",
    "50_views.sql": "Views",
    "60_triggers.sql": "Triggers",
}


def render(plan: SchemaPlan) -> Mapping[str, str]:
    """Give the files by name; every plan has all of them, so that a review sees what is empty."""
    return {name: _file(plan, name) for name in _FILES} | {ROLES: _roles_file(plan)}


def _file(plan: SchemaPlan, name: str) -> str:
    lines = [
        *comment(f"{_TITLES[name]}: from {plan.source}, policy {plan.policy}"),
        *(_preamble(plan) if name == "00_schema.sql" else ()),
    ]
    items = [item for item in plan.objects if _home(item) == name]
    if not items:
        lines += ["", "-- None."]
    for item in items:
        lines += ["", *_object(plan, item)]
    return "\n".join(lines) + "\n"


def _roles_file(plan: SchemaPlan) -> str:
    title = comment(f"Roles, their rights and default privileges: for schema {plan.schema}, from {plan.source}")
    return "\n".join([*title, *roles_sql(plan)]) + "\n"


def _home(item: ObjectPlan) -> str:
    """Name the file of an object; what stands for a virtual table behind the rows is a view."""
    kind = "view" if item.kind == "virtual table" and item.phase == "after rows" else item.kind
    return next(name for name, kinds in _FILES.items() if kind in kinds)


def _preamble(plan: SchemaPlan) -> Iterator[str]:
    if plan.compat:
        yield f"-- Some statements call functions of the schema {COMPAT_SCHEMA}: 05_compat.sql makes it."
    for decision in plan.decisions:
        yield ""
        yield from comment(f"Decision {decision.id}: {decision.question}")
        yield from comment(f"evidence: {decision.evidence}")
        answer = f"{decision.answer} ({decision.answered_by})" if decision.answer else "OPEN"
        yield from comment(f"answer: {answer}")


def _object(plan: SchemaPlan, item: ObjectPlan) -> Iterator[str]:
    if item.outcome == "not_carried":
        yield from comment(f"NOT CARRIED: {item.kind} {item.name}: {item.reason}")
        yield from comment(item.source_sql or "", indent="    ")
        return
    yield from comment(f"{item.kind} {item.name} ({item.outcome}): {item.reason}")
    if item.outcome == "translated" and item.source_sql:
        yield from comment(f"in SQLite: {item.source_sql}")
    if item.kind in ("table", "virtual table") and item.phase == "before rows":
        yield from _columns(plan.table(item.name))
    for statement in item.statements:
        yield statement + ";"


def _columns(table: TablePlan) -> Iterator[str]:
    yield from comment(counted(table.rows, "row"))
    if table.filter is not None:
        yield from comment(f"only rows for which SQLite says: {table.filter}", indent="  ")
    for column in table.columns:
        yield from comment(f"{column.target}: {_why(column)}", indent="  ")
        if column.refuses:
            yield from comment(f"now refused: {', '.join(column.refuses)}", indent="    ")


def _why(column: ColumnPlan) -> str:
    parts = [f"{column.type} as {column.representation}", column.reason]
    if column.keeps_class:
        parts.append("storage classes are kept beside it")
    if column.quarantines:
        parts.append("texts that PostgreSQL cannot hold go to pgraduate.quarantine")
    return "; ".join(parts)
