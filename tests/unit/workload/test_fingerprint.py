"""A statement's shape holds no literal; binding puts the values where the parameters stood."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.workload import bind, shape
from pgraduate.workload.fingerprint import Value, literal
from pgraduate.workload.recorder import parametrized

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    st.binary(),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select a from t where b = 1", "SELECT a  FROM t WHERE b = 'x' -- why"),
        ("select a from t where b in (1, 2, 3)", "select a from t where b in ($1)"),
        ("select a from t where (b,c) = ($1,$2)", "select a from t where (b, c) = (7, 'x')"),
        ("select a from t where b = $1", "select a from t where b = $12"),
        ("insert into t values ('it''s', 1.5)", "insert into t values ('', 2)"),
    ],
)
def test_statements_of_one_kind_have_one_shape(one: str, other: str) -> None:
    assert shape(one).id == shape(other).id


@pytest.mark.parametrize("other", ["select a from u where b = 1", "select a from t where c = 1", "select a from t"])
def test_other_statements_have_another(other: str) -> None:
    assert shape("select a from t where b = 1").id != shape(other).id


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=4).filter(lambda text: "?" not in text)
)
def test_no_literal_is_left_in_a_shape(secret: str) -> None:
    marked = f"§{secret}§"
    assert "§" not in shape(f"select a from t where b = {literal(marked)} and c = 12").text


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_bound_values_come_back_from_sqlite(values: list[Value]) -> None:
    sql = bind("SELECT " + ", ".join("?" * len(values)), values, "sqlite")
    (row,) = sqlite3.connect(":memory:").execute(sql).fetchall()
    # SQLite reads the last binary digit of a decimal literal as its version does.
    assert list(row) == [pytest.approx(v, rel=1e-14, abs=1e-320) if isinstance(v, float) else v for v in values]


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_literals_become_parameters_and_literals_again(values: list[Value]) -> None:
    expanded = bind("SELECT " + ", ".join("?" * len(values)) + " FROM t", values, "sqlite")
    sql, parameters = parametrized(expanded)
    assert bind(sql, parameters, "sqlite") == expanded
    assert "'" not in sql


def test_parameters_are_bound_by_their_numbers() -> None:
    bound = bind("select $2, $1, '$1' from t where a=$10", list(range(10)))
    assert bound.replace(" ,", ",") == "select 1, 0, '$1' from t where a=9"


def test_a_missing_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        bind("select ?, ?", [1], "sqlite")


def test_what_is_no_text_of_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="quotes do not close"):
        shape("select 'open")
