"""The tests' own PostgreSQL server: on a socket in a short private directory, removed at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from pgraduate.cluster import find_binaries

OWNER = "owner"
MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free in memory for tests to make their files there: the whole suite uses half a GiB at its peak."""


@dataclass
class PrivateServer:
    directory: Path
    binaries: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def superuser(self) -> str:
        """The conninfo of the server's superuser."""
        return f"host={self.directory} user=postgres dbname=postgres"

    @staticmethod
    @contextmanager
    def start() -> Iterator[PrivateServer]:
        directory = Path(tempfile.mkdtemp(prefix="pgt", dir=place()))
        binaries = find_binaries().directory
        directory.chmod(0o755)
        private = PrivateServer(directory, binaries)
        if os.geteuid() == 0:
            shutil.chown(directory, "nobody", "nogroup")
        data = directory / "data"
        private._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with (data / "postgresql.conf").open("a") as file:
            file.write(
                f"listen_addresses = ''\nunix_socket_directories = '{directory}'\nfsync = off\n"
                "synchronous_commit = off\nfull_page_writes = off\nmax_connections = 50\n"
            )
        private._run("pg_ctl", "-D", data, "-w", "-l", directory / "log", "start")
        try:
            with psycopg.connect(private.superuser, autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN")
            yield private
        finally:
            private._run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
            shutil.rmtree(directory)

    def crash(self) -> None:
        """Shut the server down as a crash would, and start it again; it recovers from its log."""
        data = self.directory / "data"
        self._run("pg_ctl", "-D", data, "-w", "-m", "immediate", "-l", self.directory / "log", "restart")

    def terminate(self, conninfo: str) -> int:
        """End every session that pgraduate has in a database, wait until they are gone, and give their number."""
        name = conninfo_to_dict(conninfo)["dbname"]
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = %s AND application_name LIKE 'pgraduate/%%'",
                (name,),
            ).fetchone()
        assert ended is not None
        return int(ended[0])

    @contextmanager
    def database(self, *, encoding: str = "UTF8", template: str = "template0") -> Iterator[str]:
        """Make a database of the plain owner, empty or like another, and give its conninfo."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} ENCODING '{encoding}' LC_COLLATE 'C' "
                f"LC_CTYPE 'C'{_by_files(connection)}"
            )
        try:
            yield f"host={self.directory} user={OWNER} dbname={name}"
        finally:
            with psycopg.connect(self.superuser, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def roles(self, *existing: str, created_by_owner: bool = False) -> Iterator[None]:
        """Make roles for a while, and let the owner make roles for as long; every role but its own goes at the end.

        Enter before the databases are made in which the roles get rights, so that those are gone first.
        """
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for name in existing:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            if created_by_owner:
                connection.execute(f"ALTER ROLE {OWNER} CREATEROLE")
        try:
            yield
        finally:
            with psycopg.connect(self.superuser, autocommit=True) as connection:
                connection.execute(f"ALTER ROLE {OWNER} NOCREATEROLE")
                for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall():
                    if name not in known:
                        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))

    @contextmanager
    def asking_for_passwords(self, role: str) -> Iterator[None]:
        """Let the server ask this one role for its password."""
        rules = self.directory / "data" / "pg_hba.conf"
        open_rules = rules.read_text()
        rules.write_text(f"local all {role} scram-sha-256\n{open_rules}")
        self._reload()
        try:
            yield
        finally:
            rules.write_text(open_rules)
            self._reload()

    def _reload(self) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        drop = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.directory, **drop)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stdout + done.stderr


def place() -> Path:
    """Where tests make files: in memory, where there is room, for a database is some 300 small files."""
    with suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return Path("/tmp")


def _by_files(connection: psycopg.Connection) -> str:
    """Without fsync, copying the template's files costs half of what writing each page to the log does."""
    return " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
