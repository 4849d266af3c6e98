"""Whether a text or a number is a date, a time or a moment, written in one named form.

Dates are real calendar dates of the years 0001 to 9999, seconds run from 00 to 59, there is no 24:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from fractions import Fraction

from pgraduate.sqlite.forms.values import Check, Value

EPOCH_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}
FIRST_SECOND = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_JULIAN_1980, _JULIAN_2100 = 2_444_239.5, 2_488_069.5
_JULIAN_1970 = Fraction(4_881_175, 2)
_DAY = 86_400 * 1_000_000
"""Microseconds."""


def is_date(value: Value) -> bool:
    """Whether a value is the text `YYYY-MM-DD` of a real day."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_julian(value: Value) -> bool:
    """Whether a real is a Julian day of the years 1980 to 2099 that the nearest microsecond gives back exactly."""
    if not isinstance(value, float) or not _JULIAN_1980 <= value < _JULIAN_2100:
        return False
    microseconds = round((Fraction(value) - _JULIAN_1970) * _DAY)
    return float(_JULIAN_1970 + Fraction(microseconds, _DAY)) == value


def time_by(form: str) -> Check:
    timespec = next((name for ending, name in _TIMESPECS.items() if form.endswith(ending)), "minutes")

    def matches(value: Value) -> bool:
        try:
            moment = time.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return moment is not None and moment.tzinfo is None and moment.isoformat(timespec) == value

    return matches


def timestamp_by(form: str) -> Check:
    """Test by rendering: what `datetime` parsed must print as the text again."""
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        return _is_date_or_time
    suffix = next((ending for ending in ("Z", "+00:00") if form.endswith(ending)), "")
    separator = form[len("YYYY-MM-DD")]
    body = form.removesuffix(suffix)
    timespec = next(
        (name for ending, name in _TIMESPECS.items() if body.endswith(ending)),
        "minutes",
    )

    def matches(value: Value) -> bool:
        if not isinstance(value, str) or not value.endswith(suffix):
            return False
        text = value[: -len(suffix)] if suffix else value
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return False
        return moment.tzinfo is None and moment.isoformat(separator, timespec) == text

    return matches


_TIMESPECS = {
    "[.ffffff]": "auto",
    ".ffffff": "microseconds",
    ".fff": "milliseconds",
    "HH:MM:SS": "seconds",
}


def _is_date_or_time(value: Value) -> bool:
    """The time stands there exactly where it is not midnight."""
    if not isinstance(value, str):
        return False
    if len(value) == len("YYYY-MM-DD"):
        return is_date(value)
    return _SECONDS(value) and not value.endswith(" 00:00:00")


_SECONDS = timestamp_by("YYYY-MM-DD HH:MM:SS")
