"""Aggregates and window functions.

sum() of integers is an INTEGER, of anything else a REAL; avg() and total() are always REAL; min() and max() keep
what they choose from.  Where the class depends on the data a compat aggregate keeps it in the numeric's scale.  An
overflow of an integer sum is an error on both sides.

Source: "Built-in Aggregate Functions", "Window Functions".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import jsons, mixed, numbers
from pgraduate.dialect.values.comparison import collated, known_collation
from pgraduate.dialect.values.conditional import unified
from pgraduate.model.representation import Rule

AGGREGATES = frozenset(
    {
        "count",
        "sum",
        "total",
        "avg",
        "group_concat",
        "string_agg",
        "json_group_array",
        "json_group_object",
        "median",
    }
)
WINDOW_ONLY = frozenset(
    [
        "row_number",
        "rank",
        "dense_rank",
        "percent_rank",
        "cume_dist",
        "ntile",
        "lag",
        "lead",
        "first_value",
        "last_value",
        "nth_value",
    ]
)
Decorate = Callable[[exp.Expr], exp.Expr]
"""Puts FILTER and OVER behind the bare call."""
_AS_IT_STANDS = frozenset({Rule.TIMESTAMP, Rule.DATE, Rule.EPOCH, Rule.NUMBER})


@dataclass(frozen=True, slots=True)
class Call:
    """An aggregate call: `order` are the terms of an ORDER BY inside its parentheses."""

    name: str
    values: Sequence[Typed]
    distinct: bool
    star: bool
    order: Sequence[exp.Expr]
    decorate: Decorate


def is_aggregate(name: str, arguments: int) -> bool:
    """Say whether a call is an aggregate's; min and max are one with a single argument."""
    return name in AGGREGATES or (name in ("min", "max") and arguments == 1)


def aggregate(call: Call, context: Context) -> Typed:
    """Translate an aggregate call."""
    match call.name:
        case "count":
            return _count(call, context)
        case "sum":
            return _sum(call, context)
        case "total":
            value = numbers.to_real(call.values[0], context)
            zero = numbers.constant_number(0.0).node
            return typed(tree.call("coalesce", _call("sum", [value.node], call), zero), Kind.REAL)
        case "avg":
            return _avg(call, context)
        case "min" | "max":
            return _extreme(call, context)
        case "median":
            return _median(call, context)
        case "json_group_array" | "json_group_object":
            return _json_group(call, context)
        case _:
            return _group_concat(call, context)


def window_function(call: Call, context: Context) -> Typed:
    """Translate a function that exists only over a window."""
    values = call.values
    match call.name:
        case "row_number" | "rank" | "dense_rank":
            return typed(_call(call.name, [], call), Kind.INTEGER)
        case "percent_rank" | "cume_dist":
            return typed(_call(call.name, [], call), Kind.REAL)
        case "ntile":
            size = tree.cast(numbers.to_integer(values[0], context).node, "integer")
            return typed(_call("ntile", [size], call), Kind.INTEGER, "integer")
        case "first_value" | "last_value":
            value = _plain_value(values[0], context)
            return replace(value.bare(), node=_call(call.name, [value.node], call), not_null=False)
        case "nth_value":
            value = _plain_value(values[0], context)
            place = tree.cast(numbers.to_integer(values[1], context).node, "integer")
            return replace(value.bare(), node=_call(call.name, [value.node, place], call), not_null=False)
        case _:
            return _neighbour(call, context)


def _neighbour(call: Call, context: Context) -> Typed:
    """Translate lag and lead, whose default takes part in the result's kind."""
    candidates = [call.values[0], *call.values[2:3]]
    nodes, shape = unified([_plain_value(value, context) for value in candidates], context)
    if shape.kind is not Kind.NULL and shape.representation is None:
        nodes = [tree.cast(node, shape.type) if len(nodes) > 1 else node for node in nodes]
    distance = [tree.cast(numbers.to_integer(v, context).node, "integer") for v in call.values[1:2]]
    return replace(shape, node=_call(call.name, [nodes[0], *distance, *nodes[1:]], call))


def _plain_value(value: Typed, context: Context) -> Typed:
    return standard(value, context) if value.is_predicate else replace(value, constant=numbers.NOT_CONSTANT)


def _call(name: str, arguments: Sequence[exp.Expr], call: Call, *, schema: str | None = None) -> exp.Expr:
    arguments = list(arguments)
    if call.distinct:
        arguments[0] = exp.Distinct(expressions=[arguments[0]])
    if call.order:
        arguments[-1] = exp.Order(this=arguments[-1], expressions=list(call.order))
    return call.decorate(tree.call(name, *arguments, schema=schema))


def _count(call: Call, context: Context) -> Typed:
    if call.star or not call.values:
        return replace(typed(_call("count", [exp.Star()], call), Kind.INTEGER), not_null=True)
    value = call.values[0]
    node = value.node
    if call.distinct:
        if value.type in ("json", "jsonb"):
            node = standard(value, context).node
        collation = known_collation(value.collation or "BINARY", context)
        if value.kind in (Kind.TEXT, Kind.ANY) and collation != "BINARY":
            node = collated(standard(value, context), collation, context)
    return replace(typed(_call("count", [node], call), Kind.INTEGER), not_null=True)


