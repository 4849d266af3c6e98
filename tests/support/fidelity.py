"""Carry a SQLite file over in this process, answer what it asks as a person would, and look at the result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgraduate.errors import PgraduateError
from pgraduate.events import Sink
from pgraduate.journey.walk import run
from pgraduate.model.decision import Decision, OpenDecisions
from pgraduate.model.plan import SchemaPlan
from pgraduate.postgres.identifiers import quote
from pgraduate.postgres.runs import known_runs, plans
from pgraduate.schema import plan
from pgraduate.settings import Policy, load
from pgraduate.sqlite import read_catalog, take_census, worker


@dataclass(frozen=True)
class Carried:
    """How one run ended: its exit code, its document where there is one, its error otherwise."""

    code: int
    document: dict[str, Any] = field(default_factory=dict)
    error: PgraduateError | None = None

    @property
    def verdict(self) -> str:
        return str(self.document.get("verdict", "none"))

    @property
    def why(self) -> str:
        """What keeps the exit code from 0, for a person who reads a failed test."""
        if self.error is not None:
            return f"{self.error.what} ({self.error.where}): {self.error.hint}"
        return "; ".join(self.document["why"])

    @property
    def open(self) -> tuple[Decision, ...]:
        return self.error.decisions if isinstance(self.error, OpenDecisions) else ()

    @property
    def decided(self) -> tuple[str, ...]:
        """The ids of all decisions, answered by whom ever."""
        return tuple(sorted(decision["id"] for decision in self.document["decisions"]))

    @property
    def quarantined(self) -> int:
        return sum(table["quarantined"] for table in self.document["tables"])

    @property
    def rows(self) -> int:
        return sum(table["rows_source"] for table in self.document["tables"])

    @property
    def cells(self) -> int:
        return sum(table["cells"] for table in self.document["tables"])

    @property
    def not_carried(self) -> tuple[str, ...]:
        found = [item for item in self.document["objects"] if item["outcome"] == "not_carried"]
        return tuple(sorted(f"{item['kind']} {item['name']}" for item in found))


def carry(path: Path, target: str, project: Path, *, policy: str = "declared") -> Carried:
    """Run the whole journey with the pgraduate.toml of the project; an error that nobody foresaw is not caught."""
    return carry_all([path], target, project, policy=policy)


def carry_all(paths: Sequence[Path], target: str, project: Path, *, policy: str = "declared") -> Carried:
    """Run one journey of several files, each into a schema of its own."""
    settings = load(project, target=target, policy=policy, environment={})
    try:
        document = run(paths, settings)
    except PgraduateError as error:
        return Carried(error.exit_code, error=error)
    return Carried(document["exit_code"], document)


@contextmanager
def in_this_process() -> Iterator[None]:
    """Let this process read the sources itself: a child for each costs more than a small run.

    For files that nobody else has open; that live ones are read by a child alone is held elsewhere.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pgraduate.sqlite.source.call", _call)
        yield


def _call(action: str, path: Path, request: dict[str, str], sink: Sink) -> dict[str, Any]:
    output = StringIO()
    worker.answer({"action": action, "path": str(path), **request}, output)
    last = json.loads(output.getvalue().splitlines()[-1])
    assert "result" in last, last
    return dict(last["result"])


def answer(project: Path, answers: Mapping[str, str], types: Mapping[str, str] | None = None) -> None:
    """Write answers, and types that a person asks for, into pgraduate.toml."""
    lines = ["[decisions]"] + [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in answers.items()]
    lines += ["[types]"] + [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in (types or {}).items()]
    (project / "pgraduate.toml").write_text("\n".join(lines) + "\n", "utf-8")


def last_plan(connection: psycopg.Connection) -> SchemaPlan:
    """Read the plan of the target's last run, which has one source."""
    (plan,) = last_plans(connection)
    return plan


def last_plans(connection: psycopg.Connection) -> tuple[SchemaPlan, ...]:
    """Read the plans of the target's last run, in the order of its sources."""
    return plans(connection, known_runs(connection)[-1].run_id)


def schemas(connection: psycopg.Connection) -> set[str]:
    """Name the schemas that are neither PostgreSQL's nor `public`."""
    rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")
    return {name for (name,) in rows} - {"public", "information_schema"}


@contextmanager
def cleared(target: str) -> Iterator[psycopg.Connection]:
    """Hand out a connection; everything that a run made in the target is dropped before and after."""
    with psycopg.connect(target, autocommit=True) as connection:
        _clear(connection)
        try:
            yield connection
        finally:
            _clear(connection)


def _clear(connection: psycopg.Connection) -> None:
    for name in schemas(connection):
        connection.execute(f"DROP SCHEMA {quote(name)} CASCADE")


Asking = Callable[[Mapping[str, str]], tuple[Decision, ...]]
"""What a plan asks under some answers."""


def asking(path: Path, policy: Policy) -> Asking:
    """Read a quiet file once, so that its plan can be made again and again without a target."""
    catalog = read_catalog(path)
    census = take_census(path, catalog)
    return lambda answers: plan(catalog, census, policy=policy, answers=answers).decisions
