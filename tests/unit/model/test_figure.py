from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.model.figure import NOT_MEASURED, Figure, render


@pytest.mark.parametrize("unit", ["", "rows", "bytes", "seconds", "ratio"])
def test_what_was_not_measured_says_so_in_every_unit(unit: str) -> None:
    assert str(Figure("n", None, unit, "copy-1")) == NOT_MEASURED == "not measured"


def test_zero_is_a_measurement() -> None:
    assert str(Figure("differing", 0, "rows", "verify-1")) == "0 rows"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_234_567, "", "1,234,567"),
        (1_234_567, "rows", "1,234,567 rows"),
        (1, "rows", "1 row"),
        (-5, "rows", "-5 rows"),
        (2.25, "", "2.2"),
        (3.14159, "ratio", "3.14×"),
        (0, "bytes", "0 B"),
        (1023, "bytes", "1,023 B"),
        (1024, "bytes", "1.0 KiB"),
        (1024 * 1024 - 1, "bytes", "1.0 MiB"),
        (1536 * 1024**2, "bytes", "1.5 GiB"),
        (2048 * 1024**3, "bytes", "2,048.0 GiB"),
        (0, "seconds", "0 ms"),
        (0.0004, "seconds", "< 1 ms"),
        (0.25, "seconds", "250 ms"),
        (0.9999, "seconds", "1.0 s"),
        (119.94, "seconds", "119.9 s"),
        (119.96, "seconds", "2 min 0 s"),
        (3_661, "seconds", "61 min 1 s"),
        (7_199.9, "seconds", "2 h 0 min"),
        (90_061, "seconds", "25 h 1 min"),
    ],
)
def test_a_value_is_written_for_people(value: float, unit: str, text: str) -> None:
    assert render(value, unit) == text


@given(st.integers(min_value=0, max_value=2**63))
@settings(max_examples=300, derandomize=True)
def test_bytes_keep_their_size_to_the_printed_digit(size: int) -> None:
    number, unit = render(size, "bytes").replace(",", "").split(" ")
    factor = 1024 ** ("B", "KiB", "MiB", "GiB").index(unit)
    assert abs(float(number) * factor - size) <= 0.0501 * factor
    assert float(number) < 1024 or unit == "GiB"
