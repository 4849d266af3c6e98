"""How the checker reads a PostgreSQL column back as SQLite cells: one reading per representation.

Written from `model.representation` and from what PostgreSQL returns, without a line in common with the loader: the
server itself writes dates, numbers and uuids as text, and the text is taken apart here.  A value that the
representation could not have produced is a marked cell, never an error: it is a difference to be reported.
"""

from __future__ import annotations

from pgraduate.model.cell import unreadable
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres.decoders import any_class, moments, numbers
from pgraduate.postgres.decoders.any_class import class_of_bytes, stands_for
from pgraduate.postgres.decoders.any_value import read_any_value
from pgraduate.postgres.decoders.reading import Decode, Reading, fixed
from pgraduate.postgres.json_value import json_value

__all__ = ["Decode", "Reading", "class_of_bytes", "reading", "stands_for"]


def reading(representation: Representation, base: str) -> Reading:
    """Give the reading of a column; `base` is pg_type's name of its type, domains resolved."""
    detail = representation.detail
    match representation.rule:
        case Rule.INTEGER:
            return fixed("{}::pg_catalog.int8", "int8", None, "integer")
        case Rule.REAL if base == "float4":
            return fixed(_SHORTEST, "float8", None, "real")
        case Rule.NUMBER if base == "float4":
            return Reading(_SHORTEST, "float8", numbers.double_number, numbers.double_kept)
        case Rule.REAL:
            return fixed("{}::pg_catalog.float8", "float8", None, "real")
        case Rule.TEXT:
            return fixed(_TEXT, "text", None, "text")
        case Rule.BLOB:
            return fixed("{}", "bytea", None, "blob")
        case Rule.NUMBER if base == "float8":
            return Reading("{}::pg_catalog.float8", "float8", numbers.double_number, numbers.double_kept)
        case Rule.NUMBER if base == "money":
            return Reading(
                "{}::pg_catalog.numeric::pg_catalog.text", "text", numbers.numeric_number, numbers.numeric_kept
            )
        case Rule.NUMBER:
            return Reading(_TEXT, "text", numbers.numeric_number, numbers.numeric_kept)
        case Rule.BOOLEAN:
            return fixed("{}::pg_catalog.int4", "int4", None, "integer")
        case Rule.BOOLEAN_TEXT:
            words = detail.split("/")
            return fixed("{}::pg_catalog.int4", "int4", lambda value: words[value], "text")
        case Rule.UUID if detail == "hex":
            return fixed(_TEXT, "text", lambda text: text.replace("-", ""), "text")
        case Rule.UUID | Rule.DATE:
            return fixed(_TEXT, "text", None, "text")
        case Rule.TIMESTAMP:
            sql = f"({_UTC})::pg_catalog.text" if base == "timestamptz" else _TEXT
            return fixed(sql, "text", moments.timestamp(detail), "text")
        case Rule.EPOCH:
            return fixed(_passed(base), "text", moments.epoch(detail), "integer")
        case Rule.JULIAN:
            return fixed(_passed(base), "text", moments.julian, "real")
        case Rule.DECIMAL:
            return fixed(_TEXT, "text", numbers.numeric_real, "real")
        case Rule.TIME:
            return fixed(_TEXT, "text", moments.time(detail), "text")
        case Rule.DURATION if detail:
            return fixed(_MICROSECONDS, "text", moments.since_1970, "text")
        case Rule.DURATION:
            return fixed(_MICROSECONDS, "text", moments.microseconds, "integer")
        case Rule.JSON_VALUE:
            return fixed(_TEXT, "text", json_value, "text")
        case Rule.ADDRESS:
            return fixed("pg_catalog.host({})", "text", None, "text")
        case Rule.ENUM:
            return fixed(_TEXT, "text", None, "text")
        case Rule.SPELLED:
            return fixed(_TEXT, "text", numbers.integer if detail else None, detail or "text")
        case Rule.LIST:
            return fixed("pg_catalog.to_jsonb({})::pg_catalog.text", "text", json_value, "text")
        case Rule.ANY_TEXT:
            return Reading(_TEXT, "text", any_class.by_affinity(detail or "TEXT"), any_class.class_of_text)
        case Rule.ANY_BYTES:
            return Reading("{}", "bytea", None, class_of_bytes)
        case Rule.ANY_VALUE:
            return Reading(_TEXT, "text", read_any_value, lambda text, name: unreadable((name, text)))


_TEXT = "{}::pg_catalog.text"
# The shortest digits of a float4 name the double that came; its conversion would not.
_SHORTEST = "{}::pg_catalog.text::pg_catalog.float8"
_UTC = "{} AT TIME ZONE 'UTC'"
_MICROSECONDS = (
    "CASE WHEN EXTRACT(month FROM {0}) = 0 AND EXTRACT(year FROM {0}) = 0"
    " THEN pg_catalog.trim_scale(EXTRACT(epoch FROM {0}) * 1000000)::pg_catalog.text ELSE {0}::pg_catalog.text END"
)
"""A month has no length; an interval with months came from no number of microseconds."""


def _passed(base: str) -> str:
    """Give the SQL for the microseconds of a moment since 1970."""
    moment = _UTC if base == "timestamptz" else "{}"
    return f"pg_catalog.trim_scale(EXTRACT(epoch FROM {moment}) * 1000000)::pg_catalog.text"
