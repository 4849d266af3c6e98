"""UNION over rows that are equal and not the same: 5 and 5.0, and what NOCASE holds for equal.

SQLite keeps the row of the later arm, and of the equal rows of one arm the first (measured, with and without ORDER BY);
PostgreSQL keeps any.  Where no such rows can be, the plain UNION stays.

Source: select.c of SQLite, multiSelectOrderBy().
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.names import ShapeColumn
from pgraduate.dialect.queries.ordering import group_key


def with_the_later_arms_rows(
    left: exp.Expr, right: exp.Expr, columns: Sequence[ShapeColumn], context: Context, *, by_collation: bool
) -> exp.Expr:
    """Write UNION so that of equal rows the later arm's stays; of one arm's, by a collation, the first as they are read."""
    context.fired("the later of equal rows")
    names = [context.fresh("value") for _ in columns]
    ranks = [context.fresh("arm"), context.fresh("place")][: 2 if by_collation else 1]
    arms = [_ranked(arm, number, names, by_collation, context) for number, arm in enumerate((left, right))]
    both = exp.Union(this=arms[0], expression=arms[1], distinct=False)
    rows, kept = context.fresh("rows"), context.fresh("kept")
    values: list[exp.Expr] = [tree.column(rows, name) for name in names]
    keys = [
        group_key(replace(column.value, node=value), context) for value, column in zip(values, columns, strict=True)
    ]
    later = [exp.Ordered(this=tree.column(rows, ranks[0]), desc=True, nulls_first=False)]
    if by_collation:
        context.find(
            "ONE_OF_EQUAL_TEXTS", "Of texts that a collation holds for equal, UNION keeps one as the rows are read."
        )
        later.append(exp.Ordered(this=tree.column(rows, ranks[1]), nulls_first=False))
    order = [*(exp.Ordered(this=key.copy(), nulls_first=False) for key in keys), *later]
    distinct = exp.Distinct(on=exp.Tuple(expressions=[key.copy() for key in keys]))
    chosen = exp.Select(expressions=values, distinct=distinct)
    chosen = chosen.from_(exp.Subquery(this=both, alias=_alias(rows, [*names, *ranks]))).order_by(*order)
    results = [
        exp.Alias(this=tree.column(kept, name), alias=tree.identifier(column.target))
        for name, column in zip(names, columns, strict=True)
    ]
    return exp.Select(expressions=results).from_(exp.Subquery(this=chosen, alias=_alias(kept, names)))


def _ranked(arm: exp.Expr, number: int, names: Sequence[str], with_places: bool, context: Context) -> exp.Expr:
    """Give an arm's rows with the arm's number, and their own where that is needed."""
    alias = context.fresh("from")
    values: list[exp.Expr] = [*(tree.column(alias, name) for name in names), tree.integer(number)]
    if with_places:
        values.append(exp.Window(this=tree.call("row_number")))
    return exp.Select(expressions=values).from_(exp.Subquery(this=arm, alias=_alias(alias, names)))


def _alias(name: str, columns: Sequence[str]) -> exp.TableAlias:
    return exp.TableAlias(this=tree.identifier(name), columns=[tree.identifier(column) for column in columns])
