"""Order: where NULLs stand, how text sorts, which classes come first, and LIMIT.

SQLite sorts NULLs first, text by bytes or by its collation, numbers before text before blobs.  Every term that is
written says so where PostgreSQL's default differs.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import numbers
from pgraduate.dialect.values.comparison import collated, known_collation
from pgraduate.model.representation import Rule

_SORT_AS_THEY_STAND = frozenset(
    {Rule.TIMESTAMP, Rule.DATE, Rule.UUID, Rule.BOOLEAN, Rule.BOOLEAN_TEXT, Rule.EPOCH, Rule.NUMBER}
)


def order_terms(terms: Sequence[exp.Expr], scope: Scope, context: Context) -> list[exp.Expr]:
    """Translate the terms of an ORDER BY that are expressions."""
    return [ordered(sort_key(context.translate(term.this, scope), context), term, context) for term in terms]


def ordered(key: exp.Expr, term: exp.Expr, context: Context) -> exp.Expr:
    """Give one term with its direction; NULLs stand first ascending and last descending unless it says otherwise."""
    descending = bool(term.args.get("desc"))
    nulls_first = bool(term.args.get("nulls_first"))
    return exp.Ordered(this=key, desc=descending or None, nulls_first=nulls_first)


def sort_key(value: Typed, context: Context) -> exp.Expr:
    """Give the expression by which PostgreSQL sorts as SQLite does."""
    collation = known_collation(value.collation or "BINARY", context)
    rule = value.representation.rule if value.representation is not None and not value.keeps_class else None
    if rule in _SORT_AS_THEY_STAND and (collation == "BINARY" or rule is not Rule.BOOLEAN_TEXT):
        return value.node
    if value.is_predicate:
        return value.node
    value = standard(value, context)
    if value.kind is Kind.ANY:
        return collated(value, collation, context)
    if value.kind is not Kind.TEXT:
        return value.node
    node = collated(value, collation, context)
    return node if value.by_bytes or collation == "NOCASE" else tree.by_bytes(node)


def group_key(value: Typed, context: Context) -> exp.Expr:
    """Give the expression whose equality is SQLite's equality of the value: for GROUP BY, DISTINCT and PARTITION BY."""
    collation = known_collation(value.collation or "BINARY", context)
    if value.type in ("json", "jsonb"):
        value = standard(value, context)
    if value.kind in (Kind.TEXT, Kind.ANY) and collation != "BINARY":
        return collated(standard(value, context), collation, context)
    return value.node


def limits(query: exp.Expr, scope: Scope, context: Context) -> tuple[exp.Expr | None, exp.Expr | None]:
    """Translate LIMIT and OFFSET: a negative limit is none, a negative offset is 0."""
    limit, offset = query.args.get("limit"), query.args.get("offset")
    limit_node = _bound(limit.expression, scope, context, negative=exp.Null()) if limit is not None else None
    offset_node = (
        _bound(offset.expression, scope, context, negative=tree.integer(0)) if offset is not None else None
    )
    return limit_node, offset_node


def _bound(node: exp.Expr, scope: Scope, context: Context, *, negative: exp.Expr) -> exp.Expr | None:
    value = context.translate(node, scope)
    if isinstance(value.constant, str):
        figure = numbers.well_formed(value.constant)
        value = numbers.constant_number(figure) if figure is not None else value
    if isinstance(value.constant, float) and value.constant.is_integer():
        value = numbers.constant_number(int(value.constant))
    if isinstance(value.constant, int):
        return value.node if value.constant >= 0 else None
    if value.is_constant or value.kind is not Kind.INTEGER:
        raise context.refused("a LIMIT or OFFSET that is not an integer")
    value = standard(value, context)
    test = tree.infix(exp.LT, value.node, tree.integer(0))
    return tree.case((test, negative), default=value.node)
