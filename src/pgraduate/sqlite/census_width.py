"""How wide a row is for PostgreSQL, whose rows must stand on one page of 8 kB.

PostgreSQL moves a long value out of the row and leaves a pointer; what it cannot move counts.  The invariant: the
figure is never below what a row really needs, whatever type its columns get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from pgraduate.model.catalog import Column, Table
from pgraduate.sqlite.census_counts import Counts
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.names import quote

NARROW = 250
"""A table of at most so many columns always fits: each needs 24 bytes and 7 of padding at most."""
_LONGEST_INSIDE = 24
"""A value of more bytes than the aligned size of a TOAST pointer can be moved out (heaptoast.c, toast_helper.c)."""
_NUMBER = 8
_TERMS = 50
"""SQLite's expressions are at most 1,000 deep: sums are nested."""


def widest_row(
    connection: apsw.Connection,
    table: Table,
    columns: Sequence[Column],
    counts: Mapping[str, Counts],
    encoding: str,
) -> int | None:
    """Give the bytes of the widest row's values; None for a table that is never too wide.

    A number counts as 8 bytes: a column that holds numbers in another type than PostgreSQL's of 8 bytes needs more.
    """
    if len(columns) <= NARROW:
        return None
    terms = [_bytes(column.name, counts[column.name], encoding) for column in columns if counts[column.name].values]
    while len(terms) > 1:
        parts = [terms[start : start + _TERMS] for start in range(0, len(terms), _TERMS)]
        terms = [f"({' + '.join(part)})" for part in parts]
    if not terms:
        return 0
    return int(connection.execute(f"SELECT coalesce(max({terms[0]}), 0) FROM {rows_of(table)}").get)


def _bytes(name: str, counts: Counts, encoding: str) -> str:
    column = quote(name)
    if counts.integers + counts.reals == counts.values:
        return f"({column} IS NOT NULL) * {_NUMBER}"
    if counts.texts == counts.values:
        # Two bytes of UTF-16 are at most three of UTF-8.
        octets = f"octet_length({column})" if encoding == "UTF-8" else f"octet_length({column}) * 3 / 2"
        return f"coalesce(min({octets} + 1, {_LONGEST_INSIDE}), 0)"
    # A number or a blob among texts is written as text.
    return f"({column} IS NOT NULL) * {_LONGEST_INSIDE}"
