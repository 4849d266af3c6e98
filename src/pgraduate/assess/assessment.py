"""The assessment of one source: what its plan says, told by what a person asks.

The plan comes as a value; nothing here plans or measures.  The invariant: every number is a Figure that names what
counted it, and what nobody measured says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pgraduate.assess.effort import Effort, effort
from pgraduate.assess.needs import Needs, Sample, needs
from pgraduate.model.figure import Figure
from pgraduate.model.plan import ColumnPlan, SchemaPlan, TablePlan
from pgraduate.model.representation import Rule

_LIMITS = {"ROW_TOO_WIDE", "SEARCH_WITHOUT_COLUMN", "ROW_MAY_NOT_FIT"}
"""Findings that speak of what PostgreSQL would not take later."""
NAMED = 5
"""Columns that are named for each kind of refused write; the plan has them all."""
_LIMIT_DECISIONS = ("index_size:", "identity_full:", "columns:")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know, and the object that it is about."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Assessment:
    totals: tuple[Figure, ...]
    widened: tuple[Point, ...]
    """Columns whose declared type does not hold what they hold."""
    quarantined: tuple[Point, ...]
    limits: tuple[Point, ...]
    """PostgreSQL's limits that later writes will meet."""
    refused_writes: tuple[Point, ...]
    """Writes that succeeded in SQLite and would fail: each kind of them with the columns concerned."""
    not_enforced: tuple[Point, ...]
    """Foreign keys that SQLite enforces only where a connection asks, with what the data say."""
    needs: Needs
    effort: Effort


def judge(
    plan: SchemaPlan, source_bytes: int, sample: Sample | None = None, why_not: str = "no target"
) -> Assessment:
    """Assess a source by its plan, and by the sample of it that was loaded where there is one."""
    return Assessment(
        tuple(_totals(plan, source_bytes)),
        tuple(_widened(plan)),
        tuple(
            Point(_where(table, column), "texts that PostgreSQL cannot hold")
            for table, column in _columns(plan)
            if column.quarantines
        ),
        tuple(_limits(plan)),
        tuple(_refused_writes(plan)),
        tuple(_not_enforced(plan)),
        needs(sample, why_not),
        effort(plan),
    )


def _totals(plan: SchemaPlan, source_bytes: int) -> Iterator[Figure]:
    outcomes = Counter(item.outcome for item in plan.objects)
    decisions = Counter(decision.answered_by or "open" for decision in plan.decisions)
    yield Figure("size in SQLite", source_bytes, "bytes", "assess")
    yield Figure("tables", len(plan.tables), "", "schema")
    yield Figure("rows", sum(table.rows for table in plan.tables), "", "census")
    yield Figure("objects carried", outcomes["carried"], "", "schema")
    yield Figure("objects translated", outcomes["translated"], "", "schema")
    yield Figure("objects not carried", outcomes["not_carried"], "", "schema")
    yield Figure("open decisions", decisions["open"], "", "schema")
    yield Figure("safe options taken", decisions["safe option"], "", "schema")


_OF_ANY_CLASS = (Rule.ANY_TEXT, Rule.ANY_BYTES, Rule.ANY_VALUE)


def _widened(plan: SchemaPlan) -> Iterator[Point]:
    for table, column in _columns(plan):
        if column.keeps_class:
            yield Point(
                _where(table, column), f"{column.type}: {column.reason}; storage classes are kept beside the values"
            )
        elif column.representation.rule in _OF_ANY_CLASS and column.proof:
            yield Point(_where(table, column), f"{column.type}: {column.reason}")


def _refused_writes(plan: SchemaPlan) -> Iterator[Point]:
    columns: dict[str, list[str]] = {}
    for table, column in _columns(plan):
        for write in column.refuses:
            columns.setdefault(write, []).append(_where(table, column))
    for write, where in columns.items():
        more = len(where) - NAMED
        yield Point(write, ", ".join(where[:NAMED]) + (f" and {more:,} more" if more > 0 else ""))


def _limits(plan: SchemaPlan) -> Iterator[Point]:
    for decision in plan.decisions:
        if decision.id.startswith(_LIMIT_DECISIONS):
            yield Point(decision.id.partition(":")[2], f"{decision.question} ({decision.evidence})")
    for finding in plan.findings:
        if finding.code in _LIMITS:
            yield Point(finding.where, finding.what)


def _not_enforced(plan: SchemaPlan) -> Iterator[Point]:
    for decision in plan.decisions:
        if decision.id.startswith("fk_orphans:"):
            yield Point(
                decision.id.partition(":")[2], f"never enforced, for the data break it: {decision.evidence}"
            )
    for finding in plan.findings:
        if finding.code.startswith("FK_NOT_ENFORCED"):
            yield Point(finding.where, finding.what)


def _columns(plan: SchemaPlan) -> Iterator[tuple[TablePlan, ColumnPlan]]:
    return ((table, column) for table in plan.tables for column in table.columns)


def _where(table: TablePlan, column: ColumnPlan) -> str:
    return f"{table.source}.{column.source}"
