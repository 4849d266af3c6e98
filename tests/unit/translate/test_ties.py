"""The sort keys of a query, and which differences of order are ties."""

from __future__ import annotations

import pytest

from pgraduate.compare.answers import Answer, Failure, FailureKind
from pgraduate.model.cell import Cells
from pgraduate.translate.ties import Keyed, keyed, only_ties


@pytest.mark.parametrize(
    ("sql", "names", "expected"),
    [
        ("SELECT a FROM t ORDER BY a", ("a",), Keyed("SELECT a FROM t ORDER BY a", (0,))),
        ("SELECT a, b FROM t ORDER BY 2 DESC, A", ("a", "b"), Keyed("SELECT a, b FROM t ORDER BY 2 DESC, A", (1, 0))),
        ("SELECT a FROM t ORDER BY b LIMIT 2", ("a",), Keyed("SELECT a , b FROM t ORDER BY b LIMIT 2", (1,))),
        (
            "WITH q AS (SELECT 1 FROM u ORDER BY z) SELECT max(x), 1 IS DISTINCT FROM 2 FROM q "
            "ORDER BY x + 1, f(a, b) DESC NULLS LAST",
            ("m", "d"),
            Keyed(
                "WITH q AS (SELECT 1 FROM u ORDER BY z) SELECT max(x), 1 IS DISTINCT FROM 2 , x + 1, f(a, b) FROM q "
                "ORDER BY x + 1, f(a, b) DESC NULLS LAST",
                (2, 3),
            ),
        ),
        ("SELECT DISTINCT a FROM t ORDER BY b", ("a",), None),
        ("SELECT a FROM t UNION SELECT b FROM t ORDER BY a + 1", ("a",), None),
        ("SELECT a FROM t UNION SELECT 1 ORDER BY 1", ("a",), Keyed("SELECT a FROM t UNION SELECT 1 ORDER BY 1", (0,))),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a)", ("a",), None),
    ],
)  # fmt: skip
def test_the_terms_become_columns(sql: str, names: tuple[str, ...], expected: Keyed | None) -> None:
    assert keyed(sql, names) == expected


ROWS: tuple[Cells, ...] = (("a",), ("b",), ("c",))
KEYS: tuple[Cells, ...] = (("a", 1), ("b", 1), ("c", 2))


@pytest.mark.parametrize(
    ("target", "ties"),
    [
        ((("b",), ("a",), ("c",)), True),
        ((("a",), ("c",), ("b",)), False),
        ((("c",), ("b",), ("a",)), False),
    ],
)
def test_only_equal_keys_may_change_places(target: tuple[Cells, ...], ties: bool) -> None:
    source, found = Answer(("x",), ROWS), Answer(("x",), target)
    assert only_ties("SELECT x FROM t ORDER BY k", source, found, lambda _: Answer(("x", "k"), KEYS)) is ties


def test_nothing_is_a_tie_where_sqlite_does_not_take_the_terms() -> None:
    source, found = Answer(("x",), ROWS), Answer(("x",), ROWS[::-1])
    failed = Answer(failure=Failure(FailureKind.STATEMENT, "no such column"))
    assert not only_ties("SELECT x FROM t ORDER BY k", source, found, lambda _: failed)
