"""The quarantine of a run: what stands in it, giving cells back to the application, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgraduate.errors import UsageError
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journal.journal import Journal
from pgraduate.journey.choice import choose_run, standing_destination
from pgraduate.journey.destination import Destination
from pgraduate.journey.operations import REGISTRY
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.model.plan import ColumnPlan, SchemaPlan, TablePlan
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.locks import take_run_lock
from pgraduate.postgres.runs import plans
from pgraduate.settings import Settings
from pgraduate.verify import (
    Move,
    Quarantine,
    QuarantinedCell,
    TableMoves,
    key_columns,
    list_quarantine,
    plan_restore,
    plan_take_back,
)


def verify_quarantine(
    settings: Settings, run_id: str | None = None, *, show_values: bool = False, sink: Sink | None = None
) -> dict[str, Any]:
    """List what stands in quarantine for a run, by default the last one; bytes only with `show_values`."""
    destination = standing_destination(settings)
    with destination.target.connect("verify") as connection:
        server = identify(connection)
        (sink or Silence()).emit(Notice(f"target: {server}"))
        record = choose_run(connection, run_id, settings)
        found = list_quarantine(connection, plans(connection, record.run_id), show_values=show_values)
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "verify quarantine",
        "run_id": record.run_id,
        "cells": [_cell(cell) for cell in found.cells],
        "columns": [
            {
                "schema": item.schema,
                "table": item.table,
                "column": item.column,
                "cells": item.cells,
                "bytes": item.size,
                "restored": item.restored,
                "into": list(item.into),
            }
            for item in found.columns
        ],
        "target": _target(destination, server),
        "exit_code": 0,
    }


def restore_quarantine(
    settings: Settings,
    moves: Sequence[str],
    run_id: str | None = None,
    *,
    take_back: bool = False,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Give quarantined cells back, each of `moves` as `TABLE.COLUMN=BYTEA_COLUMN`; or take that back.

    The exit code in the result is 3 where cells stay in quarantine because their rows are gone.  Raises UsageError
    for a column that the run does not know, Refused where there is no column to restore into and where taking
    back would lose what was written since.
    """
    destination = standing_destination(settings)
    with destination.target.connect("restore") as connection:
        server = identify(connection)
        (sink or Silence()).emit(Notice(f"target: {server}"))
        take_run_lock(connection)
        record = choose_run(connection, run_id, settings)
        made = plans(connection, record.run_id)
        tables = _tables(made, moves)
        before = list_quarantine(connection, made)
        plan = plan_take_back(tables) if take_back else plan_restore(connection, tables)
        operation = REGISTRY[plan.operation]
        with Journal.open_or_create(settings.state, record.run_id).step("restore") as step:
            step.server(server)
            if take_back:
                operation.undo(connection, plan)
                step.fact("undo", {"operations": [plan.operation], "subject": plan.subject})
            else:
                step.perform(operation, connection, plan)
            after = list_quarantine(connection, made)
            moved = [_moved(table, move, before, after, take_back) for table in tables for move in table.moves]
            step.figure("cells moved", sum(item["cells"] for item in moved), "cells")
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "verify take-back" if take_back else "verify restore",
        "run_id": record.run_id,
        "moved": moved,
        "target": _target(destination, server),
        "exit_code": 3 if any(item["left"] for item in moved) else 0,
    }


def _tables(made: Sequence[SchemaPlan], moves: Sequence[str]) -> list[TableMoves]:
    """Read `[SCHEMA.]TABLE.COLUMN=INTO` by the names that the plans know, the source's or the target's."""
    found: dict[tuple[str, str], TableMoves] = {}
    for given in moves:
        named, equals, into = given.rpartition("=")
        if not (named and equals and into):
            raise UsageError(
                f"'{given}' does not say which column takes the bytes", hint="TABLE.COLUMN=BYTEA_COLUMN"
            )
        plan, table, column = _find(made, named)
        key, is_key = key_columns(plan, table.name)
        earlier = found.get((table.schema, table.name))
        every = (*(earlier.moves if earlier else ()), Move(column.target, into))
        if len({move.column for move in every}) < len(every) or len({move.into for move in every}) < len(every):
            raise UsageError(
                f"'{given}' names a column a second time", hint="one column's cells go into one column"
            )
        found[table.schema, table.name] = TableMoves(table.schema, table.name, key, is_key, every)
    return list(found.values())


def _find(made: Sequence[SchemaPlan], named: str) -> tuple[SchemaPlan, TablePlan, ColumnPlan]:
    candidates = [
        (plan, table, column)
        for plan in made
        for table in plan.tables
        for column in table.columns
        if named in _names(table, column)
    ]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise UsageError(f"'{named}' is a column of several schemas", hint="write SCHEMA.TABLE.COLUMN")
    quarantining = [
        f"{t.name}.{c.target}" for plan in made for t in plan.tables for c in t.columns if c.quarantines
    ]
    raise UsageError(
        f"the run knows no column '{named}'",
        hint="columns with a quarantine: " + (", ".join(quarantining) or "none"),
    )


def _names(table: TablePlan, column: ColumnPlan) -> set[str]:
    spelled = {f"{table.name}.{column.target}", f"{table.source}.{column.source}"}
    return spelled | {f"{table.schema}.{name}" for name in spelled}


def _moved(table: TableMoves, move: Move, before: Quarantine, after: Quarantine, take_back: bool) -> dict[str, Any]:
    here = (table.schema, table.table, move.column)
    counts = [
        sum(item.cells for item in side.columns if (item.schema, item.table, item.column) == here)
        for side in (before, after)
    ]
    left = [cell for cell in after.cells if (cell.schema, cell.table, cell.column) == here and not take_back]
    return {
        "schema": table.schema,
        "table": table.table,
        "column": move.column,
        "into": move.into,
        "cells": abs(counts[0] - counts[1]),
        "left": [
            {"key": dict(cell.key), "rowid": cell.rowid, "why": "no row has this key any more"} for cell in left
        ],
    }


def _cell(cell: QuarantinedCell) -> dict[str, Any]:
    return {
        "schema": cell.schema,
        "table": cell.table,
        "column": cell.column,
        "key": dict(cell.key),
        "rowid": cell.rowid,
        "class": cell.storage_class,
        "bytes": cell.size,
        "reason": cell.reason,
        "copies": cell.copies,
        "hex": None if cell.value is None else cell.value.hex(),
        "escaped": None if cell.value is None else escaped(cell.value),
    }


def escaped(value: bytes) -> str:
    """Write bytes in the escape form of bytea, control characters as octal too: safe on a terminal."""
    return "".join(
        "\\\\" if byte == 0x5C else chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}" for byte in value
    )


def _target(destination: Destination, server: ServerIdentity) -> dict[str, Any]:
    return {"conninfo": destination.target.conninfo, "label": destination.label, "server": to_json(server)}
