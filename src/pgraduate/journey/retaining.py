"""Retention on a target: what is due and may go, its going, and its coming back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import psycopg

from pgraduate.errors import PgraduateError, Refused, UsageError
from pgraduate.events import Notice, Sink
from pgraduate.journey.operations import plan_records
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.session import Session, open_session
from pgraduate.maintain.retention.ages import cutoff_of
from pgraduate.maintain.retention.family import Family, count_due, objections, read_family, remarks
from pgraduate.maintain.retention.ledger import archived
from pgraduate.maintain.retention.pace import Pace
from pgraduate.maintain.retention.partitions import PartitionPlan, plan_partitions
from pgraduate.maintain.retention.restoring import Restored, restore_range
from pgraduate.maintain.retention.running import Outcome, run_rule
from pgraduate.maintain.retention.segments import Segments
from pgraduate.maintain.retention.stores import Store, store_for
from pgraduate.maintain.upkeep import BRIEF
from pgraduate.maintain.window import read_window
from pgraduate.model.retention import RetentionRule
from pgraduate.model.wire import to_json
from pgraduate.postgres.failures import place, trouble
from pgraduate.report import vocabulary
from pgraduate.settings import Settings


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule that was looked at; with `refusals` it is not executed."""

    rule: RetentionRule
    family: Family | None
    store: Store
    cutoff: datetime
    refusals: tuple[str, ...]


def plan_retention(settings: Settings, table: str | None = None, *, sink: Sink | None = None) -> dict[str, Any]:
    """Say for each rule what is due, what follows, and why it would be refused; nothing is changed.

    The exit code in the result is 5 where a rule would be refused.  Raises UsageError where there is no rule.
    """
    with open_session(settings, "maintain", sink=sink, alone=False) as session:
        with session.step("maintain-retention-plan", "look at what is due") as step:
            with _explained(table):
                ready = [_look(session, rule) for rule in _rules(settings, table)]
                planned = [_planned(session, item) for item in ready]
            step.figure("rules refused", sum(bool(item.refusals) for item in ready), "rules")
        return _document(session, "plan") | {
            "rules": planned,
            "exit_code": 5 if any(item.refusals for item in ready) else 0,
        }


