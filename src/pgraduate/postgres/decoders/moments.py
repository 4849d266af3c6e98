"""Dates, times and durations read back from the text that the server writes of them, in their column's format."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from pgraduate.model.cell import Cell, unreadable
from pgraduate.postgres.decoders.numbers import DIGITS
from pgraduate.postgres.decoders.reading import Decode

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d):(\d\d)(?:\.(\d{1,6}))?")
"""PostgreSQL's ISO output of a timestamp of the years 1 to 9999; trailing zeros of the fraction are not written."""


def timestamp(form: str) -> Decode:
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        return _date_and_maybe_time
    separator = form[10]
    rest = form[len("YYYY-MM-DDTHH:MM") :]
    seconds = rest.startswith(":SS")
    fraction = re.search(r"\[?\.(f+)\]?", rest)
    digits = len(fraction[1]) if fraction else 0
    optional = "[" in rest
    suffix = next((item for item in ("+00:00", "Z") if rest.endswith(item)), "")

    def decode(text: str) -> Cell:
        found = _MOMENT.fullmatch(text)
        if found is None:
            return unreadable(text)
        day, minutes, second, part = found.groups("")
        written = f"{day}{separator}{minutes}"
        if seconds:
            written += f":{second}"
        elif second != "00":
            return unreadable(text)
        if len(part) > digits:
            return unreadable(text)
        if digits and (part or not optional):
            written += "." + part.ljust(digits, "0")
        return written + suffix

    return decode


def _date_and_maybe_time(text: str) -> Cell:
    found = _MOMENT.fullmatch(text)
    if found is None or found[4]:
        return unreadable(text)
    return text.removesuffix(" 00:00:00")


_CLOCK = re.compile(r"(\d\d:\d\d):(\d\d)(?:\.(\d{1,6}))?")


def time(form: str) -> Decode:
    def decode(text: str) -> Cell:
        found = _CLOCK.fullmatch(text)
        if found is None:
            return unreadable(text)
        minutes, second, part = found.groups("")
        match form:
            case "HH:MM":
                return unreadable(text) if part or second != "00" else minutes
            case "HH:MM:SS":
                return unreadable(text) if part else f"{minutes}:{second}"
            case "HH:MM:SS[.ffffff]" if not part:
                return f"{minutes}:{second}"
            case _:
                return f"{minutes}:{second}.{part.ljust(6, '0')}"

    return decode


def microseconds(text: str) -> Cell:
    return int(text) if DIGITS.fullmatch(text) else unreadable(text)


def since_1970(passed: str) -> Cell:
    """Write the moment that lies so far from the beginning of 1970."""
    cell = microseconds(passed)
    days, rest = divmod(cell, 86_400_000_000) if isinstance(cell, int) else (0, -1)
    ordinal = _DAY_ONE + days
    if rest < 0 or not 1 <= ordinal <= datetime.date.max.toordinal():
        return unreadable(passed)
    seconds, fraction = divmod(rest, 1_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:06}"
    return f"{datetime.date.fromordinal(ordinal).isoformat()} {clock}"


_DAY_ONE = datetime.date(1970, 1, 1).toordinal()


def epoch(unit: str) -> Decode:
    divisor = {"s": 10**6, "ms": 10**3, "us": 1}[unit]

    def decode(microseconds: str) -> Cell:
        try:
            count, rest = divmod(int(microseconds), divisor)
        except ValueError:  # Infinity
            return unreadable(microseconds)
        return unreadable(microseconds) if rest else count

    return decode


def julian(microseconds: str) -> Cell:
    """Read the double that is nearest to the moment as a Julian day: noon of 1970's first day is 2440588.

    A double is as wide as many microseconds: of these only the one that is nearest to it can have come from it.
    """
    try:
        passed = int(microseconds)
    except ValueError:  # Infinity
        return unreadable(microseconds)
    midnight = 2_440_588 - Fraction(1, 2)
    value = float(Fraction(passed, 86_400_000_000) + midnight)
    return value if round((Fraction(value) - midnight) * 86_400_000_000) == passed else unreadable(microseconds)
