"""The faithful type of a column: the narrowest that holds every stored value as it is.

A column whose values are of one storage class gets the type of that class.  A mixed one is widened: numbers
among themselves to a number, anything with a text to text, where a natural reading gives the classes back.  Where none
does, the column becomes an any_value, which holds each value with its class.  What that type cannot hold stands as text or
bytea, with the classes kept beside the values.  A column without values has the type of what its declaration lets in: an
any_value where that is everything.
"""

from __future__ import annotations

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import Representation, Rule, rule_of_several_classes
from pgraduate.model.storage import Affinity
from pgraduate.model.wording import counted, every
from pgraduate.schema.blobs import OPEN, BlobSense, is_blob
from pgraduate.schema.choice import Choice, integers_fit_double
from pgraduate.schema.declaration import Family, read

_A_TEXT = "a text that is not a number"
_A_BLOB = "a blob"
_A_FRACTION = "a number with a fraction (PostgreSQL would round it)"
_A_NUMBER = "a number"
_A_NUL = "a text with a NUL character"

_TEXTUAL = {Family.DATE, Family.TIMESTAMP, Family.TIME, Family.JSON, Family.UUID, Family.WORD}


def faithful(column: Column, census: ColumnCensus, blobs: BlobSense = OPEN) -> Choice:
    """Choose the type that holds the column's values without relying on its declaration; `blobs` says what BLOB means."""
    narrow = _narrowest(column, census, blobs)
    return _with_class(census) if narrow.keeps_class and _may_hold_class(column, census, narrow) else narrow


def _may_hold_class(column: Column, census: ColumnCensus, narrow: Choice) -> bool:
    """Tell whether any_value would hold all that the narrowest type and the classes beside it do.

    The number in it has no −0.0, the text in it no NUL, which bytea can hold; and what PostgreSQL computes has one type.
    """
    nul = census.nul_texts > 0 and narrow.representation.rule is Rule.ANY_BYTES
    return column.generated is None and census.negative_zeros == 0 and not nul


def _with_class(census: ColumnCensus) -> Choice:
    return Choice(
        ANY_VALUE_TYPE,
        Representation(Rule.ANY_VALUE),
        f"holds {_listed(census)}: any_value holds each with its class, and compares them as SQLite does",
        census.values,
        refuses=(_A_NUL,),
    )


def _narrowest(column: Column, census: ColumnCensus, blobs: BlobSense) -> Choice:
    if census.values == 0:
        return _without_values(column, blobs)
    if len(census.classes) == 1:
        return _of_one_class(column, census)
    if census.texts == 0 and census.blobs == 0:
        if census.negative_zeros and not integers_fit_double(census):
            why = "double precision would round the integers beyond 2^53, numeric has no −0.0"
            return _any_text(column, census, f"holds {_listed(census)}: {why}, text holds them all")
        return _number(census, "integers and reals", column.affinity)
    if rule_of_several_classes(column.declared) is Rule.ANY_BYTES:
        return Choice(
            "bytea",
            Representation(Rule.ANY_BYTES),
            f"holds {_listed(census)}, and the declaration says BLOB: bytea holds them all",
            census.values,
            keeps_class=True,
        )
    return _any_text(column, census)


def faithful_in_foreign_key(column: Column, census: ColumnCensus, blobs: BlobSense = OPEN) -> Choice:
    """Choose as `faithful` does, but an integer type wherever every value is an integer: keys are compared."""
    if census.values and census.integers == census.values:
        return _integer(f"{every(census.values, 'value')} of class integer", census.values)
    return faithful(column, census, blobs)


def _without_values(column: Column, blobs: BlobSense) -> Choice:
    family = read(column.declared).family
    match column.affinity:
        case Affinity.INTEGER:
            return _integer("no values; INTEGER affinity", 0)
        case Affinity.REAL:
            return _real("no values; REAL affinity", 0)
        case Affinity.TEXT:
            return _text("no values; TEXT affinity", 0)
        case Affinity.BLOB:
            return _open(column, blobs)
        case Affinity.NUMERIC if family is Family.BOOLEAN:
            return _integer("no values; a declared truth value is a number in SQLite", 0)
        case Affinity.NUMERIC if family in _TEXTUAL:
            return _text(f"no values; {column.declared} is written as text", 0)
    return Choice(
        "double precision",
        Representation(Rule.NUMBER),
        "no values; NUMERIC affinity",
        refuses=(_A_TEXT, _A_BLOB, "a whole number beyond 2^53 without rounding"),
    )


