"""One database on its way through the benchmark: sealed, counted and planned once, outside of every timed part."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pgraduate.backup import back_up
from pgraduate.compare.table import compare_table
from pgraduate.events import Silence
from pgraduate.journey.planning import plan_source
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.records import install
from pgraduate.postgres.runs import RunSource
from pgraduate.settings import load
from pgraduate.sqlite import open_sealed

RUN = "20260101-000000-000"
SCHEMA = "bench"


@dataclass(frozen=True, slots=True)
class Case:
    """`prepared` are seconds of what every run does before it copies."""

    name: str
    live: Path
    record: RunSource
    plan: SchemaPlan
    prepared: dict[str, float]

    @property
    def sealed(self) -> Path:
        return Path(self.record.sealed)

    @property
    def tables_sql(self) -> list[str]:
        """Statements that make the tables, without the schema."""
        return self._statements("before rows", skip=("schema",))

    @property
    def keys_sql(self) -> list[str]:
        """Statements that make keys, identities and indexes."""
        return self._statements("after rows", skip=())

    def _statements(self, phase: str, skip: tuple[str, ...]) -> list[str]:
        return [
            statement
            for item in self.plan.objects
            if item.phase == phase and item.outcome != "not_carried" and item.kind not in skip
            for statement in item.statements
        ]

    def save(self, path: Path) -> None:
        """Write what a contender's process needs."""
        content = {"record": to_json(self.record), "plan": to_json(self.plan)}
        path.write_text(json.dumps(content), "utf-8")

    @staticmethod
    def read(path: Path) -> tuple[RunSource, SchemaPlan]:
        content = json.loads(path.read_text("utf-8"))
        return from_json(RunSource, content["record"]), from_json(SchemaPlan, content["plan"])

    @staticmethod
    def make(name: str, live: Path, directory: Path) -> Case:
        """Seal and plan a database under the policy `declared`."""
        started = time.monotonic()
        sealed = back_up(live, directory / "sealed", SCHEMA, sink=Silence())
        backup = time.monotonic() - started
        record = RunSource(name, str(live), SCHEMA, sealed.digest, sealed.bytes, str(sealed.path))
        started = time.monotonic()
        plan = plan_source(record, load(directory, policy="declared", environment={}), sink=Silence())
        return Case(name, live, record, plan, {"backup": backup, "census and plan": time.monotonic() - started})


def differences(case: Case, conninfo: str, schema: str) -> int:
    """Count the rows that a contender's tables do not hold as the sealed copy does, by pgraduate's own comparison."""
    differing = 0
    with psycopg.connect(conninfo, autocommit=True) as connection, closing(open_sealed(case.sealed)) as sealed:
        install(connection)  # the comparison looks there for cells that are kept beside their rows
        for table in case.plan.tables:
            moved = replace(table, schema=schema)
            differing += compare_table(connection, sealed, moved).differing
    return differing
