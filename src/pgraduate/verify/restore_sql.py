"""The statements that give quarantined cells back, written for one table: names go in, values never do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import sql

from pgraduate.verify.scripts import script


@dataclass(frozen=True, slots=True)
class Move:
    """The cells of `column` go `into` a column of type bytea of the same table."""

    column: str
    into: str


@dataclass(frozen=True, slots=True)
class TableMoves:
    """`key` names the columns whose texts are the rows' `row_key`; without `is_key`, all that were loaded."""

    schema: str
    table: str
    key: tuple[str, ...]
    is_key: bool
    moves: tuple[Move, ...]

    @property
    def relation(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.table)


def matched_cells(table: TableMoves) -> sql.Composed:
    """Begin a statement that knows `matched`: the quarantined cells that have a row."""
    numbered = list(enumerate(table.moves))
    return _format(
        "matched_cells",
        table,
        columns=_list(sql.Literal(move.column) for move in table.moves),
        held=_list(_as(sql.Identifier("t", move.into), f"b{place}") for place, move in numbered),
        vacant=sql.SQL("true") if table.is_key else _vacant(table),
        into_of=_when((move.column, sql.Literal(move.into)) for move in table.moves),
        held_of=_when((move.column, sql.Identifier("p", f"b{place}")) for place, move in numbered),
    )


def restore_cells(table: TableMoves) -> sql.Composed:
    """Write every matched cell and move its line, in one statement."""
    value = sql.SQL(
        "(array_agg(m.value) FILTER (WHERE m.column_name = {0}))[1] AS {1}, bool_or(m.column_name = {0}) AS {2}"
    )
    assignment = sql.SQL("{0} = CASE WHEN {1} THEN {2} ELSE {3} END")
    values, assignments = [], []
    for place, move in enumerate(table.moves):
        here, given = f"v{place}", f"h{place}"
        values.append(value.format(sql.Literal(move.column), sql.Identifier(here), sql.Identifier(given)))
        into = sql.Identifier(move.into)
        held = sql.Identifier("t", move.into)
        assignments.append(assignment.format(into, sql.Identifier("w", given), sql.Identifier("w", here), held))
    tail = _format("restore_cells", table, values=_list(values), assignments=_list(assignments))
    return matched_cells(table) + tail


def count_matched(table: TableMoves) -> sql.Composed:
    return matched_cells(table) + sql.SQL("SELECT count(*) FROM matched")


def written_since(table: TableMoves, move: Move) -> sql.Composed:
    return _restored_cells(table, move) + sql.SQL(script("written_since"))


def take_cells_back(table: TableMoves, move: Move) -> sql.Composed:
    tail = sql.SQL(script("take_cells_back")).format(relation=table.relation, into=sql.Identifier(move.into))
    return _restored_cells(table, move) + tail


def _restored_cells(table: TableMoves, move: Move) -> sql.Composed:
    return _format(
        "restored_cells",
        table,
        column=sql.Literal(move.column),
        into=sql.Identifier(move.into),
        into_name=sql.Literal(move.into),
    )


def _vacant(table: TableMoves) -> sql.Composed:
    holds = sql.SQL("r.into_column = {} AND r.value = {}")
    each = (holds.format(sql.Literal(move.into), sql.Identifier("t", move.into)) for move in table.moves)
    return _format("vacant_row", table, holds=sql.SQL(" OR ").join(each))


def _format(name: str, table: TableMoves, **parts: sql.Composable) -> sql.Composed:
    known: dict[str, sql.Composable] = {
        "schema": sql.Literal(table.schema),
        "table": sql.Literal(table.table),
        "relation": table.relation,
        "key": _row_key(table),
    }
    return sql.SQL(script(name)).format(**(known | parts))


def _row_key(table: TableMoves) -> sql.Composed:
    text = sql.SQL('{}::pg_catalog.text COLLATE "C"')
    return sql.SQL("ARRAY[{}]").format(_list(text.format(sql.Identifier("t", name)) for name in table.key))


def _when(cases: Iterable[tuple[str, sql.Composable]]) -> sql.Composed:
    case = sql.SQL("WHEN {} THEN {}")
    return sql.SQL(" ").join(case.format(sql.Literal(name), value) for name, value in cases)


def _as(expression: sql.Composable, name: str) -> sql.Composed:
    return sql.SQL("{} AS {}").format(expression, sql.Identifier(name))


def _list(items: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(items)
