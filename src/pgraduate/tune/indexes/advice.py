"""From a workload to a proposal: read the statements, gather candidates, sieve them, choose, and say why.

Nothing is written and nothing is executed here; what a proposal promises is an estimate, and `verification` is what
decides.  Every candidate that is not proposed can be asked for its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from pgraduate.postgres.identifiers import qualified
from pgraduate.tune.indexes.accesses import Reading, read_statement
from pgraduate.tune.indexes.candidates import (
    Refusal,
    candidates_of,
    foreign_key_candidates,
    without_existing,
)
from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.costs import Costs, OutOfTime, Weighted
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.merging import merged
from pgraduate.tune.indexes.partitions import refuse_partitioned
from pgraduate.tune.indexes.planner import Planner, explain
from pgraduate.tune.indexes.search import LEAST_GAIN, WRITE_FACTOR, Choice, Problem, choose
from pgraduate.tune.indexes.sizes import estimated_bytes
from pgraduate.tune.indexes.writes import WriteCost, Writes, write_cost
from pgraduate.workload.statements import Statement, Workload

SEEN_OFTEN = 10
"""Calls after which a literal that never changed is taken for a part of the statement."""
POOL = 160
"""Candidates that reach the search: more cost planning time and, by what was seen, never a better choice."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """`saved` and `written` are in the planner's units over the whole workload; `serves` are statements' ids."""

    definition: Definition
    bytes: int
    saved: float
    written: WriteCost
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """A candidate that was looked at and not chosen."""

    definition: Definition
    bytes: int
    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A statement that takes no part, and why."""

    id: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`cost_before` and `cost_after` are the workload's, in the planner's units, reads and writes together."""

    proposed: tuple[Proposed, ...]
    passed: tuple[Passed, ...]
    refusals: tuple[Refusal, ...]
    unread: tuple[Unread, ...]
    cost_before: float
    cost_after: float
    plans_asked: int
    complete: bool


@dataclass(slots=True)
class Subject:
    """A workload as the search sees it."""

    catalog: Catalog
    statements: list[Weighted] = field(default_factory=list)
    writes: list[Writes] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    readings: list[tuple[Statement, Reading]] = field(default_factory=list)
    steady: dict[str, frozenset[str]] = field(default_factory=dict)
    """The conditions that every example of a statement has, word for word."""


def study(workload: Workload, catalog: Catalog, planner: Planner) -> Subject:
    """Read every statement of a workload; those that the server or the parser refuses are named."""
    subject = Subject(catalog)
    for statement in workload:
        texts = statement.examples or (statement.text,)
        reading = read_statement(texts[0], catalog)
        if not reading.understood:
            subject.unread.append(Unread(statement.id, statement.text, "it is not understood"))
            continue
        if not reading.accesses and reading.write is None:
            subject.unread.append(Unread(statement.id, statement.text, "it reads no table of a user"))
            continue
        planned = []
        rows = 0.0
        for text in texts:
            try:
                rows += planner.plan(text, ()).rows
                planned.append(text)
            except psycopg.Error as error:
                reason = error.sqlstate or "unknown"
        if not planned:
            subject.unread.append(Unread(statement.id, statement.text, f"the server does not plan it ({reason})"))
            continue
        subject.readings.append((statement, reading))
        subject.steady[statement.id] = _steady(statement, texts, catalog)
        subject.statements.append(Weighted(statement.id, tuple(planned), statement.calls, reading.accesses))
        if reading.write is not None:
            subject.writes.append(Writes(reading.write, statement.calls * max(rows / len(planned), 1.0)))
    return subject


def _steady(statement: Statement, texts: Sequence[str], catalog: Catalog) -> frozenset[str]:
    """Find the conditions that stand in every execution; one execution alone proves nothing."""
    if len(texts) == 1 and statement.calls < SEEN_OFTEN:
        return frozenset()
    conditions = [
        {condition.text for access in read_statement(text, catalog).accesses for condition in access.conditions}
        for text in texts
    ]
    return frozenset(set[str].intersection(*conditions))


def advise(
    connection: psycopg.Connection, subject: Subject, planner: Planner, *, budget: int, seconds: float = 60.0
) -> Advice:
    """Choose indexes for at most `budget` bytes and in at most `seconds` of planning."""
    catalog = subject.catalog
    refusals, definitions = _candidates(connection, subject)
    costs = Costs(planner, subject.statements, seconds=seconds)
    before = costs.total(())
    passed: list[Passed] = []
    usable = []
    for definition in definitions:
        reason = planner.refuses(definition)
        if reason is None:
            usable.append(definition)
        else:
            passed.append(Passed(definition, _size(definition, catalog), f"the server refuses it: {reason}"))
    pool, gains = _sieve(costs, usable)
    sizes = {definition: _size(definition, catalog) for definition in usable}
    writes = {definition: write_cost(definition, subject.writes, catalog) for definition in usable}
    upkeep = {item: found.cost for item, found in writes.items()}

    def merge(one: Definition, other: Definition) -> Definition | None:
        union = merged(one, other, catalog)
        if union is None or union in sizes:
            return union
        if planner.refuses(union) is not None:
            return None
        sizes[union] = _size(union, catalog)
        writes[union] = write_cost(union, subject.writes, catalog)
        upkeep[union] = writes[union].cost
        return union

    problem = Problem(costs, sizes, upkeep, budget, merge)
    choice = choose(problem, pool)
    costs.ignore_time()
    proposed = [_proposed(item, choice, problem, writes) for item in choice.indexes]
    passed += [
        Passed(
            item, sizes[item], _why(item, gains.get(item, 0.0), writes[item], sizes[item], before, budget, choice)
        )
        for item in usable
        if item not in choice.indexes
    ]
    return Advice(
        tuple(sorted(proposed, key=lambda item: -item.saved)),
        tuple(passed),
        tuple(dict.fromkeys(refusals)),
        tuple(subject.unread),
        before,
        choice.cost,
        costs.asked,
        choice.complete,
    )


def _candidates(connection: psycopg.Connection, subject: Subject) -> tuple[list[Refusal], list[Definition]]:
    shares = _Shares(connection)
    refusals: list[Refusal] = []
    found: list[Definition] = []
    for statement, reading in subject.readings:
        for access in reading.accesses:
            offered = list(candidates_of(access, shares, subject.steady[statement.id]))
            if access.table.partitions:
                refusal = refuse_partitioned(access.table, [i for i in offered if isinstance(i, Definition)])
                offered = [refusal] if refusal else []
            for item in offered:
                if isinstance(item, Refusal):
                    refusals.append(item)
                else:
                    found.append(item)
    found += foreign_key_candidates(subject.catalog)
    return refusals, without_existing(found, subject.catalog)


class _Shares:
    """What share of a table a condition keeps, by the planner's estimate; asked once for each condition."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, str], float | None] = {}

    def __call__(self, table: Table, condition: str) -> float | None:
        key = (table.oid, condition)
        if key not in self._known:
            self._known[key] = self._ask(table, condition)
        return self._known[key]

    def _ask(self, table: Table, condition: str) -> float | None:
        try:
            plan = explain(
                self._connection, f"SELECT 1 FROM {qualified(table.schema, table.name)} WHERE {condition}"
            )
        except psycopg.Error:
            return None
        return min(float(plan["Plan Rows"]) / max(table.rows, 1.0), 1.0)


