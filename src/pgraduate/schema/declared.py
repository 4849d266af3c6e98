"""The type that the declaration names, where every stored value proves it.

"No proof, no rich type": one value that does not convert there and back, or no value at all, and the column keeps
its faithful type with that reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import BOOLEAN_WORDS, TIMESTAMP_FORMATS, Representation, Rule
from pgraduate.model.wording import counted
from pgraduate.schema.choice import Choice, proven
from pgraduate.schema.declaration import Declaration, Family, read

LONGEST_VARCHAR = 10_485_760
"""PostgreSQL's MaxAttrSize for varchar(n), in characters."""
LARGEST_PRECISION = 1000
"""NUMERIC_MAX_PRECISION of PostgreSQL."""

_SECONDS_1980, _SECONDS_2100 = 315_532_800, 4_102_444_800
"""Between these an integer time is plausible; the ranges of s, ms and us do not touch."""
_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type that a declaration or a person may ask for, and the representation that would carry it."""

    type: str
    representation: Representation
    refuses: tuple[str, ...]
    counted_as: str = ""
    """The census's name for the proof, where it is not the representation's own."""

    @property
    def proof(self) -> str:
        return self.counted_as or str(self.representation)


JSON = Candidate("json", Representation(Rule.TEXT), ("a text that is not JSON",), "json")


def declared(column: Column, census: ColumnCensus, fallback: Choice, *, indexed: bool) -> Choice:
    """Choose the declared type where it is proven, otherwise the fallback with the reason why not.

    `indexed` says that some key or index needs to compare the column, which PostgreSQL cannot do for json.
    """
    declaration = read(column.declared)
    if declaration.family in (Family.OTHER, Family.WORD) or fallback.representation.rule is Rule.BLOB:
        return fallback
    if declaration.family is Family.TIME:
        return _kept(fallback, f"no PostgreSQL type gives back the text of {column.declared} unchanged")
    if declaration.family is Family.CHARACTERS:
        return _characters(declaration, census, fallback)
    if declaration.family is Family.JSON and indexed:
        return _kept(fallback, "json cannot be compared, and a key or an index compares it")
    if census.values == 0:
        return _kept(fallback, f"no stored value proves {column.declared}")
    for candidate in candidates(declaration):
        if proven(census, candidate.proof):
            return Choice(
                candidate.type,
                candidate.representation,
                f"declared {column.declared}; {counted(census.values, 'value')} of {census.values:,} converted and back",
                census.values,
                candidate.refuses,
            )
    return _kept(fallback, _why_not(column, declaration, census))


def candidates(declaration: Declaration) -> tuple[Candidate, ...]:
    """List what a declaration may become, the most telling first."""
    match declaration.family:
        case Family.BOOLEAN:
            return booleans()
        case Family.DATE:
            return (*dates(), *timestamps())
        case Family.TIMESTAMP:
            return timestamps()
        case Family.DECIMAL:
            return numerics(declaration.arguments)
        case Family.JSON:
            return (JSON,)
        case Family.UUID:
            return (Candidate("uuid", Representation(Rule.UUID), ("a text that is not a UUID",)),)
    return ()


def booleans() -> tuple[Candidate, ...]:
    numbers = Candidate("boolean", Representation(Rule.BOOLEAN), ("a number other than 0 and 1", "a text"))
    words = (
        Candidate(
            "boolean", Representation(Rule.BOOLEAN_TEXT, pair), (f"a text other than {pair.replace('/', ' and ')}",)
        )
        for pair in BOOLEAN_WORDS
    )
    return (numbers, *words)


def dates() -> tuple[Candidate, ...]:
    return (Candidate("date", Representation(Rule.DATE), ("a text that is not a date", "a number")),)


def timestamps() -> tuple[Candidate, ...]:
    refuses = ("a text that is not a time", "a number")
    return tuple(
        Candidate("timestamp", Representation(Rule.TIMESTAMP, shape), refuses) for shape in TIMESTAMP_FORMATS
    )


def epochs(census: ColumnCensus) -> tuple[Candidate, ...]:
    """Give the unit in which every integer lies between 1980 and 2100, if there is one."""
    low, high = census.integer_min, census.integer_max
    if low is None or high is None:
        return ()
    return tuple(
        Candidate("timestamp", Representation(Rule.EPOCH, unit), ("a text that is not a time",))
        for unit, factor in _UNITS.items()
        if _SECONDS_1980 * factor <= low and high < _SECONDS_2100 * factor
    )


def numerics(arguments: tuple[int, ...]) -> tuple[Candidate, ...]:
    if not arguments:
        return (Candidate("numeric", Representation(Rule.NUMBER), ("a text that is not a number", "a blob")),)
    precision, scale = arguments[0], arguments[1] if len(arguments) > 1 else 0
    if not (1 <= precision <= LARGEST_PRECISION and scale <= precision):
        return ()
    too_many = f"a number of more than {precision - scale} digits before the point"
    refuses: tuple[str, ...] = (too_many, "a text", "a blob")
    if scale == 0:
        refuses = (*refuses, "a fraction (PostgreSQL would round it)")
    else:
        refuses = (*refuses, f"more than {scale} digits after the point (PostgreSQL would round them)")
    detail = f"{precision},{scale}"
    return (Candidate(f"numeric({detail})", Representation(Rule.NUMBER, detail), refuses),)


def fits_characters(census: ColumnCensus, limit: int) -> bool:
    """Tell whether every value is a text of at most `limit` characters that PostgreSQL can hold."""
    whole = census.nul_texts == 0 and census.bad_texts == 0
    return census.texts == census.values and census.text_longest <= limit and whole


def _characters(declaration: Declaration, census: ColumnCensus, fallback: Choice) -> Choice:
    if len(declaration.arguments) != 1 or not 1 <= declaration.arguments[0] <= LONGEST_VARCHAR:
        return fallback
    limit = declaration.arguments[0]
    if census.values == 0:
        return _kept(fallback, f"no stored value proves a limit of {limit:,} characters")
    if fallback.representation.rule is not Rule.TEXT:
        return fallback
    if not fits_characters(census, limit):
        return _kept(fallback, f"a stored text is longer than {limit:,} characters or cannot stand as text")
    return Choice(
        f"varchar({limit})",
        Representation(Rule.TEXT),
        f"declared {declaration.name}({limit}); the longest of {counted(census.values, 'text')} has "
        f"{counted(census.text_longest, 'character')}",
        census.values,
        (f"a text longer than {limit:,} characters", *fallback.refuses),
    )


def _why_not(column: Column, declaration: Declaration, census: ColumnCensus) -> str:
    integers_only = census.integers == census.values
    if declaration.family in (Family.DATE, Family.TIMESTAMP) and integers_only:
        return "the unit of an integer time is not declared"
    if declaration.family is Family.TIMESTAMP or declaration.family is Family.DATE:
        return f"no single form of {column.declared} gives back every stored value"
    return f"some stored values do not convert to {column.declared} and back"


def _kept(fallback: Choice, why_not: str) -> Choice:
    return replace(fallback, reason=f"{fallback.reason}; {why_not}")
