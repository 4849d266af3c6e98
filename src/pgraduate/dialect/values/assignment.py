"""A value on its way into a column: SQLite's affinity first, then the column's PostgreSQL type.

The invariant: what the column gives back afterwards is what SQLite would hold, or the statement fails.  A constant
is converted here; an expression gets a cast that accepts nothing but the values of its column's representation
(a fraction never rounds into bigint, 2 never becomes true).  Where only the run time could tell that a text is not
in the column's recorded form, a finding says so.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import NUMERIC_AFFINITIES, Kind, Typed, typed
from pgraduate.dialect.core.render import column_value, standard
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.values import mixed, numbers
from pgraduate.dialect.values.comparison import typed_constant
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity

_EPOCH_UNITS = {"s": "1 second", "ms": "1 millisecond", "us": "1 microsecond"}
_JSON_TYPES = ("json", "jsonb")
_DOUBLES = ("double precision", "float8")
_NUMERIC = re.compile(r"(?:numeric|decimal)\s*\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)", re.IGNORECASE)
_DOUBTFUL = re.compile(r"\\u|NaN|Infinity|[eE][+-]?[0-9]{4}")
_SECONDS = (Rule.TIMESTAMP, "YYYY-MM-DD HH:MM:SS")
_MAKERS = {
    "date": (Rule.DATE, ""), "fixed_date": (Rule.DATE, ""), "datetime": _SECONDS, "fixed_datetime": _SECONDS,
}  # fmt: skip
"""Compat functions whose text is always in one recorded form."""


def assigned(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give the expression that stores SQLite's value in the column.

    Raises NotTranslated for a generated column and for a class that the column cannot hold.
    """
    if column.generated:
        raise context.refused(f"a value for the generated column {column.source}")
    if value.kind is Kind.NULL:
        return exp.Null() if value.is_constant else tree.cast(value.node, column.type)
    if _stands_as_it_is(value, column):
        return value.node
    constant = typed_constant(column.representation, column.type, value.constant) if value.is_constant else None
    return constant if constant is not None else _converted(value, column, context)


def _stands_as_it_is(value: Typed, column: ColumnView) -> bool:
    """Say whether a column's value moves into another column of the same affinity and representation."""
    same = value.representation is not None and value.representation == column.representation
    narrower = _scale(column) is not None and value.type != column.type.lower()
    return same and value.affinity is column.affinity and not value.keeps_class and not narrower


