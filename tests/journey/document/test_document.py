"""`pgraduate document` in a real repository: true numbers, only what changed, and the way back."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from support.cli import Result, pgraduate
from support.sources import make_shop


@pytest.fixture
def project(tmp_path: Path, target: str) -> Path:
    """A git repository whose database a run has carried over, changed in its code since."""
    make_shop(tmp_path / "shop.db", purchases=30)
    (tmp_path / "README.md").write_text("# Shop\n\nMy own words.\n")
    (tmp_path / "app.py").write_text("one\ntwo\n")
    (tmp_path / ".gitignore").write_text("*.db\n")
    _git(tmp_path, "init", "-q", ".")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "first", "--date=2020-01-01T00:00:00Z", when="2020-01-01T00:00:00Z")
    done = pgraduate("run", "shop.db", "--to", target, "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    (tmp_path / "app.py").write_text("one\nthree\nfour\n")
    return tmp_path


def _git(place: Path, *arguments: str, when: str | None = None) -> str:
    import os

    dates = {"GIT_COMMITTER_DATE": when} if when else {}
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=place,
        env=os.environ | dates,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _document(project: Path, target: str) -> Result:
    return pgraduate("document", "--to", target, "--json", cwd=project)


def test_every_number_is_what_journal_and_database_hold(project: Path, target: str) -> None:
    done = _document(project, target)
    assert done.code == 0, done.err
    page = (project / "migration/MIGRATION_COMPLETE.md").read_text()
    statistics = dict(re.findall(r"^\| (tables|indexes|views|triggers|rows) \| ([\d,]+) \|$", page, re.MULTILINE))
    with psycopg.connect(target) as connection:
        counts = connection.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'),"
            " count(*) FILTER (WHERE relkind = 'v') FROM pg_class WHERE relnamespace = 'shop'::regnamespace"
        ).fetchone()
        rows = connection.execute(
            "SELECT (SELECT count(*) FROM shop.customer) + (SELECT count(*) FROM shop.product)"
            " + (SELECT count(*) FROM shop.purchase)"
        ).fetchone()
    assert counts is not None
    assert rows is not None
    assert statistics == {
        "tables": str(counts[0]), "indexes": str(counts[1]), "views": str(counts[2]), "triggers": "1",
        "rows": str(rows[0]),
    }  # fmt: skip
    assert "- files: 1\n- lines added: 2\n- lines removed: 1\n- commits: 0\n" in page
    assert "| Rows that differ after the copy | 0 rows | 0 rows | met |" in page


def test_a_second_time_writes_nothing(project: Path, target: str) -> None:
    first = _document(project, target).document
    assert "README.md" in first["written"]
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*.md")}
    second = _document(project, target).document
    assert second["written"] == []
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*.md")} == before


def test_only_what_changed_is_written(project: Path, target: str) -> None:
    _document(project, target)
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO shop.product (title, price) VALUES ('new', 1)")
    written = _document(project, target).document["written"]
    assert written == ["migration/MIGRATION_COMPLETE.md", "migration/MIGRATION_COMPLETE.html"]


def test_the_readme_keeps_its_own_words_and_undo_gives_it_back(project: Path, target: str) -> None:
    _document(project, target)
    readme = (project / "README.md").read_text()
    assert readme.startswith("# Shop\n\nMy own words.\n")
    assert "## Database" in readme
    undone = pgraduate("undo", "document", "--to", target, "--json", cwd=project)
    assert undone.code == 0, undone.err
    assert (project / "README.md").read_text() == "# Shop\n\nMy own words.\n"
    assert not (project / "migration").exists()


def test_alone_it_lists_what_was_not_executed(project: Path, target: str) -> None:
    document = _document(project, target).document
    assert {item["purpose"] for item in document["not_executed"]} >= {"connect", "back up", "restore", "monitor"}
    assert "```" not in (project / "README.md").read_text()
    assert not document["ready"]


def test_both_schemas_can_be_executed(project: Path, target: str, server: object) -> None:
    import sqlite3
    from contextlib import closing

    _document(project, target)
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript((project / "migration/schema/shop.sqlite.sql").read_text())
        assert database.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone() == (4,)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("DROP SCHEMA shop CASCADE")
        connection.execute((project / "migration/schema/shop.postgresql.sql").read_text().encode())
        assert connection.execute("SELECT count(*) FROM shop.purchase").fetchone() == (0,)


def test_a_target_without_a_run_is_refused(tmp_path: Path, target: str) -> None:
    done = _document(tmp_path, target)
    assert done.code == 2
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "README.md").exists()


def test_broken_markers_are_refused_and_nothing_is_written(project: Path, target: str) -> None:
    (project / "README.md").write_text("<!-- pgraduate: begin\n")
    done = _document(project, target)
    assert done.code == 5
    assert not (project / "migration").exists()