def run_retention(
    settings: Settings,
    table: str | None = None,
    *,
    window: str | None = None,
    batch: int | None = None,
    pace: Callable[[int], Pace] = Pace,
    clock: Callable[[], datetime] = datetime.now,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Move what is due, batch by batch, as long as the window is open.

    The exit code in the result is 3 where rows that are due were left.  Raises Refused, before anything is moved, where
    one of the rules cannot be executed, outside the window, and where another pgraduate is at work.
    """
    chosen = window or settings.maintenance.window
    opening = read_window(chosen) if chosen else None
    if opening is not None and not opening.holds(clock()):
        raise Refused(f"the window {opening} is not open now", hint="call it in the window, or without one")

    def closed() -> str:
        return f"the window {opening} closed" if opening is not None and not opening.holds(clock()) else ""

    with open_session(settings, "maintain", sink=sink) as session:
        with session.step("maintain-retention-run", "move what is due") as step:
            with _explained(table):
                ready = [_look(session, rule) for rule in _rules(settings, table)]
            _require_sound(ready)
            session.perform(step, plan_records())
            discarded, done = 0, []
            for item in ready:
                if isinstance(item.store, Segments):
                    discarded += item.store.discard(session.connection)
            for item in ready:
                assert item.family is not None
                rule = replace(item.rule, batch=batch) if batch else item.rule
                session.sink.emit(Notice(f"{rule.name}: rows from before {item.cutoff:%Y-%m-%d %H:%M:%S} UTC"))
                with _explained(rule.name):
                    outcome = run_rule(
                        session.connection, item.family, item.store, item.cutoff, pace(rule.batch), closed
                    )
                done.append(_done(item, outcome))
                step.figure(f"rows moved from {rule.name}", sum(outcome.rows.values()), "rows")
            step.fact(vocabulary.RETENTION, {"rules": done, "discarded": discarded})
        return _document(session, "run") | {
            "rules": done,
            "discarded_segments": discarded,
            "exit_code": 3 if any(item["left"] for item in done) else 0,
        }


def restore_retained(
    settings: Settings, table: str, low: datetime, high: datetime, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Bring back the archived rows of a table whose age lies at `low` or later and before `high`, with their children.

    Raises Refused where one of them cannot come back as it was; then none does.
    """
    schema, dot, name = table.partition(".")
    if not (schema and dot and name):
        raise UsageError(f"'{table}' is no table with its schema", where="--table", hint="--table shop.orders")
    if low >= high:
        raise UsageError(
            "the range ends before it begins", where="--from and --until", hint="--from is the earlier one"
        )
    with open_session(settings, "maintain", sink=sink) as session:
        with session.step("maintain-retention-restore", "bring archived rows back") as step:
            session.perform(step, plan_records())
            rule = next((rule for rule in settings.maintenance.retention if rule.name == table), None)
            store = Segments(settings.project, rule.directory if rule else None, _database(session))
            with _explained(table):
                session.connection.execute(f"SET lock_timeout = '{BRIEF}'")
                restored = restore_range(
                    session.connection, schema, name, low, high, project=settings.project, store=store
                )
            for path in restored.emptied:
                path.unlink(missing_ok=True)
            step.fact("retention restored", {"table": table, "rows": restored.rows})
            step.figure(f"rows brought back to {table}", sum(restored.rows.values()), "rows")
        return _document(session, "restore") | _restored(table, low, high, restored)


def _rules(settings: Settings, table: str | None) -> Sequence[RetentionRule]:
    rules = settings.maintenance.retention
    if not rules:
        raise UsageError(
            "pgraduate.toml has no rule of retention",
            where="pgraduate.toml",
            hint='[[maintain.retention]] with table, age, keep and to: table = "shop.orders", age = "placed", '
            'keep = "2 years", to = "archive"',
        )
    chosen = [rule for rule in rules if table in (None, rule.name)]
    if not chosen:
        raise UsageError(
            f"there is no rule for {table}", hint="known are: " + ", ".join(rule.name for rule in rules)
        )
    return chosen


def _look(session: Session, rule: RetentionRule) -> _Ready:
    connection = session.connection
    connection.execute(f"SET lock_timeout = '{BRIEF}'")
    cutoff, store = cutoff_of(connection, rule), store_for(rule, session.settings.project, _database(session))
    try:
        family = read_family(connection, rule.schema, rule.table, rule.age, rule.unit)
        refusals = [*objections(connection, family, rule, cutoff), *store.objections(connection, family)]
    except Refused as error:
        return _Ready(rule, None, store, cutoff, (_sentence(error),))
    return _Ready(rule, family, store, cutoff, tuple(refusals))


def _require_sound(ready: Sequence[_Ready]) -> None:
    refused = [f"{item.rule.name}: {why}" for item in ready for why in item.refusals]
    if refused:
        raise Refused(
            "a rule of retention cannot be executed; nothing was moved",
            where="; ".join(refused),
            hint="`pgraduate maintain retention plan` lists it; change the rule, or run the others with --table",
        )


def _planned(session: Session, item: _Ready) -> dict[str, Any]:
    family, connection, partitions = item.family, session.connection, None
    tables: list[dict[str, Any]] = []
    notes: list[str] = []
    if family is not None:
        notes = list(remarks(connection, family))
        partitions = plan_partitions(connection, family, now=datetime.now(UTC))
        if not family.circle:
            tables = [
                {"table": member.label, "due": count_due(connection, family, member, item.cutoff)}
                for member in reversed(family.order)
            ]
    return _head(item) | {
        "tables": tables,
        "refusals": list(item.refusals),
        "notes": notes,
        "partitions": _partitions(partitions),
    }


def _partitions(plan: PartitionPlan | None) -> dict[str, Any] | None:
    return None if plan is None else dict(to_json(plan))


def _done(item: _Ready, outcome: Outcome) -> dict[str, Any]:
    return _head(item) | {
        "tables": [{"table": name, "moved": rows} for name, rows in reversed(outcome.rows.items())],
        "batches": outcome.batches,
        "seconds": outcome.seconds,
        "paused_seconds": outcome.paused,
        "longest_batch_seconds": outcome.longest_batch,
        "left": outcome.left,
        "why": outcome.why,
    }


def _head(item: _Ready) -> dict[str, Any]:
    return {
        "table": item.rule.name,
        "age": item.rule.age,
        "keep": item.rule.keep,
        "to": item.rule.to.value,
        "cutoff": item.cutoff.isoformat(),
    }


def _restored(table: str, low: datetime, high: datetime, restored: Restored) -> dict[str, Any]:
    return {
        "table": table,
        "from": low.isoformat(),
        "to": high.isoformat(),
        "tables": [{"table": name, "restored": rows} for name, rows in restored.rows.items()],
        "exit_code": 0,
    }


def _document(session: Session, verb: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "command": f"maintain retention {verb}",
        "run_id": session.journal.run_id,
        "target": session.target_document() | {"server": to_json(session.server)},
        "archived": to_json(archived(session.connection)),
    }


@contextmanager
def _explained(table: str | None) -> Iterator[None]:
    """Say what an error of the server means, without its message, which may quote a row."""
    try:
        yield
    except psycopg.Error as error:
        raise trouble(error) or PgraduateError(
            f"the server refused a statement ({error.sqlstate} {type(error).__name__})",
            where=place(error) or table,
            hint="its transaction was rolled back; what was committed before stays; the server's log has the statement",
        ) from None


def _database(session: Session) -> str:
    """Name the target's database among all others whose segments may lie beside its own."""
    return f"{session.server.system_identifier}-{quote(session.server.database, safe='')}"


def _sentence(error: PgraduateError) -> str:
    return error.what if error.hint is None else f"{error.what}; {error.hint}"
