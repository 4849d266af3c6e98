"""Several sources in one schema: which rows of which file stand in each table, and under which keys.

The record is data in the plan: it says for every table how a row of each source reads in the merged one.  Single
rows that found their place taken stand beside it, in `pgraduate.merged_row`.  Together they are all that a
comparison with the sources needs, and all that a user needs to find a row again by its old key.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """One source's share of a merged table; `columns` and `fills` stand in the merged table's order."""

    source: str
    table: str
    """The table's name as the source spells it."""
    columns: tuple[str | None, ...]
    """The source's name of each column, None where the source lacks it."""
    fills: tuple[str, ...]
    """The SQL literal that stands in a column that the source lacks."""
    shift: int = 0
    """What is added to the table's key, and to every reference to it."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A column whose integers are keys of `table` and change with them; of the key itself, `table` is its own."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class MergedTable:
    name: str
    columns: tuple[str, ...]
    """Without generated columns."""
    identity: tuple[str, ...]
    """The columns that name a row: the primary key, else those of a unique key; () where there is none."""
    single_key: bool
    """The identity is one column that other rows refer to."""
    follows: tuple[Follow, ...]
    origins: tuple[Origin, ...]

    def origin(self, source: str) -> Origin | None:
        return next((origin for origin in self.origins if origin.source == source), None)


@dataclass(frozen=True, slots=True)
class MergePart:
    """A sealed source of a merge; `path` is the live file's resolved path, `sealed` the sealed copy's."""

    name: str
    path: str
    digest: str
    bytes: int
    sealed: str


@dataclass(frozen=True, slots=True)
class Merge:
    parts: tuple[MergePart, ...]
    tables: tuple[MergedTable, ...]


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row whose place another file's row has: `same` where both are alike, else `left_behind`.

    The keys are SQL literals as SQLite's quote() writes them, several columns separated by commas; `new_key` is
    where references to the row lead now.
    """

    source: str
    table: str
    old_key: str
    new_key: str
    fate: str
