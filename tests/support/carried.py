"""A git repository whose shop a run has carried over; made once for many tests, each of which gets a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.cli import pgraduate
from support.sources import make_shop

FIRST = "2020-01-01T00:00:00Z"


@dataclass(frozen=True)
class Carried:
    """`directory` is the project, `target` the conninfo of the database that holds its shop."""

    directory: Path
    target: str

    def copy(self, to: Path) -> Path:
        """Give the project again, with its repository and its journal; the database is shared."""
        shutil.copytree(self.directory, to, symlinks=True)
        return to


def carry(directory: Path, target: str) -> Carried:
    """Make the project, commit it long ago, carry its database over, and change a line of code since."""
    directory.mkdir()
    make_shop(directory / "shop.db", purchases=30)
    (directory / "README.md").write_text("# Shop\n\nMy own words.\n")
    (directory / "app.py").write_text("one\ntwo\n")
    (directory / ".gitignore").write_text("*.db\n")
    git(directory, "init", "-q", "-b", "trunk", ".")
    git(directory, "config", "user.name", "A")
    git(directory, "config", "user.email", "a@example.org")
    git(directory, "add", ".")
    git(directory, "commit", "-q", "-m", "first", f"--date={FIRST}", when=FIRST)
    done = pgraduate("run", "shop.db", "--to", target, "--json", cwd=directory)
    assert done.code == 0, done.err
    (directory / "app.py").write_text("one\nthree\nfour\n")
    return Carried(directory, target)


def git(place: Path, *arguments: str, when: str | None = None) -> str:
    dates = {"GIT_COMMITTER_DATE": when} if when else {}
    done = subprocess.run(
        ["git", *arguments], cwd=place, env=os.environ | dates, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
