"""A source that cannot be read whole: exit code 6, a message that says why, and nothing touched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.cli import Result, pgraduate
from support.sources import fingerprint, make_shop
from support.unprivileged import pgraduate_unprivileged


def _missing(directory: Path) -> Path:
    return directory / "absent.db"


def _directory(directory: Path) -> Path:
    (directory / "folder.db").mkdir()
    return directory / "folder.db"


def _text(directory: Path) -> Path:
    (directory / "notes.db").write_text("this is not a database\n" * 100)
    return directory / "notes.db"


def _empty(directory: Path) -> Path:
    (directory / "empty.db").touch()
    return directory / "empty.db"


def _truncated(directory: Path) -> Path:
    path = make_shop(directory / "cut.db")
    os.truncate(path, path.stat().st_size - 3 * 4096)
    return path


def _corrupt(directory: Path) -> Path:
    path = make_shop(directory / "bad.db")
    with path.open("r+b") as file:
        for page in range(3, 9):
            file.seek(page * 4096)
            file.write(b"\xde\xad\xbe\xef" * 64)
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (_missing, "no such file"),
    "a directory": (_directory, "directory"),
    "not a database": (_text, "not a"),
    "empty": (_empty, "empty"),
    "truncated": (_truncated, "truncated"),
    "corrupt": (_corrupt, "corrupt"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_source_is_refused_by_name(case: str, tmp_path: Path, target: str) -> None:
    make, word = BAD[case]
    data = tmp_path / "data"
    data.mkdir()
    source = make(data)
    before = fingerprint(data)
    result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    _assert_refused(result, word)
    assert fingerprint(data) == before
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('pgraduate')").fetchone() == (None,)


def _assert_refused(result: Result, word: str) -> None:
    assert result.code == 6, result.out + result.err
    error = result.document["error"]
    assert word in error["message"].lower()
    assert error["where"]
    assert error["hint"]


def test_a_locked_source_is_refused_by_name(tmp_path: Path, target: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    source = make_shop(data / "shop.db")
    before = fingerprint(data)
    with closing(sqlite3.connect(source, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    _assert_refused(result, "locked")
    assert fingerprint(data) == before


def test_an_unreadable_source_is_refused_by_name(tmp_path: Path, target: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    source = make_shop(data / "shop.db")
    before = fingerprint(data)
    source.chmod(0o000)
    result = pgraduate_unprivileged("run", source, "--to", target, "--json", cwd=tmp_path)
    _assert_refused(result, "read")
    source.chmod(0o600)
    assert fingerprint(data) == before


def _wal_database(path: Path) -> Path:
    """A database whose last rows stand in its -wal, as after a crash."""
    script = textwrap.dedent(
        """
        import os, sqlite3, sys
        connection = sqlite3.connect(sys.argv[1])
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
        connection.executemany("INSERT INTO t (v) VALUES (?)", [(f"row {n}",) for n in range(1000)])
        connection.commit()
        os._exit(0)
        """
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    (path.parent / (path.name + "-shm")).unlink(missing_ok=True)
    assert (path.parent / (path.name + "-wal")).stat().st_size > 0
    return path


def test_rows_that_stand_only_in_the_wal_arrive(tmp_path: Path, target: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    source = _wal_database(data / "app.db")
    before = fingerprint(data)
    document = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path).document
    assert [(t["rows_source"], t["rows_target"]) for t in document["tables"]] == [(1000, 1000)]
    assert fingerprint(data) == before


def test_a_wal_database_in_a_read_only_directory_is_read(tmp_path: Path, target: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    source = _wal_database(data / "app.db")
    for file in data.iterdir():
        file.chmod(0o444)
    data.chmod(0o555)
    before = fingerprint(data)
    result = pgraduate_unprivileged("run", source, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    assert [table["rows_target"] for table in result.document["tables"]] == [1000]
    assert fingerprint(data) == before


def test_a_hot_journal_is_recovered_on_a_private_copy(tmp_path: Path, target: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    source = data / "app.db"
    script = textwrap.dedent(
        """
        import os, sqlite3, sys
        connection = sqlite3.connect(sys.argv[1])
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
        connection.executemany("INSERT INTO t (v) VALUES (?)", [("before" * 100,) for n in range(1000)])
        connection.commit()
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("UPDATE t SET v = 'torn'")
        os._exit(0)
        """
    )
    subprocess.run([sys.executable, "-c", script, str(source)], check=True)
    assert (data / "app.db-journal").stat().st_size > 0
    before = fingerprint(data)
    result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    with psycopg.connect(target) as connection:
        row = connection.execute("SELECT count(*) FILTER (WHERE v = 'torn'), count(*) FROM app.t").fetchone()
    assert row == (0, 1000)
    assert fingerprint(data) == before


def test_two_files_of_one_name_are_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = make_shop(tmp_path / "a" / "app.db"), make_shop(tmp_path / "b" / "app.db")
    result = pgraduate("run", one, two, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 2
    assert result.document["error"]["code"] == "USAGE"


def test_a_link_to_itself_is_refused_by_name(tmp_path: Path, target: str) -> None:
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    result = pgraduate("run", loop, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 6
    assert result.document["error"]["where"] == str(loop)


def test_ddl_into_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("")
    result = pgraduate("schema", make_shop(tmp_path / "shop.db"), "-o", occupied / "ddl", "--json", cwd=tmp_path)
    assert result.code == 2
    assert "cannot be written" in result.document["error"]["message"]


def test_a_full_standard_output_is_no_defect(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop.db")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "pgraduate", "assess", str(shop)],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "takes no more: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("sqlite:///app.db", "app.db"),
        ("sqlite+aiosqlite:///data/app.db", "data/app.db"),
        ("file:app.db?mode=ro", "app.db"),
        ("sqlite:///{}/shop.db", "{}/shop.db"),
    ],
)
def test_the_url_of_a_file_is_answered_with_its_name(given: str, named: str, tmp_path: Path) -> None:
    make_shop(tmp_path / "shop.db", purchases=3)
    result = pgraduate("assess", given.format(tmp_path), "--json", cwd=tmp_path)
    _assert_refused(result, "no such file")
    assert result.document["error"]["hint"] == f"name the file, not its URL: {named.format(tmp_path)}"


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A Python that is told to read the names of files as ASCII."""


