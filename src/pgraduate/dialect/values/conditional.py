"""One kind for several values: CASE, coalesce, iif, nullif, scalar min and max.

PostgreSQL wants one type for the branches of a conditional, SQLite lets each row have its own class.  Branches of
one kind keep it; INTEGER and REAL together become a NUMBER, which keeps the class; everything else becomes a value of any
class, which keeps it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import as_integer_flag, standard
from pgraduate.dialect.values import mixed, numbers
from pgraduate.dialect.values.booleans import condition
from pgraduate.dialect.values.comparison import collated, compare, known_collation


def unified(values: Sequence[Typed], context: Context) -> tuple[list[exp.Expr], Typed]:
    """Bring values to one kind and form; give their nodes and a description of any of them."""
    told = [value for value in values if value.kind is not Kind.NULL]
    if told and all(_same_column_form(told[0], value) for value in told):
        shape = replace(told[0].bare(), collation=None, constant=numbers.NOT_CONSTANT)
        return [exp.Null() if value.kind is Kind.NULL else value.node for value in values], shape
    values = [standard(value, context) if value.kind is not Kind.NULL else numbers.null() for value in values]
    kinds = {value.kind for value in values} - {Kind.NULL}
    if not kinds:
        return [value.node for value in values], typed(exp.Null(), Kind.NULL)
    if len(kinds) == 1 and Kind.ANY not in kinds:
        return _one_kind(values, kinds.pop())
    if all(kind.is_numeric for kind in kinds):
        context.fired("integer or real")
        nodes = [numbers.to_number_form(value, context).node for value in values]
        return nodes, typed(exp.Null(), Kind.NUMBER)
    nodes = [
        exp.Null() if value.kind is Kind.NULL and value.is_constant else mixed.in_form(value, context).node
        for value in values
    ]
    return nodes, mixed.of_any_class(exp.Null(), context)


def _same_column_form(one: Typed, other: Typed) -> bool:
    return (
        one.representation is not None
        and one.representation == other.representation
        and one.type == other.type
        and not one.keeps_class
        and not other.keeps_class
    )


def _one_kind(values: Sequence[Typed], kind: Kind) -> tuple[list[exp.Expr], Typed]:
    type = None
    if kind is Kind.INTEGER:
        type = "bigint" if any(value.type == "bigint" for value in values) else "integer"
    shape = typed(exp.Null(), kind, type)
    known = [value.by_bytes for value in values if not value.is_constant]
    return [value.node for value in values], replace(shape, by_bytes=bool(known) and all(known))


def coalesce(values: Sequence[Typed], context: Context) -> Typed:
    """Translate coalesce and ifnull."""
    nodes, shape = unified(values, context)
    not_null = any(value.not_null or (value.is_constant and value.constant is not None) for value in values)
    node = tree.call("coalesce", *nodes)
    if shape.kind is Kind.NUMBER and shape.representation is None:
        real = tree.call("coalesce", *(numbers.to_real(value, context).node for value in values))
        return replace(shape, node=node, not_null=not_null, computed=(node, real))
    return replace(shape, node=node, not_null=not_null)


def case(
    subject: Typed | None,
    branches: Sequence[tuple[Typed, Typed]],
    default: Typed | None,
    context: Context,
) -> Typed:
    """Translate CASE; with a subject each WHEN is the comparison `subject = value`, affinities included."""
    results = [result for _, result in branches] + [default or numbers.null()]
    nodes, shape = unified(results, context)
    tests = [
        condition(compare("=", subject, test, context) if subject is not None else test, context)
        for test, _ in branches
    ]
    node = tree.case(*zip(tests, nodes, strict=False), default=nodes[-1] if default is not None else None)
    return replace(shape, node=node)


def iif(values: Sequence[Typed], context: Context) -> Typed:
    """Translate iif and if: pairs of condition and value, and a last value for all else."""
    pairs = [(values[place], values[place + 1]) for place in range(0, len(values) - 1, 2)]
    return case(None, pairs, values[-1] if len(values) % 2 else None, context)


def nullif(left: Typed, right: Typed, context: Context) -> Typed:
    """Translate nullif, which gives its first value as it is and compares without affinities."""
    test = compare("=", replace(left, affinity=None), replace(right, affinity=None), context).node
    value = as_integer_flag(left)
    stays = value.kind is right.kind and value.kind is not Kind.NUMBER and not value.is_constant
    if stays and isinstance(test, exp.EQ) and test.this == tree.operand(value.node):
        node = tree.call("nullif", value.node, test.expression)
    else:
        node = tree.case((test, exp.Null()), default=value.node)
    return replace(value.bare(), node=node, not_null=False, constant=numbers.NOT_CONSTANT)


def _rank(value: Typed) -> tuple[int, Any]:
    """Give what SQLite orders constants by: numbers before texts before blobs, texts by their bytes."""
    constant = value.constant
    match constant:
        case str():
            return 1, constant.encode()
        case bytes():
            return 2, constant
        case _:
            return 0, constant


def extreme(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate the scalar min and max, which are NULL as soon as one value is.

    Of equal values SQLite's max() gives the first and its min() the last; both of PostgreSQL's give the first.
    """
    if any(value.kind is Kind.NULL for value in values):
        return numbers.null()
    # The first value that has a collation says by which one.
    collation = known_collation(next((v.collation for v in values if v.collation), "BINARY"), context)
    if collation != "BINARY":
        return _extreme_by_collation(name, values, collation, context)
    if all(value.is_constant for value in values):
        return (min if name == "min" else max)(reversed(values) if name == "min" else values, key=_rank).bare()
    nodes, shape = unified(values, context)
    if shape.kind is Kind.NULL:
        return numbers.null()
    alike = [standard(replace(shape, node=node), context) for node in nodes]
    nodes, shape = [value.node for value in alike], alike[0]
    tests = [
        exp.Is(this=tree.operand(node), expression=exp.Null())
        for node, value in zip(nodes, values, strict=True)
        if not value.is_constant and not value.not_null
    ]
    compared = [tree.by_bytes(nodes[0]), *nodes[1:]] if shape.kind is Kind.TEXT and not shape.by_bytes else nodes
    if name == "min":
        node = tree.call("least", *reversed(compared))
    else:
        node = tree.call("greatest", *compared)
    if tests:
        test: exp.Expr = tests[0]
        for other in tests[1:]:
            test = tree.junction(exp.Or, test, other)
        node = tree.case((test, exp.Null()), default=node)
    return replace(shape, node=node)


