"""The generator gives the same files for the same wish, and never overwrites unasked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Generate = Callable[..., CompletedProcess[str]]
FILES = ("workflows.db", "phases.db")


def _bytes(directory: Path) -> list[bytes]:
    return [(directory / name).read_bytes() for name in FILES]


def _rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


def test_the_same_seed_gives_the_same_bytes(generate: Generate, dirty: Path, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--seed", "7", "--size", "small")
    assert _bytes(tmp_path) == _bytes(dirty)


def test_time_zone_and_hash_seed_do_not_matter(generate: Generate, dirty: Path, tmp_path: Path) -> None:
    generate("--out", tmp_path, TZ="Pacific/Auckland", PYTHONHASHSEED="4711")
    assert _bytes(tmp_path) == _bytes(dirty)


def test_clean_files_are_deterministic_too(generate: Generate, clean: Path, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--clean")
    assert _bytes(tmp_path) == _bytes(clean)


def test_another_seed_gives_other_rows(generate: Generate, dirty: Path, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--seed", "8")
    ours, theirs = (sqlite3.connect(place / "workflows.db") for place in (tmp_path, dirty))
    with closing(ours), closing(theirs):
        query = "SELECT workflow_id FROM workflow_history WHERE id = 1"
        assert ours.execute(query).fetchone() != theirs.execute(query).fetchone()


def test_a_number_is_the_number_of_runs(generate: Generate, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--size", "250", "--clean")
    runs = [_rows(tmp_path / name, "workflow_history") for name in FILES]
    assert runs == [250, 125]


def test_more_runs_than_one_block_keep_every_reference(generate: Generate, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--size", "5100", "--clean")
    with closing(sqlite3.connect(tmp_path / "phases.db")) as connection:
        queued, first, last = connection.execute("SELECT count(*), min(id), max(id) FROM phase_queue").fetchone()
        lost = connection.execute(
            "SELECT count(*) FROM phase_queue WHERE depends_on NOT IN (SELECT id FROM phase_queue)"
        ).fetchone()[0]
    assert (last - first + 1, lost) == (queued, 0)


def test_the_last_run_begins_before_the_given_moment(generate: Generate, tmp_path: Path) -> None:
    generate("--out", tmp_path, "--until", "2024-01-15T00:00:00", "--clean")
    with closing(sqlite3.connect(tmp_path / "workflows.db")) as connection:
        last = connection.execute("SELECT max(started_at) FROM workflow_history").fetchone()[0]
    assert "2024-01-12" < last < "2024-01-15"


def test_existing_files_are_not_overwritten(generate: Generate, tmp_path: Path) -> None:
    (tmp_path / "workflows.db").write_bytes(b"mine")
    done = generate("--out", tmp_path)
    assert (done.returncode, (tmp_path / "workflows.db").read_bytes()) == (2, b"mine")


def test_existing_files_are_replaced_by_force(generate: Generate, dirty: Path, tmp_path: Path) -> None:
    (tmp_path / "phases.db").write_bytes(b"old")
    generate("--out", tmp_path, "--force")
    assert _bytes(tmp_path) == _bytes(dirty)


@pytest.mark.parametrize("size", ["99", "0", "-1", "huge"])
def test_an_impossible_size_is_refused(generate: Generate, tmp_path: Path, size: str) -> None:
    done = generate("--out", tmp_path, "--size", size)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_smallest_size_is_large_enough_for_every_seed(generate: Generate, tmp_path: Path, seed: int) -> None:
    done = generate("--out", tmp_path, "--size", "100", "--seed", str(seed))
    assert done.returncode == 0, done.stderr
