"""Several statements in one message: a distant server is asked once, and they commit together or not at all.

PostgreSQL runs the statements of one simple query as one transaction, where none of them is a transaction command
("Multiple Statements in a Simple Query" in the protocol's description); values must be bound here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.pq import TransactionStatus


def bound(connection: psycopg.Connection, query: LiteralString, values: Sequence[Any]) -> str:
    """Give a statement with its values as literals."""
    return psycopg.ClientCursor(connection).mogrify(query, values)


def execute_together(connection: psycopg.Connection, statements: Sequence[str]) -> None:
    """Execute statements in one transaction of their own, over a connection in autocommit."""
    assert connection.autocommit
    assert connection.info.transaction_status == TransactionStatus.IDLE
    # A statement may end in a comment, which would swallow a semicolon behind it.
    connection.execute("\n;\n".join(statements).encode(), prepare=False)
