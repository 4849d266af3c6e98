"""Grouped queries: group keys, and columns that are neither grouped nor aggregated.

SQLite lets such a *bare* column stand: it takes the value of the group's first row, or of the row in which the
query's last min() or max() found its value.  Here it becomes the first element of an ordered array of the group.

Source: "SELECT", section 2.5, bare columns in an aggregate query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.queries.aggregates import is_aggregate
from pgraduate.dialect.queries.ordering import sort_key
from pgraduate.dialect.reading.parsing import function_name


@dataclass(frozen=True, slots=True)
class Grouping:
    """`sources` are the key expressions as SQLite's trees, `keys` as PostgreSQL's; `order` finds the group's row
    from which bare columns come."""

    sources: tuple[exp.Expr, ...]
    keys: tuple[exp.Expr, ...]
    order: tuple[exp.Expr, ...]

    def has_key(self, node: exp.Expr) -> bool:
        return node.unnest() in self.sources

    def value(self, value: Typed, context: Context) -> Typed:
        """Give a column of a group: itself if it is a key, otherwise that of the group's row."""
        if value.node in self.keys:
            return value
        context.fired("bare column")
        return replace(value, node=_first(value.node, self.order), not_null=False)


def has_aggregate(nodes: Sequence[exp.Expr]) -> bool:
    """Say whether any of these expressions calls an aggregate of their own query."""
    return any(True for node in nodes for _ in aggregate_calls(node))


def aggregate_calls(node: exp.Expr) -> list[exp.Anonymous]:
    """Find the aggregate calls in an expression, not those over a window and not those of inner queries."""
    found: list[exp.Anonymous] = []

    def visit(at: exp.Expr) -> None:
        if isinstance(at, exp.Select | exp.SetOperation):
            return
        if isinstance(at, exp.Window):
            call = at.this.this if isinstance(at.this, exp.Filter) else at.this
            for part in [*call.expressions, *(at.args.get("partition_by") or ()), at.args.get("order")]:
                if isinstance(part, exp.Expr):
                    visit(part)
            return
        if isinstance(at, exp.Anonymous) and is_aggregate(function_name(at), len(at.expressions)):
            found.append(at)
            return
        for child in at.iter_expressions():
            visit(child)

    visit(node)
    return found


def grouping(
    select: exp.Select, terms: Sequence[exp.Expr], keys: Sequence[exp.Expr], scope: Scope, context: Context
) -> Grouping:
    """Describe the groups of a query: `terms` are SQLite's trees of the keys that PostgreSQL groups by as they are."""
    having = select.args.get("having")
    order = select.args.get("order")
    parts = [*select.expressions, *(order.expressions if order else []), *([having.this] if having else [])]
    chosen: dict[str, exp.Anonymous] = {}
    for call in (c for part in parts for c in aggregate_calls(part) if function_name(c) in ("min", "max")):
        chosen.setdefault(call.sql(), call)
    first: list[exp.Expr] = []
    if chosen:
        # Of several, SQLite's accumulator follows the one that it computes last.
        last = list(chosen.values())[-1]
        key = sort_key(context.translate(last.expressions[0], scope), context)
        descending = True if function_name(last) == "max" else None
        first.append(exp.Ordered(this=key, desc=descending, nulls_first=False))
    first.extend(row_order(scope, context))
    return Grouping(tuple(term.unnest() for term in terms), tuple(keys), tuple(first))


def row_order(scope: Scope, context: Context) -> list[exp.Expr]:
    """Give the order in which SQLite reads a single table: by rowid, where the rowid has a column."""
    if len(scope.sources) != 1:
        return []
    source = scope.sources[0]
    if source.table is None or source.table.rowid_alias is None:
        return []
    column = source.column(source.table.rowid_alias)
    return [exp.Ordered(this=source.typed(column, context).node, nulls_first=False)] if column is not None else []


def _first(node: exp.Expr, order: Sequence[exp.Expr]) -> exp.Expr:
    argument = exp.Order(this=node, expressions=list(order)) if order else node
    array = tree.call("array_agg", argument)
    return exp.Bracket(this=exp.Paren(this=array), expressions=[exp.Literal.number("1")], offset=1)
