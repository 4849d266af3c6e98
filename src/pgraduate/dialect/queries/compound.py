"""UNION, INTERSECT, EXCEPT and VALUES: several rows sources, one kind per column.

The kinds of the arms are unified first (see `conditional.unified` for the rules), then each arm is translated again
with its columns brought to those kinds.  A compound ORDER BY that needs more than a column's name goes around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import OutputShape, Scope, ShapeColumn
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.queries.equal_rows import with_the_later_arms_rows
from pgraduate.dialect.queries.ordering import limits, ordered, sort_key
from pgraduate.dialect.queries.sources import set_limits
from pgraduate.dialect.reading.parsing import name_of
from pgraduate.dialect.values import mixed, numbers
from pgraduate.dialect.values.conditional import unified

Translate = Callable[..., tuple[exp.Expr, OutputShape]]
_KINDS: dict[type[exp.Expr], type[exp.SetOperation]] = {
    exp.Union: exp.Union, exp.Except: exp.Except, exp.Intersect: exp.Intersect,
}  # fmt: skip
_OF_SEVERAL_CLASSES = frozenset({Kind.NUMBER, Kind.ANY})
"""The kinds of columns in which equal values may differ: an INTEGER and a REAL."""


def set_operation(
    node: exp.SetOperation, scope: Scope, context: Context, coerce: Sequence[Typed] | None, translate: Translate
) -> tuple[exp.Expr, OutputShape]:
    """Translate a compound query with its ORDER BY and LIMIT."""
    query, shape = _operation(node, scope, context, coerce, translate)
    order = node.args.get("order")
    limit, offset = limits(node, Scope(outer=scope), context)
    if order is not None:
        query = _ordered(node, query, shape, order.expressions, context)
        shape = replace(shape, ordered=True)
    set_limits(query, limit, offset)
    return query, shape


def _operation(
    node: exp.SetOperation, scope: Scope, context: Context, coerce: Sequence[Typed] | None, translate: Translate
) -> tuple[exp.Expr, OutputShape]:
    arms = (node.this.unnest(), node.expression.unnest())
    shapes = [translate(arm, scope, context)[1] for arm in arms]
    if len(shapes[0].columns) != len(shapes[1].columns):
        raise context.refused("a compound query whose parts have different numbers of columns")
    if coerce is None:
        coerce = [
            unified_column(one.value, other.value, context)
            for one, other in zip(shapes[0].columns, shapes[1].columns, strict=True)
        ]
    distinct = bool(node.args.get("distinct", True))
    by_collation = distinct and any(value.collation not in (None, "BINARY") for value in coerce)
    if by_collation and (not isinstance(node, exp.Union) or _is_one_of_several(node, arms)):
        raise context.refused("a compound query of more than two parts, or without UNION, by NOCASE or RTRIM")
    if distinct and any(value.type in ("json", "jsonb") for value in coerce):
        coerce = [standard(value, context) if value.type in ("json", "jsonb") else value for value in coerce]
    left, right = (translate(arm, scope, context, coerce=coerce)[0] for arm in arms)
    columns = tuple(replace(column, value=value) for column, value in zip(shapes[0].columns, coerce, strict=True))
    of_several = any(value.kind in _OF_SEVERAL_CLASSES for value in coerce)
    if distinct and isinstance(node, exp.Union) and (of_several or by_collation):
        query = with_the_later_arms_rows(left, right, columns, context, by_collation=by_collation)
        return query, OutputShape(columns)
    if not isinstance(left, exp.Select | exp.Values) and type(left) is not type(node):
        left = exp.Subquery(this=left)
    if not isinstance(right, exp.Select | exp.Values):
        right = exp.Subquery(this=right)
    query = _KINDS[type(node)](this=left, expression=right, distinct=distinct)
    return query, OutputShape(columns)


def _is_one_of_several(node: exp.SetOperation, arms: Sequence[exp.Expr]) -> bool:
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Subquery):
        parent = parent.parent
    return isinstance(parent, exp.SetOperation) or any(isinstance(arm, exp.SetOperation) for arm in arms)


def unified_column(one: Typed, other: Typed, context: Context) -> Typed:
    """Describe the column that two arms give together; the left arm's affinity and collation count."""
    _, shape = unified([one, other], context)
    known = one.by_bytes and other.by_bytes
    affinity = one.affinity if one.affinity == other.affinity else None
    return replace(
        shape,
        affinity=affinity,
        collation=one.collation,
        by_bytes=known,
        keeps_class=one.keeps_class or other.keeps_class,
    )


