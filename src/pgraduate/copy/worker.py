"""The processes that copy ranges: `python -m pgraduate.copy.worker DESCRIPTOR…`, one process for each descriptor.

The first process reads the orders and imports what copying takes; before it has a thread or a connection of its own it
forks the others, which share its memory.  The invariant: a process whose leader is gone is gone too.  Each has a thread
that does nothing but listen to its leader and ends the process when there is nobody any more; a transaction that was
open then is rolled back by the server, and `join_load` keeps a session that comes too late from writing.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from contextlib import closing, suppress
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pgraduate.copy import session
from pgraduate.copy.chunks import TableChunks
from pgraduate.copy.destination import ColumnTypes
from pgraduate.copy.failures import explained, explained_of
from pgraduate.copy.work import Committed, Orders, Task
from pgraduate.errors import PgraduateError
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.locks import join_load
from pgraduate.postgres.target import Target
from pgraduate.sqlite import open_sealed

CACHE_KB = 256
"""SQLite's cache in a process that reads each page once; by default it would be 2 MB."""


def main(descriptors: list[int]) -> None:
    orders = from_json(Orders, json.load(sys.stdin))
    gc.freeze()  # what is never collected is never written to, and stays shared
    others: list[int] = []
    mine, *theirs = descriptors
    while theirs:
        if (child := os.fork()) == 0:
            for other in (mine, *theirs[1:]):
                os.close(other)
            mine, theirs, others = theirs[0], [], []
        else:
            others.append(child)
            os.close(theirs.pop(0))
    _serve(orders, Connection(mine), others)
    for other in others:
        os.waitpid(other, 0)


def _serve(orders: Orders, leader: Connection, others: list[int]) -> None:
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(leader, tasks, others), daemon=True).start()
    try:
        _copy(orders, leader, tasks)
    except PgraduateError as error:
        _say(leader, {"error": error.to_json()})


def _listen(leader: Connection, tasks: SimpleQueue[Task | None], others: list[int]) -> None:
    """Take tasks until the leader has hung up; then this process ends, the first one when the others have."""
    try:
        while True:
            task = json.loads(leader.recv_bytes())
            tasks.put(None if task is None else from_json(Task, task))
    except (EOFError, OSError):
        for other in others:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(other, signal.SIGKILL)
                os.waitpid(other, 0)
        os._exit(1)


def _copy(orders: Orders, leader: Connection, tasks: SimpleQueue[Task | None]) -> None:
    known: dict[int, TableChunks] = {}
    with (
        explained(),
        closing(open_sealed(Path(orders.sealed))) as sealed,
        Target(orders.conninfo, orders.secret).connect("copy") as connection,
    ):
        sealed.pragma("cache_size", -CACHE_KB)
        buffer = session.prepare(connection)
        join_load(connection, orders.token)
        types = ColumnTypes(connection, orders.tables)
        _say(leader, {"asks": True})
        while (task := tasks.get()) is not None:
            plan = orders.tables[task.table]
            with explained_of(plan):
                if task.table not in known:
                    known[task.table] = TableChunks(
                        connection, sealed, plan, orders.run_id, types, buffer, orders.limits
                    )
                chunks = known[task.table]
                for chunk in chunks.copy(task.part, count(task.first, task.step)):
                    connection.commit()
                    _say(leader, {"chunk": to_json(Committed(chunk.rows, chunk.bytes, chunks.path))})
            _say(leader, {"asks": True})


def _say(leader: Connection, message: dict[str, Any]) -> None:
    try:
        leader.send_bytes(json.dumps(message).encode())
    except BrokenPipeError:
        os._exit(1)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
