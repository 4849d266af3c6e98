"""`tune indexes` as a user meets it: planned and proven on a clone, built, looked at again, taken back."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from support.cli import pgraduate
from support.pgcatalog import snapshot
from support.tuning import SECRET, fill, write_workload

from pgraduate.model.wire import to_json
from pgraduate.tune.indexes.definition import Definition, column_key


@pytest.fixture
def shop(target: str, tmp_path: Path) -> str:
    fill(target)
    write_workload(tmp_path / "day.jsonl", "missing", "running", "owner", "bump")
    return target


def _indexes(target: str) -> set[str]:
    with psycopg.connect(target) as connection:
        return {
            name
            for (name,) in connection.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%_tuned'")
        }


def test_planned_built_checked_and_taken_back(shop: str, tmp_path: Path) -> None:
    before = snapshot(shop)
    planned = pgraduate("tune", "indexes", "plan", "--workload", "day.jsonl", "--to", shop, "--json", cwd=tmp_path)
    assert planned.code == 0, planned.err
    document = planned.document
    assert snapshot(shop) == before
    assert SECRET not in planned.out + planned.err
    # Which of them pass the execution is for the clone to say; what was proposed is the plan plus what it dropped.
    found = [item["statement"] for item in document["indexes"]]
    dropped = [item["statement"] for item in document["proof"]["dropped"]]
    assert any('"call" ("run_id"' in statement for statement in [*found, *dropped])

    saved = json.loads(Path(document["plan"]).read_text())
    assert SECRET not in json.dumps(saved)
    names = {item["name"] for item in saved["indexes"]}

    applied = pgraduate("tune", "indexes", "apply", "--to", shop, "--json", cwd=tmp_path)
    assert applied.code in (0, 3), applied.err
    built = set(applied.document["built"])
    assert built | {item["name"] for item in applied.document["taken_back"]} == names
    assert _indexes(shop) == built

    checked = pgraduate("tune", "indexes", "check", "--to", shop, "--json", cwd=tmp_path).document
    assert {item["name"] for item in checked["indexes"] if item["is_valid"]} == built
    assert SECRET not in json.dumps(checked)

    undone = pgraduate("tune", "indexes", "undo", "--to", shop, "--json", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert set(undone.document["removed"]) == built
    assert snapshot(shop) == before


def _write_plan(shop: str, project: Path, *definitions: Definition, system_identifier: str | None = None) -> None:
    """Write by hand what `plan` would."""
    with psycopg.connect(shop) as connection:
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    assert row is not None
    document = {
        "system_identifier": system_identifier or row[0],
        "workload": {"file": None},
        "indexes": [{"definition": to_json(item)} for item in definitions],
    }
    path = project / ".pgraduate" / "tune" / "indexes.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))


ONE = Definition("shop", "call", (column_key("run_id"),))
OTHER = Definition("shop", "run", (column_key("started_at"),), where="status = 'running'")


def test_what_stands_in_the_plan_is_built_and_its_step_can_be_undone(shop: str, tmp_path: Path) -> None:
    before = snapshot(shop)
    _write_plan(shop, tmp_path, ONE, OTHER)
    applied = pgraduate("tune", "indexes", "apply", "--to", shop, "--json", cwd=tmp_path)
    assert (applied.code, applied.document["built"]) == (0, [ONE.name, OTHER.name])
    assert _indexes(shop) == {ONE.name, OTHER.name}
    assert pgraduate("undo", applied.document["step"], "--to", shop, cwd=tmp_path).code == 0
    assert snapshot(shop) == before


def test_in_place_the_targets_own_hypopg_is_asked_and_nothing_is_executed(shop: str, tmp_path: Path) -> None:
    plan = ("tune", "indexes", "plan", "--in-place", "--workload", "day.jsonl", "--to", shop, "--json")
    refused = pgraduate(*plan, cwd=tmp_path)
    assert refused.code == 5
    assert "CREATE EXTENSION hypopg" in refused.document["error"]["hint"]
    with psycopg.connect(make_conninfo(shop, user="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_available_extensions WHERE name = 'hypopg'").fetchone() is None:
            pytest.skip("HypoPG is not installed beside this server")
        connection.execute("CREATE EXTENSION hypopg")
    before = snapshot(shop)
    document = pgraduate(*plan, cwd=tmp_path).document
    assert document["proof"] is None
    assert any('"call" ("run_id"' in item["statement"] for item in document["indexes"])
    assert snapshot(shop) == before


def test_an_index_that_is_missing_is_said_by_check(shop: str, tmp_path: Path) -> None:
    _write_plan(shop, tmp_path, ONE)
    result = pgraduate("tune", "indexes", "check", "--to", shop, "--json", cwd=tmp_path)
    assert (result.code, result.document["indexes"]) == (4, [{"name": ONE.name, "is_valid": False, "scans": None}])


def test_without_a_workload_and_statistics_it_says_what_is_missing(target: str, tmp_path: Path) -> None:
    result = pgraduate("tune", "indexes", "plan", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 5
    assert "--workload" in result.document["error"]["hint"]


def test_without_a_plan_there_is_nothing_to_apply(target: str, tmp_path: Path) -> None:
    result = pgraduate("tune", "indexes", "apply", "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["hint"]) == (2, "pgraduate tune indexes plan")


def test_a_plan_for_another_server_is_refused(shop: str, tmp_path: Path) -> None:
    _write_plan(shop, tmp_path, ONE, system_identifier="7")
    assert pgraduate("tune", "indexes", "apply", "--to", shop, "--json", cwd=tmp_path).code == 5
    assert _indexes(shop) == set()


def test_a_superfluous_index_is_dropped_on_request_only_and_comes_back(shop: str, tmp_path: Path) -> None:
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("CREATE INDEX once ON shop.run (owner); CREATE INDEX twice ON shop.run (owner)")
    before = snapshot(shop)
    drop = ("tune", "indexes", "drop")
    assert pgraduate(*drop, "shop.twice", "--to", shop, cwd=tmp_path).code == 5
    assert pgraduate(*drop, "shop.run_pkey", "--yes", "--to", shop, cwd=tmp_path).code == 2
    assert snapshot(shop) == before
    result = pgraduate(*drop, "shop.twice", "--yes", "--to", shop, "--json", cwd=tmp_path)
    assert (result.code, result.document["dropped"]) == (0, ["shop.twice"])
    assert snapshot(shop) != before
    assert pgraduate("undo", result.document["step"], "--to", shop, cwd=tmp_path).code == 0
    assert snapshot(shop) == before
