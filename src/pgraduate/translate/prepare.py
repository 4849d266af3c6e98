"""Asking a target whether it would take a translation: PREPARE, which checks names and types and runs nothing.

What cannot be prepared (a view, a trigger) is made in a transaction that is taken back; VACUUM, which no transaction
takes, is only read by the server.  The invariant: the target's catalog and data are afterwards what they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.compat import check as missing_functions
from pgraduate.errors import Refused
from pgraduate.translate.statements import Kind
from pgraduate.translate.translating import Translated

_NAME = "pgraduate_check"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the target said: SQLSTATE and its primary message, which at PREPARE is about the text alone."""

    sqlstate: str
    message: str


def prepare(
    connection: psycopg.Connection, schema: str, translations: Iterable[Translated]
) -> tuple[Refusal | None, ...]:
    """Let the target check each translation, those before it in the script having been made; None where it agrees.

    Raises Refused where the schema of the tables or the compat functions are not there.
    """
    translations = tuple(translations)
    _require(connection, schema, translations)
    with connection.transaction(force_rollback=True):
        return tuple(_refusal(connection, translated) for translated in translations)


def _require(connection: psycopg.Connection, schema: str, translations: Sequence[Translated]) -> None:
    row = connection.execute("SELECT pg_catalog.to_regnamespace(pg_catalog.quote_ident(%s))", (schema,)).fetchone()
    if row is None or row[0] is None:
        raise Refused(
            f"the target has no schema {schema}, so there is nothing to check against",
            where=f"schema {schema}",
            hint="`pgraduate run` makes it, or `psql -f` the files of `pgraduate schema -o`",
        )
    if any(translated.uses_compat for translated in translations) and (missing := missing_functions(connection)):
        raise Refused(
            f"the target lacks {len(missing)} of the compat functions that the translations call",
            where=f"database {connection.info.dbname}",
            hint="`pgraduate run` installs them",
        )


def _refusal(connection: psycopg.Connection, translated: Translated) -> Refusal | None:
    try:
        with connection.transaction():
            for text in translated.texts:
                _try(connection, text, translated.statement.kind)
    except psycopg.Error as error:
        if connection.closed:
            raise
        return Refusal(error.sqlstate or "", error.diag.message_primary or type(error).__name__)
    return None


def _try(connection: psycopg.Connection, text: str, kind: Kind) -> None:
    if kind in (Kind.QUERY, Kind.DML):
        connection.execute(f"PREPARE {_NAME} AS {text}".encode(), prepare=False)
        connection.execute(f"DEALLOCATE {_NAME}".encode(), prepare=False)
    elif text.startswith("VACUUM"):
        _parse(connection, text)
    elif kind is not Kind.TRANSACTION:  # names nothing of the schema, and would end the transaction of the check
        connection.execute(text.encode(), prepare=False)


def _parse(connection: psycopg.Connection, text: str) -> None:
    """Let the server read a statement: the protocol's Parse alone, without a run."""
    result = connection.pgconn.prepare(b"", text.encode())
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
