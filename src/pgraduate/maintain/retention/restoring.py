"""Archived rows of a range become live again, with what followed them: all of them in one transaction, or none.

Roots are chosen by their age, children by the declared foreign keys among the rows of the same batch, so that two rows
which had one key at different times are never mixed up.  Parents are inserted first.  Invariant: a row that comes back
leaves its archive in the same transaction, and it comes back as it was, or nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from pgraduate.errors import Different, PgraduateError, Refused
from pgraduate.maintain.retention.archive_tables import BATCH
from pgraduate.maintain.retention.archived import Archived, archived_rows
from pgraduate.maintain.retention.family import Family, read_family
from pgraduate.maintain.retention.ledger import Line, lines_between, mark_restored
from pgraduate.maintain.retention.segments import Segments
from pgraduate.model.retention import Destination, Unit

_PLACE = "pgraduate_place"
_DURABLE = (
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', true)"
    " WHERE pg_catalog.current_setting('synchronous_commit') = 'off'"
)
"""Segments that came back are removed after the COMMIT, so it must not be lost any more."""
_WIDER = "restore a range that holds its parents, too"


@dataclass(frozen=True, slots=True)
class Restored:
    """`rows` by table, parents first; `emptied` are segments that no line tells of any more."""

    rows: dict[str, int]
    emptied: tuple[Path, ...] = ()


def restore_range(
    connection: psycopg.Connection,
    schema: str,
    table: str,
    low: datetime,
    high: datetime,
    *,
    project: Path,
    store: Segments,
) -> Restored:
    """Bring back the rows of a table whose age lies at `low` or later and before `high`, with their children.

    A second call finds nothing to bring back.  Raises Refused where a row's key is taken or its parent is missing, where
    rows were dropped, or where the live table lacks a column that they have; Different where a row does not come back as
    it was.  The connection is in autocommit.
    """
    try:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute(_DURABLE)
            lines = lines_between(connection, schema, table, low, high)
            if not lines:
                _require_known(connection, schema, table)
                return Restored({})
            return _restore(connection, lines, low, high, project, store)
    except psycopg.errors.UniqueViolation as error:
        raise _refused(
            "the key of an archived row is taken by a live one", error, "move the live row, or narrow the range"
        ) from None
    except psycopg.errors.ExclusionViolation as error:
        raise _refused(
            "an archived row conflicts with a live one", error, "move the live row, or narrow the range"
        ) from None
    except psycopg.errors.ForeignKeyViolation as error:
        raise _refused("the parent of an archived row is not live", error, _WIDER) from None
    except (psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation) as error:
        raise _refused(
            "an archived row does not satisfy a constraint that was made since", error, "see \\d of the table"
        ) from None


def _restore(
    connection: psycopg.Connection,
    lines: list[Line],
    low: datetime,
    high: datetime,
    project: Path,
    store: Segments,
) -> Restored:
    first = lines[0]
    if dropped := {line.label for line in lines if line.destination == Destination.DROP}:
        raise Refused("rows of this range were dropped for good", where=", ".join(sorted(dropped)))
    if len({(line.age_column, line.age_unit) for line in lines}) > 1:
        raise Refused(
            "the rows of this range were archived by rules of different age columns",
            where=f"{first.root_schema}.{first.root_table}",
            hint="restore a range that one rule archived",
        )
    unit = Unit(first.age_unit) if first.age_unit else None
    family = read_family(connection, first.root_schema, first.root_table, first.age_column, unit)
    sources = list(archived_rows(connection, family, lines, project))
    for source in sources:
        _choose(connection, family, source, sources, low, high)
    rows: dict[str, int] = {}
    for source in sources:
        rows[source.member.label] = rows.get(source.member.label, 0) + _insert(connection, source)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for source in sources:
        _require_same(connection, source)
    emptied = [path for source in sources for path in _leave(connection, source, project, store)]
    store.seal()
    return Restored(rows, tuple(emptied))


def _require_known(connection: psycopg.Connection, schema: str, table: str) -> None:
    known = connection.execute(
        "SELECT FROM pgraduate.retention_batch WHERE root_schema = %s AND root_table = %s LIMIT 1", (schema, table)
    )
    if not known.rowcount:
        raise Refused(
            "retention never moved rows of this table by a rule of its own",
            where=f"{schema}.{table}",
            hint="name the table of the rule; rows that followed come back with it",
        )


def _choose(
    connection: psycopg.Connection,
    family: Family,
    source: Archived,
    sources: Sequence[Archived],
    low: datetime,
    high: datetime,
) -> None:
    """Put the rows that come back into a temporary table, each with its batch and its place in the archive."""
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {chosen} ON COMMIT DROP AS"
            " SELECT {items}, t.{batch}, t.ctid AS {place} FROM {relation} AS t WHERE false"
        ).format(**_names(source), items=source.items("t"))
    )
    reasons = []
    if source.member.oid == family.root.oid:
        reasons.append(family.age.between(low, high))
    for key in family.keys_of(source.member):
        reasons += [
            sql.SQL("EXISTS (SELECT FROM {} AS p WHERE p.{} = t.{} AND {})").format(
                parent.chosen, sql.Identifier(BATCH), sql.Identifier(BATCH), key.joins("t", "p")
            )
            for parent in sources
            if parent.member.oid == key.parent
        ]
    addition = sql.SQL(
        "INSERT INTO {chosen} SELECT {items}, t.{batch}, t.ctid FROM {relation} AS t"
        " WHERE t.{batch} = ANY ({batches}) AND ({reasons})"
        " AND NOT EXISTS (SELECT FROM {chosen} AS c WHERE c.{place} = t.ctid)"
    ).format(
        **_names(source),
        items=source.items("t"),
        batches=source.batches,
        reasons=sql.SQL(" OR ").join(reasons or [sql.SQL("false")]),
    )
    within = any(key.parent == key.child for key in family.keys_of(source.member))
    while connection.execute(addition).rowcount and within:
        pass  # rows of the same table follow those that were chosen


def _insert(connection: psycopg.Connection, source: Archived) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, source.columns))
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} (place tid NOT NULL) ON COMMIT DROP").format(source.back))
    inserted = connection.execute(
        sql.SQL(
            "WITH back AS (INSERT INTO {live} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {chosen}"
            " RETURNING ctid) INSERT INTO {back} SELECT ctid FROM back"
        ).format(live=source.member.identifier, columns=columns, chosen=source.chosen, back=source.back)
    )
    return inserted.rowcount


def _require_same(connection: psycopg.Connection, source: Archived) -> None:
    """Compare what came back with what was archived, value by value, after all triggers had their turn."""
    row = connection.execute(
        sql.SQL(
            "SELECT count(*) FROM (SELECT ROW({archived})::text FROM {chosen} AS c EXCEPT ALL"
            " SELECT ROW({live})::text FROM ONLY {table} AS l JOIN {back} AS b ON l.ctid = b.place) AS missing"
        ).format(
            archived=source.items("c"),
            live=source.items("l"),
            chosen=source.chosen,
            table=source.member.identifier,
            back=source.back,
        )
    ).fetchone()
    assert row is not None
    if row[0]:
        raise Different(
            f"{row[0]:,} rows would not come back as they were; nothing was restored",
            where=source.member.label,
            hint="a trigger changes or keeps rows that are inserted; see \\d of the table and of its children",
        )


def _leave(connection: psycopg.Connection, source: Archived, project: Path, store: Segments) -> Iterable[Path]:
    """Take what came back out of its archive and say so in the ledger; give the segments that are to go."""
    gone = connection.execute(
        sql.SQL("DELETE FROM {relation} AS t USING {chosen} AS c WHERE t.ctid = c.{place}").format(**_names(source))
    ).rowcount
    counts: dict[int, int] = dict(
        connection.execute(
            sql.SQL("SELECT {batch}, count(*) FROM {chosen} GROUP BY 1").format(**_names(source))
        ).fetchall()
    )
    if gone != sum(counts.values()):
        raise PgraduateError("somebody else changes the archive meanwhile", where=source.member.label)
    for line in source.lines:
        rows = counts.get(line.batch, 0)
        if not rows:
            continue
        if line.destination == Destination.ARCHIVE:
            mark_restored(connection, line, rows)
            continue
        rest = sql.SQL("SELECT {} FROM {} AS t WHERE t.{} = {}").format(
            source.items("t"), source.relation, sql.Identifier(BATCH), sql.Literal(line.batch)
        )
        left = store.replace(connection, rest, source.member, line.batch)
        mark_restored(connection, line, rows, left)
        yield project / (line.place or "")


def _names(source: Archived) -> dict[str, sql.Composable]:
    return {
        "chosen": source.chosen,
        "relation": source.relation,
        "batch": sql.Identifier(BATCH),
        "place": sql.Identifier(_PLACE),
    }


def _refused(what: str, error: psycopg.Error, hint: str) -> Refused:
    diagnosis = error.diag
    names = (diagnosis.schema_name, diagnosis.table_name, diagnosis.constraint_name)
    return Refused(f"{what}; nothing was restored", where=".".join(name for name in names if name), hint=hint)
