"""SQLite's operator precedence, as the tree shows it after parsing."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pgraduate.dialect.reading.parsing import parse_expression

Skeleton = tuple[object, ...]


def skeleton(node: object) -> Skeleton:
    """Give the tree without its parentheses."""
    if not isinstance(node, exp.Expr):
        return (node,)
    inner = node.unnest()
    parts = [(name, value) for name, value in inner.args.items() if value not in (None, [], False)]
    return (
        type(inner).__name__,
        *((name, *map(skeleton, value if isinstance(value, list) else [value])) for name, value in parts),
    )


@pytest.mark.parametrize(
    ("sql", "same_as"),
    [
        ("a || b * c", "(a || b) * c"),
        ("a || 1 + 2", "(a || 1) + 2"),
        ("a < b IS NULL", "(a < b) IS NULL"),
        ("a = b IS NULL", "(a = b) IS NULL"),
        ("1 = a LIKE b", "(1 = a) LIKE b"),
        ("a = b < c", "a = (b < c)"),
        ("NOT a = b", "NOT (a = b)"),
        ("NOT a AND b", "(NOT a) AND b"),
        ("-a || b", "(-a) || b"),
        ("a & b + c", "a & (b + c)"),
        ("a << b & c", "(a << b) & c"),
        ("a OR b AND c", "a OR (b AND c)"),
        ("a BETWEEN b AND c AND d", "(a BETWEEN b AND c) AND d"),
        ("a BETWEEN b = c AND d", "a BETWEEN (b = c) AND d"),
        ("a || b COLLATE NOCASE = c", "(a || (b COLLATE NOCASE)) = c"),
        ("a -> b || c", "(a -> b) || c"),
        ("a IS NOT NULL = b", "(a IS NOT NULL) = b"),
        ("a IS NOT DISTINCT FROM b", "a IS b"),
        ("a IS DISTINCT FROM b", "a IS NOT b"),
        ("a NOTNULL", "a NOT NULL"),
        ("a == b", "a = b"),
        ("a LIKE b ESCAPE 'x' AND c", "(a LIKE b ESCAPE 'x') AND c"),
        ("- - a", "-(-a)"),
        ("a - b - c", "(a - b) - c"),
        ("CASE a WHEN b THEN c ELSE d END + 1", "(CASE a WHEN b THEN c ELSE d END) + 1"),
    ],
)
def test_expression_reads_as_sqlite_reads_it(sql: str, same_as: str) -> None:
    assert skeleton(parse_expression(sql).tree) == skeleton(parse_expression(same_as).tree)
