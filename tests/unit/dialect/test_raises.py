from __future__ import annotations

import pytest

from pgraduate.dialect.triggers.raises import (
    Action,
    Choice,
    Decision,
    Nothing,
    Raise,
    RaisingSelect,
    mentions_raise,
    parse_raising_select,
)
from pgraduate.errors import NotTranslated

NO = Raise(Action.ABORT, "no")


@pytest.mark.parametrize(
    ("sql", "columns", "rest"),
    [
        ("SELECT RAISE(ABORT, 'no')", [NO], ""),
        ("select raise(fail, 'it''s') as r where new.a < 0", [Raise(Action.FAIL, "it's")], "where new.a < 0"),
        ("SELECT RAISE(IGNORE) FROM t GROUP BY a", [Raise(Action.IGNORE)], "FROM t GROUP BY a"),
        ('SELECT RAISE(ROLLBACK, "no")', [Raise(Action.ROLLBACK, "no")], ""),
        ("SELECT CASE WHEN a THEN RAISE(ABORT, 'no') END", [Choice((("a", NO),), Nothing())], ""),
        ("SELECT CASE WHEN a THEN 1 WHEN b IS DISTINCT FROM c THEN RAISE(ABORT, 'no') ELSE (RAISE(IGNORE)) "
         "END x, 2",
         [Choice((("a", Nothing()), ("b IS DISTINCT FROM c", NO)), Raise(Action.IGNORE)), Nothing()], ""),
        ("SELECT CASE new.end WHEN end THEN RAISE(ABORT, 'no') END",
         [Choice((("(new.end) = (end)", NO),), Nothing())], ""),
        ("SELECT CASE WHEN CASE WHEN a THEN end END THEN CASE b WHEN 1 THEN RAISE(ABORT, 'no') END END FROM t",
         [Choice((("CASE WHEN a THEN end END", Choice((("(b) = (1)", NO),), Nothing())),), Nothing())], "FROM t"),
        ("SELECT iif(a, 1, RAISE(ABORT, 'no'))", [Choice((("a", Nothing()),), NO)], ""),
        ("SELECT coalesce(a, b, RAISE(ABORT, 'no'))",
         [Choice((("(a) IS NULL AND (b) IS NULL", NO),), Nothing())], ""),
        ("SELECT ifnull((SELECT 1 FROM t WHERE x), RAISE(ABORT, 'no'))",
         [Choice((("((SELECT 1 FROM t WHERE x)) IS NULL", NO),), Nothing())], ""),
    ],
)  # fmt: skip
def test_the_select_list_becomes_a_decision(sql: str, columns: list[Decision], rest: str) -> None:
    assert parse_raising_select(sql) == RaisingSelect(tuple(columns), rest)


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("SELECT 1 WHERE RAISE(ABORT, 'no')", "outside of a select list"),
        ("INSERT INTO t VALUES (RAISE(ABORT, 'no'))", "outside of a SELECT"),
        ("SELECT 1 AND RAISE(ABORT, 'no')", "as an operand"),
        ("SELECT RAISE(ABORT, 'no') + 1", "as an operand"),
        ("SELECT CASE WHEN a THEN RAISE(ABORT, 'no') END + 1", "as an operand"),
        ("SELECT abs(RAISE(ABORT, 'no'))", r"within abs\(\)"),
        ("SELECT CASE WHEN RAISE(ABORT, 'no') THEN 1 END", "in a condition"),
        ("SELECT RAISE(ABORT, 'a' || new.b)", "computed message"),
        ("SELECT RAISE(ABORT)", "computed message"),
        ("SELECT RAISE(PANIC, 'x')", "without an action"),
        ("SELECT 1 UNION SELECT RAISE(ABORT, 'no')", "outside of a select list"),
        ("SELECT RAISE(ABORT, 'no') FROM t UNION SELECT 1", "in a compound query"),
    ],
)
def test_a_raise_elsewhere_is_refused(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        parse_raising_select(sql)


def test_every_raise_is_listed_in_the_order_of_the_text() -> None:
    select = parse_raising_select(
        "SELECT CASE WHEN a THEN RAISE(ABORT, 'x') ELSE RAISE(FAIL, 'y') END, RAISE(IGNORE)"
    )
    assert select.raises == (Raise(Action.ABORT, "x"), Raise(Action.FAIL, "y"), Raise(Action.IGNORE))


@pytest.mark.parametrize(("sql", "expected"), [("SELECT 'RAISE(' , raise", False), ("select Raise (IGNORE)", True)])
def test_only_a_call_is_a_raise(sql: str, expected: bool) -> None:
    assert mentions_raise(sql) is expected
