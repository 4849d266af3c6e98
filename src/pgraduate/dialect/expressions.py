"""The expression translator: one tree of SQLite in, one typed tree of PostgreSQL out.

This module only knows which module translates which node; what a construct means stands there.  The invariant: a
node that no entry names raises NotTranslated, so nothing passes through unread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, predicate, typed
from pgraduate.dialect.core.names import Scope, resolve
from pgraduate.dialect.queries.aggregates import WINDOW_ONLY, is_aggregate
from pgraduate.dialect.queries.windows import aggregate_call, window
from pgraduate.dialect.reading.parsing import function_name, name_of
from pgraduate.dialect.values import (
    arithmetic,
    booleans,
    comparison,
    conditional,
    membership,
    numbers,
    search,
    text,
)
from pgraduate.dialect.values.calls import scalar
from pgraduate.model.storage import StorageClass, affinity_of

Handler = Callable[[exp.Expr, Scope, Context], Typed]


def translate_node(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate one expression in a scope; raise NotTranslated where its meaning is not known."""
    if scope.grouping is not None and scope.grouping.has_key(node):
        scope = scope.ungrouped()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise context.refused(f"the construct {type(node).__name__}")
    return handler(node, scope, context)


def _paren(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    return context.translate(node.this, scope)


def _literal(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    if node.is_string:
        if "\x00" in node.name:
            raise context.refused("a text with a NUL")
        return Typed(tree.string(node.name), Kind.TEXT, "text", constant=node.name)
    return numbers.literal(node.name)


def _column(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    assert isinstance(node, exp.Column)
    if isinstance(node.this, exp.Star):
        raise context.refused("a star in an expression")
    return resolve(node, scope, context)


def _parameter(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Take the class of the value that is bound to this number."""
    number = int(node.name[1:])
    if context.parameters is None or number > len(context.parameters):
        raise context.refused("a parameter", "parameters can only stand in statements that an application runs")
    storage = context.parameters[number - 1]
    marker = exp.Parameter(this=exp.Literal.number(str(number)))
    if storage is StorageClass.NULL:
        return Typed(tree.cast(marker, "text"), Kind.NULL, "text")
    kind = Kind(storage.value)
    value = typed(marker, kind)
    return replace(value, node=tree.cast(marker, value.type))


def _binary(operator: str) -> Handler:
    def handler(node: exp.Expr, scope: Scope, context: Context) -> Typed:
        left, right = context.translate(node.this, scope), context.translate(node.expression, scope)
        return arithmetic.arithmetic(operator, left, right, context)

    return handler


def _bits(operator: str) -> Handler:
    def handler(node: exp.Expr, scope: Scope, context: Context) -> Typed:
        left, right = context.translate(node.this, scope), context.translate(node.expression, scope)
        return arithmetic.bits(operator, left, right, context)

    return handler


def _comparison(operator: str) -> Handler:
    def handler(node: exp.Expr, scope: Scope, context: Context) -> Typed:
        if operator in ("IS", "IS NOT") and isinstance(truth := _without_collation(node.expression), exp.Boolean):
            value = context.translate(node.this, scope)
            return booleans.truth_test(value, bool(truth.this), operator == "IS NOT", context)
        return membership.compare_nodes(operator, node.this, node.expression, scope, context)

    return handler


def _without_collation(node: exp.Expr) -> exp.Expr:
    """Look through what does not keep TRUE from being a truth test."""
    inner = node.unnest()
    return _without_collation(inner.this) if isinstance(inner, exp.Collate) else inner


def _logical(operator: type[exp.Expr]) -> Handler:
    def handler(node: exp.Expr, scope: Scope, context: Context) -> Typed:
        left, right = context.translate(node.this, scope), context.translate(node.expression, scope)
        return booleans.logical(operator, left, right, context)

    return handler


def _not(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    inner = node.this.unnest()
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Boolean):
        value = context.translate(inner.this, scope)
        return booleans.truth_test(value, bool(inner.expression.this), True, context)
    if isinstance(inner, exp.Is):
        left, right = context.translate(inner.this, scope), context.translate(inner.expression, scope)
        return comparison.compare("IS NOT", left, right, context)
    return booleans.negation(context.translate(node.this, scope), context)


def _is(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    right = node.expression
    if isinstance(right, exp.Boolean):
        return booleans.truth_test(context.translate(node.this, scope), bool(right.this), False, context)
    return comparison.compare("IS", context.translate(node.this, scope), context.translate(right, scope), context)


def _like(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    match = text.like(context.translate(node.this, scope), context.translate(node.expression, scope), context)
    return predicate(tree.negated(match.node)) if node.args.get("negate") else match


def _glob(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    return text.glob(context.translate(node.this, scope), context.translate(node.expression, scope), context)


def _concatenation(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    left, right = context.translate(node.this, scope), context.translate(node.expression, scope)
    return text.concatenation(left, right, context)


def _case(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    subject = context.translate(node.this, scope) if node.this is not None else None
    branches = [
        (context.translate(branch.this, scope), context.translate(branch.args["true"], scope))
        for branch in node.args["ifs"]
    ]
    default = node.args.get("default")
    return conditional.case(subject, branches, context.translate(default, scope) if default else None, context)


def _collate(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    name = comparison.known_collation(name_of(node.expression).upper(), context)
    return replace(context.translate(node.this, scope), collation=name, collated=True, source=None)


def _call(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    assert isinstance(node, exp.Anonymous)
    name = function_name(node)
    if name == "cast":
        value = context.translate(node.expressions[0], scope)
        declared = node.expressions[1].name
        return numbers.cast(value, declared, affinity_of(declared), context)
    if name in search.AUXILIARY:
        return search.auxiliary(name, node.expressions, scope, context)
    if is_aggregate(name, len(node.expressions)):
        return aggregate_call(node, scope, context)
    if name in WINDOW_ONLY:
        raise context.refused(f"the window function {name}() without OVER")
    if any(isinstance(argument, exp.Star | exp.Distinct | exp.Order) for argument in node.expressions):
        raise context.refused(f"the call of {name}()")
    return scalar(name, [context.translate(argument, scope) for argument in node.expressions], context)


_HANDLERS: dict[type[exp.Expr], Handler] = {
    exp.Paren: _paren,
    exp.Literal: _literal,
    exp.Null: lambda node, scope, context: numbers.null(),
    exp.Boolean: lambda node, scope, context: numbers.constant_number(int(node.this)),
    exp.Column: _column,
    exp.Placeholder: _parameter,
    exp.Add: _binary("+"),
    exp.Sub: _binary("-"),
    exp.Mul: _binary("*"),
    exp.Div: _binary("/"),
    exp.Mod: _binary("%"),
    exp.Neg: lambda node, scope, context: arithmetic.negative(context.translate(node.this, scope), context),
    exp.BitwiseAnd: _bits("&"),
    exp.BitwiseOr: _bits("|"),
    exp.BitwiseLeftShift: _bits("<<"),
    exp.BitwiseRightShift: _bits(">>"),
    exp.BitwiseNot: lambda node, scope, context: arithmetic.complement(
        context.translate(node.this, scope), context
    ),
    exp.EQ: _comparison("="),
    exp.NEQ: _comparison("<>"),
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.NullSafeEQ: _comparison("IS"),
    exp.NullSafeNEQ: _comparison("IS NOT"),
    exp.Is: _is,
    exp.And: _logical(exp.And),
    exp.Or: _logical(exp.Or),
    exp.Not: _not,
    exp.Between: membership.between,
    exp.In: membership.member,
    exp.Exists: membership.exists,
    exp.Subquery: membership.scalar_subquery,
    exp.Like: _like,
    exp.Glob: _glob,
    exp.Match: search.match,
    exp.DPipe: _concatenation,
    exp.Case: _case,
    exp.Collate: _collate,
    exp.Anonymous: _call,
    exp.Filter: aggregate_call,
    exp.Window: window,
}
