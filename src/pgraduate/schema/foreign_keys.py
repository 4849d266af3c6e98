"""Foreign keys: created and validated where the data allow it, a decision where they do not.

Actions stay as declared.  Whether SQLite enforced them depends on each connection and cannot be read from the file,
so that is said once, and every CASCADE is listed with the tables that one delete can reach.
"""

from __future__ import annotations

from pgraduate.model.catalog import ForeignKey, Index, IndexKey, Table
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.representation import Rule
from pgraduate.model.selected import BY_SELECTION
from pgraduate.model.wording import counted
from pgraduate.postgres.identifiers import quote
from pgraduate.schema.choice import Choice
from pgraduate.schema.harmony import comparable
from pgraduate.schema.indexes import COLLATED, not_carried, over_limit
from pgraduate.schema.room import Room

_DROP = Option("drop", "the foreign key is not carried", leaves_behind=True)


def foreign_keys(room: Room) -> None:
    any_key = False
    for table in room.tables:
        for place, key in enumerate(table.foreign_keys):
            any_key = True
            label = f"{table.name}({', '.join(key.columns)})"
            validate = True
            reason = _parent_reason(room, table, key, place) or _type_reason(room, table, key)
            if reason is None:
                reason, validate = _orphans(room, table, key, place)
            if reason is not None:
                room.docket.add(not_carried("foreign key", label, reason, _source_sql(key)))
            else:
                room.docket.add(_created(room, table, key, label, validate=validate))
                _report_cascade(room, table, key)
    if any_key:
        room.docket.find(
            "FK_NOT_ENFORCED_KNOWN",
            Severity.INFO,
            room.schema,
            "SQLite enforces foreign keys only where a connection sets PRAGMA foreign_keys; the file does not say "
            "whether the application did",
            "PostgreSQL enforces them always: look at the application's connections",
        )


def _parent_reason(room: Room, table: Table, key: ForeignKey, place: int) -> str | None:
    """Ask what to do where PostgreSQL could not find the parent's key; None where it can."""
    decision = f"fk_parent:{room.where(table.name, key.columns)}"
    question = f"The foreign key of {table.name} refers to a key that {key.parent} does not have. Go on without it?"
    standing = fold_name(key.parent) in room.plans
    if not standing:
        question = (
            f"The foreign key of {table.name} refers to {key.parent}, which is not carried. Go on without it?"
        )
    if not standing or not key.parent_columns or len(key.columns) != len(key.parent_columns):
        missing = _missing(room, key)
        room.docket.ask(decision, question, f"{key.parent} {missing}", (_DROP,), safe="drop")
        return f"its parent {key.parent} {missing}"
    parent = room.plan(key.parent)
    columns = frozenset(fold_name(name) for name in key.parent_columns)
    if columns in room.keys.get(fold_name(parent.source), []):
        return _collation_reason(room, table, key)
    counts = room.counts(table.name)
    duplicates = counts.parent_duplicates[place] if place < len(counts.parent_duplicates) else None
    if duplicates == 0 and _may_be_unique(room, key):
        add = Option("add_unique", f"{key.parent}({', '.join(key.parent_columns)}) becomes UNIQUE; its values are")
        answer = room.docket.ask(decision, question, "no value stands twice", (_DROP, add), safe="drop")
        if answer == "add_unique":
            _add_unique(room, key)
            return _collation_reason(room, table, key)
    else:
        found = "not measured" if duplicates is None else f"{counted(duplicates, 'value')} in more than one row"
        room.docket.ask(decision, question, found, (_DROP,), safe="drop")
    return f"{key.parent}({', '.join(key.parent_columns)}) is not unique"


def _missing(room: Room, key: ForeignKey) -> str:
    if fold_name(key.parent) in map(fold_name, room.catalog.left_out):
        return f"is {BY_SELECTION}"
    if fold_name(key.parent) not in room.plans:
        return "is not among the tables that are carried"
    gone = room.catalog.table(key.parent).left_out
    return f"has no such key: the selection leaves out {', '.join(gone)}" if gone else "has no such key"


