"""Alerts, settings, the report cache, the audit log, and migrations of the files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from app import migrations
from app.db import Databases
from app.repositories import operations
from app.repositories.operations import Setting


def test_the_gravest_alert_comes_first(workflows: sqlite3.Connection) -> None:
    for severity in ("info", "critical", "warning"):
        operations.raise_alert(workflows, severity, f"something {severity}")
    assert [alert["severity"] for alert in operations.open_alerts(workflows)] == ["critical", "warning", "info"]


def test_an_alert_is_acknowledged_once(workflows: sqlite3.Connection) -> None:
    alert = operations.raise_alert(workflows, "warning", "queue is long")
    assert operations.acknowledge(workflows, alert)
    assert not operations.acknowledge(workflows, alert)


@pytest.mark.parametrize("value", ["dark", 42, 0.125, b"\x00\x01", None])
def test_a_setting_keeps_the_kind_of_its_value(workflows: sqlite3.Connection, value: Setting) -> None:
    operations.put_setting(workflows, "any", value)
    stored = operations.setting(workflows, "any", "default")
    assert (type(stored), stored) == (type(value), value)


def test_a_setting_is_replaced(workflows: sqlite3.Connection) -> None:
    operations.put_setting(workflows, "theme", "dark")
    operations.put_setting(workflows, "theme", "light")
    assert operations.setting(workflows, "theme") == "light"


def test_a_cached_report_is_made_once(workflows: sqlite3.Connection) -> None:
    made: list[int] = []

    def report() -> dict[str, int]:
        made.append(1)
        return {"runs": 7}

    assert [operations.cached(workflows, "runs", report) for _ in range(2)] == [{"runs": 7}] * 2
    assert len(made) == 1


def test_an_expired_report_is_made_again(workflows: sqlite3.Connection) -> None:
    operations.cached(workflows, "runs", lambda: 1, seconds=0)
    assert operations.cached(workflows, "runs", lambda: 2) == 2


def test_the_audit_log_shows_the_newest_first(workflows: sqlite3.Connection) -> None:
    operations.record(workflows, "api", "start", "wf-1", run=1)
    operations.record(workflows, "api", "finish", "wf-1")
    assert [entry["action"] for entry in operations.trail(workflows, "wf-1")] == ["finish", "start"]


def test_the_audit_log_cannot_be_shortened(workflows: sqlite3.Connection) -> None:
    operations.record(workflows, "api", "start", "wf-1")
    with pytest.raises(sqlite3.IntegrityError, match="audit_log is append-only"), workflows:
        workflows.execute("DELETE FROM audit_log")
    assert len(operations.trail(workflows, "wf-1")) == 1


def test_creating_the_files_twice_changes_nothing(databases: Databases, workflows: sqlite3.Connection) -> None:
    operations.put_setting(workflows, "theme", "dark")
    databases.create()
    assert operations.setting(workflows, "theme") == "dark"


def test_a_file_of_an_older_version_gets_its_new_column(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db")
    old.row_factory = sqlite3.Row
    old.execute("CREATE TABLE tools (id INTEGER PRIMARY KEY, tool_name TEXT UNIQUE)")
    version = migrations.upgrade(old)
    found = migrations.columns(old, "tools")
    old.close()
    assert (version, "fallback_tool" in found) == (len(migrations.MIGRATIONS), True)


def test_migrations_run_once(workflows: sqlite3.Connection) -> None:
    before = migrations.columns(workflows, "tools")
    assert migrations.upgrade(workflows) == len(migrations.MIGRATIONS)
    assert migrations.columns(workflows, "tools") == before
