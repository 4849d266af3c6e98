"""How a column stands in a search index: as text, where its text is the same in every session.

The index and the translation of MATCH must write it alike, or the search does not use the index.
"""

from __future__ import annotations

from pgraduate.compat import ANY_VALUE_TYPE, SCHEMA
from pgraduate.model.plan import ColumnPlan
from pgraduate.postgres.identifiers import qualified, quote

_AS_TEXT = (
    "text", "varchar", "bigint", "integer", "smallint", "numeric", "double precision", "uuid", ANY_VALUE_TYPE,
)  # fmt: skip
"""Types whose text form no setting changes, so that an index may hold it."""


def has_text(type: str) -> bool:
    """Say whether an index may hold the text of a value of this type."""
    return type.startswith(_AS_TEXT)


def term(column: ColumnPlan) -> str | None:
    """Write a column as text; None where its text depends on the session, or it has none."""
    if not has_text(column.type):
        return None
    if column.type == ANY_VALUE_TYPE:
        return f"{qualified(SCHEMA)}.any_shown({quote(column.target)})"
    return quote(column.target) if column.type == "text" else f"{quote(column.target)}::pg_catalog.text"
