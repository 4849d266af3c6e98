"""Comparisons that are more than two values: BETWEEN, IN, EXISTS, row values, a query as a value.

Each is a set of simple comparisons with SQLite's affinity rules: the values of an IN list have no affinity of their
own, the column of an IN query keeps its affinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed, predicate
from pgraduate.dialect.core.names import OutputShape, Scope
from pgraduate.dialect.values.comparison import compare

_ROW_OPERATORS = {"=": exp.And, "<>": exp.Or, "IS": exp.And, "IS NOT": exp.Or}


def compare_nodes(operator: str, left: exp.Expr, right: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Compare two expressions, or two row values part by part."""
    lefts, rights = _row(left), _row(right)
    if lefts is not None and isinstance(right, exp.Subquery):
        return _with_row_of_query(operator, lefts, right, scope, context)
    if lefts is None or rights is None:
        return compare(operator, context.translate(left, scope), context.translate(right, scope), context)
    if len(lefts) != len(rights):
        raise context.refused("a comparison of row values of different lengths")
    values = [[context.translate(part, scope) for part in side] for side in (lefts, rights)]
    return _compare_rows(operator, values[0], values[1], context)


def _compare_rows(operator: str, lefts: Sequence[Typed], rights: Sequence[Typed], context: Context) -> Typed:
    """Compare part by part: all for equality, for an order the first that differs."""

    def parts(operator: str) -> list[exp.Expr]:
        return [compare(operator, one, other, context).node for one, other in zip(lefts, rights, strict=True)]

    if operator in _ROW_OPERATORS:
        return predicate(_joined(_ROW_OPERATORS[operator], parts(operator)))
    equal, strict = parts("="), parts(operator.rstrip("="))
    result = parts(operator)[-1]
    for same, before in zip(equal[-2::-1], strict[-2::-1], strict=True):
        result = tree.junction(exp.Or, before, exp.Paren(this=tree.junction(exp.And, same, result)))
    return predicate(result)


def _with_row_of_query(
    operator: str, lefts: Sequence[exp.Expr], query: exp.Expr, scope: Scope, context: Context
) -> Typed:
    """Compare a row value with the first row of a query; NULL where the query has none."""
    inner, shape = context.query(query.this, scope, context)
    if len(shape.columns) != len(lefts):
        raise context.refused("a comparison of row values of different lengths")
    inner = inner if _gives_one_row(inner) else _limited(inner)
    alias = context.fresh("row")
    rights = [replace(column.value, node=tree.column(alias, column.target)) for column in shape.columns]
    test = _compare_rows(operator, [context.translate(part, scope) for part in lefts], rights, context)
    source = exp.Subquery(this=inner, alias=exp.TableAlias(this=tree.identifier(alias)))
    return predicate(exp.Subquery(this=exp.Select(expressions=[test.node]).from_(source)))


