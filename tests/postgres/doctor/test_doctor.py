"""`pgraduate doctor` on a real server: planted trouble is found, and what cannot be seen is said."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from support.cli import pgraduate
from support.server import OWNER, PrivateServer


def _doctor(target: str, project: Path, *symptoms: str) -> Any:
    done = pgraduate("doctor", *symptoms, "--to", target, "--json", cwd=project)
    document = done.document
    assert "error" not in document, done.err
    assert done.code == document["exit_code"]
    return document


def _of(document: Any, symptom: str) -> Any:
    return next(item for item in document["diagnoses"] if item["symptom"] == symptom)


def _call_it_good(project: Path) -> None:
    """Mark the snapshots that were kept as good: the tests' server runs without fsync, which no check forgives."""
    for journal in project.glob(".pgraduate/runs/*/journal.jsonl"):
        journal.write_text(journal.read_text().replace('"good": false', '"good": true'))


def test_the_first_look_is_kept_and_the_next_compares_with_it(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute("CREATE TABLE grown (a int PRIMARY KEY, b text)")
    connection.execute("ANALYZE")
    first = _doctor(target, tmp_path, "performance")
    assert "no snapshot of a good time" in _of(first, "performance")["sentence"]
    _call_it_good(tmp_path)
    connection.execute("INSERT INTO grown SELECT n, repeat('x', 600) FROM generate_series(1, 20000) n")
    connection.execute("ANALYZE grown")
    database = connection.info.dbname
    connection.execute(f"ALTER DATABASE {database} SET work_mem = '64kB'")
    second = _of(_doctor(target, tmp_path, "performance"), "performance")
    changed = {item["what"] for item in second["changes"]}
    assert "size of table public.grown" in changed
    assert "setting work_mem" in changed
    assert 'ANALYZE "public"."grown";' in [step["command"] for step in second["steps"]]


def test_a_session_that_blocks_comes_before_all_else(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute("CREATE TABLE t (a int)")
    connection.execute("BEGIN; LOCK t")
    with psycopg.connect(target, autocommit=True) as waiting:
        waiting.pgconn.send_query(b"SELECT * FROM t")
        connection.execute("SELECT pg_sleep(6)")  # a wait is told from five seconds on
        found = _of(_doctor(target, tmp_path, "performance"), "performance")
        waiting.close()
    connection.execute("ROLLBACK")
    assert any("holds a lock" in line for line in found["blind"])
    assert "LOCK_CHAIN" in {item["code"] for item in found["findings"]}
    assert "1 session waits for it on t" in found["steps"][1]["what"]


def test_disk_says_what_is_large_and_what_it_cannot_see(
    connection: psycopg.Connection, target: str, tmp_path: Path
) -> None:
    connection.execute("CREATE TABLE large AS SELECT repeat('x', 100) AS text FROM generate_series(1, 20000)")
    found = _of(_doctor(target, tmp_path, "disk"), "disk")
    figures = {item["name"]: item["value"] for item in found["figures"]}
    assert figures["databases"] > 0
    assert figures["write-ahead log"] is None
    assert figures["table public.large"] > 2_000_000
    assert any("pg_monitor" in line for line in found["blind"])
    assert found["steps"][0]["risk"] == "reads only"


def test_a_member_of_pg_monitor_sees_the_log(server: PrivateServer, target: str, tmp_path: Path) -> None:
    with psycopg.connect(server.superuser, autocommit=True) as administrator:
        administrator.execute(f"GRANT pg_monitor TO {OWNER}")
        try:
            found = _of(_doctor(target, tmp_path, "disk"), "disk")
        finally:
            administrator.execute(f"REVOKE pg_monitor FROM {OWNER}")
    assert {item["name"]: item["value"] for item in found["figures"]}["write-ahead log"] > 0


def test_who_holds_connections_is_named(target: str, tmp_path: Path) -> None:
    with psycopg.connect(target, application_name="shop"), psycopg.connect(target, application_name="shop"):
        found = _of(_doctor(target, tmp_path, "connections"), "connections")
    assert {item["name"]: item["value"] for item in found["figures"]}[f"held by {OWNER}, shop, idle"] == 2


def test_a_roles_own_limit_is_found(server: PrivateServer, target: str, tmp_path: Path) -> None:
    limited = make_conninfo(target, user="limited")
    with server.roles("limited"), psycopg.connect(server.superuser, autocommit=True) as administrator:
        administrator.execute("ALTER ROLE limited CONNECTION LIMIT 2")
        with psycopg.connect(limited):
            found = _of(_doctor(limited, tmp_path, "connections"), "connections")
        _wait_until_gone(administrator, "limited")
        with psycopg.connect(limited), psycopg.connect(limited):
            refused = _doctor(limited, tmp_path, "connections")
    assert "ROLE_LIMIT_REACHED" in {item["code"] for item in found["findings"]}
    assert refused["exit_code"] == 7
    assert _of(refused, "connections")["findings"][0]["code"] == "CONNECTIONS_RUN_OUT"


def _wait_until_gone(administrator: psycopg.Connection, role: str) -> None:
    """A session counts against its role's limit until its process has ended, a moment after the client has left."""
    for _ in range(500):
        if administrator.execute("SELECT FROM pg_stat_activity WHERE usename = %s", (role,)).fetchone() is None:
            return
        time.sleep(0.02)
    raise AssertionError(f"sessions of {role} stay")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("host=127.0.0.1 port=1 dbname=x user=y", "SERVER_DOWN"),
        ("host=/nowhere dbname=x user=y", "SERVER_DOWN"),
        ("host=no-such-host.invalid dbname=x user=y", "HOST_UNKNOWN"),
    ],
)
def test_a_server_that_does_not_answer_is_a_result(tmp_path: Path, words: str, code: str) -> None:
    document = _doctor(words, tmp_path)
    assert document["exit_code"] == 7
    assert [item["code"] for item in document["diagnoses"][0]["findings"]] == [code]


def test_names_that_the_server_does_not_know(server: PrivateServer, tmp_path: Path) -> None:
    for words in (
        f"host={server.directory} user={OWNER} dbname=none",
        f"host={server.directory} user=none dbname=postgres",
    ):
        document = _doctor(words, tmp_path)
        assert document["diagnoses"][0]["findings"][0]["code"] == "NAME_UNKNOWN"


def test_a_password_that_is_asked_for(server: PrivateServer, target: str, tmp_path: Path) -> None:
    with server.asking_for_passwords(OWNER):
        document = _doctor(target, tmp_path)
    assert document["diagnoses"][0]["findings"][0]["code"] == "PASSWORD_REFUSED"


def test_a_symptom_that_is_not_known(target: str, tmp_path: Path) -> None:
    assert pgraduate("doctor", "weather", "--to", target, "--json", cwd=tmp_path).code == 2


def test_it_changes_nothing_in_the_database(target: str, tmp_path: Path) -> None:
    from support.pgcatalog import snapshot

    before = snapshot(target)
    _doctor(target, tmp_path)
    assert snapshot(target) == before
