"""From the richer value of a column back to the value that SQLite holds.

A column whose PostgreSQL type says more than SQLite's storage (timestamp, boolean, uuid, numeric …) takes part in an
expression as SQLite's value: text in the recorded format, the integer 0 or 1, digits.  Where the richer value can
stand for it, the constructs' own modules leave it as it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.model.representation import Representation, Rule

_KINDS = {
    Rule.INTEGER: Kind.INTEGER, Rule.REAL: Kind.REAL, Rule.TEXT: Kind.TEXT, Rule.BLOB: Kind.BLOB,
    Rule.NUMBER: Kind.NUMBER, Rule.BOOLEAN: Kind.INTEGER, Rule.BOOLEAN_TEXT: Kind.TEXT, Rule.UUID: Kind.TEXT,
    Rule.DATE: Kind.TEXT, Rule.TIMESTAMP: Kind.TEXT, Rule.EPOCH: Kind.INTEGER, Rule.ANY_TEXT: Kind.ANY,
    Rule.ANY_BYTES: Kind.ANY, Rule.ANY_VALUE: Kind.ANY, Rule.JULIAN: Kind.REAL, Rule.DECIMAL: Kind.REAL,
    Rule.JSON_VALUE: Kind.TEXT,
}  # fmt: skip
_INTEGER_TYPES = frozenset({"smallint", "integer", "bigint", "int", "int2", "int4", "int8"})
BY_SCALE = Representation(Rule.NUMBER, "scale")
"""A computed number: an INTEGER exactly where the numeric's scale is 0."""
DYNAMIC = Representation(Rule.ANY_VALUE)
_PLAIN = {
    Kind.INTEGER: Representation(Rule.INTEGER), Kind.REAL: Representation(Rule.REAL), Kind.NUMBER: BY_SCALE,
    Kind.TEXT: Representation(Rule.TEXT), Kind.BLOB: Representation(Rule.BLOB), Kind.ANY: DYNAMIC,
    Kind.NULL: Representation(Rule.TEXT),
}  # fmt: skip


@lru_cache(maxsize=4096)
def column_value(column: ColumnView) -> Typed:
    """Describe what a column of the schema holds; the node is a placeholder."""
    rule, type = column.representation.rule, column.type.lower()
    kind = _KINDS[rule]
    if rule is Rule.ANY_TEXT and column.representation.detail == "TEXT" and not column.keeps_class:
        kind = Kind.TEXT
    standard = (
        (rule is Rule.INTEGER and type in _INTEGER_TYPES)
        or (rule is Rule.REAL and type in ("double precision", "float8"))
        or (rule is Rule.TEXT and (type == "text" or type.startswith(("varchar", "character varying"))))
        or (rule is Rule.BLOB and type == "bytea")
        or (rule is Rule.ANY_TEXT and kind is Kind.TEXT)
        or rule is Rule.ANY_VALUE
        or column.representation == BY_SCALE
    )
    return Typed(
        exp.Null(),
        kind,
        "text" if standard and kind is Kind.TEXT else type,
        affinity=column.affinity,
        collation=column.collation.upper(),
        representation=None if standard else column.representation,
        by_bytes=standard and kind is Kind.TEXT and column.by_bytes,
        not_null=column.not_null,
        keeps_class=column.keeps_class,
    )


def representation_of(value: Typed) -> Representation:
    """Say how SQLite's value stands in this expression."""
    return value.representation or _PLAIN[value.kind]


def render(value: Typed, context: Context) -> Typed:
    """Give the expression in its kind's form: what SQLite would hold in its place."""
    if value.keeps_class:
        raise context.refused(
            "an expression over a column that keeps storage classes apart",
            "the class of its values is not in the column",
        )
    if value.representation is None:
        return value
    context.fired(f"render {value.representation.rule}")
    node, type = _rendered(value, value.representation, context)
    return replace(value, node=node, type=type, representation=None, by_bytes=False)


def _rendered(value: Typed, representation: Representation, context: Context) -> tuple[exp.Expr, str]:
    node = value.node
    match representation.rule:
        case Rule.BOOLEAN:
            return tree.cast(node, "integer"), "integer"
        case Rule.INTEGER:
            return tree.cast(node, "bigint"), "bigint"
        case Rule.REAL | Rule.DECIMAL:
            return tree.cast(node, "double precision"), "double precision"
        case Rule.NUMBER:
            return context.compat("number", node), "numeric"
        case Rule.BOOLEAN_TEXT:
            false, true = representation.detail.split("/")
            branches = exp.Case(
                this=node,
                ifs=[
                    exp.If(this=exp.Boolean(this=False), true=tree.string(false)),
                    exp.If(this=exp.Boolean(this=True), true=tree.string(true)),
                ],
            )
            return branches, "text"
        case Rule.UUID | Rule.TEXT:
            return tree.cast(node, "text"), "text"
        case Rule.DATE:
            return context.compat("date_text", node), "text"
        case Rule.TIMESTAMP:
            return context.compat("timestamp_text", node, tree.string(representation.detail)), "text"
        case Rule.EPOCH:
            return context.compat("epoch_value", node, tree.string(representation.detail)), "bigint"
        case Rule.ANY_TEXT:
            form = context.compat("any_value_of", node, tree.string(representation.detail or "TEXT"))
            return form, context.any_type
        case _:
            raise context.refused(f"an expression over a column that holds {representation.rule}")


def as_integer_flag(value: Typed) -> Typed:
    """Give a predicate as the integer 0 or 1 that it is to SQLite."""
    if not value.is_predicate:
        return value
    if isinstance(value.node, exp.Boolean):
        return replace(value, node=tree.integer(int(value.node.this)), type="integer")
    return replace(value, node=tree.cast(value.node, "integer"), type="integer")


def standard(value: Typed, context: Context) -> Typed:
    """Give an expression in its kind's form, never as a PostgreSQL boolean."""
    return as_integer_flag(render(value, context))
