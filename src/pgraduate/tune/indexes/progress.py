"""How far the build of an index is, asked by a session of its own while another one builds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from pgraduate.errors import TargetUnusable
from pgraduate.tune.indexes.catalog import question

EVERY_SECONDS = 1.0


@contextmanager
def build_watched(
    connect: Callable[[], psycopg.Connection],
    builder: psycopg.Connection,
    report: Callable[[str], None],
    *,
    every: float = EVERY_SECONDS,
) -> Iterator[None]:
    """Report, while the block runs, what the server says of the builder's work: "building index, 40 %".

    `report` is called from a thread.  Where no second session can be had, the build goes on unwatched.
    """
    stopped = threading.Event()
    process = builder.info.backend_pid

    def watch() -> None:
        try:
            with connect() as connection:
                connection.autocommit = True
                while not stopped.wait(every):
                    row = connection.execute(question("build_progress").encode(), (process,)).fetchone()
                    if row is not None:
                        report(_said(*row))
        except (psycopg.Error, TargetUnusable):
            report("its progress cannot be seen")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join()


def _said(phase: str, done: int, total: int) -> str:
    return f"{phase}, {100 * done / total:.0f} %" if total else phase
