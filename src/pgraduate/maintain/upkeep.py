"""One task of upkeep as an operation: VACUUM, ANALYZE, REINDEX CONCURRENTLY, or the removal of a left copy.

Nothing of it changes what stands in the catalog, so there is nothing to take back.  A rebuild that was cut off leaves an
invalid copy that every write maintains: apply removes such copies before it begins, and again where it fails.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import psycopg
from psycopg.rows import dict_row

from pgraduate.errors import PgraduateError, Refused
from pgraduate.maintain.tasks import UPKEEP
from pgraduate.model.operation import Check, Plan
from pgraduate.postgres.identifiers import qualified

BRIEF = "2s"
"""How long a VACUUM, ANALYZE or DROP may queue for a lock: whoever comes after it queues, too."""
PATIENT = "10min"
"""How long a rebuild may wait for transactions to end: nobody queues behind that wait."""
OLD_TRANSACTION = 60.0
"""Seconds; with an older transaction about a rebuild would only wait, so it is not begun."""


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.maintain").joinpath("sql", f"{name}.sql").read_text("utf-8")


class Upkeep:
    """Operation over a connection in autocommit."""

    kind: ClassVar[str] = UPKEEP

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        """Do the task.  Raises Refused where a rebuild would wait for an old transaction."""
        if plan.facts["task"] != "reindex":
            _execute(connection, plan.statements[0], BRIEF)
            return
        self._drop_copies(connection, plan)
        _require_no_old_transaction(connection, plan.subject)
        try:
            _execute(connection, plan.statements[0], PATIENT)
        except psycopg.errors.UniqueViolation as error:
            self._drop_copies(connection, plan)
            raise PgraduateError(
                "rows of its table are not unique, so that the index cannot be built",
                where=plan.subject,
                hint="remove the rows that are there twice, or drop the index",
            ) from error
        except (
            psycopg.Error
        ):  # whatever stops a rebuild leaves its copy, a full disk and a key that is too long, too
            if not connection.closed:
                self._drop_copies(connection, plan)
            raise

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        """A rebuilt index is valid and has no copies; a dropped copy is gone."""
        state = index_state(connection, plan.subject) if plan.facts["task"] in ("reindex", "drop_copy") else None
        if state is None:
            return Check(True)
        if plan.facts["task"] == "drop_copy":
            return Check(not state["present"], "the copy still stands")
        if state["copies"]:
            return Check(False, "an invalid copy of the index is left: " + ", ".join(state["copies"]))
        return Check(state["valid"], "the index is not valid")

    def undo(self, _connection: psycopg.Connection, _plan: Plan, /) -> None:
        return None

    def _drop_copies(self, connection: psycopg.Connection, plan: Plan) -> None:
        for name in index_state(connection, plan.subject)["copies"]:
            copy = qualified(plan.facts["schema"], name)
            _execute(connection, f"DROP INDEX CONCURRENTLY IF EXISTS {copy}", BRIEF)


def index_state(connection: psycopg.Connection, index: str) -> dict[str, Any]:
    """Look at an index by its quoted, qualified name: present, valid, bytes, copies."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(script("index_state"), {"index": index}).fetchone()
    assert row is not None
    return row


def _require_no_old_transaction(connection: psycopg.Connection, subject: str) -> None:
    row = connection.execute(script("old_transactions")).fetchone()
    if row is not None and row[0] is not None and row[0] > OLD_TRANSACTION:
        raise Refused(
            f"a transaction has been open for {row[0]:.0f} seconds, and a rebuild would wait for it",
            where=subject,
            hint="`pgraduate maintain check` names it; the next run tries again",
        )


def _execute(connection: psycopg.Connection, statement: str, lock_timeout: str) -> None:
    connection.execute(f"SET lock_timeout = '{lock_timeout}'".encode())
    try:
        connection.execute(statement.encode())
    finally:
        if not connection.closed:
            connection.execute("SET lock_timeout = 0")
