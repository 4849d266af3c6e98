"""What the word BLOB means to the author of a source, for the columns of which the data say nothing.

SQLite gives such a column no affinity: it takes values of every class as they are, as does a column without a type.
Elsewhere a BLOB holds bytes.  What stands in the file's other BLOB columns tells which of the two an application lives
by; where none has a value, the words of the schema do: one that is written for several engines (VARCHAR, DATETIME, a
framework's migrations) means bytes, one in SQLite's own few words may mean anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgraduate.model.catalog import Catalog, Column
from pgraduate.model.census import Census
from pgraduate.model.wording import counted
from pgraduate.schema.recipes import recognise

_OWN_WORDS = frozenset({"", "INTEGER", "INT", "REAL", "TEXT", "BLOB", "NUMERIC", "ANY"})
"""The names of SQLite's storage classes and affinities, and its STRICT tables' (https://sqlite.org/stricttables.html)."""


@dataclass(frozen=True, slots=True)
class BlobSense:
    """`why` goes on after "declared BLOB"."""

    bytes_only: bool
    why: str


OF_STRICT = BlobSense(True, "and the table is STRICT")
OPEN = BlobSense(False, "which lets every class in, and nothing in the file says that only bytes come")


def is_blob(column: Column) -> bool:
    return "BLOB" in column.declared.upper()


def sense_of_blob(catalog: Catalog, census: Census) -> BlobSense:
    """Tell whether the source's BLOB columns are for bytes alone."""
    tables = [table for table in catalog.tables if table.kind == "table" and not table.strict]
    columns = [(table, column) for table in tables for column in table.columns if not column.generated]
    counts = [census.table(table.name).column(column.name) for table, column in columns if is_blob(column)]
    filled = [count for count in counts if count.values]
    of_bytes = [count for count in filled if count.blobs == count.values]
    if len(of_bytes) < len(filled):
        others = counted(len(filled) - len(of_bytes), "other column")
        return BlobSense(False, f"which lets every class in, and {others} declared so hold more than bytes")
    if filled:
        return BlobSense(True, f"and {counted(len(filled), 'other column')} declared so hold bytes only")
    for recipe in recognise(_columns(catalog)):
        return BlobSense(True, f"and {recipe.name} made the schema, which means bytes by it")
    for table, column in columns:
        if column.declared.upper() not in _OWN_WORDS:
            return BlobSense(
                True, f"and the schema has types of other engines ({table.name}.{column.name} {column.declared})"
            )
    return OPEN


def _columns(catalog: Catalog) -> dict[str, frozenset[str]]:
    return {table.name: frozenset(column.name for column in table.columns) for table in catalog.tables}
