"""How a SQLite value stands in a PostgreSQL column, and what gives back its text and storage class.

A representation is a rule that both directions follow.  This module only names and describes the rules; the
loader and the checker implement them apart from each other, so that a mistake in one is seen by the other.

Every representation has a *natural* reading: the value and storage class that the rule alone gives back from what
PostgreSQL holds.  Cells whose class differs from it are recorded in `pgraduate.kept_class`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    INTEGER = "integer"
    """INTEGER ↔ an integer type."""
    REAL = "real"
    """REAL ↔ double precision."""
    TEXT = "text"
    """TEXT ↔ a type that keeps the text as it is: text, varchar(n), json."""
    BLOB = "blob"
    """BLOB ↔ bytea."""
    NUMBER = "number"
    """Numbers by SQLite's NUMERIC affinity ↔ numeric or double precision: a whole number that fits 64 bits
    reads back as INTEGER, any other as REAL."""
    BOOLEAN = "boolean"
    """INTEGER 0 and 1 ↔ boolean."""
    BOOLEAN_TEXT = "boolean_text"
    """Two words ↔ boolean; `detail` is `false-word/true-word`."""
    UUID = "uuid"
    """TEXT ↔ uuid; `detail` is '' for the canonical lower-case form with hyphens, hex for 32 lower-case digits."""
    DATE = "date"
    """TEXT `YYYY-MM-DD` ↔ date."""
    TIMESTAMP = "timestamp"
    """TEXT ↔ timestamp without time zone, in UTC; `detail` is one of TIMESTAMP_FORMATS."""
    JULIAN = "julian"
    """REAL, a Julian day number ↔ timestamp without time zone, in UTC, to the microsecond: a double of these centuries is
    40 microseconds wide, so the nearest microsecond (of two the even one) gives back the very double."""
    EPOCH = "epoch"
    """INTEGER ↔ timestamp without time zone, in UTC; `detail` is the unit: s, ms or us."""
    TIME = "time"
    """TEXT ↔ time without time zone; `detail` is one of TIME_FORMATS."""
    DURATION = "duration"
    """↔ an interval of days and less; `detail` is '' for INTEGER microseconds, 1970 for TEXT
    `YYYY-MM-DD HH:MM:SS.ffffff` that counts from the beginning of that year."""
    DECIMAL = "decimal"
    """REAL ↔ numeric(p,s): the double that its decimal digits name; `detail` is p,s and p at most 15, the digits that
    every double gives back (DBL_DIG)."""
    JSON_VALUE = "json_value"
    """TEXT ↔ jsonb, by a named equivalence: the same JSON value, whatever its spacing, the order of its keys and the
    spelling of its numbers."""
    ADDRESS = "address"
    """TEXT of one IPv4 or IPv6 address in its canonical form ↔ inet."""
    ENUM = "enum"
    """TEXT ↔ an enum type; `detail` is the JSON list of its labels."""
    SPELLED = "spelled"
    """A type whose own text form is the value ↔ that type; `detail` is '' for TEXT, integer for an INTEGER's digits."""
    LIST = "list"
    """TEXT ↔ an array, by a named equivalence: the same JSON list."""
    ANY_TEXT = "any_text"
    """Any class ↔ text: integers as digits, reals as their shortest text that reads back (Inf as Infinity),
    blobs as \\x and lower-case hex; `detail` is the affinity whose rule gives the natural reading of a text
    (TEXT, NUMERIC, REAL or INTEGER)."""
    ANY_VALUE = "any_value"
    """Any class ↔ the compat type any_value, which holds the class beside the value and compares as SQLite does."""
    ANY_BYTES = "any_bytes"
    """Any class ↔ bytea: blobs as they are (the natural reading), everything else as the UTF-8 of its
    ANY_TEXT form."""


