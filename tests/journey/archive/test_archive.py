"""`pgraduate archive` behind a run: what stands in its way, what it leaves, and the way back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.cli import Result, pgraduate
from support.sources import make_shop
from support.sqlite_files import make

from pgraduate.archive.tombstone import PAGE


@pytest.fixture
def project(tmp_path: Path, target: str) -> Path:
    """A git repository with a database that a run has carried over, and a program that names it."""
    place = tmp_path / "project"
    place.mkdir()
    make_shop(place / "shop.db", purchases=30)
    (place / ".gitignore").write_text("*.db\n")
    (place / "app.py").write_text("PATH = 'shop.db'\n")
    for command in (["init", "-q", "."], ["add", "."]):
        subprocess.run(["git", *command], cwd=place, check=True)
    done = pgraduate("run", "shop.db", "--to", target, "--json", cwd=place)
    assert done.code == 0, done.err
    return place


def _archive(project: Path, target: str, *arguments: str) -> Result:
    return pgraduate("archive", "shop.db", "--window", "0.1", "--to", target, "--json", *arguments, cwd=project)


def test_the_whole_way_there_and_back(project: Path, target: str) -> None:
    kept = _archive(project, target)
    assert kept.code == 3, kept.err
    document = kept.document
    assert document["carried"] is True
    assert not document["removed"]
    assert document["proof"]["references"] == [{"file": "app.py", "line": 1, "kind": "program"}]
    assert (project / "shop.db").is_file()

    refused = _archive(project, target, "--remove")
    assert refused.code == 5
    assert refused.document["error"]["where"] == "app.py:1"

    removed = _archive(project, target, "--remove", "--accept", "references")
    assert removed.code == 0, removed.err
    assert (project / "shop.db" / PAGE).is_file()
    name = removed.document["archive"]["name"]

    listed = pgraduate("archive", "list", "--json", cwd=project).document
    assert [item["name"] for item in listed["archives"]] == [document["archive"]["name"], name]
    assert pgraduate("archive", "verify", name, "--json", cwd=project).document["verified"] is True
    restored = pgraduate("archive", "restore", name, "-o", "again.db", "--json", cwd=project)
    assert restored.document["restored"] == str(project / "again.db")

    undone = pgraduate("undo", "archive", "--to", target, "--json", cwd=project)
    assert undone.code == 0, undone.err
    assert (project / "shop.db").is_file()


def test_rows_that_postgresql_does_not_hold_keep_the_original(project: Path, target: str) -> None:
    (project / "app.py").write_text("")
    make(project / "shop.db", "INSERT INTO purchase (customer_id, product_id) VALUES (1, 1)")
    refused = _archive(project, target, "--remove")
    assert refused.code == 5
    assert "not what this run verified" in refused.document["error"]["message"]
    assert (project / "shop.db").is_file()
    assert len(pgraduate("archive", "list", "--json", cwd=project).document["archives"]) == 1
    accepted = _archive(project, target, "--remove", "--accept", "changes")
    assert accepted.code == 0, accepted.err
    assert accepted.document["carried"] is False


def test_a_flipped_bit_ends_with_four(project: Path, target: str) -> None:
    document = _archive(project, target).document
    packed = Path(document["archive"]["directory"]) / document["archive"]["file"]
    data = bytearray(packed.read_bytes())
    data[100] ^= 4
    packed.write_bytes(data)
    assert pgraduate("archive", "verify", document["archive"]["name"], "--json", cwd=project).code == 4


def test_an_archived_place_is_not_archived_again(project: Path, target: str) -> None:
    assert _archive(project, target, "--remove", "--accept", "references").code == 0
    again = _archive(project, target)
    assert again.code == 2
    assert "directory" in again.document["error"]["message"]
