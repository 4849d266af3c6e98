"""How a column of the source can stand in a column that is there already, whose type nobody here may change.

Each type of the target names the representations under which it takes a value and gives it back; the one that fits
every stored value is chosen, else the one that fits most, and the others are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import (
    BOOLEAN_WORDS,
    EQUIVALENCES,
    TIME_FORMATS,
    TIMESTAMP_FORMATS,
    Representation,
    Rule,
)
from pgraduate.model.storage import Affinity
from pgraduate.model.wording import counted
from pgraduate.postgres.standing import StandingColumn
from pgraduate.schema.declared import epochs

_BITS = {"int2": "16", "int4": "32", "int8": "64"}
_TEXTS = frozenset({"text", "varchar", "bpchar", "citext"})
_PRECISION = re.compile(r"\((\d)\)")
_LIMIT = re.compile(r"\((\d+)\)")
_NUMERIC = re.compile(r"\((\d+),(\d+)\)")


@dataclass(frozen=True, slots=True)
class Form:
    """A representation that a type of the target allows; `proof` is the name by which `sqlite.fits` counts it, or the
    target's server where only that can cast it."""

    representation: Representation
    proof: str
    by_server: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """`form` is None where no representation for the type is known; `misfits` counts the values that do not fit."""

    form: Form | None
    misfits: int
    reason: str
    keeps_class: bool = False


def forms(target: StandingColumn, census: ColumnCensus) -> tuple[Form, ...]:
    """List the representations under which the target's type can hold a column of these values, the plain ones first."""
    return (*_plain_forms(target, census), *server_forms(target))


def server_forms(target: StandingColumn) -> tuple[Form, ...]:
    """List what the server itself has to try, value by value.

    Every type of PostgreSQL can be written as text; what is left out are types that take any text as it is.
    """
    match target.base:
        case "float4":
            return _by_server(Rule.REAL), _by_server(Rule.NUMBER), _by_server(Rule.SPELLED)
        case "money":
            return _by_server(Rule.NUMBER), _by_server(Rule.SPELLED)
        case "json" | "jsonb" | "bytea" | "enum" | "bool" | "uuid":
            return ()
        case base if base in _TEXTS or target.base_type == ANY_VALUE_TYPE:
            return ()
        case base if base in _KNOWN:
            return (_by_server(Rule.SPELLED),)
        case base if base.startswith("_"):
            return _by_server(Rule.LIST), _by_server(Rule.SPELLED)
    return _by_server(Rule.SPELLED), _by_server(Rule.SPELLED, "integer")


_KNOWN = frozenset(
    {"int2", "int4", "int8", "float8", "numeric", "date", "timestamp", "timestamptz", "time", "interval", "inet"}
)


def _by_server(rule: Rule, detail: str = "") -> Form:
    representation = Representation(rule, detail)
    return Form(representation, f"{representation} by the server", by_server=True)


def _plain_forms(target: StandingColumn, census: ColumnCensus) -> tuple[Form, ...]:
    match target.base:
        case "int2" | "int4" | "int8":
            return (Form(Representation(Rule.INTEGER), f"integer:{_BITS[target.base]}"),)
        case "float8":
            return (
                Form(Representation(Rule.REAL), "real"),
                Form(Representation(Rule.NUMBER), "number:double"),
            )
        case "numeric":
            limits = _NUMERIC.search(target.base_type)
            detail = f"{limits[1]},{limits[2]}" if limits else ""
            return (Form(Representation(Rule.NUMBER, detail), f"number:{detail or 'any'}"),)
        case "bool":
            words = (Representation(Rule.BOOLEAN_TEXT, pair) for pair in BOOLEAN_WORDS)
            return tuple(_plain(item) for item in (Representation(Rule.BOOLEAN), *words))
        case "uuid":
            return _plain(Representation(Rule.UUID)), _plain(Representation(Rule.UUID, "hex"))
        case "date":
            return (_plain(Representation(Rule.DATE)),)
        case "timestamp" | "timestamptz":
            return _moments(target, census)
        case "time":
            return tuple(_plain(Representation(Rule.TIME, shape)) for shape in TIME_FORMATS)
        case "interval":
            return _plain(Representation(Rule.DURATION)), _plain(Representation(Rule.DURATION, "1970"))
        case "json":
            return (Form(Representation(Rule.TEXT), "json"),)
        case "jsonb":
            return (Form(Representation(Rule.JSON_VALUE), "json"),)
        case "inet":
            return (_plain(Representation(Rule.ADDRESS)),)
        case "enum":
            labels = json.dumps(target.labels, ensure_ascii=False)
            return (_plain(Representation(Rule.ENUM, labels)),)
        case "bytea":
            return Form(Representation(Rule.BLOB), "blob"), Form(Representation(Rule.ANY_BYTES), "")
        case base if base in _TEXTS:
            limit = _LIMIT.search(target.base_type) if base in ("varchar", "bpchar") else None
            exact = Form(Representation(Rule.TEXT), f"text:{limit[1]}" if limit else "text")
            if base == "bpchar":
                # The type pads with blanks, and nothing tells those of the text from its own.
                exact = Form(Representation(Rule.TEXT), f"{exact.proof} unpadded")
            return (exact, Form(Representation(Rule.ANY_TEXT, "NUMERIC"), "")) if base == "text" else (exact,)
        case _ if target.base_type == ANY_VALUE_TYPE:
            return (Form(Representation(Rule.ANY_VALUE), ""),)
    return ()


