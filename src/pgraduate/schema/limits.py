"""PostgreSQL's limits on a table, met before the load: its columns, and the width of a row.

A table that PostgreSQL cannot hold is a decision; the selection is the way to carry the part of it that fits.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.model.catalog import Table
from pgraduate.model.census import TableCensus
from pgraduate.model.decision import Option
from pgraduate.model.plan import ObjectPlan
from pgraduate.schema.choice import Choice
from pgraduate.schema.docket import Docket
from pgraduate.schema.harmony import ColumnId, column_id

MOST_COLUMNS = 1600
"""MaxHeapAttributeNumber of PostgreSQL."""
LARGEST_ROW = 8160
"""Bytes of a heap tuple on a page of 8 kB, after the page's and the line's headers."""
_EIGHT = ("bigint", "double precision", "timestamp")
"""Types of eight bytes that begin at a multiple of eight."""
_PADDING = 7
_POINTED = 24
"""What a value of any class takes at most in a row that is too wide: it is long enough to be moved out."""
_LONGER_NUMBER = 16
"""What a number may need in numeric or text beyond its eight bytes."""

_LEAVE = Option("leave_out", "the table and its rows stay in SQLite", leaves_behind=True)
_SELECT = "; a selection carries a part of its columns"


def fits(
    table: Table, counts: TableCensus, choices: Mapping[ColumnId, Choice], schema: str, docket: Docket
) -> bool:
    """Tell whether a table is carried; ask where PostgreSQL cannot hold its columns or one of its rows."""
    count = len(table.columns)
    if count > MOST_COLUMNS:
        docket.ask(
            f"columns:{schema}.{table.name}",
            f"Table {table.name} has more columns than PostgreSQL allows. Leave it out?",
            f"{count:,} columns, the limit is {MOST_COLUMNS:,}{_SELECT}",
            (_LEAVE,),
        )
        return _left_out(table, f"{count:,} columns; PostgreSQL allows {MOST_COLUMNS:,}", docket)
    widest = row_bytes(table, counts, choices)
    if widest <= LARGEST_ROW:
        return True
    docket.ask(
        f"row_size:{schema}.{table.name}",
        f"A row of {table.name} may not fit on a page of PostgreSQL. Leave the table out?",
        f"the widest row may need {widest:,} bytes, a page holds {LARGEST_ROW:,}{_SELECT}",
        (_LEAVE,),
    )
    return _left_out(table, f"its widest row may need {widest:,} bytes", docket)


def row_bytes(table: Table, counts: TableCensus, choices: Mapping[ColumnId, Choice]) -> int:
    """Bound the bytes of the widest row as a heap tuple; 0 for a table so narrow that nothing was measured."""
    if counts.widest_row is None:
        return 0
    total = _aligned(23 + (len(table.columns) + 7) // 8) + counts.widest_row
    aligned = True
    for column in table.columns:
        kind = choices[column_id(table.name, column.name)].type
        census = counts.column(column.name)
        if kind in _EIGHT:
            total += 0 if aligned else _PADDING
        elif kind == ANY_VALUE_TYPE:
            total += _POINTED * (census.values > 0)
        elif census.integers + census.reals == census.values:
            total += _LONGER_NUMBER * (census.values > 0)
        aligned = kind in _EIGHT
    return _aligned(total)


def _aligned(size: int) -> int:
    return (size + 7) // 8 * 8


def _left_out(table: Table, reason: str, docket: Docket) -> bool:
    docket.add(ObjectPlan("table", table.name, "not_carried", reason, "before rows", source_sql=table.sql))
    return False
