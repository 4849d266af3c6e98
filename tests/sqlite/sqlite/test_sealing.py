"""Sealing: one moment of the source, whole, wherever it lies and whoever writes to it; the source as it was."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from support.sqlite_files import (
    Footprint,
    crash_in_other_process,
    make,
    other_process,
    public_directory,
    unprivileged,
)

from pgraduate.errors import SourceUnusable
from pgraduate.events import Event, StepProgress
from pgraduate.sqlite import access, digest, inspect, locks, open_sealed, process, seal, worker

MANY = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
ODD_NAMES = [
    "with space.db",
    "question?mark.db",
    "hash#mark.db",
    "per%cent%20.db",
    "ünïcode-数据.db",
    "new\nline.db",
    "a&b=c;d'e\"f.db",
    "file:x.db?mode=rw",
    "l" * 220 + ".db",
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path / "source" / "app.db"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    (tmp_path / "sealed").mkdir()
    return tmp_path / "sealed" / "copy.db"


def filled(path: Path, *before: str) -> Path:
    return make(
        path,
        *before,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)",
        MANY + "INSERT INTO t SELECT i, 'row ' || i FROM n",
    )


def rows(sealed: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(open_sealed(sealed)) as connection:
        return [tuple(row) for row in connection.execute(sql)]


class Recorder:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        self.events.append(event)


def test_a_sealed_copy_is_what_it_says(source: Path, to: Path) -> None:
    filled(source)
    sealed = seal(source, to)
    assert (sealed.path, sealed.source, sealed.integrity) == (to, source, "ok")
    assert sealed.bytes == to.stat().st_size
    assert sealed.digest == hashlib.sha256(to.read_bytes()).hexdigest() == digest(to)
    assert sealed.seconds > 0
    assert rows(to, "SELECT count(*), max(s) FROM t") == [(5000, "row 999")]


def test_sealing_leaves_one_private_file(source: Path, to: Path) -> None:
    seal(filled(source), to)
    assert [entry.name for entry in to.parent.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_sealing_twice_gives_the_same_bytes(source: Path, to: Path) -> None:
    filled(source)
    first = seal(source, to).digest
    assert seal(source, to).digest == first


def test_rowids_that_only_the_table_knows_survive(source: Path, to: Path) -> None:
    make(
        source,
        "CREATE TABLE t (s)",
        "INSERT INTO t (rowid, s) VALUES (7, 'a'), (-3, 'b'), (9000000000000000000, 'c')",
    )
    seal(source, to)
    assert rows(to, "SELECT rowid, s FROM t ORDER BY s") == [(7, "a"), (-3, "b"), (9000000000000000000, "c")]


def test_progress_reaches_the_sink_in_bytes(source: Path, to: Path) -> None:
    sink = Recorder()
    sealed = seal(filled(source), to, sink=sink)
    last = sink.events[-1]
    assert isinstance(last, StepProgress)
    assert (last.step, last.unit, last.done, last.total) == ("seal", "bytes", sealed.bytes, sealed.bytes)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_file_name_is_read_exactly(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name.removesuffix(".db")[:20]
    directory.mkdir()
    make(directory / name, "CREATE TABLE t (a)", "INSERT INTO t VALUES (42)")
    sealed = seal(directory / name, directory / "sealed?#%.db")
    assert rows(sealed.path, "SELECT a FROM t") == [(42,)]
    assert sorted(entry.name for entry in directory.iterdir()) == sorted([name, "sealed?#%.db"])


def test_a_file_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    directory = tmp_path / os.fsdecode(b"latin-\xe9")
    directory.mkdir()
    plain = make(tmp_path / "plain.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (42)")
    plain.rename(directory / "app.db")
    assert rows(seal(directory / "app.db", directory / "copy.db").path, "SELECT a FROM t") == [(42,)]


def test_a_symbolic_link_leads_to_the_wal_of_the_real_file(source: Path, to: Path, tmp_path: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    link = tmp_path / "link.db"
    link.symlink_to(source)
    crash_in_other_process(source, "db.execute(\"INSERT INTO t VALUES (9999, 'in the wal')\")")
    before = Footprint.of(source.parent, shared_memory=True)
    seal(link, to)
    assert rows(to, "SELECT s FROM t WHERE id = 9999") == [("in the wal",)]
    assert Footprint.of(source.parent, shared_memory=True) == before


def test_a_hot_journal_is_rolled_back_on_a_copy_only(source: Path, to: Path) -> None:
    filled(source)
    crash_in_other_process(
        source,
        "db.execute('PRAGMA cache_size = 2')\ndb.execute('BEGIN IMMEDIATE')\n"
        "db.execute(\"UPDATE t SET s = 'half-written'\")",
    )
    before = Footprint.of(source.parent)
    assert [name for name, *_ in before.files] == ["app.db", "app.db-journal"]
    assert b"half-written" in source.read_bytes()
    assert locks.hot_journal(source)
    seal(source, to)
    assert rows(to, "SELECT count(*) FROM t WHERE s = 'half-written'") == [(0,)]
    assert rows(to, "SELECT count(*) FROM t WHERE s = 'row ' || id") == [(5000,)]
    assert Footprint.of(source.parent) == before


def test_a_journal_that_another_process_is_using_is_not_hot(source: Path, to: Path) -> None:
    filled(source)
    script = "db.execute('BEGIN IMMEDIATE')\ndb.execute('INSERT INTO t VALUES (9999, 1)')\nready()"
    with other_process(source, script):
        before = Footprint.of(source.parent)
        assert not locks.hot_journal(source)
        seal(source, to)
        assert Footprint.of(source.parent) == before
    assert rows(to, "SELECT count(*) FROM t") == [(5000,)]


def test_a_journal_that_its_writer_keeps_for_later_is_not_hot(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = PERSIST", "CREATE TABLE u (a)")
    make(source, "PRAGMA journal_mode = PERSIST", "DROP TABLE u")
    before = Footprint.of(source.parent)
    assert [name for name, *_ in before.files] == ["app.db", "app.db-journal"]
    assert not locks.hot_journal(source)
    seal(source, to)
    assert rows(to, "SELECT count(*) FROM t") == [(5000,)]
    assert Footprint.of(source.parent) == before


def test_rows_of_a_wal_that_nobody_merged_arrive(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    crash_in_other_process(source, "db.execute(\"INSERT INTO t VALUES (9999, 'in the wal')\")")
    before = Footprint.of(source.parent, shared_memory=True)
    assert inspect(source).wal_bytes > 0
    seal(source, to)
    assert rows(to, "SELECT s FROM t WHERE id = 9999") == [("in the wal",)]
    assert Footprint.of(source.parent, shared_memory=True) == before


def test_a_wal_without_its_shared_memory_file_arrives(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    crash_in_other_process(source, "db.execute(\"INSERT INTO t VALUES (9999, 'in the wal')\")")
    source.with_name("app.db-shm").unlink()
    before = Footprint.of(source.parent)
    seal(source, to)
    assert rows(to, "SELECT s FROM t WHERE id = 9999") == [("in the wal",)]
    assert Footprint.of(source.parent) == before


def test_a_wal_database_at_rest_keeps_its_directory_as_it_was(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    before = Footprint.of(source.parent)
    assert [name for name, *_ in before.files] == ["app.db"]
    assert inspect(source).journal_mode == "wal"
    seal(source, to)
    assert Footprint.of(source.parent) == before


def test_companions_that_somebody_left_behind_stay(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    source.with_name("app.db-wal").touch()
    source.with_name("app.db-shm").write_bytes(bytes(32768))
    before = Footprint.of(source.parent)
    seal(source, to)
    assert Footprint.of(source.parent) == before


def test_a_wal_database_that_is_open_elsewhere_keeps_its_companions(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    script = "db.execute(\"INSERT INTO t VALUES (9999, 'committed')\")\nready()"
    with other_process(source, script):
        before = Footprint.of(source.parent)
        assert len(before.files) == 3
        seal(source, to)
        assert Footprint.of(source.parent) == before
    assert rows(to, "SELECT s FROM t WHERE id = 9999") == [("committed",)]


def test_a_sealed_wal_database_is_in_rollback_journal_mode(source: Path, to: Path) -> None:
    seal(filled(source, "PRAGMA journal_mode = WAL"), to)
    assert to.read_bytes()[18:20] == b"\x01\x01"
    with closing(sqlite3.connect(to)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_an_exclusive_wal_connection_is_reported_as_locked(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    script = "db.execute('PRAGMA locking_mode = EXCLUSIVE')\ndb.execute('INSERT INTO t VALUES (9999, 1)')\nready()"
    with other_process(source, script) as writer, pytest.raises(SourceUnusable) as caught:
        inspect_impatiently(source, to.parent / "work")
    assert caught.value.what.startswith(f"the database is locked by process {writer.pid} (")


def inspect_impatiently(source: Path, work: Path) -> None:
    """Read in this process, which has no other business with the file, and wait for no lock."""
    work.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "BUSY_MILLISECONDS", 100)
        with access.reading(source, work):
            pass


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_busy_source_gives_one_consistent_moment(source: Path, to: Path, mode: str) -> None:
    """The writer keeps two tables equal in every commit, faster than the pages between them can be copied."""
    make(
        source,
        f"PRAGMA journal_mode = {mode}",
        "CREATE TABLE a (n INTEGER)",
        "CREATE TABLE filler AS SELECT zeroblob(40000000) AS many_steps",
        "CREATE TABLE b (n INTEGER)",
        "INSERT INTO a VALUES (0)",
        "INSERT INTO b VALUES (0)",
    )
    script = (
        "db.execute('PRAGMA busy_timeout = 30000')\ndb.execute('PRAGMA synchronous = OFF')\nready()\n"
        "while True:\n"
        "    db.execute('BEGIN IMMEDIATE')\n"
        "    db.execute('UPDATE a SET n = n + 1')\n    db.execute('UPDATE b SET n = n + 1')\n"
        "    db.execute('COMMIT')\n"
    )
    with other_process(source, script):
        time.sleep(0.3)
        seal(source, to)
    found = rows(to, "SELECT DISTINCT n FROM a UNION SELECT DISTINCT n FROM b")
    assert len(found) == 1
    assert found[0][0] != 0


def test_the_callers_own_lock_survives_the_seal(source: Path, to: Path) -> None:
    """Had this process opened the file plainly, its transaction's POSIX locks would be gone."""
    filled(source)
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        seal(source, to)
        inspect(source)
        script = (
            "db.execute('PRAGMA busy_timeout = 0')\n"
            "try:\n    db.execute('BEGIN IMMEDIATE')\n"
            "except sqlite3.OperationalError:\n    sys.exit(7)"
        )
        status = subprocess.run(
            [sys.executable, "-c", "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\n" + script, source],
            check=False,
        ).returncode
    assert status == 7