def _may_be_unique(room: Room, key: ForeignKey) -> bool:
    """Tell whether PostgreSQL could index the parent's columns as they are."""
    keys = tuple(IndexKey(name) for name in key.parent_columns)
    columns = [room.column(key.parent, name) for name in key.parent_columns]
    # Cells of several classes, and texts that stand apart, may arrive in one form.
    one_form = any(column.keeps_class or column.quarantines for column in columns)
    return not one_form and not over_limit(room, Index("", key.parent, keys, True, "unique"))


def _collation_reason(room: Room, table: Table, key: ForeignKey) -> str | None:
    """Ask where SQLite matched without regard to case, which PostgreSQL's foreign key does not."""
    folding = [
        name
        for name in key.parent_columns
        if room.column(key.parent, name).collation != "BINARY"
        and room.column(key.parent, name).representation.rule in COLLATED
    ]
    if not folding:
        return None
    keep = Option("keep", "child and parent must agree byte by byte")
    answer = room.docket.ask(
        f"fk_collation:{room.where(table.name, key.columns)}",
        f"SQLite compares the foreign key of {table.name} by the parent's collation. Go on without it?",
        f"{', '.join(folding)} of {key.parent} compares by {room.column(key.parent, folding[0]).collation}",
        (_DROP, keep),
        safe="drop",
    )
    return f"{key.parent} compares {folding[0]} by its collation" if answer == "drop" else None


def _type_reason(room: Room, table: Table, key: ForeignKey) -> str | None:
    pairs = zip(key.columns, key.parent_columns, strict=True)
    apart = [
        (child, parent)
        for child, parent in pairs
        if not comparable(_choice(room, table.name, child), _choice(room, key.parent, parent))
    ]
    kept = [name for name in key.columns if room.column(table.name, name).keeps_class]
    if not apart and not kept:
        return None
    if apart:
        child, parent = apart[0]
        types = f"{room.column(table.name, child).type} and {room.column(key.parent, parent).type}"
        evidence = f"{table.name}.{child} and {key.parent}.{parent} are {types}"
    else:
        evidence = f"{table.name}.{kept[0]} holds values of several classes"
    room.docket.ask(
        f"fk_types:{room.where(table.name, key.columns)}",
        f"The foreign key of {table.name} compares values that PostgreSQL cannot compare. Go on without it?",
        evidence,
        (_DROP,),
        safe="drop",
    )
    return evidence


def _orphans(room: Room, table: Table, key: ForeignKey, place: int) -> tuple[str | None, bool]:
    """Ask about rows without a parent; give the reason not to carry the key, and whether to validate it."""
    counts = room.counts(table.name)
    orphans = counts.orphans[place] if place < len(counts.orphans) else 0
    in_class = any(room.column(table.name, name).representation.rule is Rule.ANY_VALUE for name in key.columns)
    found = counts.unmatched_in_class if in_class else counts.unmatched
    unmatched = found[place] if place < len(found) else 0
    count = max(orphans, unmatched)
    if count == 0:
        return None, True
    left_out = room.counts(key.parent).rows_left_out
    filtered = f"; the filter of {key.parent} leaves {counted(left_out, 'row')} behind" if left_out else ""
    by_bytes = f", {orphans:,} by SQLite's comparison" if unmatched > orphans else ""
    answer = room.docket.ask(
        f"fk_orphans:{room.where(table.name, key.columns)}",
        f"Rows of {table.name} have no parent in {key.parent} by PostgreSQL's comparison. Go on without the foreign key?",
        f"{counted(count, 'row')} without a parent{by_bytes}{filtered}",
        (_DROP, Option("not_valid", "it stands NOT VALID: later writes are checked, these rows stay")),
        safe="drop",
    )
    return (f"{counted(count, 'row')} without a parent", True) if answer == "drop" else (None, False)


