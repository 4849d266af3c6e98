"""Numbers of parameters."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_query
from pgraduate.dialect.reading.parameters import Numbering
from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.errors import NotTranslated
from pgraduate.model.storage import StorageClass

INTEGER, TEXT = StorageClass.INTEGER, StorageClass.TEXT


@pytest.mark.parametrize(
    ("markers", "numbers"),
    [
        (["?", "?", "?"], [1, 2, 3]),
        (["?3", "?", "?1"], [3, 4, 1]),
        ([":a", "?", ":a", "@b"], [1, 2, 1, 3]),
        (["?", ":a", "?2"], [1, 2, 2]),
    ],
)
def test_numbers_follow_sqlite(markers: list[str], numbers: list[int]) -> None:
    numbering = Numbering()
    assert [numbering.number(marker) for marker in markers] == numbers


def test_limit_with_comma_keeps_its_values() -> None:
    translation = translate_query("SELECT 1 LIMIT ?, ?", SimpleSchema(), parameters=(INTEGER, INTEGER))
    assert "LIMIT CASE WHEN CAST($2 AS BIGINT) < 0" in " ".join(translation.sql.split())
    assert "OFFSET CASE WHEN CAST($1 AS BIGINT) < 0" in " ".join(translation.sql.split())


def test_labels_name_each_number() -> None:
    translation = translate_query("SELECT ?, :a, ?1", SimpleSchema(), parameters=(INTEGER, TEXT))
    assert translation.parameters == ("?1", ":a")


def test_class_of_the_value_decides_the_translation() -> None:
    as_text = translate_query("SELECT ? + 1", SimpleSchema(), parameters=(TEXT,)).sql
    as_integer = translate_query("SELECT ? + 1", SimpleSchema(), parameters=(INTEGER,)).sql
    assert "to_number" in as_text
    assert "to_number" not in as_integer


def test_statement_with_parameters_of_unknown_class_is_refused() -> None:
    with pytest.raises(NotTranslated, match="a parameter"):
        translate_query("SELECT ?", SimpleSchema())


def test_question_mark_in_a_string_is_no_parameter() -> None:
    assert translate_query("SELECT '?', \"?\"", SimpleSchema()).parameters == ()
