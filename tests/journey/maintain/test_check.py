"""`maintain check` and `maintain run` as a user calls them: documents by contract, text, metrics, exit codes."""

from __future__ import annotations

from pathlib import Path

import psycopg
from support.cli import pgraduate

from pgraduate.health import CHECKS, FACT
from pgraduate.journal import Journal, runs


def test_a_check_names_what_is_wrong_and_keeps_a_snapshot(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute("CREATE TABLE t (x int)")
    connection.execute("CREATE INDEX one ON t (x)")
    connection.execute("CREATE INDEX two ON t (x)")
    metrics = tmp_path / "pgraduate.prom"
    result = pgraduate("maintain", "check", "--to", target, "--json", "--metrics-file", metrics, cwd=tmp_path)
    found = {finding["code"]: finding for finding in result.document["findings"]}
    assert found["INDEX_DUPLICATE"]["command"] == 'DROP INDEX CONCURRENTLY "public"."two";'
    severities = {finding["where"]: finding["severity"] for finding in result.document["findings"]}
    assert severities["setting fsync"] == "error"  # the tests' server runs without it
    assert result.code == 3
    asked = {item["check"] for item in result.document["examined"]}
    assert asked == {check.name for check in CHECKS if not check.on_demand}
    assert 'code="INDEX_DUPLICATE",where="\\"public\\".\\"two\\""} 1\n' in metrics.read_text()
    (run,) = runs(tmp_path / ".pgraduate")
    facts = [entry for entry in Journal.open(tmp_path / ".pgraduate", run).entries() if entry.get("name") == FACT]
    assert [fact["value"]["good"] for fact in facts] == [False]


def test_people_read_the_worst_first_and_what_was_not_seen(target: str, tmp_path: Path) -> None:
    result = pgraduate("maintain", "check", "--to", target, cwd=tmp_path)
    assert result.code == 3
    assert (
        result.out.index("ERROR  setting") < result.out.index("examined:") < result.out.index("not seen from here:")
    )


def test_a_check_that_does_not_exist_is_a_usage_error(target: str, tmp_path: Path) -> None:
    result = pgraduate("maintain", "check", "--only", "blot", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 2
    assert "there is no check 'blot'" in result.document["error"]["message"]


def test_a_run_with_nothing_to_do_says_so(target: str, tmp_path: Path) -> None:
    result = pgraduate("maintain", "run", "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["done"]) == (0, [])


def test_a_key_that_is_not_understood_stops_the_command(target: str, tmp_path: Path) -> None:
    (tmp_path / "pgraduate.toml").write_text('[maintain]\nwindows = "01:00-02:00"\n')
    result = pgraduate("maintain", "run", "--to", target, cwd=tmp_path)
    assert result.code == 2
    assert "unknown key 'windows' in [maintain]" in result.err
