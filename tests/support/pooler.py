"""A private PgBouncer in transaction mode before the tests' server: on a socket in a directory of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_PORT = 6432


def program() -> str | None:
    """Give PgBouncer's path; Debian puts it where only root looks."""
    return shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextmanager
def pooler(conninfo: str, *, sessions: int) -> Iterator[str]:
    """Stand before the database of `conninfo` with so many sessions on the server; give the conninfo through it."""
    found = program()
    if found is None:
        pytest.skip("PgBouncer is not installed: apt install pgbouncer")
    said = conninfo_to_dict(conninfo)
    directory = Path(tempfile.mkdtemp(prefix="pgb", dir="/tmp"))
    directory.chmod(0o755)
    (directory / "users.txt").write_text(f'"{said["user"]}" ""\n')
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\n{said['dbname']} = host={said['host']} dbname={said['dbname']}\n"
        f"[pgbouncer]\nlisten_addr =\nlisten_port = {_PORT}\nunix_socket_dir = {directory}\n"
        f"auth_type = trust\nauth_file = {directory}/users.txt\npool_mode = transaction\n"
        f"default_pool_size = {sessions}\nmax_client_conn = 100\nlogfile = {directory}/log\n"
    )
    drop = {}
    if os.geteuid() == 0:
        for path in (directory, *directory.iterdir()):
            shutil.chown(path, "nobody", "nogroup")
        drop = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    process = subprocess.Popen([found, "-q", str(directory / "pgbouncer.ini")], cwd=directory, **drop)  # type: ignore[call-overload]
    try:
        socket = directory / f".s.PGSQL.{_PORT}"
        end = time.monotonic() + 20
        while not socket.exists():
            assert process.poll() is None, (directory / "log").read_text()
            assert time.monotonic() < end, "PgBouncer opened no socket"
            time.sleep(0.02)
        yield make_conninfo("", host=str(directory), port=_PORT, user=said["user"], dbname=said["dbname"])
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(directory)