def _created(room: Room, table: Table, key: ForeignKey, label: str, *, validate: bool) -> ObjectPlan:
    targets = room.names.column_list(table.name, key.columns)
    parts = (key.name,) if key.name else (room.names.table(table.name), *targets, "fkey")
    name = quote(room.names.constraint(table.name, *parts))
    parent = f"{room.qualified(key.parent)} ({room.quoted_columns(key.parent, key.parent_columns)})"
    clauses = [f"FOREIGN KEY ({', '.join(map(quote, targets))}) REFERENCES {parent}"]
    clauses += [f"ON UPDATE {key.on_update}"] if key.on_update != "NO ACTION" else []
    clauses += [f"ON DELETE {key.on_delete}"] if key.on_delete != "NO ACTION" else []
    clauses += ["DEFERRABLE INITIALLY DEFERRED"] if key.deferred else []
    qualified_table = room.qualified(table.name)
    statements = [f"ALTER TABLE {qualified_table} ADD CONSTRAINT {name} {' '.join(clauses)} NOT VALID"]
    if validate:
        statements.append(f"ALTER TABLE {qualified_table} VALIDATE CONSTRAINT {name}")
    return ObjectPlan(
        "foreign key",
        label,
        "carried" if validate else "translated",
        "every row has its parent" if validate else "not valid for the rows without a parent, by decision",
        "after rows",
        tuple(statements),
        (f"ALTER TABLE IF EXISTS {qualified_table} DROP CONSTRAINT IF EXISTS {name} RESTRICT",),
        source_sql=_source_sql(key),
        target=f"{qualified_table}.{name}",
    )


def _add_unique(room: Room, key: ForeignKey) -> None:
    targets = room.names.column_list(key.parent, key.parent_columns)
    name = quote(room.names.relation(room.names.table(key.parent), *targets, "key", constraint_of=key.parent))
    table = room.qualified(key.parent)
    room.keep_key(key.parent, key.parent_columns)
    room.docket.add(
        ObjectPlan(
            "unique",
            f"{key.parent}({', '.join(key.parent_columns)})",
            "translated",
            "added by decision: a foreign key refers to it",
            "after rows",
            (f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({', '.join(map(quote, targets))})",),
            (f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {name} RESTRICT",),
            target=f"{table}.{name}",
        )
    )


def _choice(room: Room, table: str, column: str) -> Choice:
    plan = room.column(table, column)
    return Choice(plan.type, plan.representation, plan.reason)


def _source_sql(key: ForeignKey) -> str:
    text = f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.parent}"
    text += f" ({', '.join(key.parent_columns)})" if key.parent_columns else ""
    text += f" ON UPDATE {key.on_update}" if key.on_update != "NO ACTION" else ""
    text += f" ON DELETE {key.on_delete}" if key.on_delete != "NO ACTION" else ""
    return text + (" DEFERRABLE INITIALLY DEFERRED" if key.deferred else "")


def _report_cascade(room: Room, table: Table, key: ForeignKey) -> None:
    if key.on_delete != "CASCADE":
        return
    reached = _reached(room, table.name)
    counts = ", ".join(f"{name} ({counted(room.counts(name).rows, 'row')})" for name in reached)
    room.docket.find(
        "FK_CASCADE",
        Severity.INFO,
        f"{table.name}({', '.join(key.columns)})",
        f"deleting a row of {key.parent} also deletes the rows that refer to it in: {counts}",
        "as declared; an application that never enforced foreign keys did not see this",
    )


def _reached(room: Room, start: str) -> list[str]:
    """Name the tables that a cascade into `start` can reach, in the order of the chain."""
    found, queue = [start], [fold_name(start)]
    while queue:
        parent = queue.pop(0)
        for table in room.tables:
            cascades = any(
                key.on_delete == "CASCADE" and fold_name(key.parent) == parent for key in table.foreign_keys
            )
            if cascades and table.name not in found:
                found.append(table.name)
                queue.append(fold_name(table.name))
    return found
