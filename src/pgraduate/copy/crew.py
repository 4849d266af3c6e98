"""The processes that copy ranges, seen from the one that leads them: started, given tasks, listened to, ended.

The invariant: when the block is left, however it is left, none of them writes any more.  A signal from the terminal
reaches the leader alone, and the others end with it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import IO, Any

from pgraduate.copy.rows import CellRefused
from pgraduate.copy.work import Committed, Orders, Task
from pgraduate.errors import (
    ConnectionLost,
    Interrupted,
    Locked,
    PgraduateError,
    Refused,
    SourceUnusable,
    TargetUnusable,
)
from pgraduate.model.wire import from_json, to_json

_ERRORS: dict[str, type[PgraduateError]] = {
    kind.code: kind
    for kind in (CellRefused, ConnectionLost, Interrupted, Locked, Refused, SourceUnusable, TargetUnusable)
}
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 5.0
"""Seconds for processes to end whose leader has hung up; they need milliseconds."""


class Crew:
    """Processes that wait for tasks, each behind a socket."""

    def __init__(self, orders: Orders, sockets: list[Connection], complaints: IO[bytes]) -> None:
        self._orders = orders
        self._sockets = sockets
        self._complaints = complaints

    def work(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Committed | None]]:
        """Hand out the tasks, one to each process that asks, and give each chunk that was committed with its task.

        A task that is done is given once more, without a chunk.  Raises what a process raised, Interrupted where one
        was killed.
        """
        waiting, busy, ended = iter(tasks), dict[Connection, Task](), set[Connection]()
        while len(ended) < len(self._sockets):
            for socket in wait([socket for socket in self._sockets if socket not in ended]):
                assert isinstance(socket, Connection)
                message = self._heard(socket, busy.get(socket))
                if "chunk" in message:
                    yield busy[socket], from_json(Committed, message["chunk"])
                    continue
                if (done := busy.pop(socket, None)) is not None:
                    yield done, None
                task = next(waiting, None)
                if task is None:
                    ended.add(socket)
                else:
                    busy[socket] = task
                with suppress(BrokenPipeError):  # what it says next tells
                    socket.send_bytes(json.dumps(to_json(task)).encode())

    def _heard(self, socket: Connection, task: Task | None) -> dict[str, Any]:
        try:
            message: dict[str, Any] = json.loads(socket.recv_bytes())
        except (EOFError, ConnectionResetError):
            raise self._lost(task) from None
        if "error" in message:
            error = message["error"]
            kind = _ERRORS.get(error["code"], PgraduateError)
            raise kind(error["message"], where=error["where"], hint=error["hint"])
        return message

    def _lost(self, task: Task | None) -> PgraduateError:
        plan = self._orders.tables[task.table] if task is not None else None
        where = f"table {plan.schema}.{plan.name}" if plan is not None else None
        self._complaints.seek(0)
        last = self._complaints.read().decode(errors="replace").strip().splitlines()[-1:]
        if last:  # of a traceback; what stands behind the colon might hold a value
            return PgraduateError(
                f"a process that copies rows ended by {last[0].partition(':')[0]}",
                where=where,
                hint="--jobs 1 copies without it",
            )
        return Interrupted(
            "a process that copies rows was killed",
            where=where,
            hint="for want of memory? the same command goes on from what was committed last; --jobs 1 needs the least",
        )


@contextmanager
def crew(orders: Orders, size: int) -> Iterator[Crew]:
    """Start so many processes, and end them with the block."""
    _give_memory_back()
    pairs = [Pipe() for _ in range(size)]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with tempfile.TemporaryFile() as complaints:
        running = None
        try:
            running = _start(theirs, complaints)
            assert running.stdin is not None
            with suppress(BrokenPipeError), running.stdin:  # it has died, and its silence will say so
                running.stdin.write(json.dumps(to_json(orders)).encode())
            yield Crew(orders, ours, complaints)
        finally:
            for socket in (*ours, *theirs):
                socket.close()
            if running is not None:
                _end(running)


def _start(sockets: list[Connection], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    descriptors = [socket.fileno() for socket in sockets]
    # A process inherits what is blocked: an interrupt from the terminal goes to all, and only the leader knows what to do.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        running = subprocess.Popen(
            [sys.executable, "-P", "-m", "pgraduate.copy.worker", *map(str, descriptors)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=descriptors,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    for socket in sockets:
        socket.close()
    return running


def _end(running: subprocess.Popen[bytes]) -> None:
    """Wait for the first process, which waits for the others."""
    try:
        running.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def _give_memory_back() -> None:
    """Let the C library return what planning has freed, about 20 MB of a process that is to be one of several."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(0)
