"""What a crash, a reboot or a stranger leaves behind, and what the next start makes of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from pgraduate.cluster import Embedded, ServerStatus, binaries, find_binaries, wheel
from pgraduate.cluster.account import account_for
from pgraduate.errors import TargetUnusable


def rows(status: ServerStatus, query: str) -> list[object]:
    assert status.conninfo is not None
    with psycopg.connect(status.conninfo, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return [row[0] for row in cursor] if cursor.description else []


def kill(status: ServerStatus) -> int:
    """Kill the server's first process, and wait until the system has taken it away."""
    assert status.pid is not None
    os.kill(status.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while Embedded(status.directory).status().state == "running" and time.monotonic() < deadline:
        time.sleep(0.01)
    return status.pid


def data_of(status: ServerStatus) -> Path:
    assert status.data is not None
    return status.data


def unfinished(server: Embedded, outside: Path) -> list[Path]:
    """Data directories under construction, in the server's place or outside."""
    return [*server.directory.glob("data.new.*"), *outside.glob("*/data.new.*")]


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A living process of the server's own account that is no PostgreSQL."""
    account = account_for(tmp_path / "none")
    switch = account.switches
    with subprocess.Popen(
        ["sleep", "600"],
        user=account.uid if switch else None,
        group=account.gid if switch else None,
        extra_groups=[] if switch else None,
        cwd="/",
    ) as process:
        yield process
        process.kill()


def test_after_a_kill_the_next_start_recovers_what_was_committed(running: Embedded) -> None:
    first = running.start()
    rows(first, "CREATE TABLE committed AS SELECT generate_series(1, 3) AS n")
    killed = kill(first)
    second = running.start()
    assert second.pid != killed
    assert rows(second, "SELECT n FROM committed ORDER BY n") == [1, 2, 3]


def test_a_killed_server_is_not_called_running(running: Embedded) -> None:
    kill(running.start())
    assert (running.status().state, running.status().pid) == ("stopped", None)


def test_a_pid_file_that_now_names_a_stranger_neither_stops_the_start_nor_the_stranger(
    running: Embedded, stranger: subprocess.Popen[bytes]
) -> None:
    status = running.start()
    data = data_of(status)
    text = (data / "postmaster.pid").read_text()
    lock = Path(str(psycopg.conninfo.conninfo_to_dict(status.conninfo or "")["host"]), ".s.PGSQL.5432.lock")
    locked = lock.read_text()
    running.stop()
    for path, content in ((data / "postmaster.pid", text), (lock, locked)):
        path.write_text("\n".join([str(stranger.pid), *content.splitlines()[1:]]) + "\n")
        os.chown(path, data.stat().st_uid, -1)
    assert running.status().state == "stopped"
    assert running.stop().state == "stopped"
    restarted = running.start()
    assert restarted.pid != stranger.pid
    assert rows(restarted, "SELECT 1") == [1]
    running.stop()
    assert stranger.poll() is None


def test_a_start_waits_for_the_children_of_a_killed_postmaster(running: Embedded) -> None:
    first = running.start()
    assert first.conninfo is not None
    with psycopg.connect(first.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE busy (n int)")
        os.kill(int(connection.info.backend_pid), signal.SIGSTOP)
        kill(first)
        waker = subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {connection.info.backend_pid}"])
        assert rows(running.start(), "SELECT count(*) FROM busy") == [0]
        assert waker.wait() == 0


def test_a_creation_that_was_killed_half_way_is_begun_again(server_in: Embedded, outside: Path) -> None:
    command = "import sys, pathlib; from pgraduate.cluster import Embedded, places; "
    command += "places.OUTSIDE = pathlib.Path(sys.argv[2]); Embedded(pathlib.Path(sys.argv[1])).start()"
    with subprocess.Popen([sys.executable, "-c", command, str(server_in.directory), str(outside)]) as creator:
        while creator.poll() is None and not unfinished(server_in, outside):
            time.sleep(0.01)
        creator.kill()
    assert server_in.status().state == "absent"
    assert rows(server_in.start(), "SELECT 1") == [1]
    server_in.stop()
    server_in.start()
    assert unfinished(server_in, outside) == []


@pytest.mark.parametrize("exists", [True, False])
def test_without_binaries_nothing_is_left_behind(
    exists: bool, embedded: Callable[[Path], Embedded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(binaries, "ROOT", tmp_path)
    monkeypatch.setattr(wheel, "MODULE", "no_such_module")
    server = embedded(tmp_path / "server")
    if exists:
        server.directory.mkdir()
    with pytest.raises(TargetUnusable, match="no server programs of PostgreSQL were found"):
        server.start()
    assert server.status().state == "absent"
    assert [path.name for path in tmp_path.rglob("*")] == (["server"] if exists else [])


def test_a_real_program_without_its_library_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bin"
    broken.mkdir()
    for name in binaries.PROGRAMS:
        copied = Path(shutil.copy(find_binaries().program(name), broken))
        copied.write_bytes(copied.read_bytes().replace(b"libc.so.6\0", b"libq.so.6\0"))
    monkeypatch.setenv("PATH", str(broken))
    monkeypatch.setattr(wheel, "MODULE", "no_such_module")
    with pytest.raises(TargetUnusable, match=r"libq\.so\.6") as caught:
        find_binaries()
    assert "libq.so.6" in str(caught.value.hint)
