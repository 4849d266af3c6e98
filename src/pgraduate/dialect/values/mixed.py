"""Values whose storage class depends on the data, in the form of the compat type any_value.

The type compares as SQLite does, so a comparison, an order, a group or a key over such values is PostgreSQL's own; what is
left to do is to bring both sides into the form, and SQLite's affinities and collations into the value.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import NUMERIC_AFFINITIES, Kind, Typed
from pgraduate.dialect.core.render import standard
from pgraduate.model.storage import Affinity


def of_any_class(node: exp.Expr, context: Context) -> Typed:
    """Describe an expression of the type any_value."""
    return Typed(node, Kind.ANY, context.any_type)


def in_form(value: Typed, context: Context) -> Typed:
    """Give a value of any kind in the form of any_value; its affinity and collation stay."""
    value = standard(value, context)
    if value.kind is Kind.ANY:
        return value
    context.fired("any class")
    if value.kind is Kind.NULL:
        node = tree.cast(exp.Null() if value.is_constant else value.node, context.any_type)
    else:
        node = context.compat("any_value", value.node)
    return replace(value, node=node, kind=Kind.ANY, type=context.any_type, by_bytes=False)


def with_affinity(value: Typed, affinity: Affinity | None, context: Context) -> Typed:
    """Apply an affinity to a value of any class, as a comparison or a column does."""
    if affinity is Affinity.REAL:
        name = "real_affinity"
    elif affinity in NUMERIC_AFFINITIES:
        name = "numeric_affinity"
    elif affinity is Affinity.TEXT:
        name = "text_affinity"
    else:
        return value
    context.fired("affinity of a value of any class")
    return replace(value, node=context.compat(name, value.node))


def as_text(value: Typed, context: Context) -> exp.Expr:
    """Give what a column of text can hold of the value: a blob fails there."""
    return context.compat("text_of_any", value.node)
