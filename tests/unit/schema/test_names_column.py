"""Which expressions read a column: its name counts in any quotes, a string never."""

from __future__ import annotations

import pytest

from pgraduate.schema.columns import names_column


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("upper(name)", True),
        ("t.NAME || 'x'", True),
        ('"name"', True),
        ("[name] + `other`", True),
        ("json_extract(data, '$.name')", False),
        ("data ->> 'name'", False),
        ("surname", False),
    ],
)
def test_a_string_is_no_column(expression: str, expected: bool) -> None:
    assert names_column("name", expression) is expected
