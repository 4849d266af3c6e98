"""OVER and FILTER: the frame around an aggregate or window function.

SQLite's windows are PostgreSQL's but for where NULLs sort and how text compares; both are written out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.queries.aggregates import (
    WINDOW_ONLY,
    Call,
    Decorate,
    aggregate,
    is_aggregate,
    window_function,
)
from pgraduate.dialect.queries.ordering import group_key, order_terms
from pgraduate.dialect.queries.places import place_of_row
from pgraduate.dialect.reading.parsing import function_name, name_of
from pgraduate.dialect.values.booleans import condition


@dataclass(frozen=True, slots=True)
class _Parts:
    call: exp.Anonymous
    filter: exp.Expr | None


def aggregate_call(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate an aggregate call with or without FILTER."""
    parts = _parts(node, context)
    columns = list(parts.call.find_all(exp.Column))
    of_outer_query = bool(columns) and not any(scope.owns(column) for column in columns)
    inner = scope.ungrouped(outwards=of_outer_query)
    return _translate(parts, _filtered(parts, inner, context), inner, context, windowed=False)


def window(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate a call with OVER."""
    parts = _parts(node.this, context)
    filtered = _filtered(parts, scope, context)
    specification = window_specification(node, scope, context)

    def decorate(call: exp.Expr) -> exp.Expr:
        return exp.Window(this=filtered(call), **specification)

    return _translate(parts, decorate, scope, context, windowed=True)


def window_specification(node: exp.Expr, scope: Scope, context: Context) -> dict[str, object]:
    """Translate the inside of OVER (…) or of a named window."""
    result: dict[str, object] = {"over": node.args.get("over")}
    alias = node.args.get("alias")
    if alias is not None:
        result["alias"] = tree.identifier(name_of(alias))
    partition = node.args.get("partition_by")
    if partition:
        result["partition_by"] = [group_key(context.translate(key, scope), context) for key in partition]
    order = node.args.get("order")
    if order is not None:
        result["order"] = exp.Order(expressions=order_terms(order.expressions, scope, context))
    spec = node.args.get("spec")
    if spec is not None:
        result["spec"] = _frame(spec, scope, context)
    return result


def _frame(spec: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    frame = spec.copy()
    for side in ("start", "end"):
        bound = spec.args.get(side)
        if isinstance(bound, exp.Expr):
            frame.set(side, context.translate(bound, scope).node)
    return frame


def _parts(node: exp.Expr, context: Context) -> _Parts:
    condition_node = None
    if isinstance(node, exp.Filter):
        condition_node, node = node.expression.this, node.this
    if not isinstance(node, exp.Anonymous):
        raise context.refused(f"the construct {type(node).__name__} before OVER or FILTER")
    return _Parts(node, condition_node)


def _filtered(parts: _Parts, scope: Scope, context: Context) -> Decorate:
    if parts.filter is None:
        return lambda call: call
    where = exp.Where(this=condition(context.translate(parts.filter, scope), context))
    return lambda call: exp.Filter(this=call, expression=where)


def _translate(parts: _Parts, decorate: Decorate, scope: Scope, context: Context, *, windowed: bool) -> Typed:
    name = function_name(parts.call)
    arguments = list(parts.call.expressions)
    order: list[exp.Expr] = []
    if arguments and isinstance(arguments[-1], exp.Order):
        order = order_terms(arguments[-1].expressions, scope, context)
        arguments[-1] = arguments[-1].this
    distinct = len(arguments) == 1 and isinstance(arguments[0], exp.Distinct)
    if distinct:
        arguments = list(arguments[0].expressions)
    if not (windowed or order or distinct):
        order = place_of_row(name, scope)
    star = any(isinstance(argument, exp.Star) for argument in arguments)
    values = [] if star else [context.translate(argument, scope) for argument in arguments]
    call = Call(name, values, distinct, star, order, decorate)
    if is_aggregate(name, len(arguments)):
        return replace(aggregate(call, context), source=None)
    if windowed and name in WINDOW_ONLY:
        return replace(window_function(call, context), source=None)
    raise context.refused(f"the function {name}() with FILTER or OVER")
