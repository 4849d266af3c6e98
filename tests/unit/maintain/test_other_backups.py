"""The lists of pgBackRest and Barman, from stand-ins that answer in the form of these tools."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from pgraduate.cli.maintain_backup import _held_by
from pgraduate.maintain.other_backups import ask_other_tools
from pgraduate.model.wire import to_json

HOUR = 3600
SYSTEM = "7300000000000000001"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what a test puts there, and no configuration."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("pgraduate.maintain.other_backups.configuration_of", lambda _tool: None)
    return tmp_path / "bin"


def _stand_in(directory: Path, name: str, words: str, answer: Any, code: int = 0) -> None:
    """A program that gives its answer to these words alone."""
    (directory / f"{name}.json").write_text(answer if isinstance(answer, str) else json.dumps(answer))
    script = f"""#!/bin/sh
[ "$*" = "{words}" ] || exit 64
while read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done <"{directory}/{name}.json"
exit {code}
"""
    (directory / name).write_text(script)
    (directory / name).chmod(0o755)


def _label(ended: int, *, error: bool = False) -> dict[str, Any]:
    return {
        "database": {"id": 1, "repo-key": 1},
        "error": error,
        "info": {"delta": 1000, "repository": {"delta": 10, "size": 10}, "size": 30_000_000},
        "label": f"{ended}F",
        "timestamp": {"start": ended - 60, "stop": ended},
        "type": "full",
    }


def test_where_neither_is_nothing_is_said(programs: Path) -> None:
    assert list(programs.iterdir()) == []
    assert ask_other_tools(SYSTEM) == ()


def test_pgbackrest_lists_its_backups_with_their_age_and_server(programs: Path) -> None:
    now = int(time.time())
    stanza = {
        "name": "main",
        "db": [{"id": 1, "repo-key": 1, "system-id": int(SYSTEM), "version": "15"}],
        "backup": [_label(now - 30 * HOUR), _label(now - 5 * HOUR), _label(now - HOUR, error=True)],
        "status": {"code": 0, "message": "ok"},
    }
    _stand_in(programs, "pgbackrest", "info --output=json", [stanza])
    (shelf,) = ask_other_tools(SYSTEM)
    assert [(backup.of, backup.good, backup.same_server) for backup in shelf.backups] == [
        ("main", False, True),
        ("main", True, True),
        ("main", True, True),
    ]
    age = shelf.backups[1].age_seconds
    assert age is not None
    assert 5 * HOUR <= age < 5 * HOUR + 600
    assert shelf.backups[1].bytes == 30_000_000
    text = "\n".join(_held_by(to_json(shelf)))
    assert f"main: 3 backups, the newest whole one {now - 5 * HOUR}F is" in text
    assert "another server" not in text
    (other,) = ask_other_tools("7300000000000000002")
    assert "of another server" in "\n".join(_held_by(to_json(other)))


def test_barman_lists_its_backups_with_their_age(programs: Path) -> None:
    ended = int(time.time()) - 7 * HOUR
    backups = [
        {"backup_id": "20261129T030000", "status": "STARTED"},
        {
            "backup_id": "20261128T200000",
            "end_time": "Sat Nov 28 20:00:10 2026",
            "end_time_timestamp": str(ended),
            "retention_status": "-",
            "size": "1.2 GiB",
            "size_bytes": 1_288_490_188,
            "status": "DONE",
            "tablespaces": [],
            "wal_size": "0 B",
            "wal_size_bytes": 0,
        },
    ]
    _stand_in(programs, "barman", "--format json list-backups all", {"app": backups, "empty": []})
    (shelf,) = ask_other_tools(SYSTEM)
    assert [(backup.of, backup.name, backup.good, backup.same_server) for backup in shelf.backups] == [
        ("app", "20261128T200000", True, None),
        ("app", "20261129T030000", False, None),
    ]
    assert "app: 2 backups, the newest whole one 20261128T200000 is" in _held_by(to_json(shelf))[0]


@pytest.mark.parametrize(
    ("answer", "code", "why"),
    [("[]", 37, "ended with 37"), ("no JSON", 0, "did not answer in the form"), ('[{"backup": [{}]}]', 0, "form")],
)
def test_a_tool_that_cannot_answer_is_told(programs: Path, answer: str, code: int, why: str) -> None:
    _stand_in(programs, "pgbackrest", "info --output=json", answer, code)
    (shelf,) = ask_other_tools(SYSTEM)
    assert why in shelf.why
    assert shelf.backups == ()
    assert shelf.why in _held_by(to_json(shelf))[0]


def test_no_backup_is_not_a_good_list(programs: Path) -> None:
    _stand_in(programs, "pgbackrest", "info --output=json", "[]")
    (shelf,) = ask_other_tools(SYSTEM)
    assert _held_by(to_json(shelf)) == ["pgBackRest  it lists no backup"]
