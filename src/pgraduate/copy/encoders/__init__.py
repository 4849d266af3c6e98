"""How the loader turns a SQLite value into what COPY sends: one function per representation.

An encoder accepts exactly the values that its representation allows and raises NotRepresentable for every other
one; it never coerces.  `None` in place of an encoder means that the value is sent as it is.  The classes that a
column may hold are checked apart from this (see `copy.classes`), so that the encoders see only those.
"""

from __future__ import annotations

from pgraduate.copy.encoders import any_class, moments, numbers, texts
from pgraduate.copy.encoders.any_value import any_value
from pgraduate.copy.encoders.judging import judging
from pgraduate.copy.encoders.refusal import Encoder, NotRepresentable
from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import Rule

__all__ = ["Encoder", "NotRepresentable", "encoder", "judging"]


def encoder(column: ColumnPlan, base: str) -> Encoder | None:
    """Give the encoder of a column whose type in the target is `base`, pg_type's name without a domain.

    Raises NotRepresentable for a rule that cannot stand in this type.
    """
    rule, detail = column.representation.rule, column.representation.detail
    if rule in (Rule.SPELLED, Rule.LIST):
        return str if detail else None
    if base not in _BASES[rule]:
        raise NotRepresentable(f"the rule '{column.representation}' has no form in the type {base}")
    match rule:
        case Rule.INTEGER:
            return None if base == "int8" else numbers.narrow_integer(16 if base == "int2" else 32)
        case Rule.REAL | Rule.TEXT | Rule.BLOB:
            return None
        case Rule.NUMBER:
            return (
                numbers.whole_or_double
                if base in ("float8", "float4")
                else numbers.number(numbers.scale_of(column.type))
            )
        case Rule.BOOLEAN:
            return numbers.boolean
        case Rule.BOOLEAN_TEXT:
            return texts.boolean_text(detail)
        case Rule.UUID:
            return texts.hex_uuid if detail == "hex" else texts.canonical_uuid
        case Rule.DATE:
            return moments.date
        case Rule.TIMESTAMP:
            return moments.in_utc(moments.timestamp(detail)) if base == "timestamptz" else moments.timestamp(detail)
        case Rule.EPOCH:
            return moments.in_utc(moments.epoch(detail)) if base == "timestamptz" else moments.epoch(detail)
        case Rule.JULIAN:
            return moments.in_utc(moments.julian) if base == "timestamptz" else moments.julian
        case Rule.DECIMAL:
            return numbers.decimal(detail)
        case Rule.TIME:
            return moments.time_of_day(detail)
        case Rule.DURATION:
            return moments.duration_since_1970 if detail else moments.duration
        case Rule.JSON_VALUE:
            return texts.json_document
        case Rule.ADDRESS:
            return texts.address
        case Rule.ENUM:
            return texts.label(detail)
        case Rule.ANY_TEXT:
            return any_class.any_text
        case Rule.ANY_VALUE:
            return any_value
        case Rule.ANY_BYTES:
            return any_class.any_bytes


_TEXTS = frozenset(("text", "varchar", "bpchar", "citext", "json"))
_BASES: dict[Rule, frozenset[str]] = {
    Rule.INTEGER: frozenset(("int2", "int4", "int8")),
    Rule.REAL: frozenset(("float8", "float4")),
    Rule.TEXT: _TEXTS,
    Rule.BLOB: frozenset(("bytea",)),
    Rule.NUMBER: frozenset(("numeric", "money", "float8", "float4")),
    Rule.BOOLEAN: frozenset(("bool",)),
    Rule.BOOLEAN_TEXT: frozenset(("bool",)),
    Rule.UUID: frozenset(("uuid",)),
    Rule.DATE: frozenset(("date",)),
    Rule.TIMESTAMP: frozenset(("timestamp", "timestamptz")),
    Rule.EPOCH: frozenset(("timestamp", "timestamptz")),
    Rule.JULIAN: frozenset(("timestamp", "timestamptz")),
    Rule.DECIMAL: frozenset(("numeric",)),
    Rule.TIME: frozenset(("time",)),
    Rule.DURATION: frozenset(("interval",)),
    Rule.JSON_VALUE: frozenset(("jsonb",)),
    Rule.ADDRESS: frozenset(("inet",)),
    Rule.ENUM: frozenset(("enum",)),
    Rule.ANY_TEXT: frozenset(("text",)),
    Rule.ANY_VALUE: frozenset(("any_value",)),
    Rule.ANY_BYTES: frozenset(("bytea",)),
}