def _converted(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    if value.kind is Kind.ANY and column.representation.rule is not Rule.ANY_VALUE:
        value = standard(value, context)
        if column.representation.rule in (Rule.BLOB, Rule.ANY_BYTES):
            return context.compat("blob_of_any", value.node)
        value = replace(typed(context.compat("text_of_any", value.node), Kind.TEXT), affinity=value.affinity)
    match column.representation.rule:
        case Rule.ANY_VALUE:
            return _any_value(value, column, context)
        case Rule.INTEGER:
            return _integer(value, column, context)
        case Rule.REAL:
            return _real(value, column, context)
        case Rule.DECIMAL:
            return _decimal(value, column, context)
        case Rule.NUMBER:
            return _number(value, column, context)
        case Rule.BOOLEAN:
            return _boolean(value, column, context)
        case Rule.BOOLEAN_TEXT:
            return _boolean_word(value, column, context)
        case Rule.EPOCH:
            return _epoch(value, column, context)
        case Rule.UUID | Rule.DATE | Rule.TIMESTAMP:
            return _in_recorded_form(value, column, context)
        case Rule.JSON_VALUE if isinstance(value.constant, str) and value.kind is Kind.TEXT:
            return _document(value.constant, value, column, context)
        case (
            Rule.TIME
            | Rule.DURATION
            | Rule.JSON_VALUE
            | Rule.ADDRESS
            | Rule.ENUM
            | Rule.JULIAN
            | Rule.SPELLED
            | Rule.LIST
        ):
            raise _refused(value, column, context)
        case Rule.TEXT:
            return _text(value, column, context)
        case Rule.ANY_TEXT:
            return _any_text(value, column, context)
        case Rule.BLOB | Rule.ANY_BYTES:
            value = standard(value, context)
            if value.kind is not Kind.BLOB:
                raise _refused(value, column, context)
            return value.node


def _integer(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = _with_numeric_affinity(standard(value, context), column)
    if value.kind is Kind.INTEGER:
        return value.node
    return tree.cast(_digits(value, column, context), column.type)


def _digits(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give a whole number as text; a fraction keeps its point, which no integer or boolean type accepts."""
    if value.kind is Kind.INTEGER:
        return tree.cast(value.node, "text")
    if value.is_constant or value.kind is Kind.BLOB:
        raise _refused(value, column, context)
    context.fired("numeric affinity")
    return tree.cast(tree.call("trim_scale", _numeric(value, context)), "text")


def _numeric(value: Typed, context: Context) -> exp.Expr:
    """Give a numeric without losing a digit; a text that is no number fails."""
    if value.kind in (Kind.REAL, Kind.NUMBER):
        return numbers.to_number_form(value, context).node
    return tree.cast(value.node, "numeric")


def _real(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = _with_numeric_affinity(standard(value, context), column)
    if value.kind is Kind.REAL:
        return value.node
    if isinstance(value.constant, int):
        return numbers.constant_number(float(value.constant)).node
    if value.kind is Kind.BLOB or isinstance(value.constant, str):
        raise _refused(value, column, context)
    return tree.cast(value.node, "double precision")


def _decimal(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give the decimal that a double's shortest text is, which is what PostgreSQL's cast of 15 digits gives."""
    value = _with_numeric_affinity(standard(value, context), column)
    scale = _scale(column) or 0
    if isinstance(value.constant, (int, float)):
        if round(value.constant, scale) != value.constant:
            raise context.refused(f"a number with more than {scale} decimals for the column {column.source}")
        return tree.cast(tree.string(repr(value.constant)), "numeric")
    if value.kind is Kind.BLOB or isinstance(value.constant, str):
        raise _refused(value, column, context)
    context.find(
        "ROUNDED_TO_SCALE", f"{column.source} is {column.type}: a number with more decimals is rounded there."
    )
    return _numeric(value, context)


def _document(text: str, value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give a constant JSON object or array that jsonb is sure to take: no escapes, no numbers of very many digits."""
    try:
        holds = isinstance(json.loads(text), (dict, list)) and not _DOUBTFUL.search(text)
    except (ValueError, RecursionError):
        holds = False
    if not holds:
        raise _refused(value, column, context)
    return tree.cast(tree.string(text), column.type)


def _number(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = _with_numeric_affinity(standard(value, context), column)
    if value.kind is Kind.INTEGER:
        return _whole(value, column, context)
    if value.kind is Kind.NUMBER and value.is_constant:
        return value.node
    if value.kind is Kind.BLOB or isinstance(value.constant, str):
        raise _refused(value, column, context)
    if column.affinity not in NUMERIC_AFFINITIES and not _has_fraction(value.constant):
        _say_that_class_is_lost(value, column, context)
    if column.type.lower() in _DOUBLES:
        return tree.cast(value.node, "double precision")
    scale = _scale(column)
    if isinstance(value.constant, float):
        if scale is not None and round(value.constant, scale) != value.constant:
            raise context.refused(f"a number with more than {scale} decimals for the column {column.source}")
        return tree.cast(tree.string(repr(value.constant)), "numeric")
    if scale is not None:
        context.find(
            "ROUNDED_TO_SCALE", f"{column.source} is {column.type}: a number with more decimals is rounded there."
        )
    return _numeric(value, context)


def _whole(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give an integer; double precision holds those of 53 bits."""
    if column.type.lower() not in _DOUBLES:
        return value.node
    if isinstance(value.constant, int) and float(value.constant) != value.constant:
        raise context.refused(
            f"the integer {value.constant} for the column {column.source}, which is {column.type},"
        )
    if _is_parameter(value):
        context.find(
            "PARAMETER_MAY_BE_ROUNDED", f"{column.source} is {column.type}, which rounds integers beyond 53 bits."
        )
    return value.node


def _scale(column: ColumnView) -> int | None:
    """Give the number of decimals that a numeric(p, s) column keeps, None for a type without such a limit."""
    match = _NUMERIC.fullmatch(column.type.strip())
    return int(match.group(1) or 0) if match else None


def _boolean(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    if value.is_predicate:
        return value.node
    if value.is_constant:
        folded = _with_numeric_affinity(value, column)
        constant = typed_constant(column.representation, column.type, folded.constant)
        if constant is None:
            raise _refused(value, column, context)
        return constant
    return tree.cast(_digits(standard(value, context), column, context), "boolean")


def _boolean_word(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = standard(value, context)
    if value.is_constant or value.kind is not Kind.TEXT:
        raise _refused(value, column, context)
    false, true = column.representation.detail.split("/")
    words = [
        exp.If(this=tree.string(false), true=exp.Boolean(this=False)),
        exp.If(this=tree.string(true), true=exp.Boolean(this=True)),
    ]
    # Any other word must fail, also one that PostgreSQL would take for a boolean: a prefix makes it none.
    failing = exp.DPipe(this=tree.string("not a word of the column: "), expression=tree.operand(value.node))
    return exp.Case(this=value.node, ifs=words, default=tree.cast(failing, "boolean"))


def _epoch(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = _with_numeric_affinity(standard(value, context), column)
    whole = value.node if value.kind is Kind.INTEGER else tree.cast(_digits(value, column, context), "bigint")
    unit = tree.cast(tree.string(_EPOCH_UNITS[column.representation.detail]), "interval")
    start = tree.cast(tree.string("1970-01-01 00:00:00"), "timestamp")
    return tree.infix(exp.Add, start, exp.Mul(this=tree.operand(whole), expression=unit))


def _in_recorded_form(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    if value.is_constant:
        raise _refused(value, column, context)
    if not _is_made_in_form(value, column):
        context.find(
            "TEXT_FORM_ASSUMED",
            f"A text is stored in {column.source} as {column.type}; one that is written otherwise than the "
            "column's recorded form is read back in that form, and one that is no such value fails.",
        )
    value = standard(value, context)
    if value.kind is not Kind.TEXT:
        raise _refused(value, column, context)
    return tree.cast(value.node, column.type)


def _is_made_in_form(value: Typed, column: ColumnView) -> bool:
    """Say whether the text comes from a function or a column that writes it in the column's recorded form."""
    if value.representation is not None:
        return value.representation == column.representation
    return _maker(value) == (column.representation.rule, column.representation.detail)


def _maker(value: Typed) -> tuple[Rule, str] | None:
    """Give the recorded form that the called function always writes, None for any other expression."""
    call = value.node.expression if isinstance(value.node, exp.Dot) else None
    return _MAKERS.get(call.name) if isinstance(call, exp.Anonymous) else None


def _text(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = standard(value, context)
    if column.affinity is Affinity.TEXT and value.kind.is_numeric:
        value = numbers.to_text(value, context)
    if value.kind is not Kind.TEXT:
        raise _refused(value, column, context)
    if column.affinity in NUMERIC_AFFINITIES and not _is_word(value):
        if value.is_constant:
            raise _refused(_with_numeric_affinity(value, column), column, context)
        _say_that_class_is_lost(value, column, context)
    if column.type.lower() not in _JSON_TYPES:
        return value.node
    if value.is_constant and not _is_json(value.constant):
        raise _refused(value, column, context)
    return tree.cast(value.node, column.type)


def _is_json(constant: object) -> bool:
    """Say whether PostgreSQL takes a constant text as JSON: unlike Python it knows no NaN and no Infinity."""
    try:
        json.loads(str(constant), parse_constant=_no_number)
    except ValueError:
        return False
    return True


def _no_number(name: str) -> object:
    raise ValueError(name)


def _any_value(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    """Give the value with its class; the affinity comes into it where the class that it may change is not settled."""
    if value.kind is Kind.ANY and value.representation is None and value.affinity is column.affinity:
        return value.node
    value = _with_numeric_affinity(standard(value, context), column)
    formed = mixed.in_form(value, context)
    if value.kind in _CHANGED_BY.get(column.affinity, ()) and not _is_settled(value, column):
        formed = mixed.with_affinity(formed, column.affinity, context)
    return formed.node


_CHANGED_BY = {
    Affinity.TEXT: (Kind.INTEGER, Kind.REAL, Kind.NUMBER, Kind.ANY),
    Affinity.REAL: (Kind.INTEGER, Kind.NUMBER, Kind.TEXT, Kind.ANY),
    Affinity.INTEGER: (Kind.REAL, Kind.NUMBER, Kind.TEXT, Kind.ANY),
    Affinity.NUMERIC: (Kind.REAL, Kind.NUMBER, Kind.TEXT, Kind.ANY),
}


def _is_settled(value: Typed, column: ColumnView) -> bool:
    """Say whether the constant is already what the affinity makes of it."""
    return value.is_constant and column.affinity in (Affinity.INTEGER, Affinity.NUMERIC)


def _any_text(value: Typed, column: ColumnView, context: Context) -> exp.Expr:
    value = standard(value, context)
    if value.kind is Kind.BLOB:
        raise _refused(value, column, context)
    if value.kind is Kind.TEXT and column.representation.detail != "TEXT" and not _is_word(value):
        _say_that_class_is_lost(value, column, context)
    if value.kind.is_numeric:
        value = numbers.to_text(_with_numeric_affinity(value, column), context)
    return value.node


def _say_that_class_is_lost(value: Typed, column: ColumnView, context: Context) -> None:
    """Say so, and apart where the value is a parameter: who binds it sees what it is."""
    bound = "PARAMETER_" if _is_parameter(value) else ""
    if column.representation.rule is Rule.NUMBER:
        code, what = "WHOLE_REAL_NOT_KEPT", "A REAL without a fraction"
    else:
        code, what = "CLASS_NOT_KEPT", "A text that looks like a number"
    context.find(bound + code, f"{what} has another storage class in {column.source} than in SQLite's column.")


def _is_parameter(value: Typed) -> bool:
    return isinstance(value.node.unnest().this, exp.Parameter)


def _has_fraction(constant: object) -> bool:
    return isinstance(constant, float) and not constant.is_integer()


def _is_word(value: Typed) -> bool:
    """Say whether a text can never be read as a number: a constant that is none, a date or a moment."""
    if value.is_constant:
        return isinstance(value.constant, str) and numbers.well_formed(value.constant) is None
    return _maker(value) is not None


def _with_numeric_affinity(value: Typed, column: ColumnView) -> Typed:
    """Make the constant that the affinity makes: '12' a number, 12.0 an INTEGER unless the column is REAL."""
    constant = value.constant
    if column.affinity not in NUMERIC_AFFINITIES:
        return value
    if isinstance(constant, str):
        number = numbers.well_formed(constant)
        if number is None:
            return value
        constant = number
    if column.affinity is not Affinity.REAL and isinstance(constant, float):
        constant = int(constant) if constant.is_integer() and abs(constant) < 2**63 else constant
    if isinstance(constant, int | float) and constant is not value.constant:
        return replace(numbers.constant_number(constant), affinity=value.affinity)
    return value


def _refused(value: Typed, column: ColumnView, context: Context) -> NotTranslated:
    described = value.kind.value if value.kind is not Kind.ANY else "mixed"
    held = column_value(column).kind.value
    return context.refused(
        f"a value of class {described} for the column {column.source}, which holds {held} as {column.type},"
    )
