"""Head-room for connections: what is in use, and what the application's pools may ask for at once."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity

_SPARE = 10
"""Connections for people, backups and monitoring beside the application's pools."""


class Connections:
    name: ClassVar[str] = "connections"
    title: ClassVar[str] = "Connection head-room"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        (row,) = ask(connection, self.name)
        used, maximum, available = row["used"], row["maximum"], row["maximum"] - row["reserved"]
        found = []
        share = used / maximum
        if share >= facts.thresholds.connections_warning:
            error = share >= facts.thresholds.connections_error
            found.append(
                HealthFinding(
                    "CONNECTIONS_RUN_OUT",
                    Severity.ERROR if error else Severity.WARNING,
                    "server",
                    f"{used} of {maximum} connections are in use",
                    "when they are gone, the application and its operators get 'too many clients already'",
                    "SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3;",
                    "reads only; the remedy is a pooler or smaller pools, more connections cost memory and a restart",
                    {"used": used, "maximum": maximum},
                )
            )
        blind: tuple[str, ...] = ()
        if facts.pool is None:
            blind = (
                "the application's pools are not known: [maintain] pool and workers in pgraduate.toml name them",
            )
        elif facts.pool.connections > available - _SPARE:
            wanted = facts.pool.connections + _SPARE + row["reserved"]
            found.append(
                HealthFinding(
                    "POOLS_TOO_LARGE",
                    Severity.WARNING,
                    "server",
                    f"{facts.pool.workers} workers with {facts.pool.size} connections each may ask for "
                    f"{facts.pool.connections}; {available - _SPARE} are there for them",
                    "at full load the last workers cannot connect",
                    f"ALTER SYSTEM SET max_connections = {wanted};",
                    "needs a restart and memory for each; a smaller pool (cores × 2 is a good start) is the better remedy",
                    {"pool": facts.pool.size, "workers": facts.pool.workers, "available": available - _SPARE},
                )
            )
        figures = {"connections_used": used, "connections_max": maximum}
        return Examination(self.name, maximum, "connections", tuple(found), blind, figures)
