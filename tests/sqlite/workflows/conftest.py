"""The sample files, made once per session by the generator as a user runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "workflows"


class Generator:
    """The generator as a command."""

    def __call__(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", str(EXAMPLE / "generate.py"), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
        )


@pytest.fixture(scope="session")
def generate() -> Generator:
    return Generator()


@pytest.fixture(scope="session")
def dirty(generate: Generator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the small sample."""
    return _made(generate, tmp_path_factory.mktemp("dirty"))


@pytest.fixture(scope="session")
def clean(generate: Generator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the small sample, without its dirt."""
    return _made(generate, tmp_path_factory.mktemp("clean"), "--clean")


def _made(generate: Generator, directory: Path, *flags: str) -> Path:
    done = generate("--out", directory, *flags)
    assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture(scope="session")
def listed(generate: Generator) -> list[dict[str, Any]]:
    """The defects that the generator says it plants."""
    defects: list[dict[str, Any]] = json.loads(generate("--list-dirt").stdout)
    return defects


@pytest.fixture
def both(dirty: Path) -> Iterator[sqlite3.Connection]:
    """The two files of the sample, attached as `workflows` and `phases`."""
    with closing(_attached(dirty)) as connection:
        yield connection


@pytest.fixture
def both_clean(clean: Path) -> Iterator[sqlite3.Connection]:
    """The two files of the clean sample, attached as `workflows` and `phases`."""
    with closing(_attached(clean)) as connection:
        yield connection


def _attached(directory: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for name in ("workflows", "phases"):
        connection.execute(f"ATTACH ? AS {name}", (str(directory / f"{name}.db"),))
    return connection
