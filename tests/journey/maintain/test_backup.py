"""A backup, its server destroyed, and the drill: equal on a fresh server, and every damage caught."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.keyring import OWNER, gnupg_home
from support.server import PrivateServer

from pgraduate.cluster import Embedded, find_binaries
from pgraduate.errors import Different
from pgraduate.journal import Journal
from pgraduate.journey.backups import back_up_target, drill_backup, journal_of
from pgraduate.maintain.manifest import read_manifest, require_whole, write_manifest
from pgraduate.maintain.recovery_plan import RecoveryPlan, plan_recovery
from pgraduate.settings import Settings, load

DAMAGES = 400 if os.environ.get("PGRADUATE_SOAK") else 40


def _fill(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA shop")
    connection.execute(
        'CREATE TABLE shop."Odd ""name" (id int PRIMARY KEY, at timestamptz, raw bytea, ratio float8)'
    )
    connection.execute(
        'INSERT INTO shop."Odd ""name" SELECT g, now(), decode(md5(g::text), \'hex\'), 1.0 / g'
        " FROM generate_series(1, 2000) AS g"
    )
    connection.execute("CREATE TABLE shop.empty ()")
    connection.execute("CREATE VIEW shop.seen AS SELECT count(*) AS n FROM shop.empty")


@pytest.fixture
def settings(target: str, connection: psycopg.Connection, tmp_path: Path) -> Settings:
    _fill(connection)
    return load(tmp_path, target=target, environment={})


def test_the_server_destroyed_the_backup_restores_equal(tmp_path: Path, server: PrivateServer) -> None:
    """Backed up from an embedded server that is then removed with its data; restored into another one's database."""
    source = Embedded(tmp_path / "source", fsync=False)
    conninfo = source.start().conninfo
    assert conninfo is not None
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            _fill(connection)
        made = pgraduate("maintain", "backup", "--to", f"embedded:{source.directory}", "--json", cwd=tmp_path)
    finally:
        source.remove()
    assert made.code == 0, made.err
    assert {table["name"]: table["rows"] for table in made.document["backup"]["tables"]} == {
        'Odd "name': 2000,
        "empty": 0,
    }
    assert "a nightly dump can lose a day" in made.document["warnings"][0]
    drill = pgraduate("maintain", "restore-drill", "--json", cwd=tmp_path)
    assert (drill.code, drill.document["proven"]) == (0, True), drill.out
    assert drill.document["rto_seconds"] >= drill.document["restore_seconds"] > 0
    with server.database() as fresh:
        restored = pgraduate("maintain", "restore-drill", "--into", fresh, "--json", cwd=tmp_path)
        assert (restored.code, restored.document["proven"]) == (0, True), restored.out
        again = pgraduate("maintain", "restore-drill", "--into", fresh, "--json", cwd=tmp_path)
        assert again.code == 5
        assert "not empty" in again.document["error"]["message"]


@pytest.fixture
def readable() -> Iterator[Path]:
    """A directory that the server's user, who may be another one, can enter."""
    with tempfile.TemporaryDirectory(prefix="pgr", dir="/tmp") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def test_the_plan_leads_to_archived_wal_and_a_base_backup(readable: Path) -> None:
    """Every command of the plan is executed, without its sudo; afterwards nothing is left to plan."""
    source = Embedded(readable / "source", fsync=False)
    source.start()
    place = readable / "archive"

    def plan() -> RecoveryPlan:
        with psycopg.connect(source.superuser_conninfo()) as connection:
            conninfo = source.superuser_conninfo()
            return plan_recovery(
                connection, conninfo, readable, place=place, same_machine=True, embedded=source.directory
            )

    try:
        steps = plan().point_in_time
        assert [step.where for step in steps if step.restart] == ["sql", "server"]
        for step in steps:
            if step.where == "sql":
                with psycopg.connect(source.superuser_conninfo(), autocommit=True) as connection:
                    connection.execute(step.command.encode())
            elif step.restart:
                assert step.command.startswith("pgraduate server stop --dir ")
                source.stop()
                source.start()
            else:
                command = re.sub(r"^sudo (-u \S+ )?", "", step.command)
                path = f"{find_binaries().directory}:{os.environ['PATH']}"
                subprocess.run(command, shell=True, check=True, env=os.environ | {"PATH": path})
        segments = sorted(path.name for path in (place / "wal").iterdir())
        assert re.fullmatch("[0-9A-F]{24}", segments[0])
        (base,) = (place / "base").iterdir()
        assert (base / "backup_manifest").is_file()
        after = plan()
        assert (after.archiving, after.point_in_time) == ("on", ())
        assert [step.command.split()[0] for step in after.copies] == ["rsync", "rclone", "restic"]
        assert all(str(readable) in step.command for step in after.copies)
    finally:
        source.remove()


def test_the_dump_and_its_digests_are_of_one_moment(settings: Settings, target: str) -> None:
    """A writer changes every table all the time; what is restored still equals the digests."""
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(target, autocommit=True) as writer:
            number = 10_000
            while not stop.is_set():
                number += 1
                writer.execute('INSERT INTO shop."Odd ""name" (id) VALUES (%s)', (number,))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        back_up_target(settings, jobs=2)
    finally:
        stop.set()
        thread.join()

    assert drill_backup(settings)["proven"]


