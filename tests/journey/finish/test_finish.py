"""`pgraduate finish` in a real repository: what is executed, what is committed, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.carried import Carried, carry, git
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


def _finish(project: Path, target: str, *arguments: str, **more: object) -> Result:
    return pgraduate("finish", "--to", target, "--json", *arguments, cwd=project, **more)  # type: ignore[arg-type]


def test_alone_it_commits_nothing_and_shows_what_it_would(project: Path, target: str) -> None:
    before = git(project, "rev-parse", "HEAD")
    done = _finish(project, target, "--no-commands")
    assert done.code == 3, done.err
    document = done.document
    assert not document["ready"]
    assert "+## Database" in document["git"]["difference"]
    assert document["git"]["commit"] is None
    assert git(project, "rev-parse", "HEAD") == before
    assert git(project, "diff", "--cached", "--name-only") == ""


def test_it_commits_what_it_made_and_leaves_the_users_own_changes(project: Path, target: str) -> None:
    (project / "README.md").write_text("# Shop\n\nMy own words, unfinished.\n")
    (project / "notes.txt").write_text("untracked\n")
    done = _finish(project, target, "--no-commands", "--commit", "--branch", "postgresql")
    assert done.code == 3, done.err
    committed = done.document["git"]
    assert committed["branch"] == "postgresql" == git(project, "branch", "--show-current").strip()
    names = git(project, "show", "--name-only", "--format=", "HEAD").split()
    assert sorted(names) == sorted(committed["files"])
    assert all(name == "README.md" or name.startswith("migration/") for name in names)
    assert git(project, "show", "HEAD:README.md").startswith("# Shop\n\nMy own words.\n\n<!-- pgraduate: begin")
    assert (project / "README.md").read_text().startswith("# Shop\n\nMy own words, unfinished.\n")
    assert git(project, "log", "-1", "--format=%B").strip() == committed["message"].strip()
    again = _finish(project, target, "--no-commands", "--commit")
    assert again.document["git"]["files"] == []
    assert git(project, "rev-list", "--count", "HEAD").strip() == "2"


def test_a_dirty_index_is_refused_before_anything_is_done(project: Path, target: str) -> None:
    (project / "mine.py").write_text("x = 1\n")
    git(project, "add", "mine.py")
    done = _finish(project, target, "--commit")
    assert done.code == 5
    assert done.document["error"]["where"] == "mine.py"
    assert not (project / "migration").exists()


def test_a_secret_stops_the_commit(project: Path, target: str) -> None:
    secret = "purchase_customer"  # a name of the schema, as if it were this environment's password
    done = _finish(project, target, "--no-commands", "--commit", env={"SHOP_PASSWORD": secret})
    assert done.code == 5
    assert "a secret of the environment" in done.document["error"]["where"]
    assert secret not in str(done.document["error"]["hint"])
    assert git(project, "diff", "--cached", "--name-only") == ""
    assert git(project, "rev-list", "--count", "HEAD").strip() == "1"


def test_a_hook_that_refuses_leaves_branch_and_index_as_they_were(project: Path, target: str) -> None:
    hook = project / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    done = _finish(project, target, "--no-commands", "--commit", "--branch", "postgresql")
    assert done.code == 1
    assert done.document["error"]["hint"] == "not today"
    assert git(project, "branch", "--show-current").strip() == "trunk"
    assert git(project, "branch", "--list", "postgresql") == ""
    assert git(project, "diff", "--cached", "--name-only") == ""


def test_data_that_git_holds_already_is_named(project: Path, target: str) -> None:
    git(project, "add", "-f", "shop.db")
    git(project, "commit", "-q", "-m", "data")
    document = _finish(project, target, "--no-commands").document
    assert document["data_in_git"] == [{"file": "shop.db", "kind": "a SQLite database"}]


def test_commands_are_executed_once_and_written_down(project: Path, target: str) -> None:
    first = _finish(project, target)
    assert first.code in (0, 3), first.err
    readme = (project / "README.md").read_text()
    assert "### Connect" in readme
    (url,) = [line for line in readme.splitlines() if line.startswith("export DATABASE_URL=")]
    assert all(word in url for word in target.split())
    assert first.document["failed"] == []
    for purpose in ("Connect", "Back up", "Restore", "Monitor", "Maintain"):
        assert f"### {purpose}\n" in readme
    assert len(list((project / ".pgraduate/backups").glob("*/manifest.json"))) == 1
    assert first.document["ready"], "the backup was restored and compared"
    second = _finish(project, target)
    assert second.document["written"] == []
    assert len(list((project / ".pgraduate/backups").glob("*/manifest.json"))) == 1


def test_a_command_that_fails_is_listed_and_not_written_down(project: Path, target: str) -> None:
    (project / ".pgraduate" / "backups").write_text("no directory")
    done = _finish(project, target)
    assert done.code == 3, done.err
    failed = {item["purpose"]: (item["exit_code"], item["said"]) for item in done.document["failed"]}
    assert failed["back up"] == (5, "pgraduate: the place for backups is no directory")
    assert not done.document["ready"]
    readme = (project / "README.md").read_text()
    assert "### Back up\n" not in readme
    assert "- back up: " in readme


def test_outside_of_git_it_writes_and_commits_nothing(project: Path, target: str) -> None:
    shutil.rmtree(project / ".git")
    environment = {"GIT_CEILING_DIRECTORIES": str(project.parent)}
    done = _finish(project, target, "--no-commands", env=environment)
    assert done.code == 3, done.err
    assert (project / "migration/summary.svg").is_file()
    assert _finish(project, target, "--commit", env=environment).code == 2


def test_a_pipe_gets_plain_text(project: Path, target: str) -> None:
    done = pgraduate("finish", "--to", target, "--no-commands", "-q", cwd=project)
    assert "rows compared" in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize("verb", ["document", "finish"])
def test_a_project_that_only_archived_something_is_told_to_carry_a_database(
    server: PrivateServer, tmp_path: Path, verb: str
) -> None:
    (tmp_path / "app.db").write_bytes(b"no database")
    with server.database() as conninfo:
        assert pgraduate("archive", "app.db", "--to", conninfo, "--window", "0.1", cwd=tmp_path).code == 6
        refused = pgraduate(verb, "--to", conninfo, cwd=tmp_path)
    assert refused.code == 2, refused.err
    assert "this run has recorded no schema yet" in refused.err
