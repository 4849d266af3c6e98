"""BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE as statements: what they do to a session, in SQLite's words."""

from __future__ import annotations

import sqlite3

from pgraduate.dbapi.exceptions import coded
from pgraduate.dbapi.sessions import Session
from pgraduate.dialect.transactions import Mode, Verb, parse_transaction


def command(sql: str, session: Session) -> None:
    """Carry out one statement of transaction control.

    Raises sqlite3.OperationalError where SQLite does: BEGIN within a transaction, COMMIT or ROLLBACK without one, an
    unknown savepoint.
    """
    control = parse_transaction(sql)
    name = control.savepoint
    match control.verb:
        case Verb.BEGIN if session.is_open:
            raise _failed("cannot start a transaction within a transaction")
        case Verb.BEGIN:
            session.begin(locks=control.mode is not Mode.DEFERRED)
        case Verb.COMMIT | Verb.ROLLBACK if not session.is_open:
            raise _failed(f"cannot {control.verb.lower()} - no transaction is active")
        case Verb.COMMIT:
            session.commit()
        case Verb.ROLLBACK:
            session.rollback()
        case Verb.SAVEPOINT:
            session.savepoint(name)
        case Verb.ROLLBACK_TO if session.is_open and session.rollback_to(name):
            return
        case Verb.RELEASE if session.is_open and session.release(name):
            if session.begun_by_savepoint and not session.names:
                session.commit()
        case _:
            raise _failed(f"no such savepoint: {name}")


def _failed(message: str) -> sqlite3.Error:
    return coded(sqlite3.OperationalError(message), "SQLITE_ERROR", 1)
