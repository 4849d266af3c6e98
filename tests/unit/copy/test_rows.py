"""What a row encoder refuses: every value that its column's representation does not allow."""

from __future__ import annotations

import pytest
from support.plans import column, table

from pgraduate.copy.rows import CellRefused, RowEncoder
from pgraduate.copy.source import SourceTable

_BASES = {
    "bigint": "int8", "integer": "int4", "smallint": "int2", "double precision": "float8", "boolean": "bool",
    "timestamp without time zone": "timestamp", "numeric(10,2)": "numeric",
}  # fmt: skip


def encoder(representation: str, type_name: str | None = None) -> RowEncoder:
    planned = column("x", representation, type_name)
    source = SourceTable(table("t", [planned]), (planned,), (), "rowid", "utf-8")
    return RowEncoder(source, (_BASES.get(planned.type, planned.type),))


@pytest.mark.parametrize(
    ("representation", "type_name", "stored"),
    [
        ("integer", None, "5"),
        ("integer", None, 5.0),
        ("integer", "smallint", 32768),
        ("integer", "integer", -(2**31) - 1),
        ("real", None, 5),
        ("text", None, 5),
        ("text", None, b"abc"),
        ("blob", None, "abc"),
        ("number", "numeric", "5"),
        ("number", "numeric", -0.0),
        ("number", "numeric(10,2)", 1.005),
        ("number", "double precision", 2**53 + 1),
        ("boolean", None, 2),
        ("boolean", None, "1"),
        ("boolean_text:f/t", None, "T"),
        ("uuid", None, "00000000-0000-0000-0000-0000000000FF"),
        ("uuid", None, "{00000000-0000-0000-0000-0000000000ff}"),
        ("date", None, "2024-02-30"),
        ("date", None, "20240229"),
        ("date", None, "now"),
        ("timestamp:YYYY-MM-DD HH:MM:SS", None, "2024-01-01T00:00:00"),
        ("timestamp:YYYY-MM-DD HH:MM:SS", None, "2024-01-01 24:00:00"),
        ("timestamp:YYYY-MM-DD HH:MM:SS[.ffffff]", None, "2024-01-01 00:00:00.000000"),
        ("timestamp:YYYY-MM-DD HH:MM:SSZ", None, "2024-01-01 00:00:00+00:00"),
        ("timestamp:YYYY-MM-DD[ HH:MM:SS]", None, "2024-01-01 00:00:00"),
        ("epoch:s", None, 253402300800),
    ],
)
def test_a_value_that_the_representation_does_not_allow_is_refused_by_name(
    representation: str, type_name: str | None, stored: object
) -> None:
    with pytest.raises(CellRefused) as caught:
        encoder(representation, type_name).encode((stored, 7))
    assert caught.value.where == "table t, column x, rowid 7"
    assert repr(stored) not in caught.value.what
