"""What will stand in PostgreSQL for one SQLite source: the contract between schema, copy, verify and report.

A plan is data.  It is made before anything is written, shown to the user, stored in the target beside the data,
and every later step (a resume, a verification next month, an undo) reads it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgraduate.model.decision import Decision
from pgraduate.model.finding import Finding
from pgraduate.model.merge import Merge
from pgraduate.model.representation import Representation
from pgraduate.model.selection import Selection


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    source: str
    target: str
    type: str
    """The PostgreSQL type as DDL writes it, without collation."""
    representation: Representation
    reason: str
    proof: int = 0
    """How many stored values were converted there and back to prove the choice."""
    refuses: tuple[str, ...] = ()
    """Writes that succeeded in SQLite and would now fail."""
    keeps_class: bool = False
    """Some cells' classes differ from the natural reading and are kept in pgraduate.kept_class."""
    quarantines: bool = False
    """Some cells cannot stand in this column: their bytes go to pgraduate.quarantine."""
    misfits: bool = False
    """Some cells cannot be converted to the target's type: their values go to quarantine, and NULL stands there."""
    collation: str = "BINARY"
    not_null: bool = False
    generated: bool = False
    """PostgreSQL computes this column; it is compared but not loaded."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    source: str
    schema: str
    name: str
    columns: tuple[ColumnPlan, ...]
    key: tuple[str, ...]
    """Source names of the columns that identify a row on both sides, () where none do."""
    rowid_alias: str | None
    without_rowid: bool
    rows: int
    """Rows in the sealed copy, by the census."""
    rowid_min: int | None = None
    rowid_max: int | None = None
    filter: str | None = None
    """A SQLite expression, evaluated on the sealed copy: only rows for which it is true are carried."""
    left_out: tuple[str, ...] = ()
    """Source names of the columns that the selection leaves in SQLite."""
    longest: int = 0
    """Bytes that a row of the source takes at most; 0 where that was not counted."""

    def column(self, source: str) -> ColumnPlan:
        for column in self.columns:
            if column.source == source:
                return column
        raise KeyError(source)


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """One object of the source, or one that serves it, with the statements that make it.

    `kind` is one of schema, table, identity, default, primary key, unique, check, index, foreign key, view,
    trigger, virtual table.  The statements of one object run in one transaction.
    """

    kind: str
    name: str
    """Source name, qualified by its table where names are per table."""
    outcome: Literal["carried", "translated", "not_carried"]
    reason: str
    phase: Literal["before rows", "after rows"]
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    source_sql: str | None = None
    target: str | None = None
    """The qualified name in PostgreSQL."""
    next_value: int | None = None
    """Of an identity: the first value that it may give."""


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role that pgraduate.toml asks for: `app` reads and writes rows, `readonly` reads them, `monitor` watches
    the server."""

    purpose: Literal["app", "readonly", "monitor"]
    name: str


@dataclass(frozen=True, slots=True)
class SchemaPlan:
    """Everything that one source becomes.  `objects` stand in the order in which they are made."""

    source: str
    """The source's file stem."""
    schema: str
    policy: str
    tables: tuple[TablePlan, ...]
    objects: tuple[ObjectPlan, ...]
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    compat: bool = False
    """Some statement uses a function of the compat schema."""
    roles: tuple[RolePlan, ...] = ()
    selection: Selection = Selection()
    merge: Merge | None = None
    """How the rows of several sources read in this one."""

    def table(self, source: str) -> TablePlan:
        for table in self.tables:
            if table.source == source:
                return table
        raise KeyError(source)

    @property
    def not_carried(self) -> tuple[ObjectPlan, ...]:
        return tuple(item for item in self.objects if item.outcome == "not_carried")
