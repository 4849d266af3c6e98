"""The rows of a family that are not live, table by table: in an archive table, or in segments laid into a temporary one.

Whatever place they come from, they are asked for in one way, and a column that the live table lacks is no reason to leave
values behind: it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import psycopg
from psycopg import sql

from pgraduate.errors import PgraduateError, Refused
from pgraduate.maintain.retention import segments
from pgraduate.maintain.retention.archive_tables import BATCH
from pgraduate.maintain.retention.family import Family, Member
from pgraduate.maintain.retention.ledger import Line
from pgraduate.model.retention import Destination


@dataclass(frozen=True, slots=True)
class Archived:
    """The rows of one table that are not live: `relation` is an archive table, or a temporary one with the segments'."""

    member: Member
    lines: tuple[Line, ...]
    relation: sql.Identifier
    columns: tuple[str, ...]
    number: int

    @property
    def chosen(self) -> sql.Identifier:
        """The temporary table of the rows that come back."""
        return sql.Identifier("pg_temp", f"pgraduate_chosen_{self.number}")

    @property
    def back(self) -> sql.Identifier:
        """The temporary table of their new places."""
        return sql.Identifier("pg_temp", f"pgraduate_back_{self.number}")

    @property
    def batches(self) -> sql.Literal:
        return sql.Literal([line.batch for line in self.lines])

    def items(self, alias: str) -> sql.Composable:
        return sql.SQL(", ").join(sql.Identifier(alias, column) for column in self.columns)


def archived_rows(
    connection: psycopg.Connection, family: Family, lines: Sequence[Line], project: Path
) -> Iterator[Archived]:
    """Give what stands of a family's lines, one for each table and place, parents first.

    Raises Refused where a table or a column that they need is gone, PgraduateError for a segment that is damaged.
    """
    live = {(member.schema, member.name): member for member in family.order}
    for line in lines:
        if (line.schema_name, line.table_name) not in live:
            raise Refused(
                "rows were archived with this table, which no longer belongs to the family",
                where=line.label,
                hint="create the table and its foreign key again",
            )
    depth = {(member.schema, member.name): -place for place, member in enumerate(family.order)}

    def key(line: Line) -> tuple[int, str]:
        place = line.place if line.destination == Destination.ARCHIVE else ""
        return depth[line.schema_name, line.table_name], place or ""

    for number, (_, group) in enumerate(groupby(sorted(lines, key=key), key=key)):
        own = tuple(group)
        member = live[own[0].schema_name, own[0].table_name]
        if own[0].destination == Destination.ARCHIVE:
            relation = _archive_table(connection, own[0])
            columns = _archive_columns(connection, member, own, relation)
        else:
            relation = sql.Identifier("pg_temp", f"pgraduate_segment_{number}")
            columns = _load(connection, member, own, relation, project)
        yield Archived(member, own, relation, columns, number)


def _archive_table(connection: psycopg.Connection, line: Line) -> sql.Identifier:
    row = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(%s)",
        (line.place,),
    ).fetchone()
    if row is None:
        raise Refused("an archive table is missing", where=line.place, hint="bring it back from a backup")
    return sql.Identifier(*row)


def _archive_columns(
    connection: psycopg.Connection, member: Member, lines: Sequence[Line], relation: sql.Identifier
) -> tuple[str, ...]:
    cursor = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(relation))
    names = [column.name for column in cursor.description or () if column.name != BATCH]
    live = {column.name for column in member.columns}
    for name in names:
        if name not in live:
            filled = connection.execute(
                sql.SQL("SELECT FROM {} WHERE {} = ANY ({}) AND {} IS NOT NULL LIMIT 1").format(
                    relation,
                    sql.Identifier(BATCH),
                    sql.Literal([line.batch for line in lines]),
                    sql.Identifier(name),
                )
            )
            if filled.rowcount:
                raise _lacks(member, name)
    return tuple(name for name in names if name in live)


def _load(
    connection: psycopg.Connection, member: Member, lines: Sequence[Line], relation: sql.Identifier, project: Path
) -> tuple[str, ...]:
    """Fill a temporary table from segments; all of them have the same columns, as far as one rule wrote them."""
    headers = {tuple(segments.columns_of(project / (line.place or ""))) for line in lines}
    names = tuple(dict.fromkeys(name for header in sorted(headers) for name in header))
    live = {column.name for column in member.columns}
    for name in names:
        if name not in live:
            raise _lacks(member, name)
    items = sql.SQL(", ").join(map(sql.Identifier, names))
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {}, 0::bigint AS {} FROM {} WITH NO DATA"
        ).format(relation, items, sql.Identifier(BATCH), member.identifier)
    )
    for line in lines:
        path = project / (line.place or "")
        mark = sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
            relation, sql.Identifier(BATCH), sql.Literal(line.batch)
        )
        connection.execute(mark)
        found = segments.load(connection, relation, segments.columns_of(path), path, line.checksum)
        if found != line.row_count - line.restored:
            raise PgraduateError(
                f"a segment holds {found:,} rows, and {line.row_count - line.restored:,} were written",
                where=str(path),
            )
    return names


def _lacks(member: Member, column: str) -> Refused:
    return Refused(
        "archived rows have a value in a column that the live table lacks",
        where=f"{member.label}.{column}",
        hint="add the column again",
    )
