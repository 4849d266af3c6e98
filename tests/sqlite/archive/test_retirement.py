"""The original's place after a removal: no library opens or makes a database there, and no kill loses the data."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support import soak
from support.archives import archive_and_retire, in_a_process, retirement
from support.sources import make_shop
from support.sqlite_files import crash_in_other_process, make, other_process

from pgraduate.archive import RetireOriginal, Shelf, verify
from pgraduate.archive.contents import read_contents
from pgraduate.archive.tombstone import PAGE
from pgraduate.errors import Refused

SEED = soak.seed(7)
KILLS = soak.count(5, full=25)
RETIRE = RetireOriginal()


WRITERS = {
    "sqlite3": "import sqlite3; sqlite3.connect(P).execute('CREATE TABLE t (a)')",
    "sqlite3 by URI": "import sqlite3\n"
    "sqlite3.connect(f'file:{P}?mode=rwc&nolock=1', uri=True).execute('CREATE TABLE t (a)')",
    "apsw": "import apsw; apsw.Connection(P).execute('CREATE TABLE t (a)')",
    "a program that deletes what it takes for broken": "import os; os.remove(P)",
    "a program that writes a new file": "open(P, 'wb').close()",
}


@pytest.mark.parametrize("program", WRITERS.values(), ids=WRITERS)
def test_a_forgotten_writer_fails_loudly(shop: Path, shelf: Path, program: str) -> None:
    archive_and_retire(shop, shelf)
    done = subprocess.run(
        [sys.executable, "-c", f"P = {str(shop)!r}\n{program}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Error" in done.stderr.splitlines()[-1]
    assert sorted(entry.name for entry in shop.iterdir()) == [PAGE]


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_file_left_beside_it_brings_nothing_back(tmp_path: Path, shelf: Path, suffix: str) -> None:
    """Beside a plain file of that name, SQLite would read these rows as if the database still stood."""
    path = make(tmp_path / "app.db", "PRAGMA journal_mode=wal", "CREATE TABLE t (a)")
    crash_in_other_process(path, "db.execute('INSERT INTO t VALUES (1)')")
    left = path.with_name("app.db-wal").read_bytes()
    archive_and_retire(path, shelf)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["app.db", "archives"]
    path.with_name("app.db" + suffix).write_bytes(left)
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(path)


def test_a_late_write_keeps_the_original(shop: Path, shelf: Path) -> None:
    plan = retirement(shop, shelf)
    make(shop, "DELETE FROM purchase WHERE id = 1")
    with pytest.raises(Refused):
        RETIRE.apply(shop.parent, plan)
    assert shop.is_file()


def test_a_late_write_to_the_wal_keeps_the_original(tmp_path: Path, shelf: Path) -> None:
    path = make(tmp_path / "app.db", "PRAGMA journal_mode=wal", "CREATE TABLE t (a)")
    plan = retirement(path, shelf)
    crash_in_other_process(path, "db.execute('INSERT INTO t VALUES (1)')")
    with pytest.raises(Refused):
        RETIRE.apply(path.parent, plan)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_a_lock_keeps_the_original(shop: Path, shelf: Path) -> None:
    plan = retirement(shop, shelf)
    with other_process(shop, "db.execute('BEGIN IMMEDIATE'); ready()"), pytest.raises(Refused):
        RETIRE.apply(shop.parent, plan)
    assert shop.is_file()


def test_a_damaged_archive_keeps_the_original(shop: Path, shelf: Path) -> None:
    plan = retirement(shop, shelf)
    (shelf / Shelf(shelf).names()[0] / "shop.db.gz").write_bytes(b"")
    with pytest.raises(Refused):
        RETIRE.apply(shop.parent, plan)
    assert shop.is_file()


def test_another_name_of_the_file_keeps_the_original(shop: Path, shelf: Path) -> None:
    plan = retirement(shop, shelf)
    os.link(shop, shop.with_name("other.db"))
    with pytest.raises(Refused):
        RETIRE.apply(shop.parent, plan)


def test_undo_gives_the_original_back(shop: Path, shelf: Path) -> None:
    plan = retirement(shop, shelf)
    before, mode = read_contents(shop), shop.stat().st_mode
    RETIRE.apply(shop.parent, plan)
    assert RETIRE.check(shop.parent, plan).holds
    for _ in range(2):
        RETIRE.undo(shop.parent, plan)
        assert (read_contents(shop), shop.stat().st_mode) == (before, mode)
        assert sorted(entry.name for entry in shop.parent.iterdir()) == ["archives", "shop.db"]


def test_a_database_in_wal_mode_comes_back_in_wal_mode(tmp_path: Path, shelf: Path) -> None:
    path = make(tmp_path / "app.db", "PRAGMA journal_mode=wal", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    plan = retirement(path, shelf)
    RETIRE.apply(path.parent, plan)
    RETIRE.undo(path.parent, plan)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_undo_without_an_archive_removes_nothing(shop: Path, shelf: Path, tmp_path: Path) -> None:
    plan = retirement(shop, shelf)
    RETIRE.apply(shop.parent, plan)
    away = replace(plan, facts={**plan.facts, "archive": str(tmp_path / "gone")})
    with pytest.raises(Exception, match="no archive"):
        RETIRE.undo(shop.parent, away)
    assert (shop / PAGE).is_file()


def test_killed_at_any_act_there_is_a_verified_copy(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = make_shop(tmp_path / "whole" / "shop.db")
    status, acts = in_a_process(whole, tmp_path / "whole" / "archives", dies_at=0)
    assert status == 0
    last = int(acts)
    points = sorted({last - 1, last - 2, *random.Random(SEED).sample(range(1, last), KILLS - 2)})
    print(f"seed {SEED}: killed at {points} of {last} acts")
    with soak.tallied("Kills of archive --remove", SEED) as tally:
        for point in points:
            with tally.trying():
                _kill_and_go_on(tmp_path / f"kill-{point}", point)


def _kill_and_go_on(place: Path, point: int) -> None:
    """Kill the whole way at one act, count the copies that are left, and let the next process finish it."""
    place.mkdir()
    path, shelf = make_shop(place / "shop.db"), place / "archives"
    status, _ = in_a_process(path, shelf, dies_at=point)
    assert status == -9, point
    assert _copies(path, shelf) >= 1, point
    assert in_a_process(path, shelf, dies_at=0)[0] == 0, point
    assert (path / PAGE).is_file(), point
    assert _copies(path, shelf) >= 1, point
    assert not (shelf / ".preparing").exists(), point
    shutil.rmtree(place)


def _copies(path: Path, shelf: Path) -> int:
    """Count the whole copies: the original in its place, and every archive that verifies."""
    found = 0
    if path.is_file():
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM purchase").fetchone() == (500,)
            found += connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for name in Shelf(shelf).names():
        manifest = Shelf(shelf).read(name)
        verify(shelf / name, manifest)
        found += {table.name: table.rows for table in manifest.tables}["purchase"] == 500
    return found
