"""`pgraduate document` in a real repository: true numbers, only what changed, and the way back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.carried import Carried, carry
from support.cli import Result, pgraduate
from support.server import PrivateServer


@pytest.fixture(scope="module")
def carried(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carried]:
    with server.database() as conninfo:
        yield carry(tmp_path_factory.mktemp("carried") / "project", conninfo)


@pytest.fixture
def target(carried: Carried) -> str:
    return carried.target


@pytest.fixture
def project(carried: Carried, tmp_path: Path) -> Path:
    return carried.copy(tmp_path / "project")


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
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("INSERT INTO shop.product (title, price) VALUES ('new', 1)")
        written = _document(project, target).document["written"]
        connection.execute("DELETE FROM shop.product WHERE title = 'new'")
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


def test_both_schemas_can_be_executed(project: Path, target: str, server: PrivateServer) -> None:
    _document(project, target)
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript((project / "migration/schema/shop.sqlite.sql").read_text())
        assert database.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone() == (4,)
    with server.database() as empty, psycopg.connect(empty, autocommit=True) as connection:
        for name in ("pgraduate_compat.sql", "shop.postgresql.sql"):
            connection.execute((project / "migration/schema" / name).read_text().encode())
        assert connection.execute("SELECT count(*) FROM shop.purchase").fetchone() == (0,)


def test_a_target_without_a_run_is_refused(tmp_path: Path, server: PrivateServer) -> None:
    with server.database() as empty:
        assert _document(tmp_path, empty).code == 2
    assert not (tmp_path / "README.md").exists()


def test_broken_markers_are_refused_and_nothing_is_written(project: Path, target: str) -> None:
    (project / "README.md").write_text("<!-- pgraduate: begin\n")
    done = _document(project, target)
    assert done.code == 5
    assert not (project / "migration").exists()
