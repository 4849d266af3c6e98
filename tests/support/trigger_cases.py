"""One case of the comparison of triggers: tables, triggers, statements, and what must be alike afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from support.twins import Twins

T = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, n INTEGER);"
LOG = "CREATE TABLE log(what TEXT, x INTEGER, y TEXT);"
NUMBERED_LOG = "CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT, x INTEGER, y TEXT);"
COUNT = "CREATE TABLE counts(name TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0);"
INSERTS = (
    "INSERT INTO t(a, n) VALUES ('one', 1), ('two', 2), ('three', 3)",
    "INSERT INTO t(a) VALUES (NULL)",
)
CHANGES = (
    *INSERTS,
    "UPDATE t SET n = n + 10 WHERE n > 1",
    "UPDATE t SET a = 'four' WHERE a IS NULL",
    "DELETE FROM t WHERE a = 'two'",
    "UPDATE t SET n = 5",
)
ORDERS = (
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, total REAL DEFAULT 0);"
    "CREATE TABLE items(id INTEGER PRIMARY KEY, order_id INTEGER, price REAL, quantity INTEGER);"
)


@dataclass(frozen=True)
class Case:
    """`failures` is how many of the statements must fail, in both engines, with the same message."""

    tables: str
    triggers: tuple[str, ...]
    statements: tuple[str, ...]
    views: Mapping[str, str] = field(default_factory=dict)
    failures: int = 0

    def check(self, connection: psycopg.Connection) -> None:
        """Run the statements in both engines: the same must fail with the same message and the same rows remain."""
        with Twins.create(connection, self.tables, self.views) as twins:
            for trigger in self.triggers:
                twins.trigger(trigger)
            failures = 0
            for statement in self.statements:
                lite, post = twins.run(statement)
                assert post == lite, statement
                failures += lite is not None
            lite_tables, post_tables = twins.contents()
        assert post_tables == lite_tables
        assert failures == self.failures