def _open(column: Column, blobs: BlobSense) -> Choice:
    """Choose for a column that lets every class in and has shown none."""
    blob = is_blob(column)
    if column.generated or (blob and blobs.bytes_only):
        why = "what PostgreSQL computes has one type" if column.generated else f"declared BLOB, {blobs.why}"
        if blob:
            return Choice("bytea", Representation(Rule.BLOB), f"no values; {why}", refuses=("a text", _A_NUMBER))
        return Choice("text", Representation(Rule.ANY_TEXT, "NUMERIC"), f"no values; {why}")
    declared = f"declared BLOB, {blobs.why}" if blob else f"{column.declared or 'no type'} lets every class in"
    return Choice(
        ANY_VALUE_TYPE,
        Representation(Rule.ANY_VALUE),
        f"no values; {declared}: any_value holds whatever may come, with its class",
        refuses=(_A_NUL,),
    )


def _of_one_class(column: Column, census: ColumnCensus) -> Choice:
    count = census.values
    if census.texts:
        return _text(f"{every(count, 'value')} of class text", count)
    if census.blobs:
        return Choice(
            "bytea",
            Representation(Rule.BLOB),
            f"{every(count, 'value')} of class blob",
            count,
            refuses=("a text", _A_NUMBER),
        )
    decimal = read(column.declared).family is Family.DECIMAL
    if census.integers and not decimal:
        return _integer(f"{every(count, 'value')} of class integer", count)
    if census.reals and column.affinity in (Affinity.REAL, Affinity.BLOB, Affinity.TEXT):
        return _real(f"{every(count, 'value')} of class real", count)
    return _number(census, "integers" if census.integers else "reals", column.affinity)


def _integer(reason: str, proof: int) -> Choice:
    return Choice("bigint", Representation(Rule.INTEGER), reason, proof, refuses=(_A_TEXT, _A_BLOB, _A_FRACTION))


def _real(reason: str, proof: int) -> Choice:
    return Choice("double precision", Representation(Rule.REAL), reason, proof, refuses=(_A_TEXT, _A_BLOB))


def _text(reason: str, proof: int) -> Choice:
    return Choice("text", Representation(Rule.TEXT), reason, proof, refuses=(_A_BLOB, _A_NUL))


def _number(census: ColumnCensus, classes: str, affinity: Affinity) -> Choice:
    double = integers_fit_double(census)
    why = "double precision holds them exactly" if double else "an integer beyond 2^53 needs numeric to stay exact"
    representation = Representation(Rule.NUMBER)
    return Choice(
        "double precision" if double else "numeric",
        representation,
        f"holds {classes}; {why}",
        census.values,
        refuses=(_A_TEXT, _A_BLOB),
        keeps_class=_reads_otherwise(census, representation, census.whole_reals > 0),
    )


def _any_text(column: Column, census: ColumnCensus, reason: str | None = None) -> Choice:
    detail = _text_reading(column, census)
    representation = Representation(Rule.ANY_TEXT, detail)
    numbers = census.integers + census.reals
    by_affinity = detail == column.affinity
    unsure = census.blobs > 0 or (detail == "TEXT" and numbers > 0) or not by_affinity
    unsure = unsure or census.infinities > 0 or census.negative_zeros > 0
    return Choice(
        "text",
        representation,
        reason or f"holds {_listed(census)}: text holds them all",
        census.values,
        refuses=(_A_NUL,),
        keeps_class=_reads_otherwise(census, representation, unsure),
    )


def _text_reading(column: Column, census: ColumnCensus) -> str:
    """Choose the affinity by which most texts read back as what they were."""
    if column.affinity is not Affinity.BLOB:
        return str(column.affinity)
    for detail in ("NUMERIC", "TEXT"):
        if census.conversions.get(f"{Rule.ANY_TEXT}:{detail}") == census.values:
            return detail
    return "NUMERIC" if census.integers + census.reals >= census.texts else "TEXT"


def _reads_otherwise(census: ColumnCensus, representation: Representation, otherwise: bool) -> bool:
    """Tell whether some cell's class differs from the natural reading: by the census, or on the safe side."""
    counted = census.conversions.get(str(representation))
    return otherwise if counted is None else counted != census.values


def _listed(census: ColumnCensus) -> str:
    counts = {
        "integer": census.integers,
        "real": census.reals,
        "text": census.texts,
        "blob": census.blobs,
    }
    return ", ".join(counted(count, name) for name, count in counts.items() if count)
