"""Whether a process is a cluster's server; what a pid file alone proves."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pgraduate.cluster import postmaster
from pgraduate.cluster.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "data").mkdir()
    return Places(tmp_path, tmp_path)


def test_without_a_pid_file_nothing_runs(places: Places) -> None:
    assert postmaster.running_pid(places) is None


@pytest.mark.parametrize("content", ["", "\n", "garbage\n", "0\n", "99999999\n", "-1\n", "9" * 40 + "\n"])
def test_a_damaged_pid_file_is_not_taken_for_a_server(content: str, places: Places) -> None:
    (places.data / "postmaster.pid").write_text(content)
    assert postmaster.running_pid(places) is None


def test_this_very_process_is_not_taken_for_a_server(places: Places) -> None:
    (places.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert postmaster.running_pid(places) is None


def test_a_stranger_in_the_data_directory_is_not_taken_for_a_server(places: Places) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=places.data) as stranger:
        (places.data / "postmaster.pid").write_text(f"{stranger.pid}\n")
        found = postmaster.running_pid(places)
        postmaster.stop(places)
        assert stranger.poll() is None
        stranger.kill()
    assert found is None
