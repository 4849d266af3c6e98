"""Where rows go: the protocol of a store, and the store that keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from pgraduate.maintain.retention.family import Family, Member
from pgraduate.maintain.retention.handles import any_of
from pgraduate.maintain.retention.ledger import Stored
from pgraduate.model.retention import Destination, RetentionRule


class Store(Protocol):
    """`prepare`, `take` and `seal` are called in the transaction of one batch, in this order, `take` for each table."""

    @property
    def destination(self) -> Destination: ...

    def objections(self, connection: psycopg.Connection, family: Family) -> list[str]:
        """List why rows of the family cannot be stored here."""
        ...

    def prepare(self, connection: psycopg.Connection, family: Family) -> None: ...

    def take(self, connection: psycopg.Connection, member: Member, places: Sequence[str], batch: int) -> Stored:
        """Delete the rows and store what the deletion gives back; say how many were stored."""
        ...

    def seal(self) -> None:
        """Return when what was taken outlives a loss of power, but for the COMMIT."""
        ...


class Nowhere:
    """Rows are dropped for good."""

    destination = Destination.DROP

    def objections(self, _connection: psycopg.Connection, _family: Family) -> list[str]:
        return []

    def prepare(self, _connection: psycopg.Connection, _family: Family) -> None:
        return None

    def take(self, connection: psycopg.Connection, member: Member, places: Sequence[str], _batch: int) -> Stored:
        query = sql.SQL("DELETE FROM ONLY {} AS t WHERE {} RETURNING t.ctid")
        return Stored(connection.execute(query.format(member.identifier, any_of("t", places))).rowcount)

    def seal(self) -> None:
        return None


def store_for(rule: RetentionRule, project: Path, segments_of: str) -> Store:
    """Choose the store; `segments_of` names the database among others whose segments lie in the same directory."""
    from pgraduate.maintain.retention.archive_tables import ArchiveTables
    from pgraduate.maintain.retention.segments import Segments

    match rule.to:
        case Destination.ARCHIVE:
            return ArchiveTables(rule.archive)
        case Destination.CSV:
            return Segments(project, rule.directory, segments_of)
        case Destination.DROP:
            return Nowhere()
