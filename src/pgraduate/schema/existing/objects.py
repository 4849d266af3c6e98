"""What a load into a standing schema does to it, as objects with statements and their undo.

A plain owner may neither silence foreign keys nor load in any order, so they are taken off for the time of the load
and put back as they were, which checks every row.  Triggers of the application sleep meanwhile.  The invariant: undo
takes away the rows that the run loaded, brings back those that it put aside, and leaves every definition as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgraduate.compare.objects import PAUSE
from pgraduate.model.plan import ObjectPlan, TablePlan
from pgraduate.model.wording import counted
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.postgres.standing import (
    StandingForeignKey,
    StandingSchema,
    StandingSequence,
    StandingTrigger,
)
from pgraduate.schema.existing.questions import Breach

_ENABLE = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}


def pause_trigger(schema: str, trigger: StandingTrigger) -> ObjectPlan:
    table = qualified(schema, trigger.table)
    off = f"ALTER TABLE {table} DISABLE TRIGGER {quote(trigger.name)}"
    on = f"ALTER TABLE {table} {_ENABLE[trigger.fires]} TRIGGER {quote(trigger.name)}"
    return ObjectPlan(
        PAUSE, f"trigger {trigger.table}.{trigger.name}", "carried", "sleeps while rows are loaded", "before rows",
        (off,), (on,), target=qualified(schema, trigger.table, trigger.name),
    )  # fmt: skip


def resume_trigger(schema: str, trigger: StandingTrigger) -> ObjectPlan:
    pause = pause_trigger(schema, trigger)
    return ObjectPlan(
        "trigger", f"{trigger.table}.{trigger.name}", "carried", "the target's own; it slept during the load",
        "after rows", pause.undo, pause.statements, target=pause.target,
    )  # fmt: skip


def pause_foreign_key(key: StandingForeignKey) -> ObjectPlan:
    return ObjectPlan(
        PAUSE, f"foreign key {key.table}.{key.name}", "carried", "taken off while rows are loaded", "before rows",
        (_drop(key),), (_add(key),), target=qualified(key.schema, key.table, key.name),
    )  # fmt: skip


def restore_foreign_key(key: StandingForeignKey, *, valid: bool) -> ObjectPlan:
    """Put a foreign key back; with `valid` every row is checked, as it was before."""
    statements: tuple[str, ...] = (_add(key),)
    if key.validated_apart:
        bare = f"{_add(key)} NOT VALID"
        check = f"ALTER TABLE {qualified(key.schema, key.table)} VALIDATE CONSTRAINT {quote(key.name)}"
        statements = (bare, check) if valid else (bare,)
    return ObjectPlan(
        "foreign key", f"{key.table}.{key.name}", "carried",
        "the target's own; every loaded row is checked" if valid else "the target's own; it checks new rows only",
        "after rows", statements, (_drop(key),), target=qualified(key.schema, key.table, key.name),
    )  # fmt: skip


def pause_check(plan: TablePlan, check: Breach) -> ObjectPlan:
    add = f"{_alter(plan)} ADD CONSTRAINT {quote(check.name)} {check.definition}"
    return ObjectPlan(
        PAUSE, f"check {plan.name}.{check.name}", "carried", "taken off while rows are loaded", "before rows",
        (f"{_alter(plan)} DROP CONSTRAINT {quote(check.name)}",), (add,),
        target=qualified(plan.schema, plan.name, check.name),
    )  # fmt: skip


def restore_check(plan: TablePlan, check: Breach) -> ObjectPlan:
    """Put a check back that loaded rows break; undo, which takes them away, puts it back whole."""
    definition = check.definition.removesuffix(" NOT VALID")
    return ObjectPlan(
        "check", f"{plan.name}.{check.name}", "carried", "the target's own; loaded rows break it, it checks new ones only",
        "after rows",
        (f"{_alter(plan)} ADD CONSTRAINT {quote(check.name)} {definition} NOT VALID",),
        (f"{_alter(plan)} DROP CONSTRAINT {quote(check.name)}",),
        target=qualified(plan.schema, plan.name, check.name),
    )  # fmt: skip


def load_table(
    plan: TablePlan, source_sql: str, put_aside: str | None, residents: int, columns: tuple[str, ...]
) -> ObjectPlan:
    """Give the object that stands for a table's rows.

    `put_aside` is the qualified table that takes the target's `residents`, None where it is empty; `columns` are those
    that can be written.
    """
    table = qualified(plan.schema, plan.name)
    listed = ", ".join(quote(name) for name in columns)
    empty = f"DELETE FROM {table}"
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = (empty,)
    reason = f"{counted(len(plan.columns), 'column')}, cast by the target's types"
    if put_aside is not None:
        # Without the lock a row that is written between the two statements would be lost.
        lock = f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"
        statements = (lock, f"CREATE TABLE {put_aside} AS SELECT {listed} FROM {table}", empty)
        back = f"INSERT INTO {table} ({listed}) OVERRIDING SYSTEM VALUE SELECT {listed} FROM {put_aside}"
        undo = (empty, back, f"DROP TABLE {put_aside}")
        reason += f"; the target's {counted(residents, 'row')} are put aside"
    return ObjectPlan(
        "table",
        plan.source,
        "carried",
        reason,
        "before rows",
        statements,
        undo,
        source_sql=source_sql,
        target=table,
    )


def set_sequence(
    plan: TablePlan, column: str, target: str, sequence: StandingSequence, following: int
) -> ObjectPlan:
    """Set the sequence of a column to the number that SQLite would give next."""
    name = _literal(sequence.name)
    used_up = following > sequence.largest
    place = f"{sequence.largest}, true" if used_up else f"{following}, false"
    reason = "every number is used up" if used_up else f"goes on at {following:,}"
    return ObjectPlan(
        "identity", f"{plan.source}.{column}", "carried", f"the target's own sequence: {reason}", "after rows",
        (f"SELECT pg_catalog.setval({name}, {place})",), (_position(sequence),),
        target=qualified(plan.schema, plan.name, target), next_value=None if used_up else following,
    )  # fmt: skip


def give_back_sequence(plan: TablePlan, column: str, sequence: StandingSequence) -> ObjectPlan:
    """Let undo bring back the position of a sequence that only the target's own column draws from."""
    return ObjectPlan(
        PAUSE, f"sequence {plan.name}.{column}", "carried", "numbers the loaded rows by the target's default",
        "after rows", (), (_position(sequence),), target=qualified(plan.schema, plan.name, column),
    )  # fmt: skip


def triggers_of(standing: StandingSchema, tables: frozenset[str]) -> Iterator[StandingTrigger]:
    return (trigger for trigger in standing.triggers if trigger.table in tables)


def _alter(plan: TablePlan) -> str:
    return f"ALTER TABLE {qualified(plan.schema, plan.name)}"


def _drop(key: StandingForeignKey) -> str:
    return f"ALTER TABLE {qualified(key.schema, key.table)} DROP CONSTRAINT {quote(key.name)}"


def _add(key: StandingForeignKey) -> str:
    return f"ALTER TABLE {qualified(key.schema, key.table)} ADD CONSTRAINT {quote(key.name)} {key.definition}"


def _position(sequence: StandingSequence) -> str:
    place = f"{sequence.last_value}, {str(sequence.called).lower()}"
    return f"SELECT pg_catalog.setval({_literal(sequence.name)}, {place})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
