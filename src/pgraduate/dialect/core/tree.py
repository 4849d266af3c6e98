"""Building PostgreSQL's tree: the few shapes that translations are made of.

Names are always quoted and calls always print as written, so that no keyword list and no rule of the generator
decides what comes out.
"""

from __future__ import annotations

from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

_PRIMARY = (
    exp.Column, exp.Literal, exp.Anonymous, exp.Dot, exp.Cast, exp.Paren, exp.Null, exp.Boolean, exp.Case,
    exp.Subquery, exp.Parameter, exp.Window, exp.Filter, exp.Coalesce, exp.Exists, exp.Array, exp.Var,
)  # fmt: skip
LONG = 100
"""Characters from which on a statement is printed over several lines."""


def identifier(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def column(*names: str) -> exp.Column:
    """Give a column reference from its qualifier, if any, and its name."""
    *qualifier, name = names
    table = identifier(qualifier[0]) if qualifier else None
    return exp.Column(this=identifier(name), table=table)


def call(name: str, *arguments: exp.Expr, schema: str | None = None) -> exp.Expr:
    """Call a function: PostgreSQL's own by its bare name, any other with its schema."""
    function = exp.Anonymous(this=name, expressions=list(arguments))
    return function if schema is None else exp.Dot(this=identifier(schema), expression=function)


def cast(node: exp.Expr, type: str) -> exp.Expr:
    return exp.Cast(this=node, to=_type(type).copy())


@cache
def _type(name: str) -> exp.DataType:
    """Parse the name of a type once; every tree takes a copy."""
    return exp.DataType.build(name, dialect="postgres", udt=True)


def integer(value: int) -> exp.Expr:
    """Write an integer constant; PostgreSQL reads the sign as an operator."""
    return (
        exp.Literal.number(str(value))
        if value >= 0
        else exp.Paren(this=exp.Neg(this=exp.Literal.number(str(-value))))
    )


def string(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def operand(node: exp.Expr) -> exp.Expr:
    """Put a node in parentheses where it could be torn apart by an operator beside it."""
    return node if isinstance(node, _PRIMARY) else exp.Paren(this=node)


def infix(operator: type[exp.Expr], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    node = operator(this=operand(left), expression=operand(right))
    if isinstance(node, exp.Div):
        node.set("typed", True)
        node.set("safe", False)
    return node


def is_null(node: exp.Expr) -> exp.Expr:
    return exp.Is(this=operand(node), expression=exp.Null())


def is_not_null(node: exp.Expr) -> exp.Expr:
    return exp.Is(this=operand(node), expression=exp.Not(this=exp.Null()))


def junction(operator: type[exp.Expr], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Join two conditions by And or Or; a chain of one kind needs no parentheses."""

    def side(node: exp.Expr) -> exp.Expr:
        other = exp.Or if operator is exp.And else exp.And
        return exp.Paren(this=node) if isinstance(node, other) else node

    return operator(this=side(left), expression=side(right))


def negated(node: exp.Expr) -> exp.Expr:
    return exp.Not(this=operand(node))


def case(*branches: tuple[exp.Expr, exp.Expr], default: exp.Expr | None = None) -> exp.Expr:
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=default)


def by_bytes(node: exp.Expr) -> exp.Expr:
    """Compare or order this text by its bytes, whatever the database's collation is."""
    return exp.Collate(this=operand(node), expression=identifier("C"))


@cache
def _postgres() -> Dialect:
    """Make the dialect once; it keeps nothing of what it prints."""
    return Dialect.get_or_raise("postgres")


def text_of(node: exp.Expr) -> str:
    """Print a tree: on one line while it is short, over several where it is long.

    A copy is printed, because a node that stands at two places knows one parent only, and the generator asks for it.
    """
    copied = node.copy()
    line = _printed(copied, pretty=False)
    return line if len(line) <= LONG else _printed(copied, pretty=True)


def _printed(node: exp.Expr, *, pretty: bool) -> str:
    return _postgres().generate(node, copy=False, normalize_functions=False, comments=False, pretty=pretty)
