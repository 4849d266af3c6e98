"""Real SQLite files, and other processes that work on them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534
_PREAMBLE = "import os, signal, sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n"


def make(path: Path, *statements: str) -> Path:
    """Make a database, or add to one; every statement commits."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def run_in_other_process(path: Path, script: str) -> int:
    """Run Python with `db` open on the database in a process of its own; give its return code."""
    return subprocess.run([sys.executable, "-c", _PREAMBLE + script, path], check=False).returncode


def crash_in_other_process(path: Path, script: str) -> None:
    """Run a script and kill its process before SQLite can tidy up."""
    status = run_in_other_process(path, script + "\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert status == -9, f"the script ended with {status} before it was killed"


@contextmanager
def other_process(path: Path, script: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a script up to its `ready()` call; the process goes on until the end of the block and is then killed."""
    program = _PREAMBLE + "def ready():\n    print('ready', flush=True)\n" + script + "\nsys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process
        finally:
            process.kill()


@dataclass(frozen=True)
class Footprint:
    """All of a directory that reading must not change: names, bytes and time stamps.  Of a -shm, which is shared
    memory, only the name counts while another process works with it."""

    files: tuple[tuple[str, str, int], ...]

    @staticmethod
    def of(directory: Path, *, shared_memory: bool = False) -> Footprint:
        files = sorted(file for file in directory.iterdir() if file.is_file())
        return Footprint(tuple(_facts(file, shared_memory) for file in files))


def _facts(file: Path, shared_memory: bool) -> tuple[str, str, int]:
    if file.name.endswith("-shm") and not shared_memory:
        return (file.name, "", 0)
    return (file.name, hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)


@contextmanager
def public_directory() -> Iterator[Path]:
    """A directory that a process without privileges can reach, which pytest's own is not."""
    directory = Path(tempfile.mkdtemp(prefix="pgraduate-test-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        for folder, _, _ in os.walk(directory):
            Path(folder).chmod(0o755)
        shutil.rmtree(directory)


def unprivileged(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Run something in a forked process that has no privileges and give its JSON result."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            os.write(writing, json.dumps(work()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    result: dict[str, object] = json.loads(answer)
    return result
