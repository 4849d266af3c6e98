"""Proving a backup: its files are hashed, restored into an empty database, and compared table by table.

"Proven" means that every table was restored and its digest is the one that was taken in the dump's snapshot.  Where the
drill cannot be held here (an older server, a missing extension) it says so; that is neither proven nor damaged.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from pgraduate.encryption import SUFFIX, decrypt
from pgraduate.errors import Refused
from pgraduate.maintain.backup import DUMP, GLOBALS
from pgraduate.maintain.digests import TableDigest, digest_tables
from pgraduate.maintain.manifest import BackupManifest
from pgraduate.maintain.programs import call, find_program
from pgraduate.maintain.upkeep import script
from pgraduate.postgres.target import Target


@dataclass(frozen=True, slots=True)
class TableProof:
    schema: str
    name: str
    rows: int
    equal: bool
    why: str = ""


@contextmanager
def opened(directory: Path, manifest: BackupManifest, identity: Path | None) -> Iterator[Path]:
    """Give a directory with the backup's plain files; those that were decrypted go at the end."""
    if manifest.encryption is None:
        yield directory
        return
    suffix = SUFFIX[manifest.encryption.tool]
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as place:
        for file in manifest.files:
            plain = Path(place) / file.name.removesuffix(suffix)
            plain.parent.mkdir(exist_ok=True, mode=0o700)
            decrypt(directory / file.name, plain, manifest.encryption, identity)
        yield Path(place)


def what_is_missing(connection: psycopg.Connection, manifest: BackupManifest) -> list[str]:
    """Say why a server cannot take this backup: an older major version, extensions that it does not have."""
    found = connection.info.server_version // 10000
    missing = []
    if found < manifest.major:
        missing.append(f"the server here is PostgreSQL {found}, the backup is of {manifest.major}")
    available = {name for (name,) in connection.execute("SELECT name FROM pg_catalog.pg_available_extensions")}
    missing += [
        f"the extension {name} is not installed here" for name in manifest.extensions if name not in available
    ]
    return missing


def require_empty(connection: psycopg.Connection) -> None:
    """Raise Refused for a database that holds objects of users: a restore onto it would merge two databases."""
    names = [name for (name,) in connection.execute(script("user_objects"))]
    if names:
        more = " and more" if len(names) > 3 else ""
        raise Refused(
            f"the database is not empty: {', '.join(names[:3])}{more}",
            where=f"database {connection.info.dbname}",
            hint="restore into a new one: CREATE DATABASE … TEMPLATE template0",
        )


def restore(target: Target, plain: Path, manifest: BackupManifest, *, owners: bool) -> None:
    """Restore everything or nothing; `owners` keeps owners and rights, which needs the roles to be there."""
    program = find_program("pg_restore", manifest.major)
    arguments = ["--exit-on-error", "--no-tablespaces", "--single-transaction"]
    if not owners:
        arguments += ["--no-owner", "--no-privileges"]
    call(program, [*arguments, str(plain / DUMP)], target)


def create_roles(connection: psycopg.Connection, plain: Path) -> None:
    """Make the roles that the globals name, without log-in, where they are missing: owners and grants need them."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_catalog.pg_roles")}
    for line in (plain / GLOBALS).read_text("utf-8").splitlines():
        if line.startswith("CREATE ROLE "):
            name = line.removeprefix("CREATE ROLE ").removesuffix(";")
            name = name[1:-1].replace('""', '"') if name.startswith('"') else name
            if name not in known:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))


def prove(connection: psycopg.Connection, manifest: BackupManifest) -> tuple[TableProof, ...]:
    """Compare what was restored with what was dumped, table by table, in both directions."""
    with connection.transaction():
        found = {(table.schema, table.name): table for table in digest_tables(connection)}
    proofs = [_proof(table, found) for table in manifest.tables]
    expected = {(table.schema, table.name) for table in manifest.tables}
    proofs += [
        TableProof(table.schema, table.name, table.rows, False, "the backup's snapshot did not have it")
        for key, table in found.items()
        if key not in expected
    ]
    return tuple(proofs)


def all_equal(proofs: Sequence[TableProof]) -> bool:
    return all(proof.equal for proof in proofs)


def _proof(table: TableDigest, found: Mapping[tuple[str, str], TableDigest]) -> TableProof:
    other = found.get((table.schema, table.name))
    if other is None:
        return TableProof(table.schema, table.name, 0, False, "it was not restored")
    if other.rows != table.rows:
        return TableProof(table.schema, table.name, other.rows, False, f"{table.rows} rows were dumped")
    equal = other.digest == table.digest
    return TableProof(table.schema, table.name, other.rows, equal, "" if equal else "its rows differ")
