"""Archive tables: the live table's columns, each by its name, and the number of the batch that brought the row.

They hold no key and no constraint, as two rows may have had the same key at different times.  Invariant: a table here has
every column of its live table with the same type, or nothing is moved; a column that it lacks is added, in the
transaction of the first batch that has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql

from pgraduate.errors import Refused
from pgraduate.maintain.retention.family import Column, Family, Member
from pgraduate.maintain.retention.handles import any_of
from pgraduate.maintain.retention.ledger import Stored
from pgraduate.maintain.retention.scripts import script
from pgraduate.model.retention import Destination
from pgraduate.postgres.identifiers import qualified, shorten

BATCH = "pgraduate_batch"


class ArchiveTables:
    """`schema` is where all of them stand; None for a schema beside each live one, `<schema>_archive`."""

    destination = Destination.ARCHIVE

    def __init__(self, schema: str | None) -> None:
        self._schema = schema

    def objections(self, connection: psycopg.Connection, family: Family) -> list[str]:
        return [why for member in family.order for why in self._objections(connection, family, member)]

    def prepare(self, connection: psycopg.Connection, family: Family) -> None:
        """Make the tables that are missing, and add the columns that they lack."""
        for member in family.order:
            standing = self._columns(connection, member)
            if standing is None:
                self._create(connection, member)
                continue
            for column in member.columns:
                if column.name not in standing:
                    connection.execute(
                        sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(self._table(member), _definition(column))
                    )

    def take(self, connection: psycopg.Connection, member: Member, places: Sequence[str], batch: int) -> Stored:
        schema, name = self.place(member)
        moved = connection.execute(
            sql.SQL(
                "WITH gone AS (DELETE FROM ONLY {live} AS t WHERE {those} RETURNING {taken})"
                " INSERT INTO {archive} ({columns}, {mark}) SELECT {columns}, {batch} FROM gone"
            ).format(
                live=member.identifier,
                those=any_of("t", places),
                taken=member.items("t"),
                archive=self._table(member),
                columns=member.items(),
                mark=sql.Identifier(BATCH),
                batch=sql.Literal(batch),
            )
        )
        return Stored(moved.rowcount, qualified(schema, name))

    def seal(self) -> None:
        return None

    def place(self, member: Member) -> tuple[str, str]:
        return self._schema or shorten(f"{member.schema}_archive"), member.name

    def _table(self, member: Member) -> sql.Identifier:
        return sql.Identifier(*self.place(member))

    def _columns(self, connection: psycopg.Connection, member: Member) -> dict[str, tuple[str, bool]] | None:
        """Give a standing table's columns with type, and whether a row must fill it; None where no table stands."""
        schema, name = self.place(member)
        rows = connection.execute(script("archive_columns"), {"schema": schema, "table": name}).fetchall()
        if any(not plain for *_, plain in rows):
            raise Refused(
                "an archive must be a plain table, and this is another relation",
                where=f"{schema}.{name}",
                hint="name another schema with 'archive'",
            )
        return {column: (kind, demanded) for column, kind, demanded, _ in rows} if rows else None

    def _create(self, connection: psycopg.Connection, member: Member) -> None:
        schema, _ = self.place(member)
        if not connection.execute("SELECT FROM pg_catalog.pg_namespace WHERE nspname = %s", (schema,)).rowcount:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        columns = sql.SQL(", ").join(_definition(column) for column in member.columns)
        table, mark = self._table(member), sql.Identifier(BATCH)
        connection.execute(sql.SQL("CREATE TABLE {} ({}, {} bigint NOT NULL)").format(table, columns, mark))
        connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, mark))
        remark = f"Rows that retention took from {member.label}; `pgraduate maintain retention restore` brings them back."
        connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(remark)))

    def _objections(self, connection: psycopg.Connection, family: Family, member: Member) -> Iterator[str]:
        places = Counter(self.place(other) for other in family.order)
        live = {(other.schema, other.name) for other in family.order}
        name = ".".join(self.place(member))
        if places[self.place(member)] > 1:
            yield f"{member.label}: another table of the family would go into {name}, too"
        if self.place(member) in live:
            yield f"{member.label}: {name} is a live table"
            return
        if any(column.name == BATCH for column in member.columns):
            yield f"{member.label}: its column {BATCH} has the name that an archive table needs"
        standing = self._columns(connection, member)
        if standing is None:
            return
        if BATCH not in standing:
            yield f"{member.label}: {name} stands there and is no archive table, as it has no column {BATCH}"
            return
        for column in member.columns:
            kind, _ = standing.get(column.name, (column.type, False))
            if kind != column.type:
                yield f"{member.label}.{column.name}: it is {column.type}, in {name} it is {kind}"
        own = {column.name for column in member.columns} | {BATCH}
        for other, (_, demanded) in standing.items():
            if demanded and other not in own:
                yield f"{member.label}: {name}.{other} must be filled, and the live table has no such column"


def _definition(column: Column) -> sql.Composable:
    # Type and collation come from the catalog's own functions, quoted where they need it.
    text = column.type + (f" COLLATE {column.collation}" if column.collation else "")
    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(text))
