"""The running server: is it ours, start it, stop it.

A process is this cluster's postmaster only if it lives in its data directory.  A number in postmaster.pid proves
nothing: after a crash or a reboot it may belong to any process, which must neither be mistaken for the server
nor be signalled.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import time
from pathlib import Path

from pgraduate.cluster.account import Account
from pgraduate.cluster.binaries import Binaries
from pgraduate.cluster.files import write_private
from pgraduate.cluster.places import Places
from pgraduate.errors import TargetUnusable

START_SECONDS = 300
"""Recovery after a crash replays at most max_wal_size; five minutes are ample for a rehearsal's server."""
STOP_SECONDS = 120
ORPHAN_SECONDS = 15
_LARGEST_PID = 2**31 - 1
_LOG_LINES = 15
_ORPHANS = "pre-existing shared memory block"


def running_pid(places: Places) -> int | None:
    """Give the number of the cluster's postmaster, None where it does not run."""
    pid = _pid_in(places.data / "postmaster.pid")
    return pid if pid is not None and _is_postmaster(pid, places) else None


def start(places: Places, binaries: Binaries, account: Account, sockets: Path, port: int) -> None:
    """Start the server and wait until it accepts connections.

    Raises TargetUnusable, with what the server logged during this start, where it does not.
    """
    _discard_foreign(places.data / "postmaster.pid", places)
    _discard_foreign(sockets / f".s.PGSQL.{port}.lock", places)
    if not places.log.exists():
        write_private(places.log, "", uid=account.uid)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while True:
        logged = places.log.stat().st_size
        done = account.run(
            [
                *(binaries.program("pg_ctl"), "start", "--wait", "--timeout", str(START_SECONDS)),
                # The shell reads these; relative names need no quotes whatever the directory is called.
                *("-D", "data", "-l", "server.log"),
                *("-o", "-c " + shlex.quote(f"config_file={places.configuration}")),
            ],
            cwd=places.place,
        )
        if done.returncode == 0:
            return
        said = _log_since(places.log, logged)
        # The children of a killed postmaster leave within moments; until then the shared memory is theirs.
        if _ORPHANS in said and time.monotonic() < deadline:
            time.sleep(0.25)
            continue
        raise TargetUnusable(
            "the server did not start:\n" + (said or done.stderr.strip()),
            where=str(places.log),
            hint="the log above says why; what lies before this start is in the file",
        )


def is_ready(places: Places, address: Path) -> bool:
    """Tell whether a server runs and accepts connections, waiting for one that is starting or going down.

    Raises TargetUnusable where it runs on and nobody can connect.
    """
    deadline = time.monotonic() + START_SECONDS
    while running_pid(places) is not None:
        lines = _lines(places.data / "postmaster.pid")
        if len(lines) > 7 and lines[7].strip() == "ready":
            if not address.is_socket():
                raise TargetUnusable(
                    "the server runs, and its socket was deleted",
                    where=str(address),
                    hint="stop it and start it: pgraduate server stop",
                )
            if _accepts(address):
                return True
        if time.monotonic() > deadline:
            raise TargetUnusable(
                "the server runs and does not accept connections", where=str(places.log), hint="the log says why"
            )
        time.sleep(0.02)
    return False


def stop(places: Places) -> None:
    """Stop the server in fast mode: open transactions are rolled back, the data are written.

    A server that does not run is fine.  Raises TargetUnusable where it does not end in time.
    """
    pid = running_pid(places)
    if pid is None:
        return
    try:
        os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + STOP_SECONDS
    while running_pid(places) == pid:
        if time.monotonic() > deadline:
            raise TargetUnusable(
                f"the server did not stop within {STOP_SECONDS} seconds",
                where=f"process {pid}, log {places.log}",
                hint="it is still writing its data; try again later",
            )
        time.sleep(0.02)


def _is_postmaster(pid: int, places: Places) -> bool:
    if not _is_alive(pid):
        return False
    try:
        if not os.path.samestat(Path(f"/proc/{pid}/cwd").stat(), places.data.stat()):
            return False
    except OSError:
        # No /proc, or a container's root without the right to look there: the command line names the server.
        return str(places.configuration) in _command_line(pid)
    return "postgres" in _command_line(pid)


def _accepts(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(address))
        except ConnectionRefusedError:
            return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> str:
    """Give a process's command line, '' where it is gone or is no longer more than an entry in a table."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="surrogateescape")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return shown.stdout


def _discard_foreign(path: Path, places: Places) -> None:
    """Remove a lock file of the server whose number now belongs to another living process.

    PostgreSQL sees only that the process lives and refuses to start.  It still checks the shared memory of the
    data directory, so that a second server on the same data is impossible.
    """
    pid = _pid_in(path)
    if pid is not None and _is_alive(pid) and not _is_postmaster(pid, places):
        path.unlink(missing_ok=True)


def _pid_in(path: Path) -> int | None:
    lines = _lines(path)
    try:
        pid = abs(int(lines[0]))
    except (IndexError, ValueError):
        return None
    return pid if 0 < pid <= _LARGEST_PID else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _log_since(path: Path, offset: int) -> str:
    """Read what this start has logged; earlier lines may speak of an application's data."""
    with path.open("rb") as file:
        file.seek(offset)
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-_LOG_LINES:])