def test_a_truncated_and_a_flipped_backup_are_caught(settings: Settings) -> None:
    made = Path(back_up_target(settings)["backup"]["directory"])
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    files = sorted(path for path in made.iterdir() if path.is_file())
    for number in range(DAMAGES):
        path = files[number % len(files)]
        whole = path.read_bytes()
        if number % 2:
            place = chance.randrange(len(whole))
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        else:
            path.write_bytes(whole[: chance.randrange(len(whole))])
        try:
            with pytest.raises(Different, match="damaged"):
                require_whole(made, read_manifest(made))
        finally:
            path.write_bytes(whole)
    require_whole(made, read_manifest(made))


def test_a_drill_is_written_to_the_run_of_its_backup(
    settings: Settings, server: PrivateServer, tmp_path: Path
) -> None:
    """Neither to a later run's journal, nor, where the run's journal was lost, to another's."""
    made = back_up_target(settings)
    directory = Path(made["backup"]["directory"])
    assert read_manifest(directory).run_id == made["run_id"]
    later = Journal.create(settings.state, {"sources": [], "target": "another", "policy": "", "version": ""})
    with server.database() as fresh:
        drill = drill_backup(settings, restore_into=fresh)
    assert drill["run_id"] == made["run_id"]
    assert [entry["type"] for entry in later.entries()] == ["run_opened"]
    own = Journal.open(settings.state, made["run_id"])
    assert [entry["value"]["verdict"] for entry in own.entries() if entry.get("name") == "restore drill"] == [
        "equal"
    ]
    elsewhere = load(tmp_path / "elsewhere", target=settings.target, environment={})
    assert journal_of(elsewhere, directory).run_id == made["run_id"]


def test_a_backup_that_names_no_run_is_drilled_in_the_last_journal(settings: Settings) -> None:
    made = Path(back_up_target(settings)["backup"]["directory"])
    later = Journal.create(settings.state, {"sources": [], "target": "another", "policy": "", "version": ""})
    for run_id in (None, "../elsewhere"):
        write_manifest(made, replace(read_manifest(made), run_id=run_id))
        assert journal_of(settings, made).run_id == later.run_id
    (made / "manifest.json").write_text("{}")
    assert journal_of(settings, made).run_id == later.run_id


def test_a_damaged_backup_fails_the_drill(settings: Settings, tmp_path: Path) -> None:
    made = Path(back_up_target(settings)["backup"]["directory"])
    dump = made / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1])
    drill = pgraduate("maintain", "restore-drill", "--json", cwd=tmp_path)
    assert drill.code == 4
    assert drill.document["error"]["code"] == "DIFFERENT"


def test_a_backup_that_is_another_database_is_not_proven(
    settings: Settings, connection: psycopg.Connection
) -> None:
    """The dump of one moment under the manifest of another: whole by its sums, and still not what was dumped."""
    first = Path(back_up_target(settings)["backup"]["directory"])
    connection.execute('UPDATE shop."Odd ""name" SET ratio = 0 WHERE id = 7')
    second = Path(back_up_target(settings)["backup"]["directory"])
    shutil.copy(second / "database.dump", first / "database.dump")
    files = {file.name: file for file in read_manifest(second).files}
    own = read_manifest(first)
    write_manifest(
        first, replace(own, files=tuple(files.get(file.name, file) for file in own.files[:1]) + own.files[1:])
    )
    document = drill_backup(settings, first.name)
    assert (document["proven"], document["exit_code"]) == (False, 4)
    assert [table["why"] for table in document["tables"] if not table["equal"]] == ["its rows differ"]


def test_without_its_extension_a_backup_is_not_proven_here(settings: Settings) -> None:
    made = Path(back_up_target(settings)["backup"]["directory"])
    write_manifest(made, replace(read_manifest(made), extensions={"not_to_be_had": "1.0"}))
    document = drill_backup(settings)
    assert document["why_not"] == ["the extension not_to_be_had is not installed here"]
    assert document["exit_code"] == 3
    assert not document["proven"]


def test_old_backups_go_and_the_last_proven_one_stays(settings: Settings) -> None:
    first = back_up_target(settings, keep=1)
    assert drill_backup(settings)["proven"]
    second, third = (back_up_target(settings, keep=1) for _ in range(2))
    assert second["removed"] == []  # the older one is the only one that was proven
    assert third["removed"] == [second["backup"]["name"]]
    assert Path(first["backup"]["directory"]).is_dir()


def test_globals_hold_no_password(settings: Settings) -> None:
    made = Path(back_up_target(settings)["backup"]["directory"])
    text = (made / "globals.sql").read_text()
    assert "CREATE ROLE owner" in text
    assert "PASSWORD" not in text
    assert "SCRAM" not in text


def test_an_encrypted_backup_restores_with_its_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed: encrypted backups are not tested here")
    with gnupg_home() as home:
        monkeypatch.setenv("GNUPGHOME", str(home))
        made = Path(back_up_target(settings, encrypt=f"gpg:{OWNER}")["backup"]["directory"])
        assert {path.name for path in made.iterdir()} == {
            "database.dump.gpg",
            "globals.sql.gpg",
            "manifest.json",
            "manifest.json.sha256",
        }
        assert drill_backup(settings)["proven"]
