"""A connection's transaction: SQLite's rules of begin, write and fail over a server connection that is borrowed.

A server connection is held from the first statement of a transaction to its end, and for one statement outside of
one.  A transaction that begins with a write, or was begun IMMEDIATE or EXCLUSIVE, holds the database's one writing
lock, as SQLite's does; every other one is SERIALIZABLE and fails where its reads are no longer true.  The invariant:
once the server has dropped a transaction, nothing but a rollback is accepted, so that no write is lost unseen.
"""

from __future__ import annotations

import hashlib
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import TypeVar

import psycopg

from pgraduate.dbapi.arriving import Arriving, Rows
from pgraduate.dbapi.lending import Lender
from pgraduate.dialect.identifiers import quote

T = TypeVar("T")
_BEGIN = b"BEGIN ISOLATION LEVEL SERIALIZABLE"
_LONGEST = 2**31 - 1
"""Milliseconds: what lock_timeout can say at most."""
_STATEMENT = b"SAVEPOINT pgraduate_statement"
_AGAIN = b"RELEASE SAVEPOINT pgraduate_statement; SAVEPOINT pgraduate_statement"
_BACK = b"ROLLBACK TO SAVEPOINT pgraduate_statement"
_UNLOCK = """ROLLBACK; SELECT pg_catalog.pg_advisory_unlock({0})
  FROM pg_catalog.pg_locks
 WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND objsubid = 1
   AND (classid::bigint << 32) | objid::bigint = {0}"""
_STALE = "cached plan must not change result type"
_BUSY = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


class Spoiled(Exception):
    """The server dropped the transaction; its cause says why."""


