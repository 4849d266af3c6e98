"""One batch: the oldest rows that are due, with all that follows them, leave in one transaction.

The order is what makes it exact.  Roots are locked FOR UPDATE in a statement of their own: from then on no transaction can
add a child to them, and one that is about to holds a lock for which the root is passed over.  Each later statement sees
all children that were committed, locks them in turn, level by level, and only then rows are deleted, children first, each
statement giving back what it deleted.  One statement over parents and children would see them all at its beginning, and a
child that came meanwhile would be cascaded away unseen.

Invariant: what was locked, what was deleted, what was stored and what vanished from the tables are the same number, or
the transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from pgraduate.errors import PgraduateError
from pgraduate.maintain.retention.family import Family, Key, Member
from pgraduate.maintain.retention.handles import any_of
from pgraduate.maintain.retention.ledger import Line, next_number, record
from pgraduate.maintain.retention.stores import Store

GIVES_WAY = "300ms"
"""How long a batch waits for a lock: less than deadlock_timeout (1 s), so that it is the batch that gives way."""


@dataclass(frozen=True, slots=True)
class Moved:
    """`rows` by table, the root last."""

    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Locked:
    moments: list[str]
    rows: dict[int, list[str]]


def move_batch(
    connection: psycopg.Connection,
    family: Family,
    store: Store,
    cutoff: datetime,
    limit: int,
    passed: Sequence[str] = (),
) -> Moved | None:
    """Move at most `limit` roots, except those at the places `passed`; None where no root could be locked.

    Raises psycopg's LockNotAvailable where a row that follows is held by another transaction, PgraduateError where the
    counts differ.  The connection is in autocommit.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.execute(f"SET LOCAL lock_timeout = '{GIVES_WAY}'")
        locked = _lock(connection, family, cutoff, limit, passed)
        if not locked.moments:
            return None
        store.prepare(connection, family)
        number, before = next_number(connection), _deleted(connection, family)
        for member in family.order:
            places = locked.rows[member.oid]
            if places:
                stored = store.take(connection, member, places, number)
                _require_equal(member, len(places), stored.rows, "stored")
                record(
                    connection, Line.of(family, member, number, store.destination, stored), moments=locked.moments
                )
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for member, earlier, now in zip(family.order, before, _deleted(connection, family), strict=True):
            _require_equal(member, len(locked.rows[member.oid]), now - earlier, "gone")
        store.seal()
    return Moved({member.label: len(locked.rows[member.oid]) for member in family.order})


def oldest(connection: psycopg.Connection, family: Family, cutoff: datetime, passed: Sequence[str]) -> str | None:
    """Give the place of the oldest root that is due and not passed, whether or not it is locked."""
    row = connection.execute(_roots(family, cutoff, 1, passed, lock=False)).fetchone()
    return row[0] if row else None


def _lock(
    connection: psycopg.Connection, family: Family, cutoff: datetime, limit: int, passed: Sequence[str]
) -> _Locked:
    roots = connection.execute(_roots(family, cutoff, limit, passed, lock=True)).fetchall()
    rows: dict[int, list[str]] = {member.oid: [] for member in family.order}
    rows[family.root.oid] = [place for place, _ in roots]
    for member in reversed(family.order):
        found = dict.fromkeys(rows[member.oid])
        for key in family.keys_of(member):
            if key.parent != member.oid:
                found.update(dict.fromkeys(_lock_children(connection, family, key, rows[key.parent])))
        new = list(found)
        while new:  # rows of the same table that follow, and those that follow them
            behind = [
                place
                for key in family.keys_of(member)
                if key.parent == member.oid
                for place in _lock_children(connection, family, key, new)
            ]
            new = [place for place in dict.fromkeys(behind) if place not in found]
            found.update(dict.fromkeys(new))
        rows[member.oid] = list(found)
    return _Locked([moment for _, moment in roots], rows)


def _roots(family: Family, cutoff: datetime, limit: int, passed: Sequence[str], *, lock: bool) -> sql.Composed:
    condition = family.age.between(None, cutoff)
    if passed:
        condition = sql.SQL("{} AND NOT {}").format(condition, any_of("t", passed))
    return sql.SQL(
        "SELECT t.ctid::text, ({moment})::text FROM ONLY {table} AS t WHERE {condition} ORDER BY {order} LIMIT {limit}"
        + (" FOR UPDATE OF t SKIP LOCKED" if lock else "")
    ).format(
        moment=family.age.moment(),
        table=family.root.identifier,
        condition=condition,
        order=family.age.order(),
        limit=sql.Literal(limit),
    )


def _lock_children(connection: psycopg.Connection, family: Family, key: Key, parents: Sequence[str]) -> list[str]:
    if not parents:
        return []
    query = sql.SQL(
        "SELECT c.ctid::text FROM ONLY {parent} AS p JOIN ONLY {child} AS c ON {joins} WHERE {those} FOR UPDATE OF c"
    ).format(
        parent=family.member(key.parent).identifier,
        child=family.member(key.child).identifier,
        joins=key.joins("c", "p"),
        those=any_of("p", parents),
    )
    return [place for (place,) in connection.execute(query)]


def _deleted(connection: psycopg.Connection, family: Family) -> list[int]:
    """Ask the server's own counters how many rows of each table this transaction deleted, by whatever way."""
    rows = connection.execute(
        "SELECT pg_catalog.pg_stat_get_xact_tuples_deleted(oid)"
        " FROM pg_catalog.unnest(%s::pg_catalog.oid[]) WITH ORDINALITY AS t (oid, place) ORDER BY place",
        ([member.oid for member in family.order],),
    )
    return [int(count) for (count,) in rows]


def _require_equal(member: Member, wanted: int, found: int, what: str) -> None:
    if wanted != found:
        raise PgraduateError(
            f"{wanted:,} rows were locked and {found:,} are {what}: the batch was rolled back",
            where=member.label,
            hint="a trigger keeps, changes or deletes rows while these go; see \\d of the table and of its children",
        )
