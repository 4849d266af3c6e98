"""A server's life: made, started, used, stopped, removed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from pgraduate.cluster import Embedded
from pgraduate.errors import Refused, TargetUnusable


def ask(conninfo: str | None, query: str) -> object:
    assert conninfo is not None
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def do(conninfo: str | None, statement: str) -> None:
    assert conninfo is not None
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(statement.encode())


def psql(server: Embedded, conninfo: str, query: str) -> str:
    binaries = server.status().binaries
    assert binaries is not None
    program = str(binaries / "psql") if (binaries / "psql").exists() else "psql"
    done = subprocess.run([program, "-XAt", conninfo, "-c", query], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


def test_before_the_first_start_the_server_is_absent_and_nothing_is_made(server_in: Embedded) -> None:
    assert server_in.status().state == "absent"
    assert server_in.stop().state == "absent"
    assert not server_in.directory.exists()


def test_the_conninfo_works_as_it_stands_in_psycopg_and_in_psql(running: Embedded) -> None:
    status = running.start()
    assert status.conninfo is not None
    assert psql(running, status.conninfo, "SELECT current_user") == "app_owner\n"
    assert ask(status.conninfo, "SELECT current_database()") == "app"


def test_the_owner_is_a_plain_role_that_owns_its_database(running: Embedded) -> None:
    conninfo = running.start().conninfo
    assert conninfo is not None
    with psycopg.connect(conninfo, autocommit=True) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolcanlogin,"
            " (SELECT datdba = r.oid FROM pg_database WHERE datname = 'app')"
            " FROM pg_roles AS r WHERE rolname = current_user"
        ).fetchone()
        connection.execute("CREATE SCHEMA shop")
        connection.execute("ALTER ROLE CURRENT_USER IN DATABASE app SET search_path = shop")
    assert rights == (False, False, False, False, False, True, True)
    assert ask(conninfo, "SELECT current_schema()") == "shop"


def test_the_cluster_is_utf8_checksummed_and_wants_a_password_from_everyone(running: Embedded) -> None:
    running.start()
    superuser = running.superuser_conninfo()
    assert ask(superuser, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'app'") == "UTF8"
    assert ask(superuser, "SELECT datcollate FROM pg_database WHERE datname = 'app'") in ("C.UTF-8", "C")
    assert ask(superuser, "SHOW data_checksums") == "on"
    assert ask(superuser, "SHOW listen_addresses") == ""
    assert ask(superuser, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules") == ["scram-sha-256"]


def test_fsync_is_on_unless_asked_otherwise(running: Embedded) -> None:
    assert ask(running.status().conninfo, "SHOW fsync") == "off"
    running.stop()
    assert ask(Embedded(running.directory).start().conninfo, "SHOW fsync") == "on"


def test_without_its_password_nobody_enters(running: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    conninfo = running.start().conninfo
    assert conninfo is not None
    for name in ("PGPASSFILE", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(conninfo, passfile="/dev/null")


def test_a_second_start_gives_the_running_server(running: Embedded) -> None:
    first = running.start()
    assert Embedded(running.directory).start().pid == first.pid


def test_data_survive_stop_and_start(running: Embedded) -> None:
    do(running.start().conninfo, "CREATE TABLE kept AS SELECT 42 AS answer")
    stopped = running.stop()
    assert (stopped.state, stopped.pid) == ("stopped", None)
    assert running.stop() == stopped
    assert ask(running.start().conninfo, "SELECT answer FROM kept") == 42


def test_status_says_what_runs_and_where(running: Embedded) -> None:
    started = running.start()
    status = running.status()
    assert status.state == "running"
    assert status.pid == started.pid
    assert status.version is not None
    assert status.data is not None
    assert status.bytes is not None
    superuser = running.superuser_conninfo()
    assert str(ask(superuser, "SHOW server_version")).split()[0] == status.version
    assert ask(superuser, "SHOW data_directory") == str(status.data)
    assert status.bytes > 20_000_000


def test_settings_are_laid_over_the_clusters_own(running: Embedded) -> None:
    running.stop()
    status = Embedded(running.directory, settings={"work_mem": "7MB", "port": "6789"}).start()
    assert ask(status.conninfo, "SHOW work_mem") == "7MB"
    assert running.status().conninfo == status.conninfo


def test_a_failed_start_shows_the_servers_own_words(running: Embedded) -> None:
    running.stop()
    with pytest.raises(TargetUnusable, match='invalid value for parameter "work_mem": "much"') as caught:
        Embedded(running.directory, settings={"work_mem": "much"}).start()
    assert str(caught.value.where).endswith("server.log")


def test_a_failed_start_shows_no_earlier_line_of_the_log(running: Embedded) -> None:
    status = running.status()
    assert status.data is not None
    with pytest.raises(psycopg.DataError):
        do(status.conninfo, "SELECT 'a customer''s secret'::int")
    assert "secret" in (status.data.parent / "server.log").read_text()
    running.stop()
    with pytest.raises(TargetUnusable) as caught:
        Embedded(running.directory, settings={"work_mem": "much"}).start()
    assert "secret" not in str(caught.value)


def test_remove_takes_everything_the_server_made_and_nothing_else(server_in: Embedded, outside: Path) -> None:
    server_in.start()
    foreign = server_in.directory / "notes.txt"
    foreign.write_text("mine")
    server_in.remove()
    assert list(server_in.directory.iterdir()) == [foreign]
    assert list(outside.iterdir()) == []
    assert server_in.status().state == "absent"
    server_in.remove()
    foreign.unlink()


def test_a_directory_that_holds_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="holds other files"):
        Embedded(tmp_path).start()
    Embedded(tmp_path).stop()
    Embedded(tmp_path).remove()
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_lost_passfiles_are_made_anew_by_the_next_start(running: Embedded) -> None:
    running.stop()
    (running.directory / "passfile").unlink()
    assert ask(running.start().conninfo, "SELECT 1") == 1
    assert ask(running.superuser_conninfo(), "SELECT 1") == 1


@pytest.fixture
def hostile_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGDATA": "/nonexistent",
        "PGHOST": "nowhere.invalid",
        "PGHOSTADDR": "192.0.2.1",
        "PGPORT": "1",
        "PGUSER": "nobody_at_all",
        "PGPASSWORD": "wrong",
        "PGOPTIONS": "-c no_such_setting=1",
        "PGSSLMODE": "verify-full",
        "PGGSSENCMODE": "require",
        "PGCHANNELBINDING": "require",
        "PGREQUIREPEER": "nobody_at_all",
        "PGTARGETSESSIONATTRS": "standby",
        "PGPASSFILE": "/nonexistent",
        "LC_ALL": "no_SUCH.locale",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("hostile_environment")
def test_variables_of_libpq_disturb_no_program_of_the_server(server_in: Embedded) -> None:
    assert server_in.start().state == "running"
    assert server_in.stop().state == "stopped"


@pytest.mark.usefixtures("hostile_environment")
def test_the_conninfo_outweighs_variables_of_libpq(running: Embedded) -> None:
    conninfo = running.status().conninfo
    assert conninfo is not None
    assert ask(conninfo, "SELECT current_user") == "app_owner"
    assert psql(running, conninfo, "SELECT current_database()") == "app\n"
    assert ask(running.superuser_conninfo(), "SELECT current_user") == "postgres"


def test_in_an_ordinary_environment_the_conninfo_says_only_what_is_needed(
    running: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    words = psycopg.conninfo.conninfo_to_dict(running.status().conninfo or "")
    assert set(words) == {"host", "port", "dbname", "user", "passfile"}


def test_passwords_stand_in_no_command_line_and_no_log(server_in: Embedded) -> None:
    seen: set[bytes] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes())
                except OSError:
                    continue
            time.sleep(0.005)

    if not Path("/proc/self/cmdline").exists():
        pytest.skip("no /proc to read command lines from")
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        status = server_in.start()
    finally:
        done.set()
        watcher.join()
    assert status.data is not None
    passfiles = [server_in.directory / "passfile", status.data.parent / "superuser.passfile"]
    passwords = [path.read_text().strip().rsplit(":", 1)[1] for path in passfiles]
    told = "\n".join(str(line) for line in seen) + (status.data.parent / "server.log").read_text()
    assert "initdb" in told
    assert "--single" in told
    assert len(set(passwords)) == 2
    assert not any(password in told for password in passwords)
    assert "SCRAM-SHA-256$" not in told
    assert [path.stat().st_mode & 0o777 for path in passfiles] == [0o600, 0o600]


START = "import sys, pathlib; from pgraduate.cluster import Embedded, places; "
START += "places.OUTSIDE = pathlib.Path(sys.argv[2]); "
START += "print(Embedded(pathlib.Path(sys.argv[1]), fsync=False).start().pid, flush=True); "


def starter(server: Embedded, outside: Path, then: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START + then, str(server.directory), str(outside)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_two_starts_at_once_make_one_server(server_in: Embedded, outside: Path) -> None:
    with starter(server_in, outside) as one, starter(server_in, outside) as other:
        answers = {one.communicate(timeout=60)[0], other.communicate(timeout=60)[0]}
    assert answers == {f"{server_in.status().pid}\n"}


def test_the_server_outlives_an_interrupt_of_its_starter_and_holds_no_file_of_it(
    server_in: Embedded, outside: Path
) -> None:
    with starter(server_in, outside, "import time; time.sleep(60)") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        os.killpg(process.pid, 2)
        rest, _ = process.communicate(timeout=20)
    assert rest == ""
    time.sleep(0.2)
    assert server_in.status().pid == pid
    assert ask(server_in.status().conninfo, "SELECT 1") == 1
