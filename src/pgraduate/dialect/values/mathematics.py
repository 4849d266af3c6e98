"""SQLite's mathematical functions.

Each takes a number or a text that is one as a whole; of anything else, and where the result is no number, it makes
NULL.  ceil, floor and trunc keep an INTEGER as it is; everything else is REAL.

Source: "Built-In Mathematical SQL Functions".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import numbers

GUARDED = frozenset({"exp", "ln", "log", "sqrt", "power", "acos", "acosh", "asin", "atanh", "remainder"})
"""Compat's, as PostgreSQL's own raise an error where the result is no number or too large."""


def real(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate a function from REAL to REAL."""
    nodes = [operand(value, context) for value in values]
    if any(node is None for node in nodes):
        return numbers.null()
    arguments = [node.node for node in nodes if node is not None]
    call = context.compat(name, *arguments) if name in GUARDED else tree.call(name, *arguments)
    return typed(call, Kind.REAL)


def log_of_two(values: Sequence[Typed], context: Context) -> Typed:
    return real("log", [numbers.constant_number(2), values[0]], context)


def whole(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate ceil, floor and trunc."""
    value = standard(values[0], context)
    if value.kind is Kind.INTEGER:
        return replace(value.bare(), constant=numbers.NOT_CONSTANT)
    if value.kind in (Kind.NUMBER, Kind.ANY) or (value.kind is Kind.TEXT and not value.is_constant):
        raise context.refused(f"{name}() of a value that may be an INTEGER or a REAL")
    if isinstance(value.constant, str) and isinstance(numbers.well_formed(value.constant), int):
        return numbers.constant_number(int(value.constant))
    return real(name, [value], context)


def pi(values: Sequence[Typed], context: Context) -> Typed:
    return typed(tree.call("pi"), Kind.REAL)


def operand(value: Typed, context: Context) -> Typed | None:
    """Give the number that a mathematical function takes for a value, None where it takes none."""
    value = standard(value, context)
    if value.kind in (Kind.NULL, Kind.BLOB):
        return None
    if isinstance(value.constant, str):
        figure = numbers.well_formed(value.constant)
        return None if figure is None else numbers.to_real(numbers.constant_number(figure), context)
    if value.kind is Kind.ANY:
        return typed(context.compat("any_figure", value.node), Kind.REAL)
    if value.kind is Kind.TEXT:
        context.fired("text as number")
        return typed(context.compat("operand", value.node), Kind.REAL)
    return numbers.to_real(value, context)