class Session:
    """`is_open` is SQLite's view of the transaction, `held` the server connection that carries it, if any yet."""

    def __init__(self, pool: Lender, schema: str, timeout: float, savepoints: str = "auto") -> None:
        self.pool = pool
        self.savepoints = savepoints
        self.is_open = False
        self.held: psycopg.Connection | None = None
        self.running: psycopg.Connection | None = None
        """The connection of a statement outside of a transaction, while it runs."""
        self.names: list[str] = []
        self.begun_by_savepoint = False
        self.was_kept = True
        """Whether the last transaction was committed."""
        self.spoiled: psycopg.Error | None = None
        self._locked = False
        self._has_run = False
        self._marked = False
        self._timeout = timeout
        self._arriving: weakref.ref[Arriving] | None = None
        self._rest: Rows | None = None
        self.key = int.from_bytes(hashlib.sha256(schema.encode()).digest()[:8], signed=True)

    def begin(self, *, locks: bool = False) -> None:
        """Begin as SQLite does: the server hears of it with the first statement, or at once where a lock is asked."""
        self.is_open = True
        if locks:
            try:
                self._start(writes=True)
            except BaseException:
                self._forget()
                raise

    def run(self, work: Callable[[psycopg.Connection], T], *, writes: bool) -> T:
        """Run one statement's work; a failure takes back this statement and nothing else."""
        self._free()
        if not self.is_open:
            return self._alone(work)
        if self.spoiled is not None:
            raise Spoiled from self.spoiled
        if self.held is None:
            self._start(writes=writes)
        held = self.held
        assert held is not None
        return self._inside(held, work, writes=writes)

    def commit(self) -> None:
        self._free()
        self.was_kept = False
        if self.spoiled is not None:
            raise Spoiled from self.spoiled
        held = self.held
        if held is not None:
            try:
                held.execute(b"COMMIT")
            except psycopg.Error as error:
                # A deferred constraint or a serialization failure: the server has rolled back.
                self._drop()
                if isinstance(error, _BUSY) or held.closed:
                    self.spoiled = error
                else:
                    self._forget()
                raise
            self.pool.give_back(held)
        self.was_kept = True
        self._forget()

    def rollback(self) -> None:
        self._free()
        self.was_kept = False
        self._drop()
        self._forget()

    def close(self) -> None:
        found = self._arriving() if self._arriving is not None else None
        if found is not None:
            found.give_up()
        self.rollback()

    def savepoint(self, name: str) -> None:
        if not self.is_open:
            self.begin()
            self.begun_by_savepoint = True
        self._plain(f"SAVEPOINT {quote(self._target(name))}")
        self.names.append(name.lower())

    def release(self, name: str) -> bool:
        """Release a savepoint; False where none has this name."""
        return self._settle(name, "RELEASE SAVEPOINT", keep=False)

    def rollback_to(self, name: str) -> bool:
        return self._settle(name, "ROLLBACK TO SAVEPOINT", keep=True)

    def _settle(self, name: str, verb: str, *, keep: bool) -> bool:
        if name.lower() not in self.names:
            return False
        place = len(self.names) - 1 - self.names[::-1].index(name.lower())
        self._plain(f"{verb} {quote(self._target(name))}")
        del self.names[place + keep :]
        return True

    @staticmethod
    def _target(name: str) -> str:
        return f"s_{name.lower()}"

    def _plain(self, text: str) -> None:
        self._marked = False
        self.run(lambda connection: connection.execute(text.encode()), writes=False)
        self._marked = False

    def _alone(self, work: Callable[[psycopg.Connection], T]) -> T:
        """Run a statement that is a transaction of its own; nobody has seen a try that failed for others' sake."""
        ends = time.monotonic() + self._timeout
        while True:
            connection = self.running = self.pool.take()
            stays = False
            try:
                found = work(connection)
                stays = isinstance(found, Arriving) and self._note(found, connection)
                return found
            except _BUSY:
                if time.monotonic() >= ends:
                    raise
            except psycopg.errors.FeatureNotSupported as error:
                if _STALE not in str(error) or time.monotonic() >= ends:
                    raise
                # A definition has changed under a statement that this session keeps prepared: another session has not.
                connection.close()
            finally:
                self.running = None
                if not stays:
                    self.pool.give_back(connection)

    def _note(self, found: Arriving, connection: psycopg.Connection) -> bool:
        """Remember a result that keeps its connection busy; say whether it does."""
        if found.rest is None:
            return False
        self._arriving = weakref.ref(found)
        if connection is self.held:
            self._rest = found.rest
            found.ends = self._failed_late
        else:
            found.cancels = True
            found.ends = lambda _: self.pool.give_back(connection)
        return True

    def _free(self) -> None:
        """Have the connection for the next statement: what still arrives on it is kept for who reads it, else dropped."""
        found = self._arriving() if self._arriving is not None else None
        rest, self._rest, self._arriving = self._rest, None, None
        if found is not None:
            found.keep_rest()
        elif rest is not None:
            deque(rest, maxlen=0)

    def _failed_late(self, error: psycopg.Error | None) -> None:
        """A query of the transaction failed behind its first rows: what stood before it is lost with it."""
        if error is not None:
            self.spoiled = error
            self._drop()

    def _start(self, *, writes: bool) -> None:
        held = self.pool.take()
        try:
            self._begin_on(held, locks=writes)
        except BaseException:
            self.held = held
            self._drop()
            raise
        self.held = held
        self._locked = writes
        self._has_run = self._marked = False

    def _begin_on(self, held: psycopg.Connection, *, locks: bool) -> None:
        """Begin on the server, with the writing lock where it is asked.

        A transaction sees what was committed when its first query began, so the lock must be there before.  The session
        waits for it, and keeps it until the transaction has it too: all in one message, so that a pooler in transaction
        mode gives it to no other session meanwhile.
        """
        if not locks:
            held.execute(_BEGIN)
            return
        patience = min(max(int(self._timeout * 1000), 1), _LONGEST)
        try:
            held.execute(
                f"BEGIN; SET LOCAL lock_timeout = {patience}; SELECT pg_catalog.pg_advisory_lock({self.key}); "
                f"COMMIT; {_BEGIN.decode()}; SELECT pg_catalog.pg_advisory_xact_lock({self.key}); "
                f"SELECT pg_catalog.pg_advisory_unlock({self.key})".encode()
            )
        except BaseException:
            if not held.closed:
                # A timeout may come just after the lock did, and no rollback takes a session's lock back.
                held.execute(_UNLOCK.format(self.key).encode())
            raise

    def _inside(self, held: psycopg.Connection, work: Callable[[psycopg.Connection], T], *, writes: bool) -> T:
        marks = self.savepoints != "never" and (self.savepoints == "always" or (writes and self._has_run))
        try:
            if marks:
                held.execute(_AGAIN if self._marked else _STATEMENT)
                self._marked = True
            found = work(held)
        except psycopg.Error as error:
            self._take_back(held, error, marks=marks)
            raise
        self._has_run = True
        if isinstance(found, Arriving):
            self._note(found, held)
        return found

    def _take_back(self, held: psycopg.Connection, error: psycopg.Error, *, marks: bool) -> None:
        """Bring the server's transaction to where it was before the statement, or note that it is lost."""
        if held.closed or isinstance(error, _BUSY):
            self.spoiled = error
            self._drop()
        elif held.info.transaction_status is not psycopg.pq.TransactionStatus.INERROR:
            return
        elif marks:
            held.execute(_BACK)
        elif not self._has_run and not self.names:
            # Nothing stands in the transaction yet: it begins anew with the next statement, under the same lock.
            held.execute(b"ROLLBACK")
            self._begin_on(held, locks=self._locked)
        else:
            self.spoiled = error
            self._drop()

    def _drop(self) -> None:
        """Let the server forget the transaction, and give the connection back."""
        held, self.held = self.held, None
        if held is None:
            return
        try:
            if not held.closed:
                held.execute(b"ROLLBACK")
        except psycopg.Error:
            # A connection that cannot even roll back is not given to anyone else.
            held.close()
        finally:
            self._locked = False
            self.pool.give_back(held)

    def _forget(self) -> None:
        self.held = None
        self.is_open = self.begun_by_savepoint = self._locked = self._has_run = self._marked = False
        self.spoiled = None
        self.names.clear()
