"""Blocks on their way to the server, so that reading and the server's work overlap.

With a socket buffer of some megabytes one thread is enough: the kernel holds what the server has not taken yet.  Where
the kernel caps the buffer, a second thread waits for the socket instead.  The invariant: a failure on one side ends
the other, and never more than a few blocks are held.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Protocol

import psycopg

QUEUED = 8
"""Blocks between the reader and the writing thread."""

ENOUGH_BUFFER = 1024 * 1024
"""Bytes of socket buffer with which reading and sending overlap in one thread."""


class Sender(Protocol):
    def send(self, block: bytearray, /) -> None:
        """Hand over a block, which belongs to the sender from then on."""
        ...


class DirectSender:
    """Writes in the thread that reads."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy

    def send(self, block: bytearray, /) -> None:
        self._copy.write(block)


class ThreadedSender:
    """Writes in a thread of its own; `Copy.write` lets the reader go on while it waits."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy
        self._blocks: Queue[bytearray | None] = Queue(QUEUED)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="pgraduate-copy", daemon=True)
        self._thread.start()

    def send(self, block: bytearray, /) -> None:
        self.raise_failure()
        self._blocks.put(block)

    def close(self) -> None:
        """Wait until every block has been handed to the connection."""
        self._blocks.put(None)
        self._thread.join()

    def raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        while (block := self._blocks.get()) is not None:
            if self._failure is None:
                try:
                    self._copy.write(block)
                except BaseException as failure:  # noqa: BLE001 - it is raised in the thread that reads
                    self._failure = failure


@contextmanager
def sender(copy: psycopg.Copy, buffer: int) -> Iterator[Sender]:
    """Choose by the socket's real send buffer, in bytes; raise what sending raised when the block is left."""
    if buffer >= ENOUGH_BUFFER:
        yield DirectSender(copy)
        return
    threaded = ThreadedSender(copy)
    try:
        yield threaded
    finally:
        threaded.close()
    threaded.raise_failure()
