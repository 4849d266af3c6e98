"""What a snapshot keeps of a server, and what it never keeps."""

from __future__ import annotations

import json

import psycopg

from pgraduate.health import Snapshot, StatementPlan, gather, run_checks, take_snapshot
from pgraduate.model.wire import from_json, to_json


def test_a_snapshot_survives_its_json(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 100) AS g")
    facts = gather(connection)
    statement = StatementPlan("ab12", "SELECT $1", 3, 0.5, 1.5, 3, {"Plan": {"Node Type": "Result"}})
    examinations = run_checks(connection, facts, ["sequences", "disk"])
    snapshot = take_snapshot(connection, facts, examinations, system_identifier="7", statements=[statement])
    kept = json.loads(json.dumps(to_json(snapshot)))
    assert to_json(from_json(Snapshot, kept)) == kept
    assert kept["statements"][0]["fingerprint"] == "ab12"
    assert [item["name"] for item in kept["relations"]] == ["t"]
    assert kept["counters"]["xact_commit"] >= 0
    assert kept["good"] is True


def test_a_snapshot_holds_no_setting_in_which_secrets_stand(target: str) -> None:
    with psycopg.connect(target + " options='-c cluster.password=hush'", autocommit=True) as connection:
        facts = gather(connection)
        snapshot = take_snapshot(connection, facts, ())
    assert not [name for name in snapshot.settings if "password" in name or "conninfo" in name]
    assert "hush" not in json.dumps(to_json(snapshot))
