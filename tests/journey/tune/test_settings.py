"""`tune settings` on the embedded server: planned, tried on a copy, altered, restarted, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    assert pgraduate("server", "start", cwd=tmp_path).code == 0
    yield tmp_path
    pgraduate("server", "remove", "--yes", cwd=tmp_path)


def test_planned_altered_restarted_and_taken_back_with_statements_counted_in_between(project: Path) -> None:
    refused = pgraduate("tune", "statements", "--json", cwd=project)
    assert refused.code == 5
    assert "tune settings plan" in refused.document["error"]["hint"]

    planned = pgraduate("tune", "settings", "plan", "--memory", "1GB", "--cores", "2", "--json", cwd=project)
    assert planned.code == 0, planned.err
    names = [item["name"] for item in planned.document["settings"]]
    assert {"shared_preload_libraries", "jit"} <= set(names)
    assert planned.document["booted"]
    applied = pgraduate("tune", "settings", "apply", "--restart", "--json", cwd=project)
    assert applied.code == 0, applied.err
    assert (applied.document["altered"], applied.document["pending_restart"]) == (names, [])

    first = pgraduate("tune", "statements", "--json", cwd=project)
    assert first.code == 0, first.err
    conninfo = pgraduate("server", "status", "--json", cwd=project).document["conninfo"]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE counted (a int)")
        for number in range(3):
            connection.execute(f"SELECT a FROM counted WHERE a = {number}".encode())
    second = pgraduate("tune", "statements", "--json", "--by", "calls", cwd=project).document
    (item,) = [item for item in second["statements"] if "counted" in item["text"]]
    assert (item["calls"], item["text"]) == (3, "SELECT a FROM counted WHERE a = ?")
    third = pgraduate("tune", "statements", "--json", cwd=project).document
    assert not [item for item in third["statements"] if "counted" in item["text"]]

    undone = pgraduate("tune", "settings", "undo", "--json", cwd=project)
    assert undone.code == 0, undone.err
    assert len(undone.document["removed"]) == 1


def test_another_machine_must_be_described_and_is_planned_for_only(target: str, tmp_path: Path) -> None:
    result = pgraduate("tune", "settings", "plan", "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["hint"]) == (2, "say what it has: --memory 8GB --cores 4")
    planned = pgraduate(
        *("tune", "settings", "plan", "--to", target, "--memory", "8GB", "--cores", "4", "--json"), cwd=tmp_path
    )
    assert planned.code == 0, planned.err
    assert not planned.document["booted"]
    assert pgraduate("tune", "settings", "apply", "--to", target, "--json", cwd=tmp_path).code == 5
