"""A run as its journal tells it: the one value that JSON, Markdown and HTML are made of.

Every number is a Figure that names the step that measured it; a number that no step measured is a Figure without
a value, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pgraduate.model.decision import Decision
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding
from pgraduate.model.result import ObjectResult, RowDifference, Verdict
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import to_json

SCHEMA_VERSION = 1

Outcome = Literal["done", "failed", "not ended"]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One SQLite file: what was found in it, how it was sealed, and what was planned for it."""

    name: str
    path: str
    encoding: str
    journal_mode: str
    bytes: Figure
    tables: Figure
    views: Figure
    indexes: Figure
    triggers: Figure
    digest: str | None
    """SHA-256 of the sealed copy, as the backup step gave it."""
    sealed_bytes: Figure
    schema: str | None
    planned_tables: Figure
    carried: Figure
    translated: Figure
    not_carried: Figure


@dataclass(frozen=True, slots=True)
class TableReport:
    """One table, from the step that copied it and the step that compared it."""

    source: str
    schema: str
    name: str
    source_table: str
    verdict: Verdict
    copied: Figure
    bytes: Figure
    seconds: Figure
    rows_source: Figure
    rows_target: Figure
    cells: Figure
    differing: Figure
    quarantined: Figure
    kept_classes: Figure
    digest: str | None
    differences: tuple[RowDifference, ...]

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """The type that a column got, why, and which writes succeeded in SQLite and would now fail."""

    table: str
    """Qualified, as PostgreSQL calls it."""
    name: str
    type: str
    representation: str
    reason: str
    refuses: tuple[str, ...]

    @property
    def qualified(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class ViewReport:
    source: str
    name: str
    verdict: Verdict
    rows_source: Figure
    rows_target: Figure
    differing: Figure
    within_tolerance: Figure
    error: str | None


@dataclass(frozen=True, slots=True)
class StepReport:
    """`not ended` is a step that was killed, or that is still at work."""

    name: str
    verb: str
    outcome: Outcome
    started_at: str
    seconds: Figure
    figures: tuple[Figure, ...]
    exit_code: Figure
    code: str | None = None
    message: str | None = None
    where: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class OperationReport:
    """A change to the target with its way back; `holds` is None where it was planned and never checked."""

    step: str
    operation: str
    subject: str
    statements: tuple[str, ...]
    undo: tuple[str, ...]
    holds: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class ServerReport:
    """A server that answered, and the steps that spoke to it."""

    identity: ServerIdentity
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the tables; a sum with an unmeasured part is not measured."""

    tables: Figure
    rows: Figure
    cells: Figure
    differing: Figure
    quarantined: Figure
    kept_classes: Figure
    bytes: Figure
    seconds: Figure


@dataclass(frozen=True, slots=True)
class RunReport:
    run_id: str
    opened_at: str
    version: str
    policy: str
    target: str
    verdict: Verdict
    why: tuple[str, ...]
    """Sentences: what the verdict rests on, and what keeps the exit code from 0."""
    equal_means: tuple[str, ...]
    """What "equal" says of each type that is another than SQLite's storage class."""
    exit_code: Figure
    totals: Totals
    sources: tuple[SourceReport, ...]
    tables: tuple[TableReport, ...]
    columns: tuple[ColumnReport, ...]
    views: tuple[ViewReport, ...]
    objects: tuple[ObjectResult, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]
    steps: tuple[StepReport, ...]
    operations: tuple[OperationReport, ...]
    servers: tuple[ServerReport, ...]
    torn_lines: Figure

    @property
    def not_carried(self) -> tuple[ObjectResult, ...]:
        return tuple(item for item in self.objects if item.outcome == "not_carried")

    @property
    def carried(self) -> tuple[ObjectResult, ...]:
        return tuple(item for item in self.objects if item.outcome != "not_carried")

    @property
    def stopped(self) -> StepReport | None:
        """The last step, if it did not come to its end."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.outcome != "done" else None

    def to_json(self) -> dict[str, Any]:
        """Give the document that `report --json` prints."""
        document: dict[str, Any] = to_json(self)
        return {"schema_version": SCHEMA_VERSION} | document


def total(name: str, unit: str, parts: Iterable[Figure]) -> Figure:
    """Add figures up; without a part, or with one that was not measured, the sum is not measured."""
    figures = tuple(parts)
    values = [figure.value for figure in figures if figure.value is not None]
    complete = bool(figures) and len(values) == len(figures)
    steps = dict.fromkeys(figure.step for figure in figures)
    return Figure(name, sum(values) if complete else None, unit, ", ".join(steps) if complete else "")
