"""One step of a run taken back by its name, and all of a run's later steps with the run."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.pgcatalog import snapshot
from support.sqlite_files import make


@pytest.fixture
def notes(target: str, tmp_path: Path) -> str:
    """A run with a text in quarantine, and a column that the application made for its bytes."""
    path = make(
        tmp_path / "notes.db",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)",
        "INSERT INTO note VALUES (1, CAST(x'43616665e9' AS TEXT))",
    )
    assert pgraduate("run", path, "--to", target, cwd=tmp_path).code == 3
    with psycopg.connect(target) as connection:
        connection.execute("ALTER TABLE notes.note ADD COLUMN body_bytes bytea")
    return target


def restore(target: str, cwd: Path) -> None:
    arguments = ("verify", "--quarantine", "--restore", "note.body=body_bytes", "--to", target)
    assert pgraduate(*arguments, cwd=cwd).code == 0


def state(target: str) -> tuple[object, object]:
    with psycopg.connect(target) as connection:
        cells = connection.execute("SELECT count(*) FROM pgraduate.quarantine").fetchone()
        held = connection.execute("SELECT body_bytes FROM notes.note").fetchone()
    return cells, held


@pytest.mark.parametrize("name", ["restore", "restore-1"])
def test_a_step_is_taken_back_by_its_name_or_its_verb(notes: str, tmp_path: Path, name: str) -> None:
    before, cells = snapshot(notes), state(notes)
    restore(notes, tmp_path)
    assert state(notes) != cells
    undone = pgraduate("undo", name, "--to", notes, "--json", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert (undone.document["step"], len(undone.document["removed"])) == ("restore-1", 1)
    assert (snapshot(notes), state(notes)) == (before, cells)


def test_a_step_is_taken_back_once(notes: str, tmp_path: Path) -> None:
    restore(notes, tmp_path)
    pgraduate("undo", "restore", "--to", notes, cwd=tmp_path)
    again = pgraduate("undo", "restore", "--to", notes, "--json", cwd=tmp_path)
    assert again.code == 2
    assert "'restore'" in again.document["error"]["message"]


def test_a_name_that_means_nothing_is_refused_with_the_names_that_do(notes: str, tmp_path: Path) -> None:
    restore(notes, tmp_path)
    refused = pgraduate("undo", "tuning-1", "--to", notes, "--json", cwd=tmp_path)
    assert refused.code == 2
    assert "restore-1" in refused.document["error"]["hint"]


def test_a_run_takes_its_later_steps_with_it(notes: str, tmp_path: Path) -> None:
    restore(notes, tmp_path)
    undone = pgraduate("undo", "--to", notes, "--json", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert undone.document["removed"][0]["operation"] == "quarantine.restore"
    with psycopg.connect(notes) as connection:
        assert connection.execute("SELECT to_regnamespace('notes'), to_regnamespace('pgraduate')").fetchone() == (
            None,
            None,
        )


def test_an_undo_of_nothing_opens_no_journal(target: str, tmp_path: Path) -> None:
    assert pgraduate("undo", "restore", "--to", target, cwd=tmp_path).code == 2
    assert not (tmp_path / ".pgraduate").exists()
