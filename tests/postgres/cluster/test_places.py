"""Where a server's parts go: closed homes, long paths, odd names, copies and moves; as root and as nobody."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from support.identity import as_user

from pgraduate.cluster import Embedded, ServerStatus
from pgraduate.errors import Refused, TargetUnusable

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def answer(status: ServerStatus) -> object:
    assert status.conninfo is not None
    with psycopg.connect(status.conninfo) as connection:
        return connection.execute("SELECT 1").fetchone()


def nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


@needs_root
def test_below_a_closed_directory_of_root_the_data_go_outside(server_in: Embedded, outside: Path) -> None:
    home = server_in.directory.parents[2]
    home.chmod(0o700)
    status = server_in.start()
    assert answer(status) == (1,)
    assert status.data is not None
    assert status.data.is_relative_to(outside)
    assert status.data.stat().st_uid != 0
    assert home.stat().st_mode & 0o777 == 0o700
    assert server_in.directory.parent.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in server_in.directory.iterdir()} == {
        ".gitignore", "lock", "passfile", "server.json",
    }  # fmt: skip


@needs_root
def test_in_an_open_directory_roots_server_stays_where_it_was_asked_to(
    embedded: Callable[[Path], Embedded], open_directory: Path
) -> None:
    server = embedded(open_directory / "named")
    status = server.start()
    assert answer(status) == (1,)
    assert status.data == server.directory / "data"
    assert server.directory.stat().st_mode & 0o777 == 0o711
    assert (server.directory / "passfile").stat().st_mode & 0o777 == 0o600
    server.remove()
    assert list(open_directory.iterdir()) == []


@needs_root
def test_an_ordinary_user_is_the_servers_own_account(open_directory: Path) -> None:
    uid, gid = nobody()
    os.chown(open_directory, uid, gid)
    server = Embedded(open_directory / "p" / ".pgraduate" / "server", fsync=False)

    def life() -> tuple[ServerStatus, object]:
        try:
            status = server.start()
            return status, answer(status)
        finally:
            server.remove()

    status, row = as_user(uid, gid, open_directory, life)
    assert row == (1,)
    assert status.data == server.directory / "data"


@needs_root
def test_root_starts_an_ordinary_users_server_as_that_user(open_directory: Path) -> None:
    uid, gid = nobody()
    os.chown(open_directory, uid, gid)
    server = Embedded(open_directory / "server", fsync=False)
    try:
        as_user(uid, gid, open_directory, lambda: (server.start(), server.stop()))
        pid = server.start().pid
        assert Path(f"/proc/{pid}").stat().st_uid == uid
        assert answer(as_user(uid, gid, open_directory, server.status)) == (1,)
        assert as_user(uid, gid, open_directory, server.stop).state == "stopped"
        assert {path.lstat().st_uid for path in server.directory.iterdir()} == {uid}
    finally:
        server.remove()


@needs_root
def test_an_ordinary_user_is_told_whose_server_it_is(server_in: Embedded, open_directory: Path) -> None:
    server = Embedded(open_directory / "server", fsync=False)
    uid, gid = nobody()
    try:
        server.start()
        with pytest.raises(TargetUnusable, match="Permission denied"):
            as_user(uid, gid, open_directory, server.status)
    finally:
        server.remove()


@needs_root
def test_data_that_a_copy_gave_to_root_are_refused_with_the_way_out(
    embedded: Callable[[Path], Embedded], open_directory: Path
) -> None:
    server = embedded(open_directory / "server")
    server.start()
    server.stop()
    os.chown(server.directory / "data", 0, 0)
    with pytest.raises(Refused, match="belong to root") as caught:
        server.start()
    assert "chown" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["a space", 'comma, quote\' "double" $HOME `id` \\', "ü" * 100, "n" * 200])
def test_any_directory_name_will_do(name: str, embedded: Callable[[Path], Embedded], open_directory: Path) -> None:
    server = embedded(open_directory / name)
    status = server.start()
    assert answer(status) == (1,)
    assert status.data == server.directory / "data"
    sockets = psycopg.conninfo.conninfo_to_dict(status.conninfo or "")["host"]
    assert len(os.fsencode(f"{sockets}/.s.PGSQL.5432")) <= 107
    server.remove()
    assert not Path(str(sockets)).exists()


def test_a_moved_project_keeps_its_server(embedded: Callable[[Path], Embedded], tmp_path: Path) -> None:
    former = embedded(tmp_path / "before" / "server")
    data = former.start().data
    former.stop()
    (tmp_path / "before").rename(tmp_path / "after")
    moved = embedded(tmp_path / "after" / "server")
    status = moved.start()
    assert answer(status) == (1,)
    if os.geteuid() == 0:
        assert status.data == data


@needs_root
def test_a_copied_project_does_not_use_the_originals_server(
    embedded: Callable[[Path], Embedded], tmp_path: Path
) -> None:
    original = embedded(tmp_path / "original" / "server")
    pid = original.start().pid
    shutil.copytree(tmp_path / "original", tmp_path / "copy")
    copy = Embedded(tmp_path / "copy" / "server")
    for verb in (copy.start, copy.status, copy.stop, copy.remove):
        with pytest.raises(Refused, match="was copied from"):
            verb()
    assert original.status().pid == pid


@needs_root
def test_data_lost_with_their_machine_make_room_for_a_new_server(server_in: Embedded, outside: Path) -> None:
    server_in.start()
    server_in.stop()
    for place in outside.iterdir():
        shutil.rmtree(place)
    assert server_in.status().state == "absent"
    assert answer(server_in.start()) == (1,)


@needs_root
def test_a_forged_record_does_not_lead_root_to_other_directories(server_in: Embedded, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "data").mkdir(parents=True)
    server_in.directory.mkdir(parents=True)
    record = server_in.directory / "server.json"
    record.write_text(f'{{"place": "{precious}", "sockets": "{precious}", "format": 1}}')
    with pytest.raises(TargetUnusable, match="not the server's"):
        server_in.remove()
    assert (precious / "data").is_dir()
    record.unlink()


@needs_root
def test_a_hostile_socket_directory_is_refused(embedded: Callable[[Path], Embedded], open_directory: Path) -> None:
    server = embedded(open_directory / ("n" * 200))
    status = server.start()
    sockets = Path(str(psycopg.conninfo.conninfo_to_dict(status.conninfo or "")["host"]))
    server.stop()
    shutil.rmtree(sockets)
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    with pytest.raises(TargetUnusable, match="not private"):
        server.start()
