"""A type that a person asked for, column by column.

A wish is granted under the same proof as any other choice: every stored value must convert there and back.
Otherwise the run stops with the reason, because a person who names a type expects to get it.
"""

from __future__ import annotations

import re

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.errors import UsageError
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity
from pgraduate.model.wording import counted
from pgraduate.schema import declared
from pgraduate.schema.choice import Choice, integers_fit_double
from pgraduate.schema.declared import Candidate

_SPELLINGS = {
    "int8": "bigint", "int": "integer", "int4": "integer", "int2": "smallint", "float8": "double precision",
    "float": "double precision", "decimal": "numeric", "bool": "boolean", "character varying": "varchar",
    "timestamp without time zone": "timestamp",
}  # fmt: skip
_RANGES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
_SHAPE = re.compile(r"([a-z0-9_ ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?")


def overridden(where: str, wish: str, column: Column, census: ColumnCensus) -> Choice:
    """Grant the PostgreSQL type `wish` for the column named `where`.

    Raises UsageError for a type that is not known, or that some stored value does not prove.
    """
    match = _SHAPE.fullmatch(" ".join(wish.lower().split()))
    if match is None:
        raise _unknown(where, wish)
    name, *numbers = match.groups()
    name = _SPELLINGS.get(name, name)
    arguments = tuple(int(number) for number in numbers if number is not None)
    for candidate in _candidates(where, wish, name, arguments, column, census):
        if census.values == 0 or _fits(candidate, census):
            return Choice(
                candidate.type,
                candidate.representation,
                f"asked for in pgraduate.toml; proven by {counted(census.values, 'value')}",
                census.values,
                candidate.refuses,
                _keeps_class(candidate.representation, column, census),
            )
    raise UsageError(
        f"not every value of {counted(census.values, 'value')} converts to {wish} and back",
        where=f"pgraduate.toml [types] {where}",
        hint="leave the column to the policy, or repair the values in the source first",
    )


def _candidates(
    where: str, wish: str, name: str, arguments: tuple[int, ...], column: Column, census: ColumnCensus
) -> tuple[Candidate, ...]:
    match name:
        case "bigint" | "integer" | "smallint":
            return (Candidate(name, Representation(Rule.INTEGER), (f"an integer out of {name}'s range", "a text")),)
        case "double precision":
            refuses = ("a text that is not a number", "a blob")
            return (
                Candidate(name, Representation(Rule.REAL), refuses),
                Candidate(name, Representation(Rule.NUMBER), refuses),
            )
        case "numeric":
            return declared.numerics(arguments)
        case "text":
            detail = str(column.affinity) if column.affinity is not Affinity.BLOB else "NUMERIC"
            return (
                Candidate(name, Representation(Rule.TEXT), ("a text with a NUL character",)),
                Candidate(name, Representation(Rule.ANY_TEXT, detail), ("a text with a NUL character",)),
            )
        case "varchar" if len(arguments) == 1 and 1 <= arguments[0] <= declared.LONGEST_VARCHAR:
            longer = f"a text longer than {arguments[0]:,} characters"
            return (Candidate(f"varchar({arguments[0]})", Representation(Rule.TEXT), (longer,)),)
        case "bytea":
            return (
                Candidate(name, Representation(Rule.BLOB), ("a text", "a number")),
                Candidate(name, Representation(Rule.ANY_BYTES), ()),
            )
        case "any_value" if column.generated is None:
            return (Candidate(ANY_VALUE_TYPE, Representation(Rule.ANY_VALUE), ("a text with a NUL character",)),)
        case "boolean":
            return declared.booleans()
        case "date":
            return declared.dates()
        case "timestamp":
            return (*declared.timestamps(), *declared.epochs(census))
        case "uuid":
            return (Candidate(name, Representation(Rule.UUID), ("a text that is not a UUID",)),)
        case "json":
            return (declared.JSON,)
    raise _unknown(where, wish)


def _fits(candidate: Candidate, census: ColumnCensus) -> bool:
    """Tell whether every value converts: by the storage classes where they say it, otherwise by the count."""
    representation = candidate.representation
    match representation.rule:
        case Rule.INTEGER:
            limit = _RANGES[candidate.type]
            inside = -limit <= (census.integer_min or 0) and (census.integer_max or 0) < limit
            return census.integers == census.values and inside
        case Rule.REAL:
            return census.reals == census.values
        case Rule.NUMBER if not representation.detail:
            numbers = census.integers + census.reals == census.values
            exact = not census.negative_zeros if candidate.type == "numeric" else integers_fit_double(census)
            return numbers and exact
        case Rule.TEXT if candidate.type == "text":
            return census.texts == census.values
        case Rule.TEXT if candidate.type.startswith("varchar"):
            return declared.fits_characters(census, int(candidate.type[len("varchar(") : -1]))
        case Rule.BLOB:
            return census.blobs == census.values
        case Rule.ANY_TEXT | Rule.ANY_BYTES:
            return True
        case Rule.ANY_VALUE:
            return census.negative_zeros == 0
    return census.conversions.get(candidate.proof, 0) == census.values


def _keeps_class(representation: Representation, column: Column, census: ColumnCensus) -> bool:
    match representation.rule:
        case Rule.NUMBER:
            return census.whole_reals > 0
        case Rule.ANY_TEXT:
            by_affinity = representation.detail == column.affinity and column.affinity is not Affinity.TEXT
            return census.blobs > 0 or census.infinities > 0 or not by_affinity
        case Rule.ANY_BYTES:
            return census.blobs < census.values
    return False


def _unknown(where: str, wish: str) -> UsageError:
    return UsageError(
        f"'{wish}' is not a type that gives back what SQLite holds",
        where=f"pgraduate.toml [types] {where}",
        hint="one of: bigint, integer, smallint, double precision, numeric, numeric(p,s), text, varchar(n), bytea, "
        "boolean, date, timestamp, uuid, json, any_value",
    )