@pytest.mark.parametrize("leave_wal", [False, True])
def test_a_wal_database_in_a_directory_that_may_not_be_written_is_sealed(leave_wal: bool) -> None:
    with public_directory() as directory:
        source = filled(directory / "app.db", "PRAGMA journal_mode = WAL")
        if leave_wal:
            crash_in_other_process(source, "db.execute(\"INSERT INTO t VALUES (9999, 'in the wal')\")")
        for file in directory.iterdir():
            file.chmod(0o644)
        directory.chmod(0o555)
        before = Footprint.of(directory)
        answer = unprivileged(lambda: _seal_in_this_process(source, count="SELECT count(*) FROM t"))
        assert answer == {"rows": 5001 if leave_wal else 5000}
        assert Footprint.of(directory) == before


def test_a_wal_database_that_is_open_elsewhere_is_sealed_without_write_permission() -> None:
    with public_directory() as directory:
        source = filled(directory / "app.db", "PRAGMA journal_mode = WAL")
        with other_process(source, "db.execute('INSERT INTO t VALUES (9999, 1)')\nready()"):
            for file in directory.iterdir():
                file.chmod(0o644)
            directory.chmod(0o555)
            answer = unprivileged(lambda: _seal_in_this_process(source, count="SELECT count(*) FROM t"))
    assert answer == {"rows": 5001}


