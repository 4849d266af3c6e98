"""Dates, times and durations on their way into the types of that name.

Writing what was parsed in the column's format again, and comparing, is what proves that the value has the format.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction

from pgraduate.copy.encoders.refusal import Encoder, NotRepresentable
from pgraduate.model.representation import TIME_FORMATS, TIMESTAMP_FORMATS


def time_of_day(detail: str) -> Encoder:
    """Make the encoder for one of TIME_FORMATS, proven as a timestamp is."""
    if detail not in TIME_FORMATS:
        raise NotRepresentable(f"the time format '{detail}' is not known")
    timespec = {"HH:MM:SS": "seconds", "HH:MM:SS.ffffff": "microseconds", "HH:MM": "minutes"}.get(detail, "auto")

    def encode(value: str) -> datetime.time:
        try:
            moment = datetime.time.fromisoformat(value)
        except ValueError:
            raise NotRepresentable(f"a text that is not a time {detail}") from None
        if moment.tzinfo is not None or moment.isoformat(timespec) != value:
            raise NotRepresentable(f"a time in another form than {detail}")
        return moment

    return encode


def duration(value: int) -> datetime.timedelta:
    try:
        return datetime.timedelta(microseconds=value)
    except OverflowError:
        raise NotRepresentable("a duration of more than 999,999,999 days") from None


def duration_since_1970(value: str) -> datetime.timedelta:
    return timestamp("YYYY-MM-DD HH:MM:SS.ffffff")(value) - _EPOCH  # type: ignore[no-any-return]


def in_utc(encode: Encoder) -> Encoder:
    """Make the encoder for timestamptz: the source's moments are in UTC."""
    return lambda value: encode(value).replace(tzinfo=datetime.UTC)


def date(value: str) -> datetime.date:
    try:
        parsed = datetime.date.fromisoformat(value)
    except ValueError:
        raise NotRepresentable("a text that is not a date YYYY-MM-DD") from None
    if parsed.isoformat() != value:
        raise NotRepresentable("a date in another form than YYYY-MM-DD")
    return parsed


def timestamp(detail: str) -> Encoder:
    """Make the encoder for one of TIMESTAMP_FORMATS.

    Writing the parsed moment in the format again and comparing is what proves that the text has the format.
    """
    if detail not in TIMESTAMP_FORMATS:
        raise NotRepresentable(f"the timestamp format '{detail}' is not known")
    suffix = next((item for item in ("+00:00", "Z") if detail.endswith(item)), "")
    write = _writer(detail.removesuffix(suffix))

    def encode(value: str) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(value.removesuffix(suffix))
        except ValueError:
            raise NotRepresentable(f"a text that is not a timestamp {detail}") from None
        if moment.tzinfo is not None or write(moment) + suffix != value:
            raise NotRepresentable(f"a timestamp in another form than {detail}")
        return moment

    return encode


def _writer(form: str) -> Callable[[datetime.datetime], str]:
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        midnight = datetime.time()
        return lambda moment: (
            moment.date().isoformat() if moment.time() == midnight else moment.isoformat(" ", "microseconds")[:19]
        )
    separator = form[10]
    clock, _, fraction = form[11:].partition("SS")
    if clock == "HH:MM":
        return lambda moment: moment.isoformat(separator, "minutes")
    match fraction:
        case "":
            return lambda moment: moment.isoformat(separator, "seconds")
        case ".fff":
            return lambda moment: moment.isoformat(separator, "milliseconds")
        case ".ffffff":
            return lambda moment: moment.isoformat(separator, "microseconds")
        case _:
            # isoformat writes the fraction only where it is not zero: the rule of `[.ffffff]`.
            return lambda moment: moment.isoformat(separator)


_UNIT_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_EPOCH = datetime.datetime(1970, 1, 1)


def epoch(unit: str) -> Encoder:
    """Make the encoder for seconds (s), milliseconds (ms) or microseconds (us) since 1970 in UTC."""
    if unit not in _UNIT_MICROSECONDS:
        raise NotRepresentable(f"the epoch unit '{unit}' is not known")
    factor = _UNIT_MICROSECONDS[unit]

    def encode(value: int) -> datetime.datetime:
        try:
            return _EPOCH + datetime.timedelta(microseconds=value * factor)
        except OverflowError:
            raise NotRepresentable("a moment outside the years 1 to 9999") from None

    return encode


def julian(value: float) -> datetime.datetime:
    """Encode a Julian day number, days since noon of 24 November 4714 BC, as the nearest microsecond, of two the even.

    Days and the part of a day are taken apart first, both exact in a double.
    """
    days, part = divmod(value - 0.5, 1.0)
    try:
        moment = _EPOCH + datetime.timedelta(
            days=days - 2_440_587, microseconds=round(Fraction(part) * 86_400_000_000)
        )
    except (OverflowError, ValueError):
        raise NotRepresentable("a moment outside the years 1 to 9999") from None
    since = moment - _EPOCH
    if 2_440_587.5 + since.days + (since.seconds + since.microseconds / 1e6) / 86_400 != value:
        raise NotRepresentable("a Julian day that no microsecond gives back exactly")
    return moment