def _sieve(costs: Costs, candidates: Sequence[Definition]) -> tuple[list[Definition], dict[Definition, float]]:
    """Keep the candidates that some statement's plan uses, alone or among all others; the most useful first."""
    gains: dict[Definition, float] = {}
    together: set[Definition] = set()
    try:
        for statement in costs.statements:
            concerned = [item for item in candidates if statement in costs.concerned(item)]
            together |= costs.of(statement, concerned)[1]
        for candidate in candidates:
            gains[candidate] = sum(
                item.weight * (costs.of(item, ())[0] - costs.of(item, (candidate,))[0])
                for item in costs.concerned(candidate)
            )
    except OutOfTime:
        pass  # what was not asked does not reach the search, and the advice says that it is not complete
    useful = [item for item in gains if gains[item] > 0 or item in together]
    useful.sort(key=lambda item: (item in together, gains[item]), reverse=True)
    return useful[:POOL], gains


def _proposed(item: Definition, choice: Choice, problem: Problem, writes: dict[Definition, WriteCost]) -> Proposed:
    without = choice.indexes - {item}
    serves, saved = [], 0.0
    for statement in problem.costs.concerned(item):
        gain = problem.costs.of(statement, without)[0] - problem.costs.of(statement, choice.indexes)[0]
        saved += statement.weight * gain
        if gain > 0:
            serves.append(statement.id)
    return Proposed(item, problem.sizes[item], saved, writes[item], tuple(serves))


def _why(
    item: Definition, gain: float, written: WriteCost, size: int, before: float, budget: int, choice: Choice
) -> str:
    if gain <= 0:
        return "no statement's plan becomes cheaper by it"
    if written.cost * WRITE_FACTOR >= gain:
        lost = f", and {written.lost_hot:,.0f} updates would no longer be heap-only" if written.lost_hot else ""
        return f"its upkeep on writes costs more than it saves ({written.rows:,.0f} entries{lost})"
    if gain < LEAST_GAIN * before:
        return f"it saves {100 * gain / before:.2f} % of the workload, less than {100 * LEAST_GAIN:.1f} %"
    if size > budget:
        return "it is larger than the budget"
    if not choice.complete:
        return "the time for planning was used up"
    return "others save more for their size, and with them it adds too little"


def _size(definition: Definition, catalog: Catalog) -> int:
    table = catalog.table(definition.schema, definition.table)
    assert table is not None, "candidates are made from the catalog's tables"
    return estimated_bytes(definition, table)