TIMESTAMP_FORMATS: tuple[str, ...] = (
    "YYYY-MM-DD HH:MM:SS",
    "YYYY-MM-DDTHH:MM:SS",
    "YYYY-MM-DD HH:MM:SSZ",
    "YYYY-MM-DDTHH:MM:SSZ",
    "YYYY-MM-DD HH:MM:SS+00:00",
    "YYYY-MM-DDTHH:MM:SS+00:00",
    "YYYY-MM-DD HH:MM:SS.fff",
    "YYYY-MM-DDTHH:MM:SS.fff",
    "YYYY-MM-DD HH:MM:SS.fffZ",
    "YYYY-MM-DDTHH:MM:SS.fffZ",
    "YYYY-MM-DD HH:MM:SS.fff+00:00",
    "YYYY-MM-DDTHH:MM:SS.fff+00:00",
    "YYYY-MM-DD HH:MM:SS.ffffff",
    "YYYY-MM-DDTHH:MM:SS.ffffff",
    "YYYY-MM-DD HH:MM:SS.ffffffZ",
    "YYYY-MM-DDTHH:MM:SS.ffffffZ",
    "YYYY-MM-DD HH:MM:SS.ffffff+00:00",
    "YYYY-MM-DDTHH:MM:SS.ffffff+00:00",
    "YYYY-MM-DD HH:MM",
    "YYYY-MM-DDTHH:MM",
    "YYYY-MM-DD HH:MM:SS[.ffffff]",
    "YYYY-MM-DDTHH:MM:SS[.ffffff]",
    "YYYY-MM-DD HH:MM:SS[.ffffff]+00:00",
    "YYYY-MM-DDTHH:MM:SS[.ffffff]+00:00",
    "YYYY-MM-DD[ HH:MM:SS]",
)
"""The text forms that a timestamp column may have, first match wins when several fit every value.

`[…]` is written only where its part is not zero; that makes the form of each value unique.
"""

TIME_FORMATS: tuple[str, ...] = ("HH:MM:SS", "HH:MM:SS.ffffff", "HH:MM:SS[.ffffff]", "HH:MM")
"""The text forms that a time of day may have, by the same rules."""

EQUIVALENCES: dict[Rule, str] = {
    Rule.JSON_VALUE: "equal as JSON values",
    Rule.LIST: "equal as JSON lists",
}
"""The rules under which "equal" means less than the same text in the same storage class, with what it means."""

MEANINGS: dict[Rule, str] = EQUIVALENCES | {
    Rule.NUMBER: "the same number, whole ones as integers",
    Rule.BOOLEAN: "the same integer, 0 or 1",
    Rule.BOOLEAN_TEXT: "the same word, read back from the truth value",
    Rule.DATE: "the same text, read back from the day",
    Rule.TIMESTAMP: "the same text in the recorded format, read back from the moment",
    Rule.EPOCH: "the same integer in the recorded unit, read back from the moment",
    Rule.JULIAN: "the same double, read back from the moment",
    Rule.DECIMAL: "the same double, read back from its decimal digits",
}
"""What "equal" says of a value whose type in PostgreSQL is another than its storage class."""

MONEY: tuple[str, ...] = ("15,2", "15,3", "15,4")
"""Precision and scale of money, the narrowest first: 15 decimal digits are what every double gives back (DBL_DIG)."""

BOOLEAN_WORDS: tuple[str, ...] = (
    "false/true", "False/True", "FALSE/TRUE", "f/t", "F/T", "n/y", "N/Y", "no/yes", "No/Yes", "NO/YES", "off/on",
)  # fmt: skip


def rule_of_several_classes(declared: str) -> Rule:
    """Give the rule of a column whose texts or blobs stand among values of another storage class."""
    return Rule.ANY_BYTES if "BLOB" in declared.upper() else Rule.ANY_TEXT


@dataclass(frozen=True, slots=True)
class Representation:
    rule: Rule
    detail: str = ""

    def __str__(self) -> str:
        """Give the stable name, which is also the key in `ColumnCensus.conversions`."""
        return f"{self.rule}:{self.detail}" if self.detail else str(self.rule)

    @staticmethod
    def parse(name: str) -> Representation:
        rule, _, detail = name.partition(":")
        return Representation(Rule(rule), detail)
