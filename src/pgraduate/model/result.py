"""What a comparison found, table by table, and the verdict that follows from it.

`verdict` speaks of data only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    EQUAL = "equal"
    DIFFERENT = "different"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that differs: its key as text, and the columns concerned.  Values only where they were asked for."""

    key: str
    kind: str
    """missing, unexpected or changed."""
    columns: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableResult:
    source: str
    """The source's file stem."""
    schema: str
    name: str
    source_table: str
    rows_source: int
    rows_target: int
    cells: int
    differing: int
    """Rows that differ, all of them counted."""
    quarantined: int
    kept_classes: int
    digest: str
    """Order-independent digest of the target's rows, hex."""
    differences: tuple[RowDifference, ...] = ()
    """The first hundred by key."""

    @property
    def verdict(self) -> Verdict:
        return Verdict.EQUAL if self.differing == 0 else Verdict.DIFFERENT


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """An object of the source as the loaded catalog shows it.  `outcome` is carried, translated or not_carried."""

    kind: str
    name: str
    outcome: str
    reason: str
    target: str | None = None
    source_sql: str | None = None
    schema: str = ""
    """The schema that its source became."""


@dataclass(frozen=True, slots=True)
class ViewResult:
    """A view's rows on both sides, compared as multisets; doubles within 1e-12 relative are counted apart."""

    source: str
    name: str
    rows_source: int
    rows_target: int
    differing: int
    within_tolerance: int
    error: str | None = None
    reordered: int = 0
    """Rows that are equal but for the order in which an aggregate joined its rows, which SQLite does not promise."""
    unsteady: int = 0
    """Rows that differ in a view whose answer depends on the moment or on chance: nothing can be said of them."""
