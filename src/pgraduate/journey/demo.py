"""The journey on the sample application, in a directory of its own.

The directory carries a mark, and only a marked directory is ever emptied.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from pgraduate.cluster import Embedded
from pgraduate.errors import PgraduateError, Refused
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journey.destination import embedded_directory
from pgraduate.journey.walk import run
from pgraduate.settings import load

MARK = ".pgraduate-demo"
SOURCES = ("workflows.db", "phases.db")


def demo(directory: Path, *, seed: int = 7, size: str = "small", sink: Sink | None = None) -> dict[str, Any]:
    """Build the sample's two databases and carry them to an embedded server; return the result of the run.

    Raises Refused for a directory that holds something else.
    """
    sink = sink or Silence()
    directory = directory.absolute()
    _empty(directory)
    with as_file(sample()) as place:
        shutil.copy(place / "pgraduate.toml", directory)
        sink.emit(Notice(f"building the sample in {directory} (seed {seed}, {size})"))
        _generate(place / "generate.py", directory, seed, size)
    settings = load(directory, target="embedded", environment={})
    return run([directory / name for name in SOURCES], settings, sink=sink) | {"command": "demo"}


def sample() -> Any:
    """Find the sample application: in the installed package, else in the source tree."""
    packaged = files("pgraduate").joinpath("sample")
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "examples" / "workflows"


def _empty(directory: Path) -> None:
    if directory.exists():
        if any(directory.iterdir()) and not (directory / MARK).exists():
            raise Refused(f"{directory} holds something else", where=str(directory), hint="name another with --dir")
        Embedded(embedded_directory(load(directory, target="embedded", environment={}))).remove()
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / MARK).touch()


def _generate(program: Path, directory: Path, seed: int, size: str) -> None:
    # A process of its own: the generator uses the standard sqlite3, which must not meet APSW in one process.
    command = [sys.executable, str(program), "--out", str(directory), "--seed", str(seed), "--size", size]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PgraduateError("the sample could not be built", where=str(program), hint=done.stderr.strip()[-500:])
