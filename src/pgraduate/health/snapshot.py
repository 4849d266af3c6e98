"""What a check leaves behind for later: a server as it stood at one moment, in a form that a journal keeps.

It holds names, sizes, settings, counters and plans, and no literal: statements come with placeholders from the
caller, and a plan that holds a value is refused.  A snapshot is good when nothing above "notice" was found; what
was not examined is listed, and does not make it good or bad.

The JSON of a snapshot (`pgraduate.model.wire.to_json`), recorded as the fact `FACT`:

    at            when, ISO 8601 with time zone
    server        {version, database, system_identifier, started, observed_since}
    good          true when no finding is above "notice"
    findings      [{code, severity, where, what, why, command, risk, facts}]
    examined      [{check, outcome, examined, of, skipped, blind}]
    figures       {name: number or null}, all checks' figures together
    databases     {name: bytes}; a database that may not be measured is left out
    relations     [{schema, name, kind, bytes, rows}], the 500 largest; kind is table, index, toast or view
    settings      {name: value} of every setting that is not the default
    counters      pg_stat_database of this database: {name: number}
    extensions    {name: version}
    statements    [{fingerprint, text, calls, mean_ms, total_ms, rows, plan}], as the caller gave them
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import RANK, Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity

FACT = "health snapshot"
"""The name under which a journal's step records it."""

_SECRET = ("password", "conninfo", "secret", "command")


@dataclass(frozen=True, slots=True)
class StatementPlan:
    """One of the top statements: `text` with placeholders, times in milliseconds, `plan` as EXPLAIN (FORMAT JSON) gives
    it for placeholders (GENERIC_PLAN), None where there is none."""

    fingerprint: str
    text: str
    calls: int
    mean_ms: float
    total_ms: float
    rows: int
    plan: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    schema: str
    name: str
    kind: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Examined:
    check: str
    outcome: str
    examined: int
    of: str
    skipped: str
    blind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """See the module's docstring for the JSON of each field."""

    at: str
    server: Mapping[str, Any]
    good: bool
    findings: tuple[HealthFinding, ...]
    examined: tuple[Examined, ...]
    figures: Mapping[str, int | float | None]
    databases: Mapping[str, int]
    relations: tuple[Relation, ...]
    settings: Mapping[str, str]
    counters: Mapping[str, int | float]
    extensions: Mapping[str, str]
    statements: tuple[StatementPlan, ...] = field(default_factory=tuple)


def take_snapshot(
    connection: psycopg.Connection,
    facts: Facts,
    examinations: Sequence[Examination],
    *,
    system_identifier: str = "",
    statements: Iterable[StatementPlan] = (),
) -> Snapshot:
    """Put the checks' results beside sizes, settings and counters of the same moment, read in one transaction."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        databases = {row["name"]: int(row["bytes"]) for row in ask(connection, "sizes") if row["bytes"] is not None}
        relations, unseen = _relations(connection)
        settings = {
            row["name"]: row["value"] for row in ask(connection, "changed_settings") if _may_show(row["name"])
        }
        (counters,) = ask(connection, "counters_of_database")
        extensions = {row["name"]: row["version"] for row in ask(connection, "extensions")}
    return Snapshot(
        at=facts.now.isoformat(),
        server={
            "version": facts.version,
            "database": facts.database,
            "system_identifier": system_identifier,
            "started": facts.started.isoformat(),
            "observed_since": facts.observed_since.isoformat(),
        },
        good=is_good(examinations),
        findings=tuple(finding for item in examinations for finding in item.findings),
        examined=tuple(
            Examined(item.check, item.outcome, item.examined, item.of, item.skipped, item.blind)
            for item in examinations
        )
        + unseen,
        figures={name: value for item in examinations for name, value in item.figures.items()},
        databases=databases,
        relations=relations,
        settings=settings,
        counters={name: value for name, value in counters.items() if value is not None},
        extensions=extensions,
        statements=tuple(statements),
    )


def _relations(connection: psycopg.Connection) -> tuple[tuple[Relation, ...], tuple[Examined, ...]]:
    """Measure the relations; a size waits behind a lock, and then a look must not wait with the sessions it looks at."""
    try:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '1s'")
            return tuple(Relation(**row) for row in ask(connection, "relations")), ()
    except psycopg.errors.LockNotAvailable:
        reason = "another session holds a lock on one of them"
        return (), (Examined("relations", "not examined", 0, "relations", reason, ()),)


def is_good(examinations: Iterable[Examination]) -> bool:
    """Tell whether nothing above "notice" was found."""
    return all(
        RANK[finding.severity] <= RANK[Severity.NOTICE] for item in examinations for finding in item.findings
    )


def moment(snapshot: Mapping[str, Any]) -> datetime:
    """Read when a snapshot was taken from its JSON."""
    return datetime.fromisoformat(snapshot["at"])


def _may_show(name: str) -> bool:
    """Leave out settings in which people write secrets: connection strings, commands, hashes."""
    return not any(word in name for word in _SECRET)
