"""Large results: read as they are asked for, and the same whatever happens on the connection meanwhile."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from pgraduate import dbapi

NUMBERS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT n FROM c"


@pytest.mark.parametrize("begins", [False, True])
def test_other_statements_meanwhile_change_nothing(engine: Any, begins: bool) -> None:
    connection = engine.connect(isolation_level=None)
    connection.execute("CREATE TABLE t(n INTEGER)")
    if begins:
        connection.execute("BEGIN")
    rows = connection.execute(NUMBERS)
    assert [next(rows) for _ in range(3)] == [(1,), (2,), (3,)]
    unread = connection.execute(NUMBERS)
    connection.execute("INSERT INTO t VALUES (7)")
    assert unread.fetchone() == (1,)
    del unread
    connection.execute(NUMBERS).fetchone()
    assert connection.execute("SELECT n FROM t").fetchall() == [(7,)]
    assert sum(n for (n,) in rows) == 5000 * 5001 // 2 - 6
    if begins:
        connection.execute("COMMIT")
    assert connection.execute("SELECT n FROM t").fetchall() == [(7,)]


def test_a_result_that_nobody_reads_keeps_no_connection_of_the_pool(engine: Any) -> None:
    connections = [engine.connect() for _ in range(8)]
    for connection in connections:
        connection.execute(NUMBERS).fetchone()
    held = [connection.execute(NUMBERS) for connection in connections[:3]]
    assert [cursor.fetchone() for cursor in held] == [(1,)] * 3
    for connection in connections[:3]:
        connection.close()
    assert connections[3].execute("SELECT 1").fetchone() == (1,)


def test_a_failure_behind_the_first_rows_is_told(engine: Any) -> None:
    connection = engine.connect()
    numbers = NUMBERS.replace(
        "SELECT n FROM c", "SELECT CASE WHEN n < 4000 THEN n ELSE abs(-9223372036854775807 - (n > 0)) END FROM c"
    )
    with pytest.raises(dbapi.Error):
        connection.execute(numbers).fetchall()
    assert connection.execute("SELECT 1").fetchone() == (1,)


PROGRAM = """
import resource, sys
from pgraduate import dbapi

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

connection = dbapi.connect(":memory:")
numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {}) "
numbers += "SELECT n, printf('%01000d', n) FROM c"
for row in connection.execute(numbers.format(10)):
    pass
before = peak()
count = sum(1 for row in connection.execute(numbers.format(40_000)))
print(count, round(peak() - before))
"""


@pytest.mark.usefixtures("served")
def test_memory_is_bounded() -> None:
    """40 MB of rows pass, and the process grows by a fraction of them."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    assert count == 40_000
    assert grown < 20, f"grown by {grown} MiB"
