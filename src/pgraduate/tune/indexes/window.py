"""The workload's reads measured on the server that is in use: before a change and after it.

Only statements that read are run, in read-only transactions and with a time limit; the rounds cannot be interleaved,
because an index that is in use is not taken away and put back, so that the verdict asks for more: every run after must
lie above every run before.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.planner import index_names
from pgraduate.tune.indexes.timing import RESOLUTION, ROUNDS, SLOW, SLOWER

LIMIT = "30s"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each run, and the indexes in the plan."""

    weight: float
    seconds: tuple[float, ...]
    indexes: tuple[str, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def is_slower_than(self, earlier: Measured) -> bool:
        gone = self.median - earlier.median
        apart = min(self.seconds) > max(earlier.seconds)
        return apart and gone > RESOLUTION and self.median > SLOWER * earlier.median


def measure(
    connection: psycopg.Connection, statements: Sequence[Weighted], *, rounds: int = ROUNDS
) -> dict[str, Measured]:
    """Run each statement once unmeasured and then in so many rounds; one that fails or takes too long is left out."""
    runs: dict[str, list[float]] = {item.id: [] for item in statements}
    texts = {item.id: item.texts for item in statements}
    used: dict[str, set[str]] = {item.id: set() for item in statements}
    for number in range(rounds + 1):
        for item in statements:
            if item.id not in runs:
                continue
            try:
                chosen = texts[item.id]
                seconds = sum(_run(connection, text, used[item.id]) for text in chosen) / len(chosen)
            except psycopg.Error:
                del runs[item.id]
                continue
            if not number and seconds > SLOW:
                texts[item.id] = item.texts[:1]
            if number:
                runs[item.id].append(seconds)
    weights = {item.id: item.weight for item in statements}
    return {name: Measured(weights[name], tuple(found), tuple(sorted(used[name]))) for name, found in runs.items()}


def regressions(
    before: Mapping[str, Measured], after: Mapping[str, Measured], definitions: Sequence[Definition]
) -> dict[Definition, str]:
    """Name each new index that stands in the plan of a statement which became slower."""
    found: dict[Definition, str] = {}
    for name, later in after.items():
        if name in before and later.is_slower_than(before[name]):
            for definition in definitions:
                if definition.name in later.indexes:
                    found[definition] = f"statement {name} became slower with it"
    return found


def _run(connection: psycopg.Connection, text: str, used: set[str]) -> float:
    with connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute("SELECT set_config('statement_timeout', %s, true)", (LIMIT,))
        row = connection.execute(
            b"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY ON, FORMAT JSON) " + text.encode()
        ).fetchone()
    assert row is not None
    answer = row[0][0]
    used |= index_names(answer["Plan"])
    return float(answer["Planning Time"] + answer["Execution Time"]) / 1000