def _seal_in_this_process(source: Path, *, count: str) -> dict[str, object]:
    """What the worker does; a process without privileges may not reach the interpreter to start one."""
    with tempfile.TemporaryDirectory(prefix="pgu", dir="/tmp") as directory:
        work, to = Path(directory, "work"), Path(directory, "sealed.db")
        work.mkdir(mode=0o700)
        output = io.StringIO()
        worker.answer({"action": "seal", "path": str(source), "to": str(to), "work": str(work)}, output)
        last = json.loads(output.getvalue().splitlines()[-1])
        if "error" in last:
            return dict(last)
        return {"rows": rows(to, count)[0][0]}


def test_a_killed_child_leaves_neither_a_copy_nor_a_working_directory(
    source: Path, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(source)
    started: list[subprocess.Popen[bytes]] = []
    real = process._messages

    def kill_first(child: subprocess.Popen[bytes], *rest: object) -> object:
        started.append(child)
        child.send_signal(signal.SIGKILL)
        return real(child, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(process, "_messages", kill_first)
    with pytest.raises(Exception, match="ended with status -9"):
        seal(source, to)
    assert list(to.parent.iterdir()) == []


def test_a_child_whose_parent_died_tidies_up(source: Path, to: Path) -> None:
    work = to.parent / ".pgraduate-work"
    work.mkdir()
    request = {"action": "seal", "path": str(filled(source)), "to": str(to), "work": str(work)}
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed_pipe:
        subprocess.run(
            [sys.executable, "-P", "-m", "pgraduate.sqlite.worker"],
            input=json.dumps(request).encode(),
            stdout=closed_pipe,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    assert not work.exists()


@pytest.fixture
def unicase(source: Path) -> Path:
    """A database with an index in an order that only its application knows."""
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
        connection.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, w TEXT COLLATE unicase UNIQUE)")
        connection.executemany("INSERT INTO word (w) VALUES (?)", [(w,) for w in ("b", "A", "c", "B2", "a1", "Z")])
        connection.execute("CREATE TABLE keyed (w TEXT COLLATE unicase PRIMARY KEY) WITHOUT ROWID")
        connection.execute("INSERT INTO keyed SELECT w FROM word")
    return source


def test_an_unknown_collation_does_not_make_a_whole_file_corrupt(unicase: Path, to: Path) -> None:
    seal(unicase, to)
    assert len(rows(to, "SELECT w FROM word NOT INDEXED")) == 6


def test_damage_is_still_found_beside_an_unknown_collation(unicase: Path, to: Path) -> None:
    filled(unicase)
    size = unicase.stat().st_size
    with unicase.open("r+b") as file:
        file.seek(size - 3 * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(Exception, match="the database is corrupt"):
        seal(unicase, to)


def test_functions_of_the_application_do_not_make_a_file_unusable(source: Path, to: Path) -> None:
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.create_function("own", 1, lambda value: value, deterministic=True)
        connection.execute("CREATE TABLE t (a CHECK (own(a) > 0), b AS (own(a)))")
        connection.execute("CREATE INDEX by_own ON t (own(a))")
        connection.execute("INSERT INTO t (a) VALUES (1), (2)")
    seal(source, to)
    assert rows(to, "SELECT count(*) FROM t NOT INDEXED") == [(2,)]


def test_rows_that_break_their_declaration_are_not_damage(source: Path, to: Path) -> None:
    make(
        source,
        "CREATE TABLE t (a CHECK (a > 0), b)",
        "PRAGMA ignore_check_constraints = ON",
    )
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("INSERT INTO t VALUES (-1, NULL)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE t (a CHECK (a > 0), b NOT NULL)'")
    seal(source, to)
    assert rows(to, "SELECT a, b FROM t") == [(-1, None)]


@pytest.mark.parametrize(
    ("virtual", "row", "harm"),
    [
        ("fts5(x)", "'two words'", "UPDATE v_content SET c0 = 'other text'"),
        ("fts4(x)", "'two words'", "UPDATE v_content SET c0x = 'other text'"),
        ("rtree(id, a, b)", "1, 2, 3", "DELETE FROM v_rowid"),
    ],
)
def test_a_search_index_that_lags_behind_is_not_damage(
    source: Path, to: Path, virtual: str, row: str, harm: str
) -> None:
    make(source, f"CREATE VIRTUAL TABLE v USING {virtual}", f"INSERT INTO v VALUES ({row})", harm)
    assert seal(source, to).integrity == "ok"


def test_facts_are_those_of_the_file(source: Path) -> None:
    make(
        source,
        "PRAGMA encoding = 'UTF-16le'",
        "PRAGMA page_size = 8192",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, u UNIQUE)",
        "CREATE TABLE sqliteish (a)",
        "CREATE INDEX i ON t (u)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
        "PRAGMA user_version = 17",
        "PRAGMA application_id = 4711",
    )
    facts = inspect(source)
    assert (facts.path, facts.bytes, facts.wal_bytes) == (source, source.stat().st_size, 0)
    assert (facts.journal_mode, facts.encoding, facts.page_size) == ("delete", "UTF-16le", 8192)
    assert (facts.tables, facts.views, facts.triggers, facts.indexes) == (2, 1, 1, 1)
    assert (facts.user_version, facts.application_id) == (17, 4711)
    assert facts.sqlite_version == sqlite3.sqlite_version


def test_sealing_from_several_threads_at_once_works(source: Path, to: Path) -> None:
    filled(source, "PRAGMA journal_mode = WAL")
    digests: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: digests.append(seal(source, to.with_name(f"{n}.db")).digest))
        for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(digests) == 3
    assert len(set(digests)) == 1


def test_a_sealed_copy_cannot_be_written_and_trusts_nothing(source: Path, to: Path) -> None:
    seal(filled(source), to)
    with closing(open_sealed(to)) as connection:
        assert connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1) == 0
        with pytest.raises(apsw.ReadOnlyError):
            connection.execute("INSERT INTO t VALUES (1, 1)")
