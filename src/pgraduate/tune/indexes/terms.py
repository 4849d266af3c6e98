"""What can be a key: a column of one table, or an immutable expression over its columns.

Collations and casts that change nothing are taken away, as PostgreSQL's planner does when it looks for an index.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from pgraduate.postgres.identifiers import quote
from pgraduate.tune.indexes.catalog import Catalog, Table

_TEXTS = {"text", "character varying"}
_MOMENTS = (
    exp.CurrentTimestamp,
    exp.CurrentDate,
    exp.CurrentTime,
    exp.Localtimestamp,
    exp.Localtime,
)
_NEVER = (
    *_MOMENTS,
    exp.Subquery,
    exp.Select,
    exp.AggFunc,
    exp.Window,
    exp.Parameter,
    exp.Placeholder,
    exp.Cast,
    exp.TimestampTrunc,
    exp.Extract,
    exp.Star,
)
"""What cannot stand in an index: what changes, and what depends on the session's settings (casts of moments)."""


@dataclass(frozen=True, slots=True)
class Term:
    """`sql` stands in an index definition as it is; `column` is None for an expression."""

    sql: str
    column: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,) if self.column else ()


def term_of(node: exp.Expr, table: Table, catalog: Catalog) -> Term | None:
    """Read a side of a condition as a key of the table, None where it is none; columns are known to be the table's."""
    node = bare(node)
    if isinstance(node, exp.Collate):
        inner = bare(node.this)
        if isinstance(inner, exp.Column) and (column := table.columns.get(inner.name)):
            collation = node.expression.name
            if collation == column.collation:
                return Term(quote(column.name), column.name)
            return Term(f"{quote(column.name)} COLLATE {quote(collation)}", column.name)
    if isinstance(node, exp.Cast) and node.to.this in (exp.DType.TEXT, exp.DType.VARCHAR):
        inner = bare(node.this)
        if isinstance(inner, exp.Column) and (column := table.columns.get(inner.name)) and column.type in _TEXTS:
            return Term(quote(column.name), column.name)
    if isinstance(node, exp.Column):
        return Term(quote(node.name), node.name) if node.name in table.columns else None
    if not node.find(exp.Column) or not is_immutable(node, catalog):
        return None
    return Term(f"({text_of(node)})", None)


def bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def speaks_of_now(node: exp.Expr) -> bool:
    """Tell whether a node depends on the moment at which it is asked."""
    if node.find(*_MOMENTS):
        return True
    calls = {str(call.this).lower() for call in node.find_all(exp.Anonymous)}
    return bool(calls & {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"})


def is_immutable(node: exp.Expr, catalog: Catalog) -> bool:
    """Tell whether the value depends on the row alone, as far as names tell: a name with one form that is not
    immutable counts as not immutable."""
    for part in node.walk():
        if isinstance(part, _NEVER):
            return False
        if isinstance(part, exp.Func) and not isinstance(part, exp.And | exp.Or | exp.Case | exp.Coalesce):
            name = str(part.this) if isinstance(part, exp.Anonymous) else part.sql_name()
            operator = isinstance(part, exp.JSONExtract | exp.JSONExtractScalar | exp.JSONBExtract)
            operator = operator or isinstance(part, exp.JSONBExtractScalar | exp.Binary)
            if not operator and name.lower() not in catalog.immutable:
                return False
    return True


def text_of(node: exp.Expr) -> str:
    """Write an expression over one table's columns as PostgreSQL, names quoted and without the table."""
    node = node.copy()
    for column in list(node.find_all(exp.Column)):
        plain = exp.column(exp.to_identifier(column.name, quoted=True))
        if column is node:
            return plain.sql("postgres")
        column.replace(plain)
    return node.sql("postgres")
