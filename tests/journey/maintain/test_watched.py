"""What a snapshot keeps of the statements that took the most time: placeholders, counters and plans, and no value."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Embedded
from pgraduate.journey.watched import watched_statements
from pgraduate.model.wire import to_json

SECRET = "a value that nobody may read"


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's conninfo on a server that counts statements."""
    embedded = Embedded(
        tmp_path_factory.mktemp("counting") / "server",
        fsync=False,
        settings={"shared_preload_libraries": "pg_stat_statements"},
    )
    status = embedded.start()
    try:
        assert status.conninfo is not None
        name = psycopg.conninfo.conninfo_to_dict(status.conninfo)["dbname"]
        superuser = make_conninfo(embedded.superuser_conninfo(), dbname=name)
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        yield status.conninfo
    finally:
        embedded.remove()


def test_statements_come_with_plans_and_without_values(counting: str) -> None:
    with psycopg.connect(counting, autocommit=True) as connection:
        connection.execute("CREATE TABLE note (id integer PRIMARY KEY, body text)")
        for number in range(20):
            connection.execute(f"SELECT body FROM note WHERE id = {number} AND body <> '{SECRET}'".encode())
        connection.execute(f"COMMENT ON TABLE note IS '{SECRET}'".encode())
        found = watched_statements(connection)
    (read,) = [item for item in found if "FROM note" in item.text]
    assert read.calls == 20
    assert read.mean_ms * 20 == pytest.approx(read.total_ms, abs=0.1)
    assert read.plan is not None
    assert read.plan["Relation Name"] == "note"
    assert SECRET not in json.dumps(to_json(found))


def test_a_server_that_counts_nothing_gives_none(target: str) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        assert watched_statements(connection) == ()
