"""The sample's two files in one schema: by the answers in its settings, and by psql alone from the files of `schema -o`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.applied import apply_files, catalog_of
from support.cli import Result, pgraduate
from support.server import PrivateServer

FILES = ("workflows.db", "phases.db", "--target-schema", "app")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sample's files and settings."""
    directory = tmp_path_factory.mktemp("sample")
    sample = Path(__file__).parents[3] / "examples" / "workflows"
    command = [sys.executable, sample / "generate.py", "--out", directory, "--seed", "7", "--size", "small"]
    subprocess.run(command, check=True, capture_output=True)
    shutil.copy(sample / "pgraduate.toml", directory)
    return directory


@pytest.fixture(scope="module")
def loaded(server: PrivateServer, project: Path) -> Iterator[tuple[str, Result]]:
    """A target with the merged sample, and what the run said."""
    with server.database() as conninfo:
        yield conninfo, pgraduate("run", *FILES, "--to", conninfo, "--json", cwd=project)


def test_the_answers_in_its_settings_are_all_that_the_sample_asks(loaded: tuple[str, Result]) -> None:
    _, result = loaded
    assert result.code == 3, result.err
    assert result.document["verdict"] == "equal"
    assert {decision["answered_by"] for decision in result.document["decisions"]} == {"pgraduate.toml"}


def test_psql_alone_makes_the_merged_sample(loaded: tuple[str, Result], project: Path, target: str) -> None:
    conninfo, _ = loaded
    assert pgraduate("schema", *FILES, "-o", "ddl", cwd=project).code == 0
    apply_files(project / "ddl", target)
    for by_files, by_run in zip(catalog_of(target, "app"), catalog_of(conninfo, "app"), strict=True):
        assert by_files == by_run
    with psycopg.connect(target) as one, psycopg.connect(conninfo) as other:
        query = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'pgraduate_compat'::regnamespace ORDER BY 1, 2"
        assert one.execute(query).fetchall() == other.execute(query).fetchall()
