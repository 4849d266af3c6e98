"""Whom a server runs as, and what a child of ours is given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgraduate.cluster import account
from pgraduate.cluster.account import account_for, caller
from pgraduate.errors import TargetUnusable


def test_an_ordinary_caller_runs_a_new_server_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert account_for(tmp_path / "data").uid == 4711


def test_a_system_without_an_unprivileged_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account, "UNPRIVILEGED", ("no_such_user",))
    with pytest.raises(TargetUnusable, match="no user to run it as"):
        account_for(tmp_path / "data")


def test_a_child_sees_no_variable_of_libpq_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@nowhere.invalid/db")
    seen = caller().run(["/bin/sh", "-c", "env"], cwd=Path("/")).stdout
    assert "LC_ALL=C" in seen.splitlines()
    assert "nowhere" not in seen


def test_a_child_is_in_a_session_of_its_own() -> None:
    shell = caller().run(["/bin/sh", "-c", "echo $$; ps -o sid= -p $$"], cwd=Path("/")).stdout.split()
    assert shell[0] == shell[1]


def test_a_program_that_does_not_exist_is_explained() -> None:
    with pytest.raises(TargetUnusable, match="cannot be run as the user"):
        caller().run(["/no/such/program"], cwd=Path("/"))
