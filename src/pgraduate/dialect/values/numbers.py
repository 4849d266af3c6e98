"""Numbers: constants, what text counts as, and conversion between kinds.

A number whose class only the rows tell is a numeric whose scale says it (see `Kind.NUMBER`).
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Missing, Typed, typed
from pgraduate.dialect.core.render import standard
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity

NOT_CONSTANT = Missing.VALUE
SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1
_NUMBER_PREFIX = re.compile(r"[ \t\n\v\f\r]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_INTEGER_PREFIX = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
_BLANKS = " \t\n\v\f\r"


def constant_number(value: int | float) -> Typed:
    """Write a numeric constant in the form of its class."""
    if isinstance(value, int) and SMALLEST <= value <= LARGEST:
        type = "integer" if -(1 << 31) <= value < 1 << 31 else "bigint"
        node = tree.cast(tree.string(str(value)), "bigint") if value == SMALLEST else tree.integer(value)
        return Typed(node, Kind.INTEGER, type, constant=value)
    real = float(value)
    if math.isnan(real):
        return null()
    if math.isinf(real):
        node = tree.cast(tree.string("Infinity" if real > 0 else "-Infinity"), "double precision")
    else:
        node = tree.cast(real_literal(real), "double precision")
    return Typed(node, Kind.REAL, "double precision", constant=real)


def null() -> Typed:
    return Typed(exp.Null(), Kind.NULL, "text", constant=None)


def literal(text: str) -> Typed:
    """Read a numeric literal as SQLite does: digits alone are an INTEGER if they fit 64 bits."""
    return constant_number(int(text) if text.isdigit() else float(text))


def numeric_prefix(text: str) -> int | float:
    """Give the number at the start of a text, 0 without one, as arithmetic and CAST AS NUMERIC read it."""
    match = _NUMBER_PREFIX.match(text)
    return _number(match.group(1)) if match else 0


def well_formed(text: str) -> int | float | None:
    """Give the number that a text is as a whole (blanks around it allowed), None where it is none."""
    match = _NUMBER_PREFIX.match(text)
    return _number(match.group(1)) if match and not text[match.end() :].strip(_BLANKS) else None


def integer_prefix(text: str) -> int:
    """Give what CAST AS INTEGER makes of a text: the digits at its start, clamped to 64 bits."""
    match = _INTEGER_PREFIX.match(text)
    return max(SMALLEST, min(LARGEST, int(match.group(1)))) if match else 0


def real_to_integer(value: float) -> int:
    """Truncate towards zero and clamp to 64 bits, as SQLite's CAST does."""
    if math.isinf(value) or abs(value) >= 9.3e18:
        return LARGEST if value > 0 else SMALLEST
    return max(SMALLEST, min(LARGEST, math.trunc(value)))


def text_of_real(value: float) -> str:
    """Write a REAL as SQLite does: 15 significant digits where they read back, else 17, always with a point.

    SQLite before 3.53 stops at 15 digits; the longer form is followed because it loses nothing.
    """
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    short = f"{value:.14e}"
    mantissa, exponent = (short if float(short) == value else f"{value:.16e}").split("e")
    power = int(exponent)
    sign = "-" if value < 0 else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0") or "0"
    if not -5 < power < 17:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}e{exponent}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    whole, fraction = digits[: power + 1].ljust(power + 1, "0"), digits[power + 1 :]
    return f"{sign}{whole}.{fraction or '0'}"


def number(value: Typed, context: Context) -> Typed:
    """Give an operand of arithmetic: an INTEGER, a REAL or a NUMBER."""
    value = standard(value, context).bare()
    if value.is_constant and isinstance(value.constant, str):
        context.fired("text as number")
        return constant_number(numeric_prefix(value.constant))
    match value.kind:
        case Kind.TEXT:
            context.fired("text as number")
            return typed(context.compat("to_number", value.node), Kind.NUMBER)
        case Kind.ANY:
            return typed(context.compat("any_number", value.node), Kind.NUMBER)
        case Kind.BLOB:
            context.fired("text as number")
            return typed(context.compat("to_number", _as_digits(value).node), Kind.NUMBER)
        case _:
            return value


def to_text(value: Typed, context: Context) -> Typed:
    """Convert to TEXT as CAST and `||` do."""
    value = standard(value, context)
    if value.is_constant:
        constant = value.constant
        if isinstance(constant, int | float):
            text = str(constant) if isinstance(constant, int) else text_of_real(constant)
            return Typed(tree.string(text), Kind.TEXT, "text", constant=text)
        if isinstance(constant, str):
            return value
    match value.kind:
        case Kind.TEXT:
            return value
        case Kind.NULL:
            return typed(tree.cast(value.node, "text"), Kind.TEXT)
        case Kind.INTEGER:
            return typed(tree.cast(value.node, "text"), Kind.TEXT)
        case Kind.REAL | Kind.NUMBER:
            context.fired("number as text")
            return typed(context.compat("to_text", value.node), Kind.TEXT)
        case Kind.BLOB if context.immutable:  # convert_from is declared stable
            context.require_utf8()
            return typed(context.compat("any_text", context.compat("any_value", value.node)), Kind.TEXT)
        case Kind.BLOB:
            context.require_utf8()
            return typed(tree.call("convert_from", value.node, tree.string("UTF8")), Kind.TEXT)
        case Kind.ANY:
            return typed(context.compat("any_text", value.node), Kind.TEXT)


