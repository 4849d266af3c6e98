"""What an archive holds, that it is compared, that nothing replaces it, and that damage is found."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.archives import archive
from support.keyring import OWNER, gnupg_home
from support.sqlite_files import crash_in_other_process, make

from pgraduate.archive import Request, Shelf, restore, verify
from pgraduate.archive import make as make_archive
from pgraduate.archive.manifest import read_manifest
from pgraduate.encryption import Encryption
from pgraduate.errors import Different, PgraduateError, Refused
from pgraduate.events import Silence


def _count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_rows_that_lie_only_in_the_wal_are_in_it(tmp_path: Path, shelf: Path) -> None:
    path = make(tmp_path / "app.db", "PRAGMA journal_mode=wal", "CREATE TABLE t (a)")
    crash_in_other_process(
        path,
        "db.execute('PRAGMA wal_autocheckpoint=0'); db.execute('BEGIN')\n"
        "db.executemany('INSERT INTO t VALUES (?)', [(n,) for n in range(1000)]); db.execute('COMMIT')",
    )
    assert path.with_name("app.db-wal").stat().st_size > 0
    made = archive(path, shelf)
    assert {table.name: table.rows for table in made.manifest.tables}["t"] == 1000
    restore(made.directory, made.manifest, tmp_path / "restored.db")
    assert _count(tmp_path / "restored.db", "t") == 1000


def test_the_manifest_says_what_is_in_it(shop: Path, shelf: Path) -> None:
    made = archive(shop, shelf)
    manifest = read_manifest(made.directory)
    assert manifest == made.manifest
    assert {table.name: table.rows for table in manifest.tables} == {
        "customer": 50, "product": 20, "purchase": 100, "sqlite_sequence": 1
    }  # fmt: skip
    assert manifest.source.path == str(shop)
    assert any(sql.startswith("CREATE TRIGGER purchase_note") for sql in manifest.schema)
    packed = made.directory / manifest.file
    assert hashlib.sha256(packed.read_bytes()).hexdigest() == manifest.packed_sha256
    assert hashlib.sha256(gzip.decompress(packed.read_bytes())).hexdigest() == manifest.sha256
    assert manifest.verified.rows == manifest.rows


def test_its_restore_commands_work_without_pgraduate(shop: Path, shelf: Path) -> None:
    made = archive(shop, shelf)
    commands = [line for line in made.manifest.restore if not line.startswith("sqlite3")]
    done = subprocess.run(
        ["sh", "-euc", "\n".join(commands)], cwd=made.directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert _count(made.directory / "shop.db", "purchase") == 100


def test_a_second_archive_of_the_day_leaves_the_first_untouched(shop: Path, shelf: Path) -> None:
    first = archive(shop, shelf)
    before = {file.name: (file.read_bytes(), file.stat().st_ino) for file in first.directory.iterdir()}
    make(shop, "DELETE FROM purchase")
    second = archive(shop, shelf)
    assert {file.name: (file.read_bytes(), file.stat().st_ino) for file in first.directory.iterdir()} == before
    assert Shelf(shelf).names() == [first.name, second.name]
    assert second.name == f"{first.name}-2"


def test_one_state_gives_the_same_bytes_twice(shop: Path, shelf: Path) -> None:
    assert archive(shop, shelf).manifest.packed_sha256 == archive(shop, shelf).manifest.packed_sha256


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_flipped_bit_is_found(shop: Path, shelf: Path, share: float) -> None:
    made = archive(shop, shelf)
    packed = made.directory / made.manifest.file
    data = bytearray(packed.read_bytes())
    data[int(len(data) * share)] ^= 1
    packed.write_bytes(data)
    with pytest.raises(Different):
        verify(made.directory, made.manifest)


def test_a_bit_flipped_with_its_checksum_made_to_fit_is_found(shop: Path, shelf: Path) -> None:
    made = archive(shop, shelf)
    packed, page = made.directory / made.manifest.file, made.directory / "manifest.json"
    packed.write_bytes(packed.read_bytes()[:-9] + b"\0" + packed.read_bytes()[-8:])
    document = json.loads(page.read_text())
    document["packed_sha256"] = hashlib.sha256(packed.read_bytes()).hexdigest()
    page.write_text(json.dumps(document))
    with pytest.raises(Different):
        verify(made.directory, read_manifest(made.directory))


def test_a_restored_file_is_the_original_with_its_permissions(shop: Path, shelf: Path, tmp_path: Path) -> None:
    shop.chmod(0o640)
    made = archive(shop, shelf)
    restore(made.directory, made.manifest, tmp_path / "again.db")
    assert (tmp_path / "again.db").stat().st_mode & 0o777 == 0o640
    assert archive(tmp_path / "again.db", shelf).manifest.tables == made.manifest.tables


def test_a_restore_replaces_nothing(shop: Path, shelf: Path) -> None:
    made = archive(shop, shelf)
    with pytest.raises(Refused):
        restore(made.directory, made.manifest, shop)


def test_git_would_take_it_so_the_line_for_gitignore_is_offered(shop: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    with pytest.raises(Refused) as refused:
        archive(shop, tmp_path / "keep")
    line = str(refused.value.hint).splitlines()[-1]
    assert Shelf(tmp_path / "keep").names() == []
    (tmp_path / ".gitignore").write_text(line + "\n")
    made = archive(shop, tmp_path / "keep")
    status = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, check=True
    )
    assert made.name.encode() not in status.stdout


def test_values_of_every_class_and_broken_texts_count(tmp_path: Path, shelf: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (a, b AS (a || 'x')) ",
        "INSERT INTO t (a) VALUES (1), (1.0), ('1'), (x'31'), (NULL), (CAST(x'ff' AS TEXT)), (1)",
        "CREATE TABLE keyed (rowid, _rowid_, oid)",
        "CREATE TABLE w (k PRIMARY KEY) WITHOUT ROWID",
    )
    (table,) = [item for item in archive(path, shelf).manifest.tables if item.name == "t"]
    assert table.rows == 7
    make(path, "UPDATE t SET a = '1' WHERE rowid = 1")
    (changed,) = [item for item in archive(path, shelf).manifest.tables if item.name == "t"]
    assert changed.digest != table.digest


def test_a_shelf_in_use_refuses_a_second_process(shop: Path, shelf: Path) -> None:
    with Shelf(shelf).preparing(), pytest.raises(Refused):
        archive(shop, shelf)


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    with pytest.raises(PgraduateError):
        read_manifest(tmp_path)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A throw-away GnuPG home with one key; its agent is stopped at the end."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed: encrypted archives are not tested here")
    with gnupg_home() as home:
        monkeypatch.setenv("GNUPGHOME", str(home))
        yield OWNER


def test_an_encrypted_archive_is_compared_through_its_encryption(shop: Path, shelf: Path, keyring: str) -> None:
    request = Request(shop, "run", Encryption("gpg", keyring))
    made = make_archive(request, Shelf(shelf), sink=Silence())
    assert made.manifest.verified.through_encryption
    assert {file.name for file in made.directory.iterdir()} == {"shop.db.gz.gpg", "manifest.json"}
    assert b"SQLite format" not in (made.directory / "shop.db.gz.gpg").read_bytes()
    verify(made.directory, made.manifest)


def test_an_archive_for_age_opens_with_its_identity_and_no_other(shop: Path, shelf: Path, tmp_path: Path) -> None:
    if shutil.which("age-keygen") is None:
        pytest.skip("age is not installed: archives encrypted with it are not tested here")
    key, other = (_age_identity(tmp_path / name) for name in ("key", "other"))
    request = Request(shop, "run", Encryption("age", key.recipient), key.file)
    made = make_archive(request, Shelf(shelf), sink=Silence())
    assert made.manifest.verified.through_encryption
    assert b"SQLite format" not in (made.directory / "shop.db.gz.age").read_bytes()
    verify(made.directory, made.manifest, identity=key.file)
    with pytest.raises(Refused):
        verify(made.directory, made.manifest, identity=other.file)
    with pytest.raises(Refused, match="encrypted with age"):
        verify(made.directory, made.manifest)


@dataclass(frozen=True)
class Identity:
    file: Path
    recipient: str


def _age_identity(file: Path) -> Identity:
    subprocess.run(["age-keygen", "-o", str(file)], capture_output=True, check=True)
    shown = subprocess.run(["age-keygen", "-y", str(file)], capture_output=True, text=True, check=True)
    return Identity(file, shown.stdout.strip())


def test_without_the_key_it_says_what_was_compared(
    shop: Path, shelf: Path, keyring: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        ["gpg", "--batch", "--yes", "--delete-secret-keys", _fingerprint(keyring)], capture_output=True, check=True
    )
    made = make_archive(Request(shop, "run", Encryption("gpg", keyring)), Shelf(shelf), sink=Silence())
    assert not made.manifest.verified.through_encryption
    with pytest.raises(Refused):
        verify(made.directory, made.manifest)


def _fingerprint(name: str) -> str:
    listed = subprocess.run(["gpg", "--with-colons", "-k", name], capture_output=True, text=True, check=True).stdout
    return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
