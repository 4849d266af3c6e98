"""Comparison: affinity, the order of storage classes, collations.

SQLite first applies the affinity of a column or cast to the other side, then compares by storage class (numbers
before text before blobs) and only then by value.  All of this is settled here from the static kinds; what cannot be
settled is a call of a compat function or refused.  Equal representations compare as they stand, because every
representation keeps the order of the values that it stands for.

Source: "Datatypes In SQLite", sections 4 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import NUMERIC_AFFINITIES, Kind, Typed, predicate
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import mixed, numbers
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

OPERATORS: dict[str, type[exp.Expr]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_EQUALITY = frozenset({"=", "<>", "IS", "IS NOT"})
_RANK = {Kind.INTEGER: 0, Kind.REAL: 0, Kind.NUMBER: 0, Kind.TEXT: 1, Kind.BLOB: 2}
_ORDERED_RULES = frozenset(
    {Rule.TIMESTAMP, Rule.DATE, Rule.UUID, Rule.BOOLEAN, Rule.BOOLEAN_TEXT, Rule.EPOCH, Rule.NUMBER}
)
_COLLATIONS = frozenset({"BINARY", "NOCASE", "RTRIM"})


def compare(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    """Translate `= <> < <= > >= IS "IS NOT"` over two values."""
    if Kind.NULL in (left.kind, right.kind):
        return _with_null(operator, left, right)
    collation = collation_of(left, right, context)
    if _compare_as_they_stand(operator, left, right, collation):
        return _plain(operator, left.node, right.node)
    by_text = _as_canonical_text(operator, left, right, context)
    if by_text is not None:
        return by_text
    pair = _typed_literal(operator, left, right) or _typed_literal(operator, right, left)
    if pair is not None and collation == "BINARY":
        flipped = pair[0] is not left
        nodes = (pair[1], pair[0].node) if flipped else (pair[0].node, pair[1])
        return _plain(operator, *nodes)
    left, right = with_affinities(_comparable(left, context), _comparable(right, context), context)
    if isinstance(left.constant, int | float) and isinstance(right.constant, int | float):
        return predicate(exp.Boolean(this=_holds(operator, left.constant, right.constant)))
    return _by_class(operator, left, right, collation, context)


def _holds(operator: str, left: int | float, right: int | float) -> bool:
    match operator:
        case "=" | "IS":
            return left == right
        case "<>" | "IS NOT":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def collation_of(left: Typed, right: Typed, context: Context) -> str:
    """Give the collation of a comparison: COLLATE first, then a column's, the left side before the right."""
    if left.collated and left.collation:
        collation = left.collation
    elif right.collated and right.collation:
        collation = right.collation
    else:
        collation = left.collation or right.collation or "BINARY"
    return known_collation(collation, context)


def known_collation(collation: str, context: Context) -> str:
    if collation not in _COLLATIONS:
        raise context.refused(f"the collation {collation}", "only BINARY, NOCASE and RTRIM are part of SQLite")
    return collation


def collated(value: Typed, collation: str, context: Context) -> exp.Expr:
    """Give a text, or a value of any class, in the form that compares as the collation does."""
    node, of_any_class = value.node, value.kind is Kind.ANY
    match collation:
        case "NOCASE":
            context.fired("collate nocase")
            return context.compat("any_nocase" if of_any_class else "nocase", node)
        case "RTRIM":
            context.fired("collate rtrim")
            return context.compat("any_rtrim", node) if of_any_class else tree.call("rtrim", node, tree.string(" "))
        case _:
            return node


def with_affinities(left: Typed, right: Typed, context: Context) -> tuple[Typed, Typed]:
    """Apply the affinity of each side to the other, as a comparison does."""
    left_numeric, right_numeric = left.affinity in NUMERIC_AFFINITIES, right.affinity in NUMERIC_AFFINITIES
    if left_numeric and not right_numeric:
        return left, _with_numeric_affinity(right)
    if right_numeric and not left_numeric:
        return _with_numeric_affinity(left), right
    if left.affinity is Affinity.TEXT and right.affinity is None:
        return left, _with_text_affinity(right, context)
    if right.affinity is Affinity.TEXT and left.affinity is None:
        return _with_text_affinity(left, context), right
    return left, right