def between(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate `x BETWEEN low AND high` as the two comparisons that it is."""
    if _row(node.this) is not None:
        sides = ((">=", node.args["low"]), ("<=", node.args["high"]))
        tests = [compare_nodes(operator, node.this, side, scope, context).node for operator, side in sides]
        return predicate(_joined(exp.And, [exp.Paren(this=test) for test in tests]))
    value, low, high = (context.translate(node.args[part], scope) for part in ("this", "low", "high"))
    lower, upper = compare(">=", value, low, context).node, compare("<=", value, high, context).node
    if isinstance(lower, exp.GTE) and isinstance(upper, exp.LTE) and lower.this == upper.this:
        return predicate(exp.Between(this=lower.this, low=lower.expression, high=upper.expression))
    return predicate(tree.junction(exp.And, lower, upper))


def member(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate IN over a list, a query or a table."""
    query = node.args.get("query")
    if query is not None:
        return _in_query(node.this, query, scope, context)
    if node.args.get("field") is not None:
        name = node.args["field"]
        select = exp.Select(expressions=[exp.Star()]).from_(exp.Table(this=name.this, db=name.args.get("table")))
        return _in_query(node.this, exp.Subquery(this=select), scope, context)
    values = node.expressions
    if len(values) == 1 and isinstance(values[0].unnest(), exp.Values):
        return _in_query(node.this, exp.Subquery(this=values[0].unnest()), scope, context)
    if not values:
        return predicate(exp.Boolean(this=False))
    if _row(node.this) is not None:
        tests = [compare_nodes("=", node.this, value, scope, context).node for value in values]
        return predicate(_joined(exp.Or, tests))
    left = context.translate(node.this, scope)
    tests = [compare("=", left, _listed(context.translate(value, scope)), context).node for value in values]
    if all(isinstance(test, exp.EQ) and test.this == tests[0].this for test in tests):
        return predicate(exp.In(this=tests[0].this, expressions=[test.expression for test in tests]))
    return predicate(_joined(exp.Or, tests))


def _listed(value: Typed) -> Typed:
    """A value in an IN list is compared without an affinity or collation of its own."""
    return replace(value, affinity=None, collation=None, collated=False)


def _in_query(left: exp.Expr, query: exp.Expr, scope: Scope, context: Context) -> Typed:
    lefts = [context.translate(part, scope) for part in _row(left) or [left]]
    inner, shape = context.query(query.this, scope, context)
    if len(shape.columns) != len(lefts):
        raise context.refused(f"IN over a query of {len(shape.columns)} columns")
    alias = context.fresh("in")
    columns = [replace(c.value, node=tree.column(alias, c.target)) for c in shape.columns]
    tests = [compare("=", value, column, context).node for value, column in zip(lefts, columns, strict=True)]
    own = {tree.column(alias, c.target) for c in shape.columns}
    if not all(isinstance(test, exp.EQ) and not _mentions(test.this, alias) for test in tests):
        return _in_by_exists(tests, inner, alias, lefts, context)
    rights = [test.expression for test in tests]
    if all(right in own for right in rights) and rights == [column.node for column in columns]:
        selected = inner
    else:
        source = exp.Subquery(this=inner, alias=exp.TableAlias(this=tree.identifier(alias)))
        selected = exp.Select(expressions=rights).from_(source)
    subject = tests[0].this if len(tests) == 1 else exp.Tuple(expressions=[test.this for test in tests])
    return predicate(exp.In(this=subject, query=exp.Subquery(this=selected)))


def _in_by_exists(
    tests: Sequence[exp.Expr], inner: exp.Expr, alias: str, lefts: Sequence[Typed], context: Context
) -> Typed:
    """Ask row by row where the comparison is no plain equality; NULL where no row is equal and some test is NULL."""
    source = exp.Subquery(this=inner, alias=exp.TableAlias(this=tree.identifier(alias)))
    found = tree.call("bool_or", _joined(exp.And, tests))
    select = exp.Select(expressions=[tree.call("coalesce", found, exp.Boolean(this=False))]).from_(source)
    if not all(value.not_null for value in lefts):
        context.fired("in with null")
        unknown = tree.call("bool_or", exp.Is(this=exp.Paren(this=_joined(exp.And, tests)), expression=exp.Null()))
        outcome = tree.case((found, exp.Boolean(this=True)), (unknown, exp.Null()), default=exp.Boolean(this=False))
        select = exp.Select(expressions=[outcome]).from_(source)
    return predicate(exp.Subquery(this=select))


def _mentions(node: exp.Expr, alias: str) -> bool:
    return any(column.table == alias for column in node.find_all(exp.Column))


def exists(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    inner, _ = context.query(node.this, scope, context)
    return predicate(exp.Exists(this=inner))


def scalar_subquery(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate a query as a value: its first row, NULL without one."""
    inner, shape = context.query(node.this, scope, context)
    if len(shape.columns) != 1:
        raise context.refused("a query of several columns as a value")
    if not _gives_one_row(inner):
        context.fired("first row")
        inner = _limited(inner)
    return replace(shape.columns[0].value, node=exp.Subquery(this=inner), source=None, not_null=False)


def _gives_one_row(query: exp.Expr) -> bool:
    """Say whether a query never gives two rows: a bare aggregate, or LIMIT 1 already."""
    limit = query.args.get("limit")
    if limit is not None and limit.expression == exp.Literal.number("1"):
        return True
    if not isinstance(query, exp.Select) or query.args.get("group"):
        return False
    if query.args.get("from_") is None:
        return True
    return len(query.expressions) == 1 and bool(query.meta.get("aggregates"))


def _limited(query: exp.Expr) -> exp.Expr:
    if query.args.get("limit") is not None:
        source = exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier("_first")))
        query = exp.Select(expressions=[exp.Star()]).from_(source)
    query.set("limit", exp.Limit(expression=exp.Literal.number("1")))
    return query


def _row(node: exp.Expr) -> list[exp.Expr] | None:
    inner = node.unnest()
    return list(inner.expressions) if isinstance(inner, exp.Tuple) else None


def _joined(operator: type[exp.Expr], parts: Sequence[exp.Expr]) -> exp.Expr:
    result = parts[0]
    for part in parts[1:]:
        result = tree.junction(operator, result, part)
    return result


__all__ = ["OutputShape", "between", "compare_nodes", "exists", "member", "scalar_subquery"]
