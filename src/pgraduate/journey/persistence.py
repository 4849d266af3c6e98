"""Going on after a loss: a run whose connection ended, or that waited for a lock in vain, takes itself up again.

A run that begins again asks the target what is left to do, so doing it again is all that a retry takes.  The invariant:
only what another moment can heal is tried again, each time after a longer pause, and the last failure is the one told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import psycopg

from pgraduate.errors import ConnectionLost, Locked, PgraduateError, TargetUnusable
from pgraduate.events import Notice, Sink
from pgraduate.postgres.failures import trouble

T = TypeVar("T")

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each further try: a restart of a server takes a few, its recovery from a crash some more."""


def persist(work: Callable[[], T], sink: Sink) -> T:
    """Do work that resumes itself, again after each loss that may heal.

    Raises what the last try raised: ConnectionLost, Locked, or TargetUnusable where the server does not come back.
    """
    lost = False
    for pause in PAUSES:
        try:
            return _explained(work)
        except (ConnectionLost, Locked) as error:
            lost = True
            failure: PgraduateError = error
        except TargetUnusable as error:
            # A server that has never answered is not waited for.
            if not lost or error.code != TargetUnusable.code:
                raise
            failure = error
        sink.emit(Notice(f"{failure.what}; trying again in {pause:g} s"))
        time.sleep(pause)
    return _explained(work)


def _explained(work: Callable[[], T]) -> T:
    """Do the work; turn the server's troubles into errors that a user can act on, and leave all others alone."""
    try:
        return work()
    except psycopg.Error as error:
        found = trouble(error)
        if found is None:
            raise
        raise found from None