def _comparable(value: Typed, context: Context) -> Typed:
    if value.representation is not None and value.representation.rule is Rule.NUMBER and not value.keeps_class:
        return replace(value, representation=None)
    return standard(value, context)


def _with_numeric_affinity(value: Typed) -> Typed:
    if isinstance(value.constant, str) and (figure := numbers.well_formed(value.constant)) is not None:
        return replace(numbers.constant_number(_whole(figure)), affinity=value.affinity)
    return value


def _whole(figure: int | float) -> int | float:
    """Make a REAL that is a whole number an INTEGER, as NUMERIC affinity does."""
    if isinstance(figure, float) and figure.is_integer() and abs(figure) < 2**63:
        return int(figure)
    return figure


def _with_text_affinity(value: Typed, context: Context) -> Typed:
    if not value.kind.is_numeric:
        return value
    return replace(numbers.to_text(value, context), affinity=value.affinity)


def _with_null(operator: str, left: Typed, right: Typed) -> Typed:
    if operator not in ("IS", "IS NOT"):
        return predicate(tree.cast(exp.Null(), "boolean"))
    other = right if left.kind is Kind.NULL else left
    return predicate(tree.is_not_null(other.node) if operator == "IS NOT" else tree.is_null(other.node))


def _compare_as_they_stand(operator: str, left: Typed, right: Typed, collation: str) -> bool:
    if left.keeps_class or right.keeps_class or collation != "BINARY":
        return False
    one, other = left.representation, right.representation
    if one is None or other is None or one != other:
        return False
    return one.rule in _ORDERED_RULES or (one.rule is Rule.ANY_BYTES and operator in _EQUALITY)


def _typed_literal(operator: str, column: Typed, other: Typed) -> tuple[Typed, exp.Expr] | None:
    """Give the constant as a value of the column's own type, where it has exactly the column's form."""
    if column.representation is None or column.keeps_class or not other.is_constant:
        return None
    node = typed_constant(column.representation, column.type, other.constant)
    if node is None or (column.representation.rule is Rule.BOOLEAN and operator not in _EQUALITY):
        return None
    return column, node


def typed_constant(representation: Representation, type: str, value: object) -> exp.Expr | None:
    """Write SQLite's value as a constant of the richer type, None where it is not exactly in that form."""
    match representation.rule, value:
        case Rule.BOOLEAN, int() if value in (0, 1):
            return exp.Boolean(this=value == 1)
        case Rule.BOOLEAN_TEXT, str() if value in representation.detail.split("/"):
            return exp.Boolean(this=value == representation.detail.split("/")[1])
        case Rule.UUID, str() if _UUID.fullmatch(value):
            return tree.cast(tree.string(value), "uuid")
        case Rule.DATE, str() if _is_moment(value, "YYYY-MM-DD"):
            return tree.cast(tree.string(value), "date")
        case Rule.TIMESTAMP, str() if _is_moment(value, representation.detail):
            plain = value.replace("T", " ").removesuffix("Z").removesuffix("+00:00")
            return tree.cast(tree.string(plain), "timestamp")
        case _:
            return None


_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_PARTS: tuple[tuple[str, str], ...] = (
    ("YYYY", r"[0-9]{4}"), ("MM", r"[0-9]{2}"), ("DD", r"[0-9]{2}"), ("HH", r"[0-9]{2}"), ("SS", r"[0-9]{2}"),
)  # fmt: skip


def _is_moment(value: str, form: str) -> bool:
    """Say whether a text is a real moment written exactly in a form of TIMESTAMP_FORMATS."""
    required, _, optional = form.partition("[")
    optional, _, suffix = optional.partition("]")
    shapes: list[Callable[[str], bool]] = [lambda text: re.fullmatch(_pattern(required + suffix), text) is not None]
    if optional:
        full = _pattern(required) + _pattern(optional) + _pattern(suffix)
        shapes.append(lambda text: re.fullmatch(full, text) is not None and not _is_zero(text, required, optional))
    if not any(shape(value) for shape in shapes):
        return False
    plain = value.replace("T", " ").removesuffix("Z").removesuffix("+00:00")
    try:
        datetime.fromisoformat(plain if "." not in plain else plain.split(".")[0])
    except ValueError:
        return False
    return True


