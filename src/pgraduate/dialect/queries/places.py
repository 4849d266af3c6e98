"""The place of a row in an ordered source, for the aggregates whose result follows the order of the rows.

`group_concat(x) FROM (SELECT … ORDER BY …) GROUP BY y` joins the texts in the derived table's order in SQLite.
PostgreSQL may sort the rows anew for its groups, so the source numbers its rows and the aggregate orders by that number.
A table is read by its rowid in SQLite, and in PostgreSQL a row that was changed moves: there the rowid is the number.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.names import Scope, Source
from pgraduate.dialect.queries.grouping import aggregate_calls
from pgraduate.dialect.reading.parsing import function_name

FOLLOWS_ROWS = frozenset({"group_concat", "string_agg", "json_group_array", "json_group_object"})


def with_places(select: exp.Select, source: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    """Number the rows of the one ordered source of a grouped query that has such an aggregate; else give it as it is."""
    if len(scope.sources) != 1 or not scope.sources[0].ordered or not _follows_rows(select):
        return source
    context.fired("order of the source")
    name = context.fresh("place")
    (found,) = scope.sources
    scope.sources[0] = replace(found, place=name)
    number = exp.Alias(this=exp.Window(this=tree.call("row_number")), alias=tree.identifier(name))
    numbered = exp.Select(expressions=[exp.Star(), number]).from_(source)
    return exp.Subquery(this=numbered, alias=exp.TableAlias(this=tree.identifier(found.qualifier)))


def place_of_row(name: str, scope: Scope) -> list[exp.Expr]:
    """Give the ORDER BY of an aggregate over numbered rows, or over the rows of one table; () where it has none."""
    if name not in FOLLOWS_ROWS or len(scope.sources) != 1:
        return []
    (source,) = scope.sources
    place = source.place or _rowid(source)
    return [exp.Ordered(this=tree.column(source.qualifier, place), nulls_first=False)] if place else []


def _rowid(source: Source) -> str:
    """Name the target's column by which SQLite reads a table, '' where the source is none or has no such column."""
    alias = source.table.rowid_alias if source.table is not None else None
    column = source.column(alias) if alias is not None else None
    return column.target if column is not None else ""


def _follows_rows(select: exp.Select) -> bool:
    having, order = select.args.get("having"), select.args.get("order")
    parts = [*select.expressions, *([having.this] if having else []), *(order.expressions if order else [])]
    return select.args.get("group") is not None and any(
        function_name(call) in FOLLOWS_ROWS for part in parts for call in aggregate_calls(part)
    )
