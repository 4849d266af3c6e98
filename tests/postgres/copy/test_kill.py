"""A load that is killed at any moment goes on where it stopped: nothing twice, nothing lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table

import pgraduate
from pgraduate.copy import load, loader
from pgraduate.model.result import Verdict
from pgraduate.model.wire import to_json
from pgraduate.verify import verify

ROWS = 4000

SCRIPT = f"""
CREATE TABLE big(id INTEGER PRIMARY KEY, x TEXT, a, v);
CREATE TABLE keyed(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE small(x TEXT);
CREATE TABLE pairs(k TEXT PRIMARY KEY, a INTEGER) WITHOUT ROWID;
WITH RECURSIVE n(i) AS (SELECT -{ROWS // 2} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {ROWS // 2})
INSERT INTO big SELECT i * 3, CASE WHEN i % 7 = 0 THEN 'x' || char(0) ELSE 'text ' || i END,
    CASE WHEN i % 5 = 0 THEN i || '' ELSE i END,
    CASE i % 4 WHEN 0 THEN i WHEN 1 THEN i / 8.0 WHEN 2 THEN 'text ' || i ELSE CAST(i AS BLOB) END FROM n;
INSERT INTO keyed SELECT v, id FROM big WHERE id % 17 = 0;
INSERT INTO small SELECT x FROM big WHERE id % 11 = 0;
INSERT INTO pairs SELECT id || '', id FROM big WHERE id % 13 = 0;
"""

ANY = column("v", "any_value")
PLAN = plan(
    table("small", [column("x", "text", quarantines=True)], rows=1),
    table("pairs", [column("k", "text"), column("a", "integer")], key=["k"], without_rowid=True, rows=2),
    table("keyed", [column("k", "any_value"), ANY], key=["k"], without_rowid=True, rows=2),
    table(
        "big",
        [column("id", "integer"), column("x", "text", quarantines=True), column("a", "any_text:NUMERIC"), ANY],
        key=["id"],
        rowid_alias="id",
        rows=ROWS,
    ),
)

CHILD = """
import json, sys
from pathlib import Path
import psycopg
from pgraduate.copy import load, loader
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json

class Teller:
    def emit(self, event):
        print(event.done, flush=True)

loader.CHUNK_ROWS, loader.BATCH_ROWS = 100, 150
target, source, plan, run, most = sys.argv[1:]
loader.SMALL_BYTES, loader.FREEZE_BYTES = 0, int(most)
print("ready", flush=True)
load(lambda: psycopg.connect(target), Path(source), from_json(SchemaPlan, json.loads(plan)), run, sink=Teller())
"""


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("most", [0, loader.FREEZE_BYTES], ids=["in chunks", "each table whole"])
def test_a_killed_load_goes_on_and_copies_no_chunk_twice(
    seed: int, most: int, target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT)
    prepare_target(target, PLAN)
    moment = random.Random(seed)
    chunks, delay = moment.randrange(42), moment.uniform(0, 0.01)
    print(f"seed {seed}: killed {delay:.4f} s after chunk {chunks}")
    _load_and_kill(target, source, chunks, delay, most)
    _wait_for_the_dead(connection)
    before = _progress(connection)
    print(f"committed then: {before}")
    copied = load(lambda: psycopg.connect(target), source, PLAN, RUN)
    assert {item.name: item.resumed_rows for item in copied if item.resumed_rows} == before
    assert _progress(connection) == {item.name: item.rows for item in copied}
    for item in copied:
        assert connection.execute(f"SELECT count(*) FROM app.{item.name}").fetchone() == (item.rows,)
    assert verify(connection, source, PLAN, RUN).verdict is Verdict.EQUAL


def _load_and_kill(target: str, source: Path, chunks: int, delay: float, most: int) -> None:
    package = str(Path(pgraduate.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, target, str(source), json.dumps(to_json(PLAN)), RUN, str(most)],
        env={**os.environ, "PYTHONPATH": package},
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        for _ in range(1 + chunks):
            assert child.stdout.readline()
        time.sleep(delay)
        child.kill()


def _progress(connection: psycopg.Connection) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT table_name, sum(row_count)::bigint FROM pgraduate.chunk GROUP BY table_name"
        ).fetchall()
    )


def _wait_for_the_dead(connection: psycopg.Connection) -> None:
    """Wait until the server has noticed that the killed client is gone and has rolled its transaction back."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 10
    while connection.execute(query).fetchone() != (0,):
        assert time.monotonic() < deadline, "the killed session is still there"
        time.sleep(0.01)
