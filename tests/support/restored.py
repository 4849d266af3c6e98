"""A copy of a database through pg_dump: what an operator restores after a bad day."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.server import OWNER, PrivateServer


@contextmanager
def restored(server: PrivateServer, conninfo: str, directory: Path, *, as_role: str = OWNER) -> Iterator[str]:
    """Dump a database, restore it into a fresh one of the same owner, and give that one's conninfo.

    An extension that is not trusted wants to be restored `as_role` a superuser.

    Both programs must end without a word on stderr: a restore that only warns has lost something as well.
    """
    dump = directory / "dump.sql"
    _run(server.binaries / "pg_dump", "--no-password", "-f", dump, conninfo)
    with server.database() as fresh:
        own = fresh.replace(f"user={OWNER}", f"user={as_role}")
        _run(server.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", dump, own)
        yield fresh


def _run(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
