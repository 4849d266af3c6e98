"""What is decided before a server program runs."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from pgraduate.cluster import Embedded
from pgraduate.errors import TargetUnusable, UsageError


def made_before(directory: Path, version: str) -> Embedded:
    """A stopped server of another time, as far as files can tell."""
    data = directory / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text(version)
    if os.geteuid() == 0:
        os.chown(data, pwd.getpwnam("nobody").pw_uid, -1)
    (directory / "server.json").write_text(json.dumps({"format": 1, "sockets": "run"}))
    return Embedded(directory)


def test_data_of_a_major_version_without_binaries_are_left_alone(tmp_path: Path) -> None:
    server = made_before(tmp_path / "server", "12\n")
    with pytest.raises(TargetUnusable, match="no server programs of PostgreSQL 12") as caught:
        server.start()
    assert "a data directory needs its own major version, 12" in str(caught.value.hint)
    assert (tmp_path / "server/data/PG_VERSION").read_text() == "12\n"
    assert not (tmp_path / "server/run").exists()


def test_a_version_file_without_a_version_is_explained(tmp_path: Path) -> None:
    with pytest.raises(TargetUnusable, match=r"'9\.6' is not a version"):
        made_before(tmp_path / "server", "9.6\n").start()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1, "unknown": 2}', '{"place": "."}'])
def test_a_damaged_record_is_an_error_and_not_an_absent_server(text: str, tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(text)
    with pytest.raises(TargetUnusable, match="record cannot be read"):
        Embedded(tmp_path).status()


def test_a_newer_record_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text('{"format": 2}')
    with pytest.raises(TargetUnusable, match="format 2, this version knows 1"):
        Embedded(tmp_path).status()


def test_a_directory_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "server").write_text("")
    with pytest.raises(TargetUnusable, match="cannot be used: Not a directory"):
        Embedded(tmp_path / "server").start()


def test_a_superuser_is_not_offered_where_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(TargetUnusable, match="no embedded server"):
        Embedded(tmp_path / "server").superuser_conninfo()


def test_an_impossible_setting_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Embedded(tmp_path / "server", settings={"port": "none"})
    assert list(tmp_path.iterdir()) == []
