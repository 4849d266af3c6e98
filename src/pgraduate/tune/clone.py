"""A private clone of a database: dumped, restored into a server of its own, thrown away.

Everything that costs or harms happens here: hidden indexes, statements that write, runs that take long.  The clone is
planned for as the original is (the planner's settings are carried over) and the original only ever sees one dump.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import find_binaries
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.postgres.target import Target
from pgraduate.tune.throwaway import throwaway

LOCK_WAIT_MS = 30_000
"""The dump takes the weakest lock on every table; where even that has to wait for long, it gives up."""
SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "autovacuum": "off"}
"""Nothing runs on a clone beside what is measured, and no VACUUM meets an index that is hidden."""
_CARRIED = """
SELECT name, setting FROM pg_catalog.pg_settings
 WHERE (category LIKE 'Query Tuning%%' OR name IN ('work_mem', 'hash_mem_multiplier', 'temp_buffers', 'jit'))
   AND context = 'user' AND setting <> coalesce(boot_val, '')
"""


@dataclass(frozen=True, slots=True)
class Clone:
    """`connection` is the clone's superuser, in autocommit; `hypothetical` says whether HypoPG answers there."""

    connection: psycopg.Connection
    hypothetical: bool
    bytes: int


@contextmanager
def clone(target: Target, original: psycopg.Connection) -> Iterator[Clone]:
    """Make a clone of the target's database and remove it at the end, whatever happens.

    Raises Refused where pg_dump is missing or too old, where the role cannot read all of the database, and where the
    disk has no room for it.
    """
    dump = _program("pg_dump", original.info.server_version // 10000)
    restore = _program("pg_restore", original.info.server_version // 10000)
    size = _size(original)
    with throwaway("clone", SETTINGS) as server:
        free = shutil.disk_usage(server.directory.parent).free
        if free < 3 * size:
            raise Refused(
                "there is no room for a clone of the database",
                where=f"{server.directory.parent}: {free >> 20} MiB free, {3 * size >> 20} MiB wanted",
                hint="set TMPDIR to a larger disk, or plan with --in-place",
            )
        server.start()
        conninfo = make_conninfo(server.superuser_conninfo(), dbname="clone")
        with psycopg.connect(server.superuser_conninfo(), autocommit=True) as creator:
            creator.execute("CREATE DATABASE clone TEMPLATE template0")
        _carry(dump, restore, target, conninfo)
        with Target(conninfo).connect("clone") as connection:
            _settle(connection, original)
            yield Clone(connection, _hypothetical(connection), size)


def _carry(dump: Path, restore: Path, target: Target, conninfo: str) -> None:
    """Stream a dump into the clone; statistics and rights are the clone's own."""
    environment = dict(os.environ)
    if target.secret is not None:
        environment["PGPASSWORD"] = target.secret
    dumping = [str(dump), "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
    dumping += [f"--lock-wait-timeout={LOCK_WAIT_MS}", "--dbname", target.conninfo]
    restoring = [str(restore), "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", conninfo]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(dumping, stdout=subprocess.PIPE, stderr=said, env=environment) as source,
        subprocess.Popen(restoring, stdin=source.stdout, stderr=subprocess.PIPE) as done,
    ):
        assert source.stdout is not None
        # Held by the restore alone: if that ends early, the dump notices and ends as well.
        source.stdout.close()
        try:
            _, failure = done.communicate()
            source.wait()
        except BaseException:
            source.kill()
            done.kill()
            raise
        said.seek(0)
        complaint = said.read().decode(errors="replace")
    if source.returncode > 0:
        raise Refused(
            f"the database cannot be dumped: {target.scrub(_first(complaint))}",
            where=target.conninfo,
            hint="clone as a role that may read every table, or plan with --in-place",
        )
    if done.returncode != 0:
        raise Refused(
            f"the dump cannot be restored into a clone: {_first(failure.decode(errors='replace'))}",
            hint="an extension that this machine's server lacks? plan with --in-place",
        )


def _settle(connection: psycopg.Connection, original: psycopg.Connection) -> None:
    """Plan on the clone as the original's role would: its search path, its planner's settings, fresh statistics."""
    path = original.execute("SELECT current_setting('search_path')").fetchone()
    assert path is not None
    settings = [("search_path", path[0]), *original.execute(_CARRIED).fetchall()]
    for name, value in settings:
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    connection.execute("VACUUM (FREEZE, ANALYZE)")


def _hypothetical(connection: psycopg.Connection) -> bool:
    found = connection.execute("SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'hypopg'").fetchone()
    if found is None:
        return False
    connection.execute("CREATE EXTENSION IF NOT EXISTS hypopg SCHEMA public")
    return True


def _program(name: str, major: int) -> Path:
    """Find a client program at least as new as the server: an older one refuses to dump."""
    found = [find_binaries(None).program(name)]
    on_path = shutil.which(name)
    if on_path:
        found.append(Path(on_path))
    for program in found:
        if program.is_file() and _version(program) >= major:
            return program
    raise Refused(
        f"no {name} of PostgreSQL {major} or newer was found",
        hint=f"install the package postgresql-client-{major}, or plan with --in-place",
    )


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    digits = "".join(letter if letter.isdigit() else " " for letter in said).split()
    if not digits:
        raise TargetUnusable(f"{program.name} does not run", where=str(program))
    return int(digits[0])


def _size(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())").fetchone()
    assert row is not None
    return int(row[0])


def _first(text: str) -> str:
    """Give the first complaint without what follows it: a detail may quote a row."""
    lines = [line for line in text.splitlines() if "error:" in line]
    return (lines[0].split("error:", 1)[1].strip() if lines else "no reason was given")[:160]
