"""Values that only the server itself can turn into a type of its own: arrays, ranges, money, whatever an extension brings.

Such a column travels as a plain type and is cast by PostgreSQL.  Loader, planner and rehearsal ask here how; the checker
has a reading of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgraduate.model.representation import Representation, Rule

_LIST = (
    "CASE WHEN {0} IS NOT NULL THEN"
    " ARRAY(SELECT e FROM pg_catalog.jsonb_array_elements_text({0}::pg_catalog.jsonb) AS e) END"
)


@dataclass(frozen=True, slots=True)
class Casting:
    """`wire` is the type that travels; `into` makes the column's type of it, `kept` says whether a value comes back as
    it was.  Both wrap an expression of the type that travels (`{0}`)."""

    wire: str
    into: str
    kept: str


def casting(representation: Representation, base: str, type_name: str) -> Casting | None:
    """Say how a column of the type `type_name` is cast; `base` is pg_type's name of it.  None where COPY can send it."""
    suffix = "::" + type_name.replace("{", "{{").replace("}", "}}")
    cast = "{0}" + suffix
    match representation.rule:
        case Rule.SPELLED:
            return Casting("text", cast, f'({cast})::pg_catalog.text COLLATE "C" = {{0}} COLLATE "C"')
        case Rule.LIST:
            into = _LIST + suffix
            return Casting("text", into, f"pg_catalog.to_jsonb({into}) = {{0}}::pg_catalog.jsonb")
        case Rule.REAL | Rule.NUMBER if base == "float4":
            return Casting("float8", cast, f"({cast})::pg_catalog.text::pg_catalog.float8 = {{0}}")
        case Rule.NUMBER if base == "money":
            return Casting("numeric", cast, f"({cast})::pg_catalog.numeric = {{0}}")
    return None
