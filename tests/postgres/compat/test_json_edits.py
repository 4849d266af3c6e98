"""JSON that is changed or unfolded, beside SQLite's own, over generated documents and paths."""

from __future__ import annotations

import json

import apsw
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_BOUNDED = settings(
    max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_KEYS = st.sampled_from(["a", "b", "a_b", "x y", "é", "1a"])
_ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.sampled_from([0.5, 2.25, -1.0]),
    st.sampled_from(["", "t", 'q"', "\\"]),
)
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=8,
)
_DOCUMENTS = st.builds(json.dumps, _VALUES, indent=st.sampled_from([None, 1]), ensure_ascii=st.just(False))
_STEPS = st.one_of(
    _KEYS.map(lambda key: f'."{key}"'), st.sampled_from([".a", ".b", "[0]", "[1]", "[3]", "[#]", "[#-1]", "[#-2]"])
)
_PATHS = st.lists(_STEPS, max_size=3).map(lambda steps: "$" + "".join(steps))


@pytest.mark.parametrize("act", ["json_set", "json_insert", "json_replace"])
@_BOUNDED
@given(document=_DOCUMENTS, path=_PATHS, new=_DOCUMENTS)
def test_a_change(
    act: str, document: str, path: str, new: str, installed: psycopg.Connection, sqlite: apsw.Connection
) -> None:
    expected = next(sqlite.execute(f"SELECT {act}(?, ?, json(?))", (document, path, new)))
    minified = next(sqlite.execute("SELECT json(?)", (new,)))[0]
    question = f"SELECT pgraduate_compat.{act}(%s::text, %s::text, %s::text)"
    assert installed.execute(question.encode(), (document, path, minified)).fetchone() == expected


@_BOUNDED
@given(document=_DOCUMENTS, path=_PATHS)
def test_a_removal(document: str, path: str, installed: psycopg.Connection, sqlite: apsw.Connection) -> None:
    expected = next(sqlite.execute("SELECT json_remove(?, ?)", (document, path)))
    question = "SELECT pgraduate_compat.json_remove(%s::text, %s::text)"
    assert installed.execute(question, (document, path)).fetchone() == expected


@_BOUNDED
@given(document=_DOCUMENTS, patch=_DOCUMENTS)
def test_a_patch(document: str, patch: str, installed: psycopg.Connection, sqlite: apsw.Connection) -> None:
    expected = next(sqlite.execute("SELECT json_patch(?, ?)", (document, patch)))
    question = "SELECT pgraduate_compat.json_patch(%s::text, %s::text)"
    assert installed.execute(question, (document, patch)).fetchone() == expected


@_BOUNDED
@given(document=_DOCUMENTS)
def test_the_rows_of_a_document(document: str, installed: psycopg.Connection, sqlite: apsw.Connection) -> None:
    columns = "CAST(key AS TEXT), type, atom IS NULL, fullkey, path"
    for function in ("json_each", "json_tree"):
        expected = [
            (*row[:2], bool(row[2]), *row[3:])
            for row in sqlite.execute(f"SELECT {columns} FROM {function}(?)", (document,))
        ]
        question = f"SELECT {columns} FROM pgraduate_compat.{function}(%s::text)"
        assert installed.execute(question.encode(), (document,)).fetchall() == expected
