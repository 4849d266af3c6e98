"""Queries."""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect.context import Context
from pgraduate.dialect.names import OutputShape, Scope


def translate_tree(
    node: exp.Expr, outer: Scope | None, context: Context, *, as_view: bool = False
) -> tuple[exp.Expr, OutputShape]:
    context.refuse("a query")
