"""Writing cells without waking an application's triggers.

To give a cell its bytes back is no write of the application's: a trigger that stamps the row or logs the change
would alter other data.  The triggers are switched off and on again inside the caller's transaction, so that no
other session ever sees them off, and a rollback restores them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from pgraduate.verify.scripts import script


@contextmanager
def quiet_triggers(connection: psycopg.Connection, relation: sql.Identifier) -> Iterator[None]:
    """Switch the users' triggers of a table off; takes SHARE ROW EXCLUSIVE only where there is one to switch.

    The caller holds the transaction open; where the block raises, its rollback switches them on.
    """
    name = relation.as_string(connection)
    triggers = connection.execute(script("enabled_triggers"), {"table": name}).fetchall()
    _switch(connection, relation, [("DISABLE", trigger) for trigger, _ in triggers])
    yield
    _switch(connection, relation, [(enable, trigger) for trigger, enable in triggers])


def _switch(connection: psycopg.Connection, relation: sql.Identifier, actions: list[tuple[str, str]]) -> None:
    if actions:
        words: dict[str, sql.SQL] = {
            "DISABLE": sql.SQL("DISABLE TRIGGER {}"),
            "ENABLE": sql.SQL("ENABLE TRIGGER {}"),
            "ENABLE ALWAYS": sql.SQL("ENABLE ALWAYS TRIGGER {}"),
        }
        parts = [words[action].format(sql.Identifier(trigger)) for action, trigger in actions]
        connection.execute(sql.SQL("ALTER TABLE {} {}").format(relation, sql.SQL(", ").join(parts)))
