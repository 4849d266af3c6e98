"""Every compat function that a translation may call, with its volatility.

The installed functions are checked against this list, and a translation cannot call what is not in it.
"""

from __future__ import annotations

from enum import Enum


class Volatility(Enum):
    IMMUTABLE = "i"
    STABLE = "s"
    VOLATILE = "v"


_IMMUTABLE = """
    to_text to_number to_real to_integer number number_of text_of_number operand sum_operand
    add subtract multiply divide modulo shift_left shift_right
    compare_text is_number
    date_text timestamp_text epoch_value epoch_moment
    nocase like glob substr instr char unicode quote replace trim ltrim rtrim hex unhex zeroblob typeof_number printf
    round
    fixed_date fixed_time fixed_datetime fixed_julianday fixed_unixepoch fixed_strftime fixed_unixepoch_subsec
    number_sum number_total
    json_valid json_text json_extract_text json_type json_array_length json_quote
""".split()
_STABLE = "date time datetime julianday unixepoch unixepoch_subsec strftime".split()
_VOLATILE = "random randomblob".split()

COMPAT: dict[str, Volatility] = (
    dict.fromkeys(_IMMUTABLE, Volatility.IMMUTABLE)
    | dict.fromkeys(_STABLE, Volatility.STABLE)
    | dict.fromkeys(_VOLATILE, Volatility.VOLATILE)
)
