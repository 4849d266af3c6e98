"""Several processes copy one table: everything arrives once, and whatever dies, the next load goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table
from support.processes import await_end, below
from support.server import PrivateServer
from support.soak import Tally, count, tallied

import pgraduate
from pgraduate.copy import CellRefused, Jobs, TableCopied, load, loader, parallel
from pgraduate.errors import Interrupted, Refused
from pgraduate.events import Event, StepProgress
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.result import Verdict
from pgraduate.model.wire import to_json
from pgraduate.postgres import locks
from pgraduate.postgres.locks import begin_load, join_load
from pgraduate.postgres.target import from_text
from pgraduate.verify import verify

ROWS = 6000
SEEDS = range(count(5, full=50))

SCRIPT = f"""
PRAGMA page_size = 512;
CREATE TABLE big(id INTEGER PRIMARY KEY, x TEXT, a);
CREATE TABLE bare(x TEXT);
CREATE TABLE pairs(k TEXT PRIMARY KEY, a INTEGER) WITHOUT ROWID;
WITH RECURSIVE n(i) AS (SELECT -{ROWS // 2} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {ROWS // 2})
INSERT INTO big SELECT CASE WHEN i < 0 THEN i * 1000000007 ELSE i * 3 END,
    CASE WHEN i % 7 = 0 THEN 'x' || char(0) ELSE 'text ' || i END, CASE WHEN i % 5 = 0 THEN i || '' ELSE i END FROM n;
INSERT INTO bare SELECT x FROM big WHERE id % 3 = 0;
INSERT INTO pairs SELECT id || '', id FROM big WHERE id % 13 = 0;
INSERT INTO big VALUES (-9223372036854775808, 'least', 1), (9223372036854775807, 'greatest', '2');
"""

PLAN = plan(
    replace(table("bare", [column("x", "text", quarantines=True)], rows=ROWS // 3), longest=40),
    table("pairs", [column("k", "text"), column("a", "integer")], key=["k"], without_rowid=True, rows=ROWS // 13),
    replace(
        table(
            "big",
            [column("id", "integer"), column("x", "text", quarantines=True), column("a", "any_text:NUMERIC")],
            key=["id"],
            rowid_alias="id",
            rows=ROWS + 2,
        ),
        longest=60,
    ),
)
DIVIDED = {"big", "bare"}

CHILD = """
import json, sys
from pathlib import Path
from pgraduate.copy import Jobs, load, loader, parallel
from pgraduate.errors import PgraduateError
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json
from pgraduate.postgres.target import from_text

class Teller:
    def emit(self, event):
        print(event.done, flush=True)

loader.CHUNK_ROWS, loader.BATCH_ROWS, loader.FREEZE_BYTES, parallel.WORTH_BYTES = 60, 60, 0, 1
target, source, plan, run = sys.argv[1:]
target = from_text(target)
try:
    load(lambda: target.connect("copy"), Path(source), from_json(SchemaPlan, json.loads(plan)), run,
         jobs=Jobs(target, 3), sink=Teller())
except PgraduateError as error:
    sys.exit(json.dumps(error.to_json()))
"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables of a test's size be worth several processes."""
    monkeypatch.setattr(loader, "FREEZE_BYTES", 0)
    monkeypatch.setattr(loader, "CHUNK_ROWS", 300)
    monkeypatch.setattr(parallel, "WORTH_BYTES", 1)


class Heard:
    def __init__(self) -> None:
        self.done: list[int] = []

    def emit(self, event: Event, /) -> None:
        assert isinstance(event, StepProgress)
        self.done.append(event.done)


def load_together(
    target: str, source: Path, planned: SchemaPlan = PLAN, number: int = 3, sink: Heard | None = None
) -> dict[str, TableCopied]:
    there = from_text(target)
    copied = load(lambda: there.connect("copy"), source, planned, RUN, jobs=Jobs(there, number), sink=sink)
    return {item.name: item for item in copied}


def require_whole(connection: psycopg.Connection, source: Path, copied: dict[str, TableCopied]) -> None:
    for item in copied.values():
        assert connection.execute(f"SELECT count(*) FROM app.{item.name}").fetchone() == (item.rows,)
    assert verify(connection, source, PLAN, RUN).verdict is Verdict.EQUAL


def test_everything_arrives_once_with_its_side_lines(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT)
    prepare_target(target, PLAN)
    heard = Heard()
    copied = load_together(target, source, sink=heard)
    assert {name: item.connections for name, item in copied.items()} == {"big": 3, "bare": 3, "pairs": 1}
    assert copied["big"].rows == ROWS + 2
    assert copied["big"].quarantined > 800
    assert copied["big"].kept_classes > 500
    assert heard.done == sorted(heard.done)
    assert heard.done[-1] == sum(item.rows for item in copied.values())
    overlapping = connection.execute(
        "SELECT count(*) FROM pgraduate.chunk AS a JOIN pgraduate.chunk AS b USING (table_name)"
        " WHERE a.chunk <> b.chunk AND a.low <= b.high AND b.low <= a.high"
    ).fetchone()
    assert overlapping == (0,)
    require_whole(connection, source, copied)


@pytest.mark.parametrize("script", ["", "INSERT INTO t VALUES (7, 'one')"])
def test_a_table_of_one_row_or_none_needs_no_help(
    target: str, connection: psycopg.Connection, tmp_path: Path, script: str
) -> None:
    source = make_source(tmp_path / "a.db", f"CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); {script}")
    rows = bool(script)
    one = table("t", [column("id", "integer"), column("x", "text")], key=["id"], rowid_alias="id", rows=rows)
    planned = plan(replace(one, longest=9))
    prepare_target(target, planned)
    assert load_together(target, source, planned)["t"].rows == rows
    assert connection.execute("SELECT count(*) FROM app.t").fetchone() == (rows,)


def test_tables_of_long_rows_or_of_an_application_have_one_connection(target: str, tmp_path: Path) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT)
    long = plan(*(replace(item, longest=parallel.LONGEST + 1) for item in PLAN.tables))
    for planned in (long, replace(PLAN, policy="existing")):
        prepare_target(target, planned)
        assert {item.connections for item in load_together(target, source, planned).values()} == {1}


def test_a_value_that_does_not_fit_is_named_by_the_process_that_met_it(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = make_source(tmp_path / "a.db", f"{SCRIPT} UPDATE big SET a = x'00' WHERE id = 4500")
    planned = plan(
        *PLAN.tables[:2],
        replace(PLAN.tables[2], columns=(*PLAN.tables[2].columns[:2], column("a", "number"))),
    )
    make_source(tmp_path / "a.db", "UPDATE big SET a = a + 0 WHERE id <> 4500")
    prepare_target(target, planned)
    with pytest.raises(CellRefused) as refused:
        load_together(target, source, planned)
    assert refused.value.where == "table big, column a, rowid 4500"
    make_source(tmp_path / "a.db", "UPDATE big SET a = 5 WHERE id = 4500")
    before = chunks(connection)
    copied = load_together(target, source, planned)
    require_kept(connection, before)
    assert verify(connection, source, planned, RUN).verdict is Verdict.EQUAL
    assert copied["big"].resumed_rows > 0


def test_rows_of_others_are_refused_before_a_process_begins(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT)
    prepare_target(target, PLAN)
    connection.execute("INSERT INTO app.bare VALUES ('mine')")
    with pytest.raises(Refused):
        load_together(target, source)
    assert chunks(connection) == {}


def test_a_load_of_several_connections_is_taken_up_by_one(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT)
    prepare_target(target, PLAN)
    break_off(target, source, 20, lambda leader: leader.kill())
    before = chunks(connection)
    copied = load_together(target, source, number=1)
    require_kept(connection, before)
    require_whole(connection, source, copied)


@pytest.fixture(scope="module")
def leaders() -> Iterator[Tally]:
    with tallied("Loads of three processes whose leader is killed, and that go on") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_writes_on_when_the_leader_is_killed(
    seed: int, target: str, connection: psycopg.Connection, tmp_path: Path, leaders: Tally
) -> None:
    others: list[int] = []

    def kill(leader: subprocess.Popen[str]) -> None:
        others.extend(below(leader.pid))
        leader.kill()

    with leaders.trying():
        require_resumed(seed, target, connection, tmp_path, kill)
        await_end(others)


@pytest.fixture(scope="module")
def workers() -> Iterator[Tally]:
    with tallied("Loads of three processes of which one is killed, and that go on") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_a_process_that_is_killed_ends_the_load_with_a_word(
    seed: int, target: str, connection: psycopg.Connection, tmp_path: Path, workers: Tally
) -> None:
    def kill(leader: subprocess.Popen[str]) -> None:
        first, *others = below(leader.pid)
        os.kill(random.Random(seed).choice(others or [first]), signal.SIGKILL)

    with workers.trying():
        said = require_resumed(seed, target, connection, tmp_path, kill)
        assert said is None or (said["code"], said["message"]) == (
            "INTERRUPTED",
            "a process that copies rows was killed",
        )


@pytest.fixture(scope="module")
def sessions() -> Iterator[Tally]:
    with tallied("Loads of three processes of which one loses its session, and that go on") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_a_session_that_is_ended_ends_the_load_with_a_word(
    seed: int, target: str, connection: psycopg.Connection, tmp_path: Path, sessions: Tally
) -> None:
    def end(_leader: subprocess.Popen[str]) -> None:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgraduate/copy'"
            " AND datname = current_database() AND usename = current_user ORDER BY hashint4(pid + %s) LIMIT 1",
            (seed,),
        )

    with sessions.trying():
        said = require_resumed(seed, target, connection, tmp_path, end)
        assert said is None or said["code"] == "CONNECTION_LOST"


@pytest.fixture(scope="module")
def crashes() -> Iterator[Tally]:
    with tallied("Loads of three processes whose server crashes, and that go on") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crash_of_the_server_ends_the_load_with_a_word(
    seed: int, mortal: PrivateServer, tmp_path: Path, crashes: Tally
) -> None:
    with crashes.trying(), mortal.database() as target:
        source = make_source(tmp_path / "a.db", SCRIPT)
        prepare_target(target, PLAN)
        chance = random.Random(seed)
        said = break_off(target, source, chance.randrange(100), lambda _: mortal.crash(), chance.uniform(0, 0.01))
        assert said is None or said["code"] in ("CONNECTION_LOST", "TARGET_UNUSABLE")
        with psycopg.connect(target, autocommit=True) as connection:
            require_whole(connection, source, load_together(target, source))


def test_an_interrupt_from_the_terminal_ends_all(
    target: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    others: list[int] = []

    def interrupt(leader: subprocess.Popen[str]) -> None:
        others.extend(below(leader.pid))
        os.killpg(leader.pid, signal.SIGINT)

    require_resumed(3, target, connection, tmp_path, interrupt)
    assert others
    await_end(others)


def test_a_session_that_comes_when_its_load_has_ended_may_not_write(target: str) -> None:
    with psycopg.connect(target, autocommit=True) as leading, psycopg.connect(target, autocommit=True) as late:
        token = begin_load(leading)
        join_load(late, token)
        leading.close()
        with psycopg.connect(target, autocommit=True) as later:
            wait_until_gone(later, leading)
            with pytest.raises(Interrupted):
                join_load(later, token)


def test_a_new_load_waits_for_the_sessions_of_an_earlier_one(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    with psycopg.connect(target, autocommit=True) as leading, psycopg.connect(target, autocommit=True) as orphan:
        join_load(orphan, begin_load(leading))
        leading.close()
        with psycopg.connect(target, autocommit=True) as later:
            with pytest.raises(locks.Locked):
                begin_load(later)
            orphan.close()
            monkeypatch.setattr(locks, "PATIENCE", 10)
            begin_load(later)


def wait_until_gone(connection: psycopg.Connection, other: psycopg.Connection) -> None:
    deadline = time.monotonic() + 10
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
    while connection.execute(query, (locks.LOAD_CLASS,)).fetchone() != (0,):
        assert time.monotonic() < deadline, "the session is still there"
        time.sleep(0.01)
    assert other.closed


def require_resumed(
    seed: int,
    target: str,
    connection: psycopg.Connection,
    tmp_path: Path,
    strike: Callable[[subprocess.Popen[str]], None],
) -> dict[str, str] | None:
    """Begin a load, strike it at a random moment, and load again; give what the first one said."""
    source = make_source(tmp_path / "a.db", SCRIPT)
    prepare_target(target, PLAN)
    chance = random.Random(seed)
    after, delay = chance.randrange(100), chance.uniform(0, 0.01)
    print(f"seed {seed}: struck {delay:.4f} s after chunk {after}")
    said = break_off(target, source, after, strike, delay)
    before = chunks(connection)
    print(f"chunks then: {len(before)}")
    copied = load_together(target, source)
    require_kept(connection, before)
    assert sum(item.resumed_rows for item in copied.values()) > 0 or not before
    require_whole(connection, source, copied)
    return said


def break_off(
    target: str,
    source: Path,
    after: int,
    strike: Callable[[subprocess.Popen[str]], None],
    delay: float = 0.0,
) -> dict[str, str] | None:
    """Strike a load a moment after so many chunks; give its error, None where it says none."""
    package = str(Path(pgraduate.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, target, str(source), json.dumps(to_json(PLAN)), RUN],
        env={**os.environ, "PYTHONPATH": package},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        for _ in range(1 + after):
            assert child.stdout.readline()
        time.sleep(delay)
        strike(child)
        _, said = child.communicate(timeout=60)
    last = said.strip().splitlines()[-1:]
    return json.loads(last[0]) if last and last[0].startswith("{") else None


def chunks(connection: psycopg.Connection) -> dict[tuple[str, int], str]:
    """Give the chunks that are committed, with the transaction of each."""
    found = connection.execute("SELECT table_name, chunk, xmin::text FROM pgraduate.chunk").fetchall()
    return {(name, number): transaction for name, number, transaction in found}


def require_kept(connection: psycopg.Connection, before: dict[tuple[str, int], str]) -> None:
    """What was committed when somebody looked was not copied again; what was on its way then may have come later."""
    after = chunks(connection)
    assert {key: after[key] for key in before} == before, "a finished chunk was copied twice"
