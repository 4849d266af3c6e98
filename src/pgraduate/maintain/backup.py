"""A dump with its proof: pg_dump and the tables' digests from one exported snapshot, under one name when all is on disk.

Everything is written into a hidden directory beside the final one; the rename is the moment at which the backup
exists.  A kill before it leaves a directory that the next backup takes away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import psycopg

from pgraduate.encryption import SUFFIX, Encryption, encrypt, sha256
from pgraduate.maintain.digests import TableDigest, digest_tables
from pgraduate.maintain.manifest import PROVEN, STAMP, BackupFile, BackupManifest, list_backups, write_manifest
from pgraduate.maintain.programs import call, find_program
from pgraduate.model.server import ServerIdentity
from pgraduate.postgres.target import Target

DUMP = "database.dump"
GLOBALS = "globals.sql"


@dataclass(frozen=True, slots=True)
class BackupWish:
    """`jobs` above 1 asks for the directory format, dumped in parallel."""

    shelf: Path
    jobs: int = 1
    encryption: Encryption | None = None
    keep: int = 7


def back_up_server(
    target: Target, server: ServerIdentity, wish: BackupWish, run_id: str
) -> tuple[Path, BackupManifest]:
    """Dump the database, its globals without password hashes, and its digests; return where it stands.

    `run_id` is the run that the manifest names, for the drill's evidence.

    Raises Refused without fitting programs, TargetUnusable where a program fails; nothing is left then.
    """
    major = server.version_number // 10000
    dump, dumpall = find_program("pg_dump", major), find_program("pg_dumpall", major)
    began = monotonic()
    name = f"{_safe(server.database)}-{datetime.now(UTC).strftime(STAMP)}"
    with _unfinished(wish.shelf, name) as directory:
        with _snapshot(target) as (connection, snapshot):
            taken = datetime.now(UTC)
            form = ["--format=directory", f"--jobs={wish.jobs}"] if wish.jobs > 1 else ["--format=custom"]
            call(dump, [*form, f"--snapshot={snapshot}", "--file", str(directory / DUMP)], target)
            tables = digest_tables(connection)
            extensions = dict(
                connection.execute("SELECT extname, extversion FROM pg_catalog.pg_extension").fetchall()
            )
        globals_file = str(directory / GLOBALS)
        call(dumpall, ["--globals-only", "--no-role-passwords", f"--database={server.database}", "--file", globals_file],
             target)  # fmt: skip
        files = _close(directory, wish.encryption)
        manifest = BackupManifest(
            name,
            server.database,
            taken.isoformat(),
            server.version_number,
            server.system_identifier,
            "directory" if wish.jobs > 1 else "custom",
            round(monotonic() - began, 3),
            tables,
            files,
            extensions,
            wish.encryption,
            run_id,
        )
        write_manifest(directory, manifest)
        _make_durable(directory)
    return wish.shelf / name, manifest


def remove_old(shelf: Path, keep: int, database: str) -> list[str]:
    """Remove backups of this database beyond the newest `keep`; the newest one that a drill has proven stays."""
    backups = [path for path in list_backups(shelf) if path.name.rsplit("-", 3)[0] == _safe(database)]
    proven = [path for path in backups if _is_proven(path)][-1:]
    old = [path for path in backups[:-keep] if path not in proven]
    for path in old:
        shutil.rmtree(path)
    return [path.name for path in old]


def _is_proven(backup: Path) -> bool:
    path = backup / PROVEN
    return path.is_file() and bool(json.loads(path.read_text("utf-8"))["proven"])


@contextmanager
def _snapshot(target: Target) -> Iterator[tuple[psycopg.Connection, str]]:
    """Hold one snapshot open and give its name, for programs that read the same moment."""
    with target.connect("backup") as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_catalog.pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


@contextmanager
def _unfinished(shelf: Path, name: str) -> Iterator[Path]:
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in shelf.glob(".unfinished-*"):
        shutil.rmtree(left)
    directory = shelf / f".unfinished-{name}"
    directory.mkdir(mode=0o700)
    try:
        yield directory
        directory.rename(shelf / name)
        _sync(shelf)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


def _close(directory: Path, encryption: Encryption | None) -> tuple[BackupFile, ...]:
    """Encrypt where it is asked for, and hash what then stands there."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    if encryption is not None:
        for path in paths:
            encrypt(path, path.with_name(path.name + SUFFIX[encryption.tool]), encryption)
            path.unlink()
        paths = sorted(path for path in directory.rglob("*") if path.is_file())
    return tuple(BackupFile(str(path.relative_to(directory)), path.stat().st_size, sha256(path)) for path in paths)


def _make_durable(directory: Path) -> None:
    for path in [*directory.rglob("*"), directory]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_." else "_" for letter in name)


__all__ = ["DUMP", "GLOBALS", "BackupWish", "TableDigest", "back_up_server", "remove_old"]
