"""The container template: what it promises, and that it overwrites nothing unasked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pgraduate.cluster import write_compose
from pgraduate.errors import Refused


def test_the_files_are_written_with_their_names(tmp_path: Path) -> None:
    written = write_compose(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "docker-compose.yml",
        ".env.example",
        "docker-initdb.d/10-owner.sh",
    ]
    assert all(path.is_file() for path in written)


def test_no_file_holds_a_password(tmp_path: Path) -> None:
    found = [
        place
        for path in write_compose(tmp_path)
        for place in re.findall(r"^\s*(\w*PASSWORD\w*)\s*[:=] *(.*)$", path.read_text(), re.MULTILINE)
    ]
    assert len(found) > 2
    for name, value in found:
        assert value == "" or value == f"${{{name}:?set it in .env}}" or value.startswith('"$POSTGRES_PASSWORD"')


def test_every_variable_of_the_template_is_in_the_example(tmp_path: Path) -> None:
    compose, example, _ = (path.read_text() for path in write_compose(tmp_path))
    used = set(re.findall(r"\$\{(\w+)", compose))
    offered = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert used == offered


def test_the_image_is_pinned_to_a_major_version(tmp_path: Path) -> None:
    compose = write_compose(tmp_path)[0].read_text()
    assert re.findall(r"image: (.*)", compose) == ["postgres:17"]


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in write_compose(tmp_path)}
    assert {path: path.read_bytes() for path in write_compose(tmp_path)} == first


def test_a_different_file_stops_everything_before_the_first_write(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("MINE=1\n")
    with pytest.raises(Refused, match="hold something else"):
        write_compose(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".env.example"]
    assert (tmp_path / ".env.example").read_text() == "MINE=1\n"


def test_force_overwrites_a_different_file(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("MINE=1\n")
    write_compose(tmp_path, force=True)
    assert "APP_OWNER_PASSWORD=" in (tmp_path / ".env.example").read_text()
