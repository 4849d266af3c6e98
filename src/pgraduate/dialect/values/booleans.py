"""Truth: what counts as true, and predicates as the values 0 and 1.

PostgreSQL keeps conditions and values apart, SQLite does not.  A translated predicate is a PostgreSQL boolean; where
a value is wanted it becomes an integer (`render.as_integer_flag`), and where a condition is wanted any other value is
compared with zero, as SQLite does.
"""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, predicate
from pgraduate.dialect.core.render import render
from pgraduate.dialect.values import numbers
from pgraduate.model.representation import Rule


def condition(value: Typed, context: Context) -> exp.Expr:
    """Give an expression as a PostgreSQL condition."""
    if value.is_predicate:
        return value.node
    if value.representation is not None and value.representation.rule is Rule.BOOLEAN and not value.keeps_class:
        return value.node
    if value.representation is not None and value.representation.rule is Rule.NUMBER and not value.keeps_class:
        return tree.infix(exp.NEQ, value.node, exp.Literal.number("0"))
    context.fired("truth")
    figure = numbers.number(render(value, context), context)
    if figure.kind is Kind.NULL:
        return tree.cast(exp.Null(), "boolean")
    if isinstance(figure.constant, int | float):
        return exp.Boolean(this=figure.constant != 0)
    return tree.infix(exp.NEQ, figure.node, exp.Literal.number("0"))


def logical(operator: type[exp.Expr], left: Typed, right: Typed, context: Context) -> Typed:
    """Translate AND and OR."""
    return predicate(tree.junction(operator, condition(left, context), condition(right, context)))


def negation(value: Typed, context: Context) -> Typed:
    """Translate NOT."""
    return predicate(tree.negated(condition(value, context)))


def truth_test(value: Typed, expected: bool, negate: bool, context: Context) -> Typed:
    """Translate `IS [NOT] TRUE` and `IS [NOT] FALSE`, which look at truth, not at the value."""
    test = exp.Is(this=tree.operand(condition(value, context)), expression=exp.Boolean(this=expected))
    return predicate(exp.Not(this=tree.operand(test)) if negate else test)