def test_a_name_beyond_ascii_is_read_in_the_locale_c(tmp_path: Path) -> None:
    made = make_shop(tmp_path / "Lädchen 😀.db", purchases=3)
    result = pgraduate("assess", made, "--json", cwd=tmp_path, env=ASCII)
    assert result.code == 0, result.err
    assert result.document["sources"][0]["schema"] == "lädchen 😀"


@pytest.mark.parametrize("verb", ["assess", "backup", "schema", "run"])
def test_a_name_that_is_no_text_is_refused(verb: str, tmp_path: Path) -> None:
    source = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.db")
    make_shop(tmp_path / "shop.db", purchases=3).rename(source)
    result = pgraduate(verb, source, "--json", cwd=tmp_path)
    _assert_refused(result, "not valid utf-8")
    assert not (tmp_path / ".pgraduate").exists()


def test_a_file_is_no_run_to_verify(tmp_path: Path) -> None:
    make_shop(tmp_path / "shop.db", purchases=3)
    result = pgraduate("verify", "shop.db", "--json", cwd=tmp_path)
    assert result.code == 2, result.out
    assert "shop.db is a file" in result.document["error"]["message"]
    assert not (tmp_path / ".pgraduate").exists()


def test_a_file_that_is_named_twice_is_named_once(tmp_path: Path) -> None:
    make_shop(tmp_path / "shop.db", purchases=3)
    result = pgraduate("assess", "shop.db", tmp_path / "shop.db", "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["hint"]) == (2, "name it once")
