"""DEFAULT: a constant or expression that becomes a value of the column's own PostgreSQL type.

SQLite applies the column's affinity when the default is stored; here the value is converted once, into the type that
the plan chose: 0 becomes false for a boolean, a text a timestamp, a number text for a text column.  The invariant: a
row that takes the default holds the value that SQLite would have stored.
"""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect import numbers, tree
from pgraduate.dialect.comparison import typed_constant
from pgraduate.dialect.context import Context
from pgraduate.dialect.kinds import Kind, Typed
from pgraduate.dialect.names import Scope
from pgraduate.dialect.parsing import is_double_quoted, name_of
from pgraduate.dialect.render import standard
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity

_MOMENT_FUNCTIONS = {Rule.TIMESTAMP: "timestamp", Rule.DATE: "date"}


def default_value(column: ColumnView, context: Context) -> tuple[exp.Expr, Typed]:
    """Give the DEFAULT of a column; raise NotTranslated where the type cannot hold it."""
    source = context.parsed.tree
    if isinstance(source, exp.Column) and source.args.get("table") is None:
        value = _word(source)
    else:
        value = standard(context.translate(source, Scope()), context)
    return stored(value, column, context), value


def stored(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give a value as it is stored in a column: affinity applied, in the column's type and representation."""
    value = with_affinity(standard(value, context), column.affinity, context)
    if value.kind is Kind.NULL:
        return exp.Null()
    representation, type = column.representation, column.type
    constant = typed_constant(representation, type, value.constant) if value.is_constant else None
    if constant is not None:
        return constant
    match representation.rule:
        case Rule.TEXT | Rule.ANY_TEXT:
            if value.kind is Kind.TEXT or representation.rule is Rule.ANY_TEXT:
                text = numbers.to_text(value, context)
                is_text = type.lower().startswith(("text", "varchar", "character varying"))
                return text.node if is_text else tree.cast(text.node, type)
        case Rule.INTEGER:
            if value.kind is Kind.INTEGER:
                return value.node
        case Rule.REAL:
            if value.kind.is_numeric:
                return _real(value)
        case Rule.NUMBER:
            if value.kind.is_numeric:
                return value.node if value.kind is not Kind.REAL or not value.is_constant else _real(value)
        case Rule.BLOB:
            if value.kind is Kind.BLOB:
                return value.node
        case Rule.TIMESTAMP | Rule.DATE | Rule.UUID if value.kind is Kind.TEXT and not value.is_constant:
            return _moment(value, column, context)
        case Rule.EPOCH if value.kind is Kind.INTEGER:
            return context.compat("epoch_moment", value.node, tree.string(representation.detail))
        case Rule.BOOLEAN if value.kind is Kind.INTEGER and not value.is_constant:
            return tree.infix(exp.NEQ, value.node, tree.integer(0))
        case _:
            pass
    raise context.refused(f"a default of this value for the type {type}", "set the default by hand in the schema file")


def with_affinity(value: Typed, affinity: Affinity, context: Context) -> Typed:
    """Apply a column's affinity to a value that is stored in it."""
    if affinity is Affinity.TEXT and value.kind.is_numeric:
        return numbers.to_text(value, context)
    if affinity in (Affinity.INTEGER, Affinity.NUMERIC, Affinity.REAL) and isinstance(value.constant, str):
        figure = numbers.well_formed(value.constant)
        value = numbers.constant_number(figure) if figure is not None else value
    if affinity in (Affinity.INTEGER, Affinity.NUMERIC) and isinstance(value.constant, float):
        return numbers.constant_number(int(value.constant)) if value.constant.is_integer() else value
    if affinity is Affinity.REAL and isinstance(value.constant, int):
        return numbers.constant_number(float(value.constant))
    return value


def _word(node: exp.Column) -> Typed:
    """A bare word or a double-quoted text is a string in a DEFAULT: no column can be named there."""
    name = name_of(node.this)
    if not is_double_quoted(node.this) and name.lower() in ("true", "false"):
        return numbers.constant_number(int(name.lower() == "true"))
    return Typed(tree.string(name), Kind.TEXT, "text", constant=name)


def _real(value: Typed) -> exp.Expr:
    return value.node.this if isinstance(value.node, exp.Cast) and value.is_constant else value.node


def _moment(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Cast a computed text, such as datetime('now'), to the column's type; its form is the function's own."""
    return tree.cast(value.node, column.type)
