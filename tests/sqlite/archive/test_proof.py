"""Nobody writes: open files, locks and changes are seen; a refusal names the process."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.archives import WINDOW
from support.sqlite_files import make, other_process

from pgraduate.archive import prove
from pgraduate.archive.handles import open_handles
from pgraduate.errors import Refused, SourceUnusable


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make(tmp_path / "app.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")


OPENERS = {
    "an idle connection, which holds no lock": "db.execute('SELECT * FROM t').fetchall(); ready()",
    "a connection in WAL mode": "db.execute('PRAGMA journal_mode=wal'); db.execute('INSERT INTO t VALUES (2)'); ready()",
    "a transaction": "db.execute('BEGIN IMMEDIATE'); ready()",
}


@pytest.mark.parametrize("script", OPENERS.values(), ids=OPENERS)
def test_a_process_that_has_it_open_is_named(database: Path, script: str) -> None:
    with other_process(database, script) as process:
        with pytest.raises(Refused) as refused:
            prove(database, window=WINDOW)
        assert f"process {process.pid}" in refused.value.what
        assert process.pid in {item.pid for item in open_handles(database).found}


def test_a_writer_that_comes_and_goes_is_seen_by_what_it_changed(database: Path) -> None:
    script = (
        "import time; db.close(); ready()\n"
        "for n in range(200):\n"
        "    time.sleep(0.01); db = sqlite3.connect(sys.argv[1]); db.execute('INSERT INTO t VALUES (3)')\n"
        "    db.commit(); db.close()"
    )
    with other_process(database, script), pytest.raises(Refused):
        prove(database, window=0.5)


def test_a_quiet_database_is_proven(database: Path) -> None:
    proof = prove(database, window=WINDOW)
    assert proof.handles.found == ()
    assert proof.window >= WINDOW
    assert proof.references is None


def test_proving_leaves_the_file_as_it_was(database: Path) -> None:
    before = (database.read_bytes(), database.stat().st_mtime_ns, sorted(database.parent.iterdir()))
    prove(database, window=WINDOW)
    assert (database.read_bytes(), database.stat().st_mtime_ns, sorted(database.parent.iterdir())) == before


def test_a_repository_is_searched_meanwhile(database: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=database.parent, check=True)
    references = prove(database, window=WINDOW).references
    assert references is not None
    assert references.found == ()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnusable):
        prove(tmp_path / "none.db", window=WINDOW)
