"""How many values of a column convert to what a target's column takes, by every form that comes into question.

The census asks what a declaration might become; here the target has decided, and a person has to know how many cells
it would not take.  A form that fits every value ends the question; only where none does is every value counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Catalog, ForeignKey, Table
from pgraduate.sqlite.census_keys import count_duplicates, count_orphans
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.forms import check
from pgraduate.sqlite.forms.values import Check, Value
from pgraduate.sqlite.names import quote
from pgraduate.sqlite.sealed import open_sealed

ColumnName = tuple[str, str]
"""A table's and a column's name as the source writes them."""


def count_fits(
    sealed: Path, catalog: Catalog, asked: Mapping[ColumnName, Sequence[str]]
) -> dict[ColumnName, dict[str, int]]:
    """Count for each column the values that convert by each of the named forms (see `forms.check`).

    A form that does not fit every value is counted only where no other one does.  Raises SourceUnusable where rows
    cannot be read.
    """
    codec = catalog.codec
    with closing(open_sealed(sealed)) as connection:
        return {
            where: _count(connection, catalog.table(where[0]), where[1], names, codec)
            for where, names in asked.items()
        }


def count_key_faults(
    sealed: Path,
    catalog: Catalog,
    foreign_keys: Mapping[str, tuple[str, ForeignKey]],
    unique: Mapping[str, tuple[str, tuple[str, ...]]],
) -> tuple[dict[str, int], dict[str, int]]:
    """Count what a target's constraints would refuse: rows without a parent, and values that stand more than once.

    Both mappings go from a name of the caller's to a table and its key.
    """
    with closing(open_sealed(sealed)) as connection:
        orphans = {
            name: count_orphans(connection, catalog.table(table), key, catalog)
            for name, (table, key) in foreign_keys.items()
        }
        duplicates = {
            name: count_duplicates(connection, catalog.table(table), columns)
            for name, (table, columns) in unique.items()
        }
    return orphans, duplicates


def read_texts(sealed: Path, table: str, columns: Sequence[str]) -> frozenset[tuple[str | None, ...]]:
    """Read some columns of every row, as text: for tables that hold a framework's own lists."""
    items = ", ".join(f"CAST({quote(name)} AS TEXT)" for name in columns)
    with closing(open_sealed(sealed)) as connection:
        rows = connection.execute(f'SELECT {items} FROM "main".{quote(table)}').fetchall()
    return frozenset(tuple(None if cell is None else str(cell) for cell in row) for row in rows)


def stream_values(sealed: Path, catalog: Catalog, where: ColumnName, at_once: int) -> Iterator[list[Value]]:
    """Stream the values of a column in lists: none that is NULL, no text that PostgreSQL could not be sent."""
    codec = catalog.codec
    with closing(open_sealed(sealed)) as connection:
        try:
            values = _values(connection, catalog.table(where[0]), where[1], codec)
            sound = (value for value in values if value is not None and not _holds_nul(value))
            while some := list(islice(sound, at_once)):
                yield some
        except apsw.Error as error:
            raise SourceUnusable(f"the rows cannot be read: {error}", where=f"table {where[0]}") from error


def _holds_nul(value: Value) -> bool:
    return isinstance(value, str) and "\0" in value


def _count(
    connection: apsw.Connection, table: Table, column: str, names: Sequence[str], codec: str
) -> dict[str, int]:
    checks = {name: check(name) for name in names}
    try:
        fitting = _fitting(_values(connection, table, column, codec), checks)
        if fitting or not checks:
            return fitting
        counts = dict.fromkeys(checks, 0)
        for value in _values(connection, table, column, codec):
            for name, fits in checks.items():
                counts[name] += value is not None and fits(value)
        return counts
    except apsw.Error as error:
        raise SourceUnusable(f"the rows cannot be read: {error}", where=f"table {table.name}") from error


def _fitting(values: Iterator[Value | None], checks: Mapping[str, Check]) -> dict[str, int]:
    """Give the forms that fit every value, with the number of values; {} where there is none."""
    alive = dict(checks)
    count = 0
    for value in values:
        count += 1
        for name in [name for name, fits in alive.items() if value is None or not fits(value)]:
            del alive[name]
        if not alive:
            return {}
    return dict.fromkeys(alive, count)


def _values(connection: apsw.Connection, table: Table, column: str, codec: str) -> Iterator[Value | None]:
    """Stream the values that are not NULL; None for a text that is not valid."""
    name = quote(column)
    sql = (
        f"SELECT typeof({name}) = 'text', CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
        f" FROM {rows_of(table)} {'WHERE' if table.filter is None else 'AND'} {name} IS NOT NULL"
    )
    for is_text, stored in connection.execute(sql):
        if not is_text:
            yield stored
            continue
        try:
            yield stored.decode(codec)
        except UnicodeDecodeError:
            yield None