def _is_zero(text: str, required: str, optional: str) -> bool:
    return not text[len(required) : len(required) + len(optional)].strip(" T:.0")


def _pattern(form: str) -> str:
    pattern = re.escape(form)
    for part, digits in _PARTS:
        pattern = pattern.replace(part, digits)
    return pattern.replace("ffffff", "[0-9]{6}").replace("fff", "[0-9]{3}")


def _plain(operator: str, left: exp.Expr, right: exp.Expr) -> Typed:
    if operator == "IS":
        return predicate(tree.infix(exp.NullSafeEQ, left, right))
    if operator == "IS NOT":
        return predicate(tree.infix(exp.NullSafeNEQ, left, right))
    return predicate(tree.infix(OPERATORS[operator], left, right))


def _by_class(operator: str, left: Typed, right: Typed, collation: str, context: Context) -> Typed:
    kinds = (left.kind, right.kind)
    if all(kind.is_numeric for kind in kinds) or kinds == (Kind.BLOB, Kind.BLOB):
        return _plain(operator, *_numeric_nodes(left, right))
    if kinds == (Kind.TEXT, Kind.TEXT):
        return _texts(operator, left, right, collation, context)
    if Kind.ANY in kinds:
        return _of_any_class(operator, left, right, collation, context)
    if Kind.NULL in kinds:
        return _plain(
            operator, left.node, tree.cast(right.node, left.type) if right.kind is Kind.NULL else right.node
        )
    if _needs_numeric(left, right):
        return _number_with_text(operator, left, right, context)
    return _by_rank(operator, left, right, context)


def _numeric_nodes(left: Typed, right: Typed) -> tuple[exp.Expr, exp.Expr]:
    """Let a REAL constant stand without its cast, and compare NUMBER with REAL as REAL."""
    if right.is_constant and isinstance(right.node, exp.Cast) and right.kind is Kind.REAL and not left.is_constant:
        return left.node, right.node.this
    if left.is_constant and isinstance(left.node, exp.Cast) and left.kind is Kind.REAL and not right.is_constant:
        return left.node.this, right.node
    if left.kind is Kind.REAL and right.kind is Kind.NUMBER:
        return left.node, right.as_real or tree.cast(right.node, "double precision")
    if left.kind is Kind.NUMBER and right.kind is Kind.REAL:
        return left.as_real or tree.cast(left.node, "double precision"), right.node
    return left.node, right.node


def _texts(operator: str, left: Typed, right: Typed, collation: str, context: Context) -> Typed:
    nodes = [collated(side, collation, context) for side in (left, right)]
    if operator not in _EQUALITY and not (left.by_bytes or right.by_bytes):
        nodes[0] = tree.by_bytes(nodes[0])
    compared = _plain(operator, nodes[0], nodes[1])
    if operator in _EQUALITY or not _needs_numeric(left, right):
        return compared
    return _text_that_may_be_number(operator, left, right, compared, context)


def _text_that_may_be_number(operator: str, left: Typed, right: Typed, compared: Typed, context: Context) -> Typed:
    """Compare a text of a column with numeric affinity, which is never a number, with one that may become one.

    Equality needs no such care: the column's text differs from every text that looks like a number.
    """
    context.fired("numeric affinity")
    flipped = left.affinity not in NUMERIC_AFFINITIES
    other = left if flipped else right
    column_is_greater = operator in ((">", ">=") if not flipped else ("<", "<="))
    column = right if flipped else left
    number = tree.case((tree.is_null(column.node), exp.Null()), default=exp.Boolean(this=column_is_greater))
    outcome = number if not column.not_null else exp.Boolean(this=column_is_greater)
    return predicate(tree.case((context.compat("is_number", other.node), outcome), default=compared.node))


def _needs_numeric(left: Typed, right: Typed) -> bool:
    """Say whether NUMERIC affinity meets a text that only the run time can read."""
    sides = ((left, right), (right, left))
    return any(
        one.affinity in NUMERIC_AFFINITIES
        and other.affinity not in NUMERIC_AFFINITIES
        and other.kind is Kind.TEXT
        and not other.is_constant
        and not other.never_number
        for one, other in sides
    )