def _sum(call: Call, context: Context) -> Typed:
    value = standard(call.values[0], context)
    match value.kind:
        case Kind.INTEGER:
            node = _call("sum", [value.node], call)
            return typed(tree.cast(node, "bigint") if value.type == "bigint" else node, Kind.INTEGER)
        case Kind.REAL:
            return typed(_call("sum", [value.node], call), Kind.REAL)
        case Kind.NUMBER:
            operand = value.node
        case Kind.NULL:
            return numbers.null()
        case Kind.ANY:
            operand = context.compat("any_operand", value.node)
        case _:
            text = numbers.to_text(value, context)
            operand = context.compat("sum_operand", text.node)
    context.fired("dynamic sum")
    context.compat("number_sum", operand)
    return typed(_call("number_sum", [operand], call, schema=context.schema.compat_schema), Kind.NUMBER)


def _avg(call: Call, context: Context) -> Typed:
    value = call.values[0]
    if value.kind is Kind.INTEGER:
        node = _call("avg", [standard(value, context).node], call)
        return typed(tree.cast(node, "double precision"), Kind.REAL)
    return typed(_call("avg", [numbers.to_real(value, context).node], call), Kind.REAL)


def _median(call: Call, context: Context) -> Typed:
    """Translate median(), which lies half way between the two values in the middle; of a text SQLite knows none."""
    if len(call.values) != 1:
        raise context.refused(f"the function median() with {len(call.values)} arguments")
    value = standard(call.values[0], context)
    if value.kind is Kind.NULL:
        return numbers.null()
    if not value.kind.is_numeric or call.distinct or call.order:
        raise context.refused("median() of anything else than numbers")
    middle = tree.call("percentile_cont", exp.Literal.number("0.5"))
    order = exp.Order(expressions=[exp.Ordered(this=numbers.to_real(value, context).node, nulls_first=False)])
    node = call.decorate(exp.WithinGroup(this=middle, expression=order))
    if isinstance(node, exp.Window):
        raise context.refused("median() over a window")
    return typed(node, Kind.REAL)


def _extreme(call: Call, context: Context) -> Typed:
    value = call.values[0]
    raw = value.representation is not None and value.representation.rule in _AS_IT_STANDS and not value.keeps_class
    if not raw:
        value = standard(value, context)
    binary = known_collation(value.collation or "BINARY", context) == "BINARY"
    if value.kind is Kind.ANY and not binary:
        return _first_by_collation(call, value, context)
    if value.kind in (Kind.ANY, Kind.BLOB):
        return _extreme_of_any(call, value, context)
    node = value.node
    if value.kind is Kind.TEXT and not raw:
        if not binary:
            return _first_by_collation(call, value, context)
        node = node if value.by_bytes else tree.by_bytes(node)
        value = replace(value, by_bytes=True)
    shape = replace(value.bare(), constant=numbers.NOT_CONSTANT, not_null=False)
    return replace(shape, node=_call(call.name, [node], call))


def _extreme_of_any(call: Call, value: Typed, context: Context) -> Typed:
    """Choose among values of all classes; of PostgreSQL's own aggregates none knows them."""
    name = f"any_{call.name}"
    context.compat(name)
    node = _call(name, [mixed.in_form(value, context).node], call, schema=context.schema.compat_schema)
    if value.kind is Kind.BLOB:
        return typed(context.compat("blob_of_any", node), Kind.BLOB)
    return mixed.of_any_class(node, context)


def _first_by_collation(call: Call, value: Typed, context: Context) -> Typed:
    """Take the first text in the collation's order; between texts that it holds for equal, any."""
    descending = True if call.name == "max" else None
    key = collated(value, value.collation or "BINARY", context)
    order = exp.Order(this=value.node, expressions=[exp.Ordered(this=key, desc=descending, nulls_first=False)])
    array = call.decorate(tree.call("array_agg", order))
    if isinstance(array, exp.Window):
        raise context.refused(f"{call.name}() over a window by the collation {value.collation}")
    node = exp.Bracket(this=exp.Paren(this=array), expressions=[exp.Literal.number("1")], offset=1)
    return replace(value.bare(), node=node, not_null=False, by_bytes=False)


def _json_group(call: Call, context: Context) -> Typed:
    """Translate json_group_array and json_group_object, which of no row make an empty array or object."""
    context.fired("json")
    item = jsons.quoted(call.values[-1], context)
    opening, closing = "[", "]"
    if call.name == "json_group_object":
        opening, closing = "{", "}"
        key = context.compat("json_quote", numbers.to_text(call.values[0], context).node)
        item = exp.DPipe(this=exp.DPipe(this=key, expression=tree.string(":")), expression=item)
    inner = tree.call("coalesce", _call("string_agg", [item, tree.string(",")], call), tree.string(""))
    node = exp.DPipe(this=exp.DPipe(this=tree.string(opening), expression=inner), expression=tree.string(closing))
    return replace(typed(node, Kind.TEXT), is_json=True)


def _group_concat(call: Call, context: Context) -> Typed:
    context.fired("group_concat")
    value = numbers.to_text(call.values[0], context)
    separator: exp.Expr = tree.string(",")
    if len(call.values) > 1:
        given = numbers.to_text(call.values[1], context)
        separator = given.node if given.is_constant else tree.call("coalesce", given.node, tree.string(""))
    return replace(typed(_call("string_agg", [value.node, separator], call), Kind.TEXT), by_bytes=value.by_bytes)
