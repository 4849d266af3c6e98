"""Arithmetic over numbers: `+ - * / %`, the sign, and the operators over bits.

SQLite decides at run time whether a result is an INTEGER or a REAL.  Where the kinds of the operands settle it, the
result is PostgreSQL's own arithmetic over bigint or double precision; where they do not, it is a numeric whose scale
says the class (see `Kind.NUMBER`), computed by compat functions.  Division by zero is NULL; constants are computed
here with SQLite's overflow to REAL, over columns an overflow of bigint raises an error instead of turning REAL.
"""

from __future__ import annotations

import math
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.values.numbers import (
    LARGEST,
    SMALLEST,
    constant_number,
    null,
    number,
    real_literal,
    real_to_integer,
    to_integer,
    to_number_form,
)
from pgraduate.model.representation import Rule

_OPERATORS: dict[str, type[exp.Expr]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div, "%": exp.Mod}
_DYNAMIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}


def arithmetic(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    """Translate `+ - * / %` over two operands."""
    left, right = _operand(left, context), _operand(right, context)
    if Kind.NULL in (left.kind, right.kind):
        return null()
    if left.is_constant and right.is_constant:
        return _folded(operator, left.constant, right.constant)
    if operator == "%" and (left.kind, right.kind) != (Kind.INTEGER, Kind.INTEGER):
        return _dynamic(operator, left, right, context)
    if Kind.REAL in (left.kind, right.kind):
        return typed(_plain(operator, _real_operand(left, right), _real_operand(right, left), right), Kind.REAL)
    if Kind.NUMBER in (left.kind, right.kind):
        return _dynamic(operator, left, right, context)
    wide = "bigint" in (left.type, right.type)
    left_node = left.node if wide else tree.cast(left.node, "bigint")
    return typed(_plain(operator, left_node, right.node, right), Kind.INTEGER)


def _operand(value: Typed, context: Context) -> Typed:
    """Keep a numeric column as it stands: a REAL on the other side needs no rendering of it."""
    if value.representation is not None and value.representation.rule is Rule.NUMBER and not value.keeps_class:
        return value
    return number(value, context)


def _real_operand(value: Typed, other: Typed) -> exp.Expr:
    """Write an operand of double precision arithmetic; a constant beside a column needs no cast."""
    if isinstance(value.constant, float) and math.isfinite(value.constant) and not other.is_constant:
        plain = real_literal(value.constant)
        return plain if other.kind is Kind.REAL else value.node
    return value.node if value.kind is not Kind.NUMBER else _number_as_real(value)


def _number_as_real(value: Typed) -> exp.Expr:
    return value.as_real if value.as_real is not None else tree.cast(value.node, "double precision")


def _plain(operator: str, left: exp.Expr, right: exp.Expr, divisor: Typed) -> exp.Expr:
    if operator in "/%" and not (divisor.is_constant and divisor.constant):
        right = tree.call("nullif", right, exp.Literal.number("0"))
    return tree.infix(_OPERATORS[operator], left, right)


def _dynamic(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    context.fired("dynamic arithmetic")
    nodes = (to_number_form(left, context).node, to_number_form(right, context).node)
    kind = Kind.REAL if operator == "%" and Kind.REAL in (left.kind, right.kind) else Kind.NUMBER
    node = context.compat(_DYNAMIC[operator], *nodes)
    if kind is Kind.REAL:
        return typed(tree.cast(node, "double precision"), kind)
    if operator not in "+-*":
        return typed(node, kind)
    reals = [_number_as_real(side) if side.kind is Kind.NUMBER else side.node for side in (left, right)]
    return replace(typed(node, kind), computed=(node, tree.infix(_OPERATORS[operator], *reals)))


def _folded(operator: str, left: object, right: object) -> Typed:
    """Compute an operation over constants as SQLite does."""
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    if operator == "%":
        return _remainder(left, right)
    if operator == "/":
        return _quotient(left, right)
    whole = isinstance(left, int) and isinstance(right, int)
    exact = {"+": left + right, "-": left - right, "*": left * right}[operator]
    if whole and not SMALLEST <= exact <= LARGEST:
        left, right = float(left), float(right)
        return constant_number({"+": left + right, "-": left - right, "*": left * right}[operator])
    return constant_number(exact)


def _quotient(left: int | float, right: int | float) -> Typed:
    if right == 0:
        return null()
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return constant_number(quotient if (left < 0) == (right < 0) else -quotient)
    return constant_number(float(left) / float(right))


def _remainder(left: int | float, right: int | float) -> Typed:
    dividend = left if isinstance(left, int) else real_to_integer(left)
    divisor = right if isinstance(right, int) else real_to_integer(right)
    if divisor == 0:
        return null()
    rest = (abs(dividend) % abs(divisor)) * (1 if dividend >= 0 else -1)
    return constant_number(rest if isinstance(left, int) and isinstance(right, int) else float(rest))


def negative(value: Typed, context: Context) -> Typed:
    """Translate unary minus."""
    value = number(value, context)
    if value.kind is Kind.NULL:
        return null()
    if isinstance(value.constant, int | float):
        is_smallest = isinstance(value.constant, float) and value.constant == float(1 << 63)
        return constant_number(SMALLEST if is_smallest else -value.constant)
    return typed(exp.Neg(this=tree.operand(value.node)), value.kind, value.type)


_BITS: dict[str, type[exp.Expr]] = {"&": exp.BitwiseAnd, "|": exp.BitwiseOr}


def bits(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    """Translate `& | << >>`, which work on 64-bit integers."""
    left, right = to_integer(left, context).bare(), to_integer(right, context).bare()
    if Kind.NULL in (left.kind, right.kind):
        return null()
    left_node = left.node if left.type == "bigint" else tree.cast(left.node, "bigint")
    if operator in _BITS:
        return typed(tree.infix(_BITS[operator], left_node, right.node), Kind.INTEGER)
    right_node = right.node if right.type == "bigint" else tree.cast(right.node, "bigint")
    name = "shift_left" if operator == "<<" else "shift_right"
    return typed(context.compat(name, left_node, right_node), Kind.INTEGER)


def complement(value: Typed, context: Context) -> Typed:
    """Translate `~`."""
    value = to_integer(value, context).bare()
    node = value.node if value.type == "bigint" else tree.cast(value.node, "bigint")
    return typed(exp.BitwiseNot(this=tree.operand(node)), Kind.INTEGER)
