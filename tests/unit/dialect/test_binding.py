"""Parameters as a driver binds them: without gaps, by name, and never inside of strings."""

from __future__ import annotations

from pgraduate.dialect import translate_query
from pgraduate.dialect.binding import named, positional
from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.model.storage import StorageClass

INTEGERS = (StorageClass.INTEGER,) * 2


def test_a_parameter_that_is_not_used_leaves_no_gap() -> None:
    bound = positional("SELECT $3, $1, $3")
    assert bound.sql == "SELECT $1, $2, $1"
    assert bound.numbers == (3, 1)
    assert bound.values(["a", "b", "c"]) == ("c", "a")


def test_marks_in_strings_and_names_stay() -> None:
    text = "SELECT '$1 it''s', \"$2\" FROM t WHERE a = $2"
    assert positional(text).sql == "SELECT '$1 it''s', \"$2\" FROM t WHERE a = $1"


def test_names_for_psycopg_double_every_other_percent_sign() -> None:
    assert named("SELECT '50%', 5 % $1") == "SELECT '50%%', 5 %% %(p1)s"


def test_limit_with_two_marks_binds_the_offset_first() -> None:
    found = translate_query("SELECT 1 LIMIT ?, ?", SimpleSchema(), parameters=INTEGERS)
    (bound,) = found.bound
    places = {number: bound.sql.index(f"${place}") for place, number in enumerate(bound.numbers, 1)}
    assert bound.sql.index("OFFSET") < places[1]
    assert places[2] < bound.sql.index("OFFSET")


def test_every_spelling_of_a_parameter_keeps_its_name() -> None:
    sql = "SELECT ?3, :name, @at, $dollar, :name"
    found = translate_query(sql, SimpleSchema(), parameters=(StorageClass.TEXT,) * 6)
    assert found.parameters == ("?1", "?2", "?3", ":name", "@at", "$dollar")
    assert found.bound[0].numbers == (3, 4, 5, 6)
