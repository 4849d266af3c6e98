"""The demo, where projects really lie."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import environment, pgraduate


def _long(parent: Path) -> Path:
    missing = 200 - len(str(parent)) - 1
    return parent / ("p" * max(missing, 20))


PLACES = {
    "an ordinary directory": lambda parent: parent / "project",
    "a path with a space": lambda parent: parent / "my project",
    "a path of 200 characters": _long,
}


@pytest.fixture
def closed_home(tmp_path: Path) -> Path:
    """A directory that only its owner enters, as root's home is."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture(params=PLACES)
def project(request: pytest.FixtureRequest, closed_home: Path) -> Iterator[Path]:
    place = PLACES[request.param](closed_home)
    place.mkdir()
    yield place
    assert pgraduate("server", "remove", "--dir", "demo/.pgraduate/server", "--yes", cwd=place).code == 0


def test_the_demo_ends_equal(project: Path) -> None:
    result = pgraduate("demo", "--dir", "demo", "--json", cwd=project)
    assert result.code == 0, result.err
    document = result.document
    assert document["verdict"] == "equal"
    assert document["exit_code"] in (0, 3)
    assert all(decision["answered_by"] == "pgraduate.toml" for decision in document["decisions"])
    assert len(document["tables"]) == 34
    assert Path(document["report"]["html"]).is_file()
    with psycopg.connect(document["target"]["conninfo"]) as connection:
        for table in document["tables"]:
            counted = connection.execute(f'SELECT count(*) FROM "{table["schema"]}"."{table["name"]}"').fetchone()
            assert counted == (table["rows_source"],)


def test_psql_takes_the_conninfo_as_it_stands(tmp_path: Path) -> None:
    try:
        result = pgraduate("demo", "--dir", "demo", cwd=tmp_path)
        assert result.code == 0, result.err
        (line,) = [line for line in result.out.splitlines() if line.startswith("connect ")]
        psql, conninfo = shlex.split(line.removeprefix("connect"))
        done = subprocess.run(
            [psql, conninfo, "-XAtc", "SELECT count(*) FROM workflows.workflow_history"],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "125", done.stderr
    finally:
        pgraduate("server", "remove", "--dir", "demo/.pgraduate/server", "--yes", cwd=tmp_path)


def test_a_directory_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    result = pgraduate("demo", "--dir", ".", "--json", cwd=tmp_path)
    assert result.code == 5
    assert [entry.name for entry in tmp_path.iterdir()] == ["precious.txt"]
