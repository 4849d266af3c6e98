"""What other verbs say of rows that retention moved."""

from __future__ import annotations

from pathlib import Path

from support.cli import pgraduate
from support.sqlite_files import make

from pgraduate.document import Evidence
from pgraduate.document.future import calendar
from pgraduate.journal import Journal, runs

RULE = '[[maintain.retention]]\ntable = "log.event"\nage = "at"\nkeep = "10 years"\nto = "archive"\n'


def test_verify_and_uninstall_know_where_the_rows_are(target: str, tmp_path: Path) -> None:
    rows = ", ".join(f"({n}, '{1990 + n}-03-04 05:06:07')" for n in range(1, 11))
    make(
        tmp_path / "log.db",
        "CREATE TABLE event (id INTEGER PRIMARY KEY, at DATETIME NOT NULL)",
        f"INSERT INTO event VALUES {rows}, (11, '2100-01-01 00:00:00')",
    )
    assert pgraduate("run", "log.db", "--to", target, cwd=tmp_path).code == 0
    (tmp_path / "pgraduate.toml").write_text(RULE)
    moved = pgraduate("maintain", "retention", "run", "--to", target, cwd=tmp_path)
    assert moved.code == 0, moved.err
    assert "10 rows moved" in moved.out
    assert "log.event: 10 rows (archive)" in moved.out
    (run,) = runs(tmp_path / ".pgraduate")
    lines = calendar(Evidence.of(Journal.open(tmp_path / ".pgraduate", run)))
    assert [line.last is not None for line in lines if "retention" in line.command] == [True]
    verified = pgraduate("verify", "--to", target, "--json", cwd=tmp_path)
    assert verified.code == 4
    assert any("log.event: retention moved to archive 10 rows since" in why for why in verified.document["why"])
    left = pgraduate("uninstall", "--to", target, "--json", cwd=tmp_path).document
    assert "the way back for 10 rows that retention moved" in str(left["found"])
    words = ("--table", "log.event", "--from", "1990-01-01", "--until", "2001-01-01", "--to", target)
    back = pgraduate("maintain", "retention", "restore", *words, cwd=tmp_path)
    assert (back.code, back.out.splitlines()[0]) == (0, "10 rows came back"), back.err
    assert pgraduate("verify", "--to", target, cwd=tmp_path).code == 0
    assert "retention" not in pgraduate("uninstall", "--to", target, cwd=tmp_path).out


def test_a_rule_that_would_lose_rows_is_shown_and_refused(target: str, tmp_path: Path) -> None:
    make(
        tmp_path / "log.db",
        "CREATE TABLE event (id INTEGER PRIMARY KEY, at DATETIME NOT NULL)",
        "CREATE TABLE detail (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES event)",
        "INSERT INTO event VALUES (1, '1990-03-04 05:06:07')",
        "INSERT INTO detail VALUES (1, 1), (2, 1)",
    )
    assert pgraduate("run", "log.db", "--to", target, cwd=tmp_path).code == 0
    (tmp_path / "pgraduate.toml").write_text(RULE.replace('"archive"', '"drop"'))
    planned = pgraduate("maintain", "retention", "plan", "--to", target, "--json", cwd=tmp_path)
    assert planned.code == 5
    assert planned.document["rules"][0]["refusals"] == [
        "log.detail: 2 rows would be lost; name it in 'children' if that is meant"
    ]
    shown = pgraduate("maintain", "retention", "plan", "--to", target, cwd=tmp_path)
    assert "log.detail: 2 rows would be lost" in shown.out
    refused = pgraduate("maintain", "retention", "run", "--to", target, "--json", cwd=tmp_path)
    assert (refused.code, refused.document["error"]["code"]) == (5, "REFUSED")