def coerced(value: Typed, target: Typed, context: Context) -> Typed:
    """Bring a result column of an arm to the kind of the compound's column."""
    if value.kind is Kind.NULL:
        return replace(target, node=tree.cast(exp.Null(), target.type), source=value.source, constant=None)
    if target.representation is not None and value.representation == target.representation:
        return value
    node = standard(value, context)
    if target.kind is Kind.NUMBER:
        node = numbers.to_number_form(node, context)
        if node.type != "numeric" or value.kind is Kind.INTEGER:
            node = replace(node, node=tree.cast(node.node, "numeric"))
    elif target.kind is Kind.ANY:
        node = mixed.in_form(node, context)
    return replace(target, node=node.node, source=value.source, constant=value.constant)


def _ordered(
    node: exp.SetOperation, query: exp.Expr, shape: OutputShape, terms: Sequence[exp.Expr], context: Context
) -> exp.Expr:
    found = [(_column_of(term.this, node, shape, context), term) for term in terms]
    plain = [tree.column(column.target) for column, _ in found]
    values = [replace(value_of(column, term), node=name) for (column, term), name in zip(found, plain, strict=True)]
    keys = [sort_key(value, context) for value in values]
    if keys == plain:
        query.set(
            "order", exp.Order(expressions=[ordered(k, t, context) for k, (_, t) in zip(keys, found, strict=True)])
        )
        return query
    alias = context.fresh("compound")
    outer = exp.Select(expressions=[tree.column(alias, column.target) for column in shape.columns]).from_(
        exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier(alias)))
    )
    outer.set(
        "order", exp.Order(expressions=[ordered(k, t, context) for k, (_, t) in zip(keys, found, strict=True)])
    )
    return outer


def value_of(column: ShapeColumn, term: exp.Expr) -> Typed:
    """Give a column as the term sorts it, with the term's own collation if it has one."""
    inner = term.this.unnest()
    if isinstance(inner, exp.Collate):
        return replace(column.value, collation=name_of(inner.expression).upper(), collated=True)
    return column.value


def _column_of(node: exp.Expr, query: exp.SetOperation, shape: OutputShape, context: Context) -> ShapeColumn:
    """Find the result column that a compound ORDER BY names: by number, by name or by an arm's expression."""
    inner = node.unnest()
    if isinstance(inner, exp.Collate):
        inner = inner.this.unnest()
    if isinstance(inner, exp.Literal) and not inner.is_string and inner.name.isdigit():
        place = int(inner.name)
        if 1 <= place <= len(shape.columns):
            return shape.columns[place - 1]
    for arm in _arms(query):
        for place, expression in enumerate(arm.expressions):
            aliased = isinstance(expression, exp.Alias)
            name = name_of(expression.args["alias"]) if aliased else None
            wanted = name_of(inner.this) if isinstance(inner, exp.Column) and not inner.args.get("table") else None
            if wanted is not None and name is not None and name.lower() == wanted.lower():
                return shape.columns[place]
            if (expression.this if aliased else expression).unnest() == inner:
                return shape.columns[place]
    if isinstance(inner, exp.Column) and not inner.args.get("table"):
        wanted = name_of(inner.this).lower()
        for column in shape.columns:
            if column.name.lower() == wanted:
                return column
    raise context.refused("ORDER BY of a compound query by an expression that is not one of its columns")


def _arms(node: exp.Expr) -> list[exp.Select]:
    inner = node.unnest()
    if isinstance(inner, exp.SetOperation):
        return [*_arms(inner.this), *_arms(inner.expression)]
    return [inner] if isinstance(inner, exp.Select) else []


def values(
    node: exp.Values, scope: Scope, context: Context, coerce: Sequence[Typed] | None
) -> tuple[exp.Expr, OutputShape]:
    """Translate VALUES, whose columns are named column1, column2 …"""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row.unnest()] for row in node.expressions]
    if len({len(row) for row in rows}) != 1:
        raise context.refused("VALUES with rows of different lengths")
    table = [[context.translate(cell, scope) for cell in row] for row in rows]
    columns = [list(column) for column in zip(*table, strict=True)]
    shapes = list(coerce) if coerce is not None else [_unified_all(column, context) for column in columns]
    if len(shapes) != len(columns):
        raise context.refused("a compound query whose parts have different numbers of columns")
    cells = [
        [coerced(cell, shape, context).node for cell in column]
        for column, shape in zip(columns, shapes, strict=True)
    ]
    tuples = [exp.Tuple(expressions=list(row)) for row in zip(*cells, strict=True)]
    shape = OutputShape(tuple(ShapeColumn(f"column{n}", f"column{n}", value) for n, value in enumerate(shapes, 1)))
    return exp.Values(expressions=tuples), shape


def _unified_all(column: Sequence[Typed], context: Context) -> Typed:
    _, shape = unified([replace(value.bare(), constant=value.constant) for value in column], context)
    return replace(shape, constant=numbers.NOT_CONSTANT)
