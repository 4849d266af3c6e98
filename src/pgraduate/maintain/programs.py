"""PostgreSQL's own dump programs: found in a version that fits the server, and called without a shell or a terminal.

Passwords reach them through the environment alone.  pg_dump refuses a server that is newer than itself, so a program is
taken only where its major version is the server's or a later one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgraduate.cluster import find_binaries
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.postgres.target import Target


def find_program(name: str, major: int) -> Path:
    """Find pg_dump, pg_dumpall or pg_restore of this major version or a later one; raise Refused without one."""
    for path in _candidates(name, major):
        if path.is_file() and _major(path) >= major:
            return path
    raise Refused(
        f"no {name} of PostgreSQL {major} or later was found",
        hint=f"install the client programs of PostgreSQL {major}: apt install postgresql-client-{major}",
    )


def call(program: Path, arguments: Sequence[str], target: Target) -> None:
    """Run a program against a target to its end.  Raises TargetUnusable with its own last words."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    for kept in ("PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGSSLROOTCERT"):
        if kept in os.environ:
            environment[kept] = os.environ[kept]
    if target.secret is not None:
        environment["PGPASSWORD"] = target.secret
    done = subprocess.run(
        [str(program), "--no-password", "--dbname", target.conninfo, *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=environment | {"LC_ALL": "C"},
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = [line for line in target.scrub(done.stderr).splitlines() if "error" in line.lower()]
        raise TargetUnusable(
            f"{program.name} ended with {done.returncode}: {said[0] if said else 'without a word'}",
            where=target.conninfo,
            hint="nothing of this attempt is left; mend the cause and call it again",
        )


def _candidates(name: str, major: int) -> Iterator[Path]:
    for wanted in (major, None):
        try:
            yield find_binaries(wanted).program(name)
        except TargetUnusable:
            continue
    found = shutil.which(name)
    if found is not None:
        yield Path(found)
    yield Path(f"/usr/lib/postgresql/{major}/bin") / name


def _major(program: Path) -> int:
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(match[1]) if match else 0
