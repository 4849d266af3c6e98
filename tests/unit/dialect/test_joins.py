"""Which comma in FROM is a JOIN with a condition."""

from __future__ import annotations

import pytest

from pgraduate.dialect.reading.joins import with_joins
from pgraduate.dialect.reading.lexer import tokenize


@pytest.mark.parametrize(
    ("sql", "joins"),
    [
        ("SELECT 1 FROM a, b ON a.x = b.x WHERE 1", 1),
        ("SELECT 1 FROM a, b USING (x), c", 1),
        ("SELECT 1 FROM a, (SELECT 1, 2 FROM c, d ON c.x = d.x) AS b ON 1", 2),
        ("SELECT x, y FROM a, b LEFT JOIN c ON 1", 0),
        ("SELECT x, y FROM a JOIN b ON f(x, y), c", 0),
        ("SELECT x IS DISTINCT FROM y, z FROM a JOIN b ON 1", 0),
        ("SELECT 1 FROM a, b ORDER BY x, y", 0),
    ],
)
def test_a_comma_with_a_condition_is_a_join(sql: str, joins: int) -> None:
    tokens = tokenize(sql)
    found = with_joins(tokens)
    assert sum(new.word == "JOIN" and old.word == "," for old, new in zip(tokens, found, strict=True)) == joins
    assert all(new == old for old, new in zip(tokens, found, strict=True) if old.word != ",")
