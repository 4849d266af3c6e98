"""BEGIN, COMMIT, SAVEPOINT and their kin on both engines: the one kind of statement that no savepoint can enclose.

PostgreSQL warns where SQLite refuses, so the driver's part is played here as SQLite's rules have it: what needs an open
transaction fails without one, a SAVEPOINT outside of one begins it, and its RELEASE commits.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.pq import TransactionStatus

from pgraduate.compare.answers import Answer, Failure, FailureKind, failure_of
from pgraduate.dialect.transactions import Control, Verb

_NO_TRANSACTION = Answer(failure=Failure(FailureKind.OTHER, "no transaction is open"))
_IN_TRANSACTION = Answer(failure=Failure(FailureKind.OTHER, "a transaction is open already"))


@dataclass(slots=True)
class Transactions:
    """`began` is the savepoint that began the open transaction, '' where BEGIN did or none is open."""

    connection: psycopg.Connection
    began: str = ""

    @property
    def is_open(self) -> bool:
        return self.connection.info.transaction_status is not TransactionStatus.IDLE

    def run(self, control: Control, text: str) -> Answer:
        """Do what a statement of transaction control asks, and give its answer."""
        if control.needs_transaction and not self.is_open:
            return _NO_TRANSACTION
        if control.verb is Verb.BEGIN and self.is_open:
            return _IN_TRANSACTION
        if control.verb is Verb.SAVEPOINT and not self.is_open:
            self.connection.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
            self.began = control.savepoint
        try:
            self.connection.execute(text.encode())
        except psycopg.Error as error:
            if self.connection.closed:
                raise
            return Answer(failure=failure_of(error))
        if control.verb is Verb.RELEASE and control.savepoint == self.began:
            self.connection.execute("COMMIT")
        if not self.is_open:
            self.began = ""
        return Answer()

    def end(self) -> None:
        """Take back whatever is open."""
        if self.is_open:
            self.connection.execute("ROLLBACK")
        self.began = ""
