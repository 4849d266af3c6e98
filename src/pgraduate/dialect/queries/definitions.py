"""What SQLite's own definitions say of tables and columns, written into a question to the live catalog.

PostgreSQL's catalog knows what stands there now; names in their spelling, declared types, defaults as SQL and
AUTOINCREMENT it does not know.  Where the schema view does, the question carries them along.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.identifiers import qualified
from pgraduate.dialect.schema_view import SchemaView, TableView


def columns_known(tables: Iterable[TableView]) -> exp.Expr | None:
    """Describe the columns of tables; None where nothing is known of any."""
    found = [
        {
            "table": table.target,
            "target": column.target,
            "source": column.source,
            "type": column.declared.type,
            "notnull": int(column.declared.not_null),
            "dflt": column.declared.default,
            "hidden": column.declared.hidden,
        }
        | ({"implicit": True} if column.implicit else {})
        for table in tables
        for column in table.columns
        if column.declared is not None
    ]
    return _json(found) if found else None


def names_known(schema: SchemaView) -> tuple[exp.Expr, exp.Expr] | None:
    """Give SQLite's names of tables by PostgreSQL's, and whether there is a table sqlite_sequence; None for neither."""
    names = {table.target: table.source for table in schema.tables.values() if table.target != table.source}
    numbered = any(table.autoincrement for table in schema.tables.values())
    return (_json(names), exp.Boolean(this=numbered)) if names or numbered else None


def sequences_known(schema: SchemaView) -> list[exp.Expr]:
    """Give the tables with AUTOINCREMENT: their names, their relations, the columns that are numbered; [] for none."""
    found = [
        (table.source, qualified(table.schema, table.target), column.target)
        for table in schema.tables.values()
        if table.autoincrement and table.rowid_alias is not None
        if (column := table.column(table.rowid_alias)) is not None
    ]
    return [
        exp.Array(expressions=[tree.string(text) for text in texts]) for texts in zip(*sorted(found), strict=True)
    ]


def _json(value: object) -> exp.Expr:
    return tree.cast(tree.string(json.dumps(value, ensure_ascii=False, separators=(",", ":"))), "jsonb")
