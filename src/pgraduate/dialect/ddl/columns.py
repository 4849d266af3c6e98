"""A declared column as PostgreSQL's: the type by affinity, the representation that goes with it.

A column whose affinity lets every storage class stand (no type, BLOB, NUMERIC) keeps any: nothing is known yet of the
values that will come.
"""

from __future__ import annotations

import re

from pgraduate.dialect.core.context import any_type
from pgraduate.dialect.ddl.definition import ColumnDefinition
from pgraduate.dialect.identifiers import fold
from pgraduate.dialect.schema_view import ColumnView, SchemaView
from pgraduate.dialect.translation import OutputColumn
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, affinity_of

_BY_AFFINITY = {
    Affinity.INTEGER: ("bigint", Representation(Rule.INTEGER)),
    Affinity.REAL: ("double precision", Representation(Rule.REAL)),
    Affinity.TEXT: ("text", Representation(Rule.TEXT)),
}
_INTEGER_WORD = re.compile(r"\b(?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER|[0-9]+)?\b")
"""A type that means integers; POINT has their affinity only because INT stands in it."""
_TEXTUAL = ("DATE", "TIME", "JSON", "UUID", "STRING")
_TRUTH = ("BOOL", "BOOLEAN")


def column_view(
    column: ColumnDefinition, schema: SchemaView, parent: ColumnView | None = None, *, strict: bool = False
) -> ColumnView:
    """Show a new column to translations; one of any class takes the type of the `parent` that it refers to.

    `strict` says that its table is STRICT, where ANY keeps every value as it is.
    """
    affinity = affinity_of(column.declared, strict=strict)
    type, representation = _type(column.declared.upper(), affinity, schema)
    if parent is not None and representation.rule is Rule.ANY_VALUE:
        type, representation = parent.type, parent.representation
    return ColumnView(
        column.name,
        fold(column.name),
        type,
        affinity,
        representation,
        column.collation,
        column.not_null,
        generated=column.generated is not None,
    )


def column_of_query(output: OutputColumn) -> ColumnView:
    """Show a column that CREATE TABLE … AS makes of a query's result."""
    representation = output.representation or Representation(Rule.ANY_TEXT, "NUMERIC")
    return ColumnView(
        output.name, fold(output.name), output.type or "text", output.affinity or Affinity.BLOB, representation
    )


def _type(declared: str, affinity: Affinity, schema: SchemaView) -> tuple[str, Representation]:
    if affinity is Affinity.NUMERIC:
        if declared.startswith(_TRUTH):
            return "bigint", Representation(Rule.INTEGER)
        if any(word in declared for word in _TEXTUAL):
            return "text", Representation(Rule.TEXT)
    named = affinity is not Affinity.INTEGER or _INTEGER_WORD.search(declared) is not None
    return (_BY_AFFINITY.get(affinity) if named else None) or (any_type(schema), Representation(Rule.ANY_VALUE))


def declared_type(column: ColumnView) -> str:
    """Write the column's type; text compares by its bytes."""
    return f'{column.type} COLLATE "C"' if column.type == "text" else column.type
