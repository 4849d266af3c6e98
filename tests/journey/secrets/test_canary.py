"""A password in DATABASE_URL is used and appears nowhere."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import environment
from support.server import PrivateServer
from support.sources import make_shop

CANARY = "canary-7f3a"


@pytest.fixture
def url(server: PrivateServer) -> Iterator[str]:
    with server.database() as conninfo, psycopg.connect(server.superuser, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE keeper LOGIN PASSWORD '{CANARY}'".encode())
        with psycopg.connect(conninfo) as own:
            database = own.info.dbname
        connection.execute(f"GRANT CREATE ON DATABASE {database} TO keeper".encode())
        with server.asking_for_passwords("keeper"):
            yield f"postgresql://keeper:{CANARY}@/{database}?host={server.directory}"
        with psycopg.connect(conninfo.replace("user=owner", "user=postgres"), autocommit=True) as own:
            own.execute("DROP OWNED BY keeper CASCADE")
        connection.execute("DROP ROLE keeper")


def _watch(seen: list[str], stop: threading.Event) -> None:
    """Read the command lines of all processes, as `ps` shows them, until told to stop."""
    while not stop.is_set():
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
        time.sleep(0.02)


def test_a_password_in_the_environment_appears_nowhere(url: str, tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop.db", purchases=5000)
    seen: list[str] = []
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(seen, stop))
    watcher.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pgraduate", "run", str(shop), "--to", "env", "--json"],
            cwd=tmp_path,
            env=environment({"DATABASE_URL": url}),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        stop.set()
        watcher.join()
    assert done.returncode == 0, done.stderr.replace(CANARY, "********")
    assert CANARY not in done.stdout
    assert CANARY not in done.stderr
    assert not any(CANARY in line for line in seen)
    written = [path for path in (tmp_path / ".pgraduate").rglob("*") if path.is_file()]
    assert any(path.name == "journal.jsonl" for path in written)
    assert [path for path in written if CANARY.encode() in path.read_bytes()] == []