def _number_with_text(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    """Compare a number with a text that becomes a number where it looks like one."""
    context.fired("numeric affinity")
    flipped = left.kind is Kind.TEXT
    number, text = (right, left) if flipped else (left, right)
    if operator in ("IS", "IS NOT"):
        compared = context.compat("compare_text", numbers.to_number_form(number, context).node, text.node)
        both_null = tree.junction(exp.And, tree.is_null(number.node), tree.is_null(text.node))
        equal = tree.call("coalesce", tree.infix(exp.EQ, compared, tree.integer(0)), both_null)
        return predicate(equal if operator == "IS" else exp.Not(this=equal))
    compared = context.compat("compare_text", numbers.to_number_form(number, context).node, text.node)
    zero = tree.integer(0)
    return _plain(operator, zero, compared) if flipped else _plain(operator, compared, zero)


def _by_rank(operator: str, left: Typed, right: Typed, context: Context) -> Typed:
    """Compare values of different classes: the class alone decides, unless one of them is NULL."""
    context.fired("storage class order")
    difference = _RANK[left.kind] - _RANK[right.kind]
    outcome = {
        "=": False, "<>": True, "IS": False, "IS NOT": True, "<": difference < 0, "<=": difference < 0,
        ">": difference > 0, ">=": difference > 0,
    }[operator]  # fmt: skip
    constant = exp.Boolean(this=outcome)
    tests = [tree.is_null(side.node) for side in (left, right) if not side.is_constant and not side.not_null]
    if operator in ("IS", "IS NOT") and len(tests) == 2:
        both = tree.junction(exp.And, tests[0], tests[1])
        return predicate(both if operator == "IS" else exp.Not(this=tree.operand(both)))
    if operator in ("IS", "IS NOT") or not tests:
        return predicate(constant)
    test = tests[0] if len(tests) == 1 else tree.junction(exp.Or, tests[0], tests[1])
    return predicate(tree.case((test, tree.cast(exp.Null(), "boolean")), default=constant))


def _of_any_class(operator: str, left: Typed, right: Typed, collation: str, context: Context) -> Typed:
    """Compare values of any class, whose type has SQLite's order; the affinities come first."""
    one, other = mixed.in_form(left, context), mixed.in_form(right, context)
    sides = (_affected(one, left, right, context), _affected(other, right, left, context))
    return _plain(operator, *(collated(side, collation, context) for side in sides))


def _affected(value: Typed, was: Typed, beside: Typed, context: Context) -> Typed:
    """Apply the affinity of the other side, where the class that it may change is not settled yet."""
    if beside.affinity in NUMERIC_AFFINITIES and was.affinity not in NUMERIC_AFFINITIES:
        changes = was.kind is Kind.ANY or (was.kind is Kind.TEXT and not was.is_constant and not was.never_number)
        return mixed.with_affinity(value, Affinity.NUMERIC, context) if changes else value
    if beside.affinity is Affinity.TEXT and was.affinity is None and was.kind is Kind.ANY:
        return mixed.with_affinity(value, Affinity.TEXT, context)
    return value


def _as_canonical_text(operator: str, left: Typed, right: Typed, context: Context) -> Typed | None:
    """Test a column of mixed class for equality by its text, as an index on it does."""
    if operator not in _EQUALITY or any(side.collation not in (None, "BINARY") for side in (left, right)):
        return None
    for column, other in ((left, right), (right, left)):
        if column.keeps_class or column.representation is None or column.representation.rule is not Rule.ANY_TEXT:
            continue
        if other.representation == column.representation and other.affinity is column.affinity:
            return None if other.keeps_class else _plain(operator, left.node, right.node)
        if column.affinity not in NUMERIC_AFFINITIES or column.affinity is Affinity.REAL:
            continue
        other = _with_numeric_affinity(other)
        if other.kind is Kind.INTEGER or (other.kind is Kind.TEXT and other.is_constant):
            return _plain(operator, column.node, numbers.to_text(other, context).node)
    return None
