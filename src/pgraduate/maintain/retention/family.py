"""A table and all whose rows go with its rows, as the declared foreign keys say.

Invariant: `order` has every child before its parents.  What cannot follow a row without loss is an objection, and a
rule with an objection is not executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from pgraduate.errors import Refused
from pgraduate.maintain.retention.ages import TEXTS, Age, age_of, require_possible
from pgraduate.maintain.retention.scripts import script
from pgraduate.model.retention import Destination, RetentionRule, Unit
from pgraduate.postgres.identifiers import qualified, quote

_TAKES_AWAY = {"n": "set to NULL", "d": "set to its default"}


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is as DDL writes it, `base` pg_type's name without a domain, `collation` qualified where it is its own."""

    name: str
    type: str
    base: str
    collation: str | None


@dataclass(frozen=True, slots=True)
class Member:
    oid: int
    schema: str
    name: str
    kind: str
    inherits: bool
    secured: bool
    permitted: bool
    ruled: bool
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    def items(self, alias: str | None = None) -> sql.Composable:
        """Give the names of the columns that can be written, as a list."""
        prefix = (alias,) if alias else ()
        return sql.SQL(", ").join(sql.Identifier(*prefix, column.name) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    child: int
    parent: int
    columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    on_delete: str
    supported: bool
    """An index leads from the parent to its children."""

    def joins(self, child: str, parent: str) -> sql.Composable:
        pairs = zip(self.columns, self.parent_columns, strict=True)
        return sql.SQL(" AND ").join(
            sql.SQL("{} = {}").format(sql.Identifier(child, mine), sql.Identifier(parent, theirs))
            for mine, theirs in pairs
        )


@dataclass(frozen=True, slots=True)
class Family:
    """A table, `root`, with all tables whose rows may follow its rows."""

    root: Member
    age: Age
    order: tuple[Member, ...]
    """Children before their parents, the root last."""
    keys: tuple[Key, ...]
    circle: bool
    """Foreign keys lead from one table over others back to it."""

    def keys_of(self, member: Member) -> Iterator[Key]:
        return (key for key in self.keys if key.child == member.oid)

    def member(self, oid: int) -> Member:
        return next(item for item in self.order if item.oid == oid)


def read_family(connection: psycopg.Connection, schema: str, table: str, column: str, unit: Unit | None) -> Family:
    """Read what follows the rows of a table.  Raises Refused where the table or its age does not exist."""
    name = f"{schema}.{table}"
    row = connection.execute(
        "SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p')",
        (schema, table),
    ).fetchone()
    if row is None:
        raise Refused("this table does not exist", where=name, hint="correct 'table' in pgraduate.toml")
    members = _members(connection, row[0])
    keys = tuple(
        Key(name, child, parent, tuple(mine), tuple(theirs), on_delete, supported)
        for name, child, parent, mine, theirs, on_delete, supported in connection.execute(
            script("family_keys"), {"tables": list(members)}
        )
    )
    root = members[row[0]]
    found = next((item for item in root.columns if item.name == column), None)
    if found is None:
        raise Refused(f"there is no column '{column}' to tell the age", where=name, hint="correct 'age'")
    age = age_of(found.name, found.base, unit, name)
    require_possible(connection, root.identifier, age, name)
    order, circle = _order(members, keys)
    return Family(root, age, order, keys, circle)


def objections(connection: psycopg.Connection, family: Family, rule: RetentionRule, cutoff: datetime) -> list[str]:
    """List why the rule cannot be executed: what would be lost, and how many rows."""
    found = [why for member in family.order for why in _unmovable(member)]
    if connection.execute(
        "SELECT FROM pg_catalog.pg_settings WHERE name = 'track_counts' AND setting = 'off'"
    ).rowcount:
        found.append(
            "the server counts no deleted rows (track_counts is off), so nothing would prove that none is lost"
        )
    if family.circle:
        found.append(
            "foreign keys lead in a circle over several tables: " + ", ".join(m.label for m in family.order)
        )
    if found:
        return found
    for key in family.keys:
        child = family.member(key.child)
        if key.on_delete in _TAKES_AWAY and child.label not in rule.children:
            rows = _count_due(connection, family, key, cutoff)
            columns = ", ".join(key.columns)
            found.append(
                f"{child.label} ({columns}): {rows:,} references would be lost, {_TAKES_AWAY[key.on_delete]}"
                f" by {key.name}; name it in 'children' if its rows are to follow"
            )
    if rule.to is Destination.DROP:
        for member in family.order[:-1]:
            if member.label not in rule.children:
                rows = count_due(connection, family, member, cutoff)
                found.append(f"{member.label}: {rows:,} rows would be lost; name it in 'children' if that is meant")
    return found


def remarks(connection: psycopg.Connection, family: Family) -> Iterator[str]:
    """Name what makes batches slow, with the statement that helps."""
    for key in family.keys:
        if not key.supported:
            child = family.member(key.child)
            columns = ", ".join(map(quote, key.columns))
            yield (
                f"no index leads to the rows that follow by {key.name}: each deletion reads all of {child.label};"
                f" CREATE INDEX CONCURRENTLY ON {qualified(child.schema, child.name)} ({columns});"
            )
    root = family.root
    row = connection.execute(script("age_index"), {"table": root.oid, "column": family.age.column}).fetchone()
    if row is None:
        collation = ' COLLATE "C"' if family.age.type in TEXTS else ""
        yield (
            f"no index begins with {family.age.column}: each batch reads all of {root.label};"
            f" CREATE INDEX CONCURRENTLY ON {qualified(root.schema, root.name)}"
            f" ({quote(family.age.column)}{collation});"
        )


def count_due(connection: psycopg.Connection, family: Family, member: Member, cutoff: datetime) -> int:
    """Count the rows of a member that the rule moves; those that follow within one table are not counted."""
    condition = _due(family, member, cutoff, 0)
    return _number(
        connection, sql.SQL("SELECT count(*) FROM ONLY {} AS t0 WHERE {}").format(member.identifier, condition)
    )


def _count_due(connection: psycopg.Connection, family: Family, key: Key, cutoff: datetime) -> int:
    child, parent = family.member(key.child), family.member(key.parent)
    return _number(
        connection,
        sql.SQL(
            "SELECT count(*) FROM ONLY {} AS c WHERE EXISTS (SELECT FROM ONLY {} AS t0 WHERE {} AND {})"
        ).format(child.identifier, parent.identifier, key.joins("c", "t0"), _due(family, parent, cutoff, 0)),
    )


def _due(family: Family, member: Member, cutoff: datetime, depth: int) -> sql.Composable:
    """Say of alias t<depth> that the rule moves the row: by its own age, or behind a parent that it moves."""
    here, above = f"t{depth}", f"t{depth + 1}"
    reasons: list[sql.Composable] = []
    if member.oid == family.root.oid:
        reasons.append(family.age.between(None, cutoff, here))
    for key in family.keys:
        if key.child == member.oid and key.parent != member.oid:
            parent = family.member(key.parent)
            reasons.append(
                sql.SQL("EXISTS (SELECT FROM ONLY {} AS {} WHERE {} AND {})").format(
                    parent.identifier,
                    sql.Identifier(above),
                    key.joins(here, above),
                    _due(family, parent, cutoff, depth + 1),
                )
            )
    return sql.SQL("(") + sql.SQL(" OR ").join(reasons) + sql.SQL(")")


def _number(connection: psycopg.Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _unmovable(member: Member) -> Iterator[str]:
    if member.kind != "r" or member.inherits:
        yield f"{member.label} is partitioned or inherits: its partitions are detached whole, not emptied row by row"
    if member.secured:
        yield f"{member.label} has row security that hides rows from this role: they would be lost with their parents"
    if member.ruled:
        yield f"{member.label} has rules that rewrite a DELETE"
    if not member.permitted:
        yield f"{member.label}: this role lacks SELECT, UPDATE or DELETE"


def _members(connection: psycopg.Connection, root: int) -> dict[int, Member]:
    tables = connection.execute(script("family_tables"), {"root": root}).fetchall()
    columns: dict[int, list[Column]] = {}
    for oid, *column in connection.execute(script("family_columns"), {"tables": [row[0] for row in tables]}):
        columns.setdefault(oid, []).append(Column(*column))
    facts = Member.__slots__[:-1]
    return {
        row[0]: Member(**dict(zip(facts, row, strict=True)), columns=tuple(columns.get(row[0], ())))
        for row in tables
    }


def _order(members: dict[int, Member], keys: tuple[Key, ...]) -> tuple[tuple[Member, ...], bool]:
    """Put children first (Kahn 1962); a key within one table asks for no order."""
    left = dict(members)
    done: list[Member] = []
    while left:
        blocked = {key.parent for key in keys if key.child in left and key.child != key.parent}
        free = [oid for oid in left if oid not in blocked]
        if not free:
            return (*done, *left.values()), True
        done += [left.pop(oid) for oid in free]
    return tuple(done), False
