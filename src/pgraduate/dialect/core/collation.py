"""The form in which a key's column is unique and sorted as its collation has it: indexes and what meets them must agree."""

from __future__ import annotations

from typing import NamedTuple

from pgraduate.dialect.identifiers import quote
from pgraduate.model.representation import Rule


class Folded(NamedTuple):
    """`sql` of a key's column; `uses_compat` where it calls a function of the compat schema."""

    sql: str
    uses_compat: bool


def fold_key(text: str, rule: Rule, collation: str, compat_schema: str) -> Folded | None:
    """Fold the SQL of a column by one of SQLite's own collations; None for any other."""
    if rule is Rule.ANY_VALUE and collation in ("NOCASE", "RTRIM"):
        return Folded(f"{quote(compat_schema)}.any_{collation.lower()}({text})", True)
    match collation:
        case "BINARY":
            return Folded(text, False)
        case "NOCASE":
            return Folded(f"{quote(compat_schema)}.nocase({text})", True)
        case "RTRIM":
            return Folded(f"pg_catalog.rtrim({text}, ' ')", False)
    return None
