"""BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE as statements: what they do to a session, in SQLite's words."""

from __future__ import annotations

import sqlite3

from pgraduate.dbapi.sessions import Session
from pgraduate.dialect.reading.tokens import Token, tokenize

_LOCKING = ("IMMEDIATE", "EXCLUSIVE")


def command(sql: str, session: Session) -> None:
    """Carry out one statement of transaction control.

    Raises sqlite3.OperationalError where SQLite does: BEGIN within a transaction, COMMIT or ROLLBACK without one.
    """
    tokens = [token for token in tokenize(sql) if not token.is_symbol(";")]
    words = [token for token in tokens if not token.is_word("TRANSACTION", "SAVEPOINT", "TO")]
    verb = tokens[0].text.upper()
    match verb:
        case "BEGIN":
            _begin(session, locks=any(token.is_word(*_LOCKING) for token in tokens[1:]))
        case "COMMIT" | "END":
            if not session.is_open:
                raise _failed("cannot commit - no transaction is active")
            session.commit()
        case "ROLLBACK" if any(token.is_word("TO") for token in tokens):
            _require(session.is_open and session.rollback_to(words[-1].name), words[-1])
        case "ROLLBACK":
            if not session.is_open:
                raise _failed("cannot rollback - no transaction is active")
            session.rollback()
        case "SAVEPOINT":
            session.savepoint(tokens[-1].name)
        case "RELEASE":
            _require(session.is_open and session.release(words[-1].name), words[-1])
            if session.begun_by_savepoint and not session.names:
                session.commit()


def _begin(session: Session, *, locks: bool) -> None:
    if session.is_open:
        raise _failed("cannot start a transaction within a transaction")
    session.begin(locks=locks)


def _require(found: bool, name: Token) -> None:
    if not found:
        raise _failed(f"no such savepoint: {name.name}")


def _failed(message: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode, error.sqlite_errorname = 1, "SQLITE_ERROR"
    return error