def to_integer(value: Typed, context: Context) -> Typed:
    """Convert to INTEGER as CAST does: towards zero, the digits at the start of a text."""
    value = standard(value, context)
    if value.is_constant:
        match value.constant:
            case str() as text:
                return constant_number(integer_prefix(text))
            case float() as real:
                return constant_number(real_to_integer(real))
    match value.kind:
        case Kind.INTEGER:
            return value
        case Kind.NULL:
            return typed(tree.cast(value.node, "bigint"), Kind.INTEGER)
        case Kind.REAL | Kind.NUMBER | Kind.TEXT:
            context.fired("cast to integer")
            return typed(context.compat("to_integer", value.node), Kind.INTEGER)
        case Kind.ANY:
            return typed(context.compat("any_integer", value.node), Kind.INTEGER)
        case Kind.BLOB:
            return to_integer(_as_digits(value), context)


def to_real(value: Typed, context: Context) -> Typed:
    """Convert to REAL as CAST does; a numeric column needs no rendering for it."""
    if value.representation is not None and value.representation.rule is Rule.NUMBER and not value.keeps_class:
        if value.type == "double precision":
            return replace(value, kind=Kind.REAL, representation=None)
        return typed(tree.cast(value.node, "double precision"), Kind.REAL)
    value = standard(value, context)
    if value.is_constant:
        match value.constant:
            case str() as text:
                return constant_number(float(numeric_prefix(text)))
            case int() | float() as figure:
                return constant_number(float(figure))
    match value.kind:
        case Kind.REAL:
            return value
        case Kind.NUMBER if value.as_real is not None:
            return typed(value.as_real, Kind.REAL)
        case Kind.INTEGER | Kind.NUMBER | Kind.NULL:
            return typed(tree.cast(value.node, "double precision"), Kind.REAL)
        case Kind.TEXT:
            context.fired("text as number")
            return typed(context.compat("to_real", value.node), Kind.REAL)
        case Kind.ANY:
            return typed(context.compat("any_real", value.node), Kind.REAL)
        case Kind.BLOB:
            return to_real(_as_digits(value), context)


def _as_digits(value: Typed) -> Typed:
    """Give a blob as a text that starts with the same number, whatever bytes follow it."""
    return typed(tree.call("encode", value.node, tree.string("escape")), Kind.TEXT)


def to_number_form(value: Typed, context: Context) -> Typed:
    """Give a number in the form of NUMBER, or as an integer that PostgreSQL makes one beside another NUMBER."""
    value = standard(value, context)
    match value.kind:
        case Kind.INTEGER | Kind.NULL:
            return typed(value.node, Kind.NUMBER)
        case Kind.REAL:
            return typed(context.compat("number_of", value.node), Kind.NUMBER)
        case _:
            return value


def cast(value: Typed, declared: str, affinity: Affinity, context: Context) -> Typed:
    """Translate CAST(value AS declared)."""
    context.fired("cast")
    match affinity:
        case Affinity.TEXT:
            result = to_text(value, context)
        case Affinity.INTEGER:
            result = to_integer(value, context)
        case Affinity.REAL:
            result = to_real(value, context)
        case Affinity.NUMERIC:
            result = _to_numeric(value, context)
        case Affinity.BLOB:
            result = _to_blob(value, context)
    return replace(
        result,
        affinity=affinity,
        collation=value.collation,
        collated=value.collated,
        source=None,
        not_null=value.not_null,
    )


def _to_numeric(value: Typed, context: Context) -> Typed:
    """Convert to NUMERIC: a number stays, a text that is a whole number becomes an INTEGER."""
    if value.kind.is_numeric or value.kind is Kind.NULL:
        return standard(value, context)
    if value.kind is Kind.ANY:
        return typed(context.compat("any_numeric", standard(value, context).node), Kind.NUMBER)
    result = number(value, context)
    if isinstance(result.constant, float) and result.constant.is_integer() and abs(result.constant) < 1 << 51:
        return constant_number(int(result.constant))
    return result if result.is_constant else typed(context.compat("number", result.node), Kind.NUMBER)


def _to_blob(value: Typed, context: Context) -> Typed:
    value = standard(value, context)
    if value.kind is Kind.BLOB:
        return value
    context.require_utf8()
    if value.kind is Kind.ANY:
        return typed(context.compat("any_blob", value.node), Kind.BLOB)
    text = to_text(value, context)
    if context.immutable:  # convert_to is declared stable
        return typed(context.compat("any_blob", context.compat("any_value", text.node)), Kind.BLOB)
    return typed(tree.call("convert_to", text.node, tree.string("UTF8")), Kind.BLOB)


def _number(text: str) -> int | float:
    if text.lstrip("+-").isdigit() and SMALLEST <= int(text) <= LARGEST:
        return int(text)
    return float(text)


def real_literal(value: float) -> exp.Expr:
    positive = exp.Literal.number(repr(abs(value)))
    return exp.Paren(this=exp.Neg(this=positive)) if math.copysign(1, value) < 0 else positive
