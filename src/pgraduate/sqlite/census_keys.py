"""Foreign keys in the census: rows without a parent, parents that are not unique.

SQLite's own foreign_key_check decides where it can; it needs a unique index over the parent's columns in an order
that is known.  Elsewhere a plain anti-join compares as the parent's columns compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import apsw

from pgraduate.model.catalog import Catalog, ForeignKey, Index, Table
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.names import fold, quote
from pgraduate.sqlite.sealed import BUILT_IN_COLLATIONS


def orphans(connection: apsw.Connection, table: Table, catalog: Catalog) -> tuple[int, ...]:
    """Count the rows without a parent for each foreign key, in the catalog's order.

    A row with a NULL in the key needs none; where the parent or its key does not exist, every other row counts.
    """
    keys = table.foreign_keys
    if not keys:
        return ()
    whole = table.filter is None and not table.left_out
    if whole and all(key.parent_columns and _is_checked_by_sqlite(key, catalog) for key in keys):
        violations = Counter(
            row[3] for row in connection.execute(f'PRAGMA "main".foreign_key_check({quote(table.name)})')
        )
        return tuple(violations[number] for number in reversed(range(len(keys))))
    return tuple(count_orphans(connection, table, key, catalog) for key in keys)


def parent_duplicates(connection: apsw.Connection, table: Table, catalog: Catalog) -> tuple[int, ...]:
    """Count, for each foreign key, the values of the parent's columns that stand in more than one row."""
    return tuple(_count_duplicates(connection, key, catalog) for key in table.foreign_keys)


def count_orphans(connection: apsw.Connection, table: Table, key: ForeignKey, catalog: Catalog) -> int:
    """Count the rows without a parent by a plain anti-join, whatever the file declares."""
    complete = " AND ".join(f"{quote(name)} IS NOT NULL" for name in key.columns)
    columns = ", ".join(quote(name) for name in key.columns)
    child = f"SELECT {columns} FROM {rows_of(table)} {'WHERE' if table.filter is None else 'AND'} {complete}"
    if not key.parent_columns:
        return _number(connection, f"SELECT count(*) FROM ({child})")
    names = ", ".join(quote(name) for name in key.parent_columns)
    same = " AND ".join(
        f'"pgraduate parent".{quote(parent)} = "pgraduate child".{quote(column)}'
        for parent, column in zip(key.parent_columns, key.columns, strict=True)
    )
    return _number(
        connection,
        # Names that no table has: a filter may read any table.
        f'WITH "pgraduate parent" AS MATERIALIZED (SELECT {names} FROM {rows_of(catalog.table(key.parent))}) '
        f'SELECT count(*) FROM ({child}) AS "pgraduate child" '
        f'WHERE NOT EXISTS (SELECT 1 FROM "pgraduate parent" WHERE {same})',
    )


def _count_duplicates(connection: apsw.Connection, key: ForeignKey, catalog: Catalog) -> int:
    if not key.parent_columns or _is_unique(key, catalog):
        return 0
    return count_duplicates(connection, catalog.table(key.parent), key.parent_columns)


def count_duplicates(connection: apsw.Connection, table: Table, columns: Sequence[str]) -> int:
    """Count the values of some columns, none of them NULL, that stand in more than one row."""
    names = ", ".join(quote(name) for name in columns)
    complete = " AND ".join(f"{quote(name)} IS NOT NULL" for name in columns)
    return _number(
        connection,
        f"SELECT count(*) FROM (SELECT 1 FROM {rows_of(table)} {'WHERE' if table.filter is None else 'AND'} "
        f"{complete} GROUP BY {names} HAVING count(*) > 1)",
    )


def _is_checked_by_sqlite(key: ForeignKey, catalog: Catalog) -> bool:
    parent = catalog.table(key.parent)
    if parent.filter is not None:
        return False
    own_collations = {parent.column(name).collation.upper() for name in key.parent_columns} - BUILT_IN_COLLATIONS
    return not own_collations and _is_unique(key, catalog)


def _is_unique(key: ForeignKey, catalog: Catalog) -> bool:
    """Whether a constraint of the parent makes its columns unique, by SQLite's rule for parent keys."""
    parent = catalog.table(key.parent)
    wanted = {fold(name) for name in key.parent_columns}
    if parent.rowid_alias is not None and wanted == {fold(parent.rowid_alias)}:
        return True
    return any(_covers(index, parent, wanted) for index in catalog.indexes_of(parent.name))


def _covers(index: Index, parent: Table, wanted: set[str]) -> bool:
    columns: Sequence[str | None] = [key.column for key in index.keys]
    if not index.unique or index.where_sql is not None or None in columns:
        return False
    same_columns = {fold(str(name)) for name in columns} == wanted and len(columns) == len(wanted)
    return same_columns and all(
        key.collation.upper() == parent.column(str(key.column)).collation.upper() for key in index.keys
    )


def _number(connection: apsw.Connection, sql: str) -> int:
    return int(connection.execute(sql).get)
