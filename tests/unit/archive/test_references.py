"""Where a file name is found as plain text: whole words, by file and line, never the text of the line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pgraduate.archive.references import References, find_references
from pgraduate.repository import find_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "app.db").write_bytes(b"SQLite format 3\0")
    return tmp_path


def _search(root: Path, **files: str) -> References:
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)
    subprocess.run(["git", "add", *(name.replace("__", ".") for name in files)], cwd=root, check=True)
    found = find_repository(root)
    assert found is not None
    return find_references(root / "data" / "app.db", found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('connect("app.db")', True),
        ("sqlite:///data/app.db", True),
        ("rm app.db-wal", True),
        ("It was app.db.", True),
        ("myapp.db", False),
        ("old.app.db", False),
        ("app.dbx", False),
        ("app.db.bak", False),
        ("appXdb", False),
    ],
)
def test_a_name_is_found_as_a_whole_word(repository: Path, text: str, found: bool) -> None:
    assert bool(_search(repository, main__py=text).found) is found


def test_a_reference_is_a_file_and_a_line(repository: Path) -> None:
    (reference,) = _search(repository, main__py="import sqlite3\n\ndb = 'app.db'\n").found
    assert (reference.file, reference.line, reference.kind) == ("main.py", 3, "program")


def test_documents_and_ignore_rules_open_no_file(repository: Path) -> None:
    found = _search(repository, NOTES__md="app.db", __gitignore="app.db")
    assert {item.kind for item in found.found} == {"document", "rule"}
    assert found.programs == ()


def test_an_env_file_that_git_ignores_is_searched(repository: Path) -> None:
    (repository / ".env").write_text("TOKEN=secret\nDATABASE=app.db\n")
    found = _search(repository, __gitignore=".env\n")
    assert [(item.file, item.line) for item in found.programs] == [(".env", 2)]


def test_an_untracked_program_is_not_searched(repository: Path) -> None:
    (repository / "scratch.py").write_text("app.db")
    assert _search(repository, main__py="").found == ()


def test_a_file_that_is_not_text_is_counted_as_left_out(repository: Path) -> None:
    (repository / "picture.bin").write_bytes(b"\0app.db")
    subprocess.run(["git", "add", "picture.bin"], cwd=repository, check=True)
    found = _search(repository, main__py="x")
    assert (found.searched, found.left_out, found.found) == (1, 1, ())
