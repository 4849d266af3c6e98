"""Primary keys, unique constraints and the positions of identities.

SQLite lets a NULL stand in most primary keys, compares by the column's collation, and has no limit for an index
entry.  Where PostgreSQL is stricter the key is changed as little as possible, and the change is said.
"""

from __future__ import annotations

from dataclasses import replace

from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import Index, Table
from pgraduate.model.decision import Option
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.representation import Rule, rule_of_several_classes
from pgraduate.model.wording import counted
from pgraduate.postgres.identifiers import quote
from pgraduate.schema.indexes import (
    entry_bytes,
    is_plain,
    long_keys,
    not_carried,
    over_limit,
    unique_index,
)
from pgraduate.schema.room import Room
from pgraduate.schema.translation import why

_LARGEST = {"bigint": 2**63 - 1, "integer": 2**31 - 1, "smallint": 2**15 - 1}

_DROP = Option("drop", "the constraint is not carried", leaves_behind=True)
_KEEP = Option("keep", "it stands; from now on 1 and '1' count as the same")


def identities(room: Room) -> None:
    """Set each identity behind the largest rowid that was ever given."""
    for table in room.tables:
        if table.rowid_alias is not None:
            room.docket.add(_identity(room, table, table.rowid_alias))


def primary_keys(room: Room) -> None:
    for table in room.tables:
        if table.primary_key:
            _primary_key(room, table)


def unique_constraints(room: Room) -> None:
    for table in room.tables:
        for index in room.catalog.indexes_of(table.name):
            if index.origin == "unique":
                _unique(room, table, index)


def _identity(room: Room, table: Table, alias: str) -> ObjectPlan:
    column = room.column(table.name, alias)
    largest = max(room.counts(table.name).rowid_max or 0, table.sequence or 0, 0)
    name = room.within(table.name, column.target)
    alter = f"ALTER TABLE {room.qualified(table.name)} ALTER COLUMN {quote(column.target)}"
    source = "AUTOINCREMENT" if table.autoincrement else "the rowid"
    label = f"{table.name}.{alias}"
    undo = (
        f"ALTER TABLE IF EXISTS {room.qualified(table.name)} ALTER COLUMN {quote(column.target)} RESTART WITH 1",
    )
    limit = _LARGEST[column.type]
    if largest < limit:
        return ObjectPlan(
            "identity", label, "translated", f"{source}: goes on at {largest + 1:,}", "after rows",
            (f"{alter} RESTART WITH {largest + 1}",), undo, target=name, next_value=largest + 1,
        )  # fmt: skip
    room.docket.ask(
        f"identity_full:{room.where(table.name, (alias,))}",
        f"The largest rowid of {table.name} is the largest {column.type}. What shall an INSERT without {alias} do?",
        f"the largest rowid is {limit:,}",
        (Option("fail", "it fails, as it does in SQLite with AUTOINCREMENT; inserts that name the id succeed"),),
        safe="fail",
    )
    sequence = (
        f"pg_catalog.pg_get_serial_sequence({_literal(room.qualified(table.name))}, {_literal(column.target)})"
    )
    return ObjectPlan(
        "identity", label, "translated", "every number is used up", "after rows",
        (f"SELECT pg_catalog.setval({sequence}, {limit}, true)",), undo, target=name,
    )  # fmt: skip


def _primary_key(room: Room, table: Table) -> None:
    index = _index_behind(room, table)
    columns = table.primary_key
    label = table.name
    if _must_drop(room, table, index, columns, "primary key", label):
        return
    if index is not None and over_limit(room, index):
        _digest_key(room, table, index, "primary key", label)
        return
    numbered = table.rowid_alias is not None and table.rowid_alias in columns
    if room.counts(table.name).null_keys and not numbered:
        room.docket.ask(
            f"null_key:{room.where(table.name, columns)}",
            f"The primary key of {table.name} holds NULLs, which PostgreSQL does not allow. Make it UNIQUE instead?",
            f"{counted(room.counts(table.name).null_keys, 'row')} with a NULL in the key",
            (Option("unique", "a UNIQUE constraint stands in its place; NULLs stay possible"),),
            safe="unique",
        )
        _add_constraint(room, table, columns, "primary key", label, "UNIQUE", "translated", "holds NULLs: UNIQUE")
    else:
        reason = "the rowid" if numbered else "no NULL in any key"
        _add_constraint(room, table, columns, "primary key", label, "PRIMARY KEY", "carried", reason)
    if index is not None and not is_plain(room, index):
        room.docket.add(unique_index(room, table, index, "index", f"{label} primary key by its collation"))


def _unique(room: Room, table: Table, index: Index) -> None:
    columns = tuple(key.column for key in index.keys if key.column is not None)
    label = f"{table.name}({', '.join(columns)})"
    if _must_drop(room, table, index, columns, "unique", label):
        return
    if over_limit(room, index):
        _digest_key(room, table, index, "unique", label)
    elif is_plain(room, index):
        _add_constraint(room, table, columns, "unique", label, "UNIQUE", "carried", "as declared")
    else:
        try:
            room.docket.add(unique_index(room, table, index, "unique", label))
        except NotTranslated as error:
            room.docket.add(not_carried("unique", label, why(error), index.sql))


def _must_drop(
    room: Room, table: Table, index: Index | None, columns: tuple[str, ...], kind: str, label: str
) -> bool:
    """Ask about a key over cells whose class is kept beside them, or whose collation PostgreSQL lacks."""
    reason = refused_key(room, table, index, columns)
    if reason is None:
        return False
    room.docket.add(not_carried(kind, label, reason, index.sql if index else None))
    return True


