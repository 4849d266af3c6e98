"""A partitioned table gets no index from here, but a script that builds one as it is written."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import make_conninfo
from support.server import PrivateServer

from pgraduate.tune.indexes.advice import advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.planner import BuiltPlanner
from pgraduate.workload import gather

SCHEMA = """
CREATE TABLE event (at date NOT NULL, device int NOT NULL, value float8) PARTITION BY RANGE (at);
CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE event_new PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO event SELECT date '2025-01-01' + n % 700, n % 300, n FROM generate_series(1, 8000) AS n;
ANALYZE event;
"""


def test_the_refusal_holds_a_script_that_makes_a_valid_index(server: PrivateServer, target: str) -> None:
    database = psycopg.conninfo.conninfo_to_dict(target)["dbname"]
    with psycopg.connect(make_conninfo(server.superuser, dbname=database), autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        planner = BuiltPlanner(connection)
        workload = gather([("SELECT value FROM event WHERE device = 7 ORDER BY at", 100, None)], "test")
        subject = study(workload, read_catalog(connection), planner)
        advice = advise(connection, subject, planner, budget=64 << 20)
        assert advice.proposed == ()
        (refusal,) = advice.refusals
        assert refusal.table == "public.event"
        for statement in refusal.instead.splitlines():
            connection.execute(statement.encode())
        valid = connection.execute(
            "SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text LIKE '%tuned%'"
        ).fetchone()
    assert valid == (3, True)