def cast(column: Column, target: StandingColumn, census: ColumnCensus, fits: Mapping[str, int]) -> Cast:
    """Choose how a column's values stand in the target's column, from how many of them each form takes."""
    known = [_by_affinity(form, column) for form in forms(target, census)]
    if census.values == 0:
        return Cast(known[0], 0, f"the target's {target.type}; no value asks for more")
    # Single cells can be kept apart only where the loader itself knows which: not where the server casts.
    whole = [form for form in known if not form.by_server or _fitting(form, census, fits) == census.values]
    if not whole:
        fitting = max(_fitting(form, census, fits) for form in known)
        return Cast(
            None,
            census.values,
            f"{target.type} takes, and gives back as they are, {fitting:,} of {counted(census.values, 'value')}",
        )
    best = max(whole, key=lambda form: _fitting(form, census, fits))
    fitting = _fitting(best, census, fits)
    equal = EQUIVALENCES.get(best.representation.rule, "")
    reason = f"the target's {target.type}; {counted(fitting, 'value')} of {census.values:,} converted and back"
    return Cast(
        best,
        census.values - fitting,
        f"{reason}: {equal}" if equal else reason,
        _keeps_class(best.representation, column, census),
    )


def asked(target: StandingColumn, census: ColumnCensus) -> tuple[str, ...]:
    """Name the forms that have to be counted in the source; none for a column without values."""
    return tuple(form.proof for form in _plain_forms(target, census) if form.proof) if census.values else ()


def asked_of_server(target: StandingColumn, census: ColumnCensus, fits: Mapping[str, int]) -> tuple[Form, ...]:
    """List the forms that the server has to try: none where a plain one fits every value."""
    if not census.values or any(
        _fitting(form, census, fits) == census.values for form in _plain_forms(target, census)
    ):
        return ()
    return server_forms(target)


def _moments(target: StandingColumn, census: ColumnCensus) -> tuple[Form, ...]:
    """List the forms whose fractions of a second the type keeps."""
    precision = _PRECISION.search(target.base_type)
    digits = int(precision[1]) if precision else 6
    texts = (Representation(Rule.TIMESTAMP, shape) for shape in TIMESTAMP_FORMATS)
    units = (candidate.representation for candidate in epochs(census))
    return tuple(_plain(item) for item in (*texts, *units) if _digits(item.detail) <= digits)


def _digits(detail: str) -> int:
    return {"s": 0, "ms": 3, "us": 6}.get(detail, detail.count("f"))


def _plain(representation: Representation) -> Form:
    return Form(representation, str(representation))


def _by_affinity(form: Form, column: Column) -> Form:
    if form.representation.rule is not Rule.ANY_TEXT or column.affinity is Affinity.BLOB:
        return form
    return Form(Representation(Rule.ANY_TEXT, str(column.affinity)), form.proof)


def _fitting(form: Form, census: ColumnCensus, fits: Mapping[str, int]) -> int:
    if form.representation.rule is Rule.ANY_VALUE:
        # The census knows: the number in it has no −0.0.
        return census.values - census.negative_zeros
    if not form.proof:
        return census.values
    # Bytes that are no text go to quarantine wherever they stand; the column as such takes texts.
    bad = census.bad_texts if form.representation.rule is Rule.TEXT and form.proof != "json" else 0
    return fits.get(form.proof, 0) + (bad if fits.get(form.proof, 0) < census.values else 0)


def _keeps_class(representation: Representation, column: Column, census: ColumnCensus) -> bool:
    match representation.rule:
        case Rule.NUMBER:
            return census.whole_reals > 0
        case Rule.ANY_TEXT:
            return True
        case Rule.ANY_BYTES:
            return census.blobs < census.values
    return False