def refused_key(room: Room, table: Table, index: Index | None, columns: tuple[str, ...]) -> str | None:
    """Ask what a unique key needs to be asked; give the reason why it is not carried, or None."""
    mixed = [name for name in columns if _has_several_forms(room, table, name)]
    collisions = _collisions(room, table, index, columns, in_class=not mixed) if index else 0
    if mixed:
        answer = room.docket.ask(
            f"mixed_key:{room.where(table.name, columns)}",
            f"The unique key of {table.name} compares values of several storage classes. Keep it over their text?",
            f"{', '.join(mixed)} hold values of several classes, which PostgreSQL stores in one form"
            + (f"; {counted(collisions, 'form')} in more than one row" if collisions else ""),
            (_DROP,) if collisions or not _is_counted(room, table, mixed) else (_DROP, _KEEP),
            safe="drop",
        )
        if answer == "drop" or collisions:
            return "it compares values of several storage classes"
    elif collisions:
        room.docket.ask(
            f"key_collision:{room.where(table.name, columns)}",
            f"Values of the unique key of {table.name} that SQLite tells apart arrive as one. Go on without it?",
            f"{counted(collisions, 'form')} in more than one row",
            (_DROP,),
            safe="drop",
        )
        return f"values that SQLite tells apart arrive as one: {counted(collisions, 'form')} in more than one row"
    foreign = sorted({key.collation for key in index.keys} - {"BINARY", "NOCASE", "RTRIM"}) if index else []
    if foreign:
        answer = room.docket.ask(
            f"collation:{room.where(table.name, columns)}",
            f"The unique key of {table.name} compares by {foreign[0]}, a collation of the application. How now?",
            f"PostgreSQL does not know the collation {', '.join(foreign)}",
            (
                _DROP,
                Option("binary", "texts count as the same only if their bytes are"),
            ),
            safe="drop",
        )
        if answer == "drop":
            return f"it compares by {foreign[0]}, a collation of the application"
    return None


def _collisions(room: Room, table: Table, index: Index, columns: tuple[str, ...], *, in_class: bool) -> int:
    """Count the forms of more than one row, as the columns hold them; any_value tells classes apart."""
    counts = room.counts(table.name)
    in_class &= any(room.column(table.name, name).representation.rule is Rule.ANY_VALUE for name in columns)
    return (counts.collisions_in_class if in_class else counts.collisions).get(index.name, 0)


def _has_several_forms(room: Room, table: Table, name: str) -> bool:
    """Tell whether equal texts may stand for values that SQLite tells apart; numbers compare as numbers in both."""
    column = room.column(table.name, name)
    return column.keeps_class and column.representation.rule is not Rule.NUMBER


def _is_counted(room: Room, table: Table, names: list[str]) -> bool:
    """Tell whether the census counted the very forms that the columns will hold: a person may ask for others."""
    return all(
        room.column(table.name, name).representation.rule is rule_of_several_classes(table.column(name).declared)
        for name in names
    )


def _digest_key(room: Room, table: Table, index: Index, kind: str, label: str) -> None:
    columns = tuple(key.column for key in index.keys if key.column is not None)
    answer = room.docket.ask(
        f"index_size:{room.where(table.name, columns)}",
        f"Some values of the unique key of {table.name} are too long for an index. Compare their digests?",
        f"an entry may have {entry_bytes(room, index):,} bytes, the limit is 2,704",
        (
            Option("digest", "a unique index over the md5 of the long columns stands in its place"),
            _DROP,
        ),
        safe="digest",
    )
    if answer == "drop":
        room.docket.add(not_carried(kind, label, "its values are too long for an index", index.sql))
    else:
        digests = long_keys(room, index)
        room.docket.add(unique_index(room, table, index, kind, label, digests=digests))


def _add_constraint(
    room: Room,
    table: Table,
    columns: tuple[str, ...],
    kind: str,
    label: str,
    clause: str,
    outcome: str,
    reason: str,
) -> None:
    targets = room.names.column_list(table.name, columns)
    stem = room.names.table(table.name)
    name = (
        room.names.relation(stem, "pkey", constraint_of=table.name)
        if clause == "PRIMARY KEY"
        else room.names.relation(stem, *targets, "key", constraint_of=table.name)
    )
    listed = ", ".join(quote(target) for target in targets)
    qualified_table = room.qualified(table.name)
    undo = [f"ALTER TABLE IF EXISTS {qualified_table} DROP CONSTRAINT IF EXISTS {quote(name)} RESTRICT"]
    if clause == "PRIMARY KEY":
        undo += _forbid_nulls(room, table, columns)
    room.keep_key(table.name, columns)
    room.docket.add(
        ObjectPlan(
            kind,
            label,
            "carried" if outcome == "carried" else "translated",
            reason,
            "after rows",
            (f"ALTER TABLE {qualified_table} ADD CONSTRAINT {quote(name)} {clause} ({listed})",),
            tuple(undo),
            target=room.within(table.name, name),
        )
    )


def _forbid_nulls(room: Room, table: Table, columns: tuple[str, ...]) -> list[str]:
    """Note that a primary key forbids NULL; give what undoes it, since the ban outlives the constraint."""
    undo = []
    for name in columns:
        column = room.column(table.name, name)
        if not column.not_null:
            room.change_column(table.name, replace(column, refuses=(*column.refuses, "a NULL in the primary key")))
            alter = f"ALTER TABLE IF EXISTS {room.qualified(table.name)} ALTER COLUMN {quote(column.target)}"
            undo.append(f"{alter} DROP NOT NULL")
    return undo


def _index_behind(room: Room, table: Table) -> Index | None:
    for index in room.catalog.indexes_of(table.name):
        if index.origin == "primary key":
            return index
    return None


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