def _extreme_by_collation(name: str, values: Sequence[Typed], collation: str, context: Context) -> Typed:
    """Take the first of the texts in the collation's order, of those that it holds for equal as `extreme` does."""
    texts = [standard(value, context) for value in values]
    if any(value.kind is not Kind.TEXT for value in texts):
        raise context.refused(f"{name}() of other values than texts by the collation {collation}")
    given, (place, text) = context.fresh("given"), ("place", "text")
    rows: list[exp.Expr] = [
        exp.Tuple(expressions=[tree.integer(number), tree.cast(value.node, "text")])
        for number, value in enumerate(texts)
    ]
    alias = exp.TableAlias(this=tree.identifier(given), columns=[tree.identifier(place), tree.identifier(text)])
    key = collated(typed(tree.column(given, text), Kind.TEXT), collation, context)
    largest = name == "max"
    order = [
        exp.Ordered(this=key, desc=largest or None, nulls_first=False),
        exp.Ordered(this=tree.column(given, place), desc=None if largest else True, nulls_first=False),
    ]
    chosen = exp.Select(expressions=[tree.column(given, text)]).from_(exp.Values(expressions=rows, alias=alias))
    node: exp.Expr = exp.Subquery(this=chosen.order_by(*order).limit(1))
    tests = [tree.is_null(value.node) for value in texts if not value.is_constant and not value.not_null]
    if tests:
        missing = tests[0]
        for other in tests[1:]:
            missing = tree.junction(exp.Or, missing, other)
        node = tree.case((missing, exp.Null()), default=node)
    return typed(node, Kind.TEXT)
