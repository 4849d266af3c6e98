"""Two snapshots compared: each kind of change is told, with both values, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pgraduate.doctor import performance
from pgraduate.doctor.performance import shape
from pgraduate.health import HealthFinding, Snapshot, StatementPlan
from pgraduate.health.snapshot import Relation
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Severity
from pgraduate.model.wire import to_json

MIB = 1 << 20
SEQ = {"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders"}}
INDEX = {"Plan": {"Node Type": "Index Scan", "Index Name": "orders_by_customer", "Relation Name": "orders"}}

GOOD = Snapshot(
    at="2026-03-14T09:00:00+00:00",
    server={
        "version": 150018,
        "database": "shop",
        "system_identifier": "7",
        "started": "2026-03-01",
        "observed_since": "",
    },
    good=True,
    findings=(),
    examined=(),
    figures={},
    databases={"shop": 100 * MIB},
    relations=(Relation("shop", "orders", "table", 40 * MIB, 100_000), Relation("shop", "small", "table", 1, 10)),
    settings={"work_mem": "4MB"},
    counters={"blks_hit": 990_000, "blks_read": 10_000},
    extensions={"plpgsql": "1.0"},
    statements=(StatementPlan("f1", "SELECT * FROM orders WHERE customer = $1", 500, 2.0, 1000.0, 500, INDEX),),
)
NOW = replace(GOOD, at="2026-03-16T09:00:00+00:00", counters={"blks_hit": 1_980_000, "blks_read": 20_000})


def _changes(now: Snapshot) -> dict[str, tuple[str, str]]:
    found = performance(now, to_json(GOOD), "doctor-1").changes
    return {item.what: (str(item.before), str(item.after)) for item in found}


def test_the_same_is_no_change() -> None:
    diagnosis = performance(NOW, to_json(GOOD), "doctor-1")
    assert diagnosis.changes == ()
    assert not diagnosis.troubled
    assert "Nothing that was measured is otherwise" in diagnosis.sentence


def test_without_a_good_snapshot_it_says_so() -> None:
    diagnosis = performance(NOW, None, "doctor-1")
    assert (
        diagnosis.sentence == "There is no snapshot of a good time to compare with; this one is kept as the first."
    )
    assert diagnosis.changes == ()


CHANGED: dict[str, tuple[Snapshot, str, tuple[str, str]]] = {
    "a setting": (replace(NOW, settings={"work_mem": "64kB"}), "setting work_mem", ("4MB", "64kB")),
    "a setting set": (
        replace(NOW, settings={"work_mem": "4MB", "enable_indexscan": "off"}),
        "setting enable_indexscan",
        ("default", "off"),
    ),
    "an extension": (replace(NOW, extensions={"plpgsql": "1.1"}), "extension plpgsql", ("1.0", "1.1")),
    "a restart": (
        replace(NOW, server={**GOOD.server, "started": "2026-03-15"}),
        "the server was started",
        ("2026-03-01", "2026-03-15"),
    ),
    "a size": (
        replace(NOW, relations=(Relation("shop", "orders", "table", 80 * MIB, 110_000),)),
        "size of table shop.orders",
        ("40.0 MiB", "80.0 MiB"),
    ),
    "a new index": (
        replace(NOW, relations=(*GOOD.relations, Relation("shop", "extra", "index", 20 * MIB, 0))),
        "size of index shop.extra",
        ("0 B", "20.0 MiB"),
    ),
    "a mean time": (
        replace(NOW, statements=(replace(GOOD.statements[0], mean_ms=9.0),)),
        "mean time of SELECT * FROM orders WHERE customer = $1",
        ("2 ms", "9 ms"),
    ),
    "a plan": (
        replace(NOW, statements=(replace(GOOD.statements[0], plan=SEQ),)),
        "plan of SELECT * FROM orders WHERE customer = $1",
        ("Index Scan on orders_by_customer", "Seq Scan on orders"),
    ),
    "the cache": (
        replace(NOW, counters={"blks_hit": 1_080_000, "blks_read": 100_000}),
        "share of reads from cache",
        ("0.99×", "0.50×"),
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_change_is_told_with_both_values(kind: str) -> None:
    now, what, values = CHANGED[kind]
    assert _changes(now) == {what: values}


QUIET: dict[str, Snapshot] = {
    "a small relation that doubled": replace(
        NOW, relations=(*GOOD.relations[:1], Relation("shop", "small", "table", MIB, 10))
    ),
    "counters that were reset": replace(NOW, counters={"blks_hit": 5, "blks_read": 100_000}),
    "too few reads": replace(NOW, counters={"blks_hit": 990_001, "blks_read": 10_900}),
    "a statement with few calls": replace(NOW, statements=(replace(GOOD.statements[0], mean_ms=90.0, calls=3),)),
}


@pytest.mark.parametrize("kind", QUIET)
def test_what_means_nothing_is_not_told(kind: str) -> None:
    assert _changes(QUIET[kind]) == {}


def _finding(code: str) -> HealthFinding:
    return HealthFinding(code, Severity.WARNING, code.lower(), "what", "why", f"{code};", "risk")


def test_steps_look_first_and_rewrite_last() -> None:
    codes = ["TABLE_BLOATED", "INDEX_BLOATED", "STATISTICS_OLD", "LOCK_CHAIN", "DEAD_ROWS"]
    now = replace(NOW, findings=tuple(map(_finding, codes)), settings={"work_mem": "64kB"})
    steps = performance(now, to_json(GOOD), "doctor-1").steps
    assert steps[0].risk == "reads only"
    order = [step.what.split(":")[0] for step in steps[1:]]
    assert order[:5] == ["lock_chain", "statistics_old", "dead_rows", "index_bloated", "table_bloated"]
    assert order[5].startswith("setting work_mem was 4MB")


def test_no_step_restarts_or_locks_everybody_out() -> None:
    now = replace(NOW, findings=tuple(map(_finding, ["TABLE_BLOATED", "RESTART_PENDING"])))
    diagnosis = performance(now, to_json(GOOD), "doctor-1")
    assert not [step for step in diagnosis.steps if "VACUUM FULL" in step.command or "restart" in step.command]
    assert any("VACUUM FULL" in sentence for sentence in diagnosis.never)


def test_a_table_that_grew_is_analyzed() -> None:
    now = replace(NOW, relations=(Relation("shop", "orders", "table", 41 * MIB, 400_000),))
    commands = [step.command for step in performance(now, to_json(GOOD), "doctor-1").steps]
    assert 'ANALYZE "shop"."orders";' in commands


def test_figures_of_a_change_name_the_step() -> None:
    now = replace(NOW, relations=(Relation("shop", "orders", "table", 80 * MIB, 100_000),))
    (change,) = performance(now, to_json(GOOD), "doctor-1").changes
    assert isinstance(change.after, Figure)
    assert change.after.step == "doctor-1"


def test_the_shape_of_a_plan_names_nodes_and_what_they_read() -> None:
    plan: dict[str, Any] = {"Plan": {"Node Type": "Sort", "Plans": [SEQ["Plan"]]}}
    assert shape([plan]) == ("Sort", "Seq Scan on orders")
