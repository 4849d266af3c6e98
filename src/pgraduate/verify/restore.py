"""Giving quarantined bytes back to the application, once it has a column for them.

A cell and its quarantine line change in one transaction, one per table.  The line moves to `pgraduate.restored`
with what the cell held before, which is how a restore is taken back and how a later comparison still knows the
bytes.  The invariant: a line stands in one of the two places, never in neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import psycopg
from psycopg import sql

from pgraduate.errors import Refused, TargetUnusable
from pgraduate.model.operation import Check, Plan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.verify.quiet import quiet_triggers
from pgraduate.verify.restore_sql import (
    Move,
    TableMoves,
    count_matched,
    restore_cells,
    take_cells_back,
    written_since,
)
from pgraduate.verify.scripts import script


class RestoreQuarantine:
    """Operation over a connection: cells leave the quarantine for columns of their tables."""

    kind: ClassVar[str] = "quarantine.restore"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Give back every cell whose row stands there; the others stay in quarantine.

        Raises Refused where there is no column to restore into, or where a constraint refuses the bytes.
        """
        for table in _tables(plan):
            with _explained(table), connection.transaction():
                connection.execute(script("exact_texts"))
                _require_columns(connection, table)
                with quiet_triggers(connection, table.relation):
                    connection.execute(restore_cells(table))

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        """Look for a cell in quarantine whose row stands there."""
        left = 0
        for table in _tables(plan):
            with _explained(table), connection.transaction():
                connection.execute(script("exact_texts"))
                left += _count(connection, count_matched(table))
        return Check(
            not left, f"{left} cells are still in quarantine although their rows are there" if left else ""
        )

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Let the cells be what they were, and their lines return; a row that is gone has only its line back.

        Raises Refused, before anything is written, where a cell that was given back holds something else now.
        """
        standing = {table: _standing(connection, table) for table in _tables(plan)}
        for table, moves in standing.items():
            with _explained(table), connection.transaction():
                connection.execute(script("exact_texts"))
                for move in moves:
                    _require_unwritten(connection, table, move)
        for table, moves in standing.items():
            with _explained(table), connection.transaction():
                connection.execute(script("exact_texts"))
                if moves:
                    with quiet_triggers(connection, table.relation):
                        for move in moves:
                            connection.execute(take_cells_back(table, move))
                for move in table.moves:
                    connection.execute(script("lines_back"), _names(table, move))


def plan_restore(connection: psycopg.Connection, tables: Sequence[TableMoves]) -> Plan:
    """Plan to give back the cells of some tables' columns.

    Raises Refused, with the statement that makes it, where a column to restore into is missing; and for a table
    without a key where only some of its quarantined columns are named.
    """
    for table in tables:
        _require_columns(connection, table)
        if not table.is_key:
            _require_all_columns(connection, table)
    return Plan(
        RestoreQuarantine.kind,
        "; ".join(f"{t.schema}.{t.table}.{move.column} into {move.into}" for t in tables for move in t.moves),
        tuple(restore_cells(table).as_string(connection) for table in tables),
        tuple(take_cells_back(table, move).as_string(connection) for table in tables for move in table.moves),
        {"tables": [to_json(table) for table in tables]},
    )


def plan_take_back(tables: Sequence[TableMoves]) -> Plan:
    """Plan to take a restore back; its columns may be gone by now."""
    subject = "; ".join(f"{t.schema}.{t.table}.{move.column} into {move.into}" for t in tables for move in t.moves)
    return Plan(RestoreQuarantine.kind, subject, (), (), {"tables": [to_json(table) for table in tables]})


def _tables(plan: Plan) -> tuple[TableMoves, ...]:
    return tuple(from_json(TableMoves, item) for item in plan.facts["tables"])


def _names(table: TableMoves, move: Move) -> dict[str, str]:
    return {"schema": table.schema, "table": table.table, "column": move.column, "into": move.into}


def _require_columns(connection: psycopg.Connection, table: TableMoves) -> None:
    for move in table.moves:
        row = connection.execute(script("writable_column"), _names(table, move)).fetchone()
        assert row is not None
        table_stands, column_stands, takes_bytes = row
        if takes_bytes:
            continue
        where = f"{table.schema}.{table.table}.{move.into}"
        if not table_stands:
            raise Refused("the table is not there any more", where=f"{table.schema}.{table.table}")
        raise Refused(
            "the column to restore into is not a bytea that can be written"
            if column_stands
            else "there is no column to restore into",
            where=where,
            hint=_remedy(table, move, column_stands),
        )


def _remedy(table: TableMoves, move: Move, column_stands: bool) -> str:
    name = f"{move.into}_2" if column_stands else move.into
    return f"ALTER TABLE {qualified(table.schema, table.table)} ADD COLUMN {quote(name)} bytea"


def _standing(connection: psycopg.Connection, table: TableMoves) -> list[Move]:
    """List the moves whose column is still there."""
    rows = (
        (move, connection.execute(script("writable_column"), _names(table, move)).fetchone())
        for move in table.moves
    )
    return [move for move, row in rows if row is not None and row[2]]


def _require_all_columns(connection: psycopg.Connection, table: TableMoves) -> None:
    facts = {"schema": table.schema, "table": table.table, "columns": [move.column for move in table.moves]}
    others = [str(name) for (name,) in connection.execute(script("other_columns"), facts).fetchall()]
    if others:
        raise Refused(
            "rows without a key are told apart by all their columns, so their cells can only be restored together",
            where=f"{table.schema}.{table.table}",
            hint="name these columns in the same command as well: " + ", ".join(others),
        )


def _require_unwritten(connection: psycopg.Connection, table: TableMoves, move: Move) -> None:
    written = _count(connection, written_since(table, move))
    if written:
        raise Refused(
            f"{written} restored cells hold something else now; to take the restore back would lose it",
            where=f"{table.schema}.{table.table}.{move.into}",
            hint="save what was written first, or leave the restore as it is",
        )


def _count(connection: psycopg.Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _explained(table: TableMoves) -> Iterator[None]:
    """Say what keeps cells from being written, without any cell's value."""
    where = f"{table.schema}.{table.table}"
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise Refused(
            "the role may not write these cells or pgraduate's records",
            where=where,
            hint="restore as the role that made the run",
        ) from None
    except psycopg.errors.IntegrityError as error:
        raise Refused(
            f"a constraint of the table refuses the bytes: {error.diag.constraint_name or error.sqlstate}",
            where=where,
            hint="relax it, or restore into another column",
        ) from None
    except psycopg.errors.LockNotAvailable:
        raise TargetUnusable(
            "another session holds a lock on the table", where=where, hint="restore again when it has ended"
        ) from None
    except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable):
        raise TargetUnusable(
            "the table, or a column that names its rows, is not there any more",
            where=where,
            hint="`pgraduate verify --quarantine --show-values` still gives the bytes",
        ) from None
