"""Which views need not answer alike, and when two joined texts hold the same."""

from __future__ import annotations

import apsw
import pytest

from pgraduate.compare.steadiness import changes, in_any_order, joins_rows

VIEWS = """
CREATE TABLE t (a, b);
CREATE VIEW plain AS SELECT a FROM t;
CREATE VIEW joined AS SELECT a, Group_Concat (b) AS s FROM t GROUP BY a;
CREATE VIEW arrays AS SELECT json_group_array(b) AS s FROM t;
CREATE VIEW over_it AS SELECT s || '!' AS s FROM Joined;
CREATE VIEW over_that AS SELECT * FROM plain, over_it;
"""


@pytest.mark.parametrize(
    ("view", "expected"),
    [("plain", False), ("joined", True), ("ARRAYS", True), ("over_it", True), ("over_that", True), ("none", False)],
)
def test_a_view_that_joins_its_rows_is_known(view: str, expected: bool) -> None:
    source = apsw.Connection(":memory:")
    source.execute(VIEWS)
    assert joins_rows(source, view) is expected


def test_views_that_read_each_other_end() -> None:
    source = apsw.Connection(":memory:")
    source.execute("CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM a")
    assert not joins_rows(source, "a")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("x, y, z", "z, x, y", True),
        ('["a","b"]', '["b","a"]', True),
        ("x,y", "x,y,y", False),
        ("x,y", "x;y", False),
        ("ab,c", "ba,c", False),
        ("x,x,y", "x,y,y", False),
        ("", "", True),
    ],
)
def test_texts_are_the_same_in_any_order_of_their_parts(left: str, right: str, same: bool) -> None:
    assert (in_any_order(left) == in_any_order(right)) is same


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT random() AS r", True),
        ("SELECT a FROM t ORDER BY RANDOM ()", True),
        ("SELECT julianday('now') - a FROM t", True),
        ("SELECT date() AS d", True),
        ("SELECT current_timestamp AS c", True),
        ("SELECT date(a) FROM t", False),
        ("SELECT a AS random, b AS now FROM t", False),
    ],
)
def test_a_view_of_the_moment_or_of_chance_is_known(query: str, expected: bool) -> None:
    source = apsw.Connection(":memory:")
    source.execute(f"CREATE TABLE t (a, b); CREATE VIEW v AS {query}; CREATE VIEW over AS SELECT * FROM v")
    assert changes(source, "v") is changes(source, "over") is expected
