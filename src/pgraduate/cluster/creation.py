"""A new cluster: initdb, a plain owner with its database, two passwords.

All is made in a directory beside the final one, without a connection and before the server first runs; the
rename at the end is the moment at which the cluster exists.  The invariant: no password appears in a command
line, an environment or a log.  The server is only ever told SCRAM verifiers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import shutil
from pathlib import Path

from pgraduate.cluster.account import Account
from pgraduate.cluster.binaries import Binaries
from pgraduate.cluster.files import delete, make_durable, private_directory, write_private
from pgraduate.cluster.places import Places
from pgraduate.errors import TargetUnusable

SUPERUSER = "postgres"
OWNER = "app_owner"
DATABASE = "app"
_LOCALES = ("C.UTF-8", "C")
_ITERATIONS = 4096
"""PostgreSQL's own default; the passwords are random, so that more would protect nothing."""


def create(places: Places, binaries: Binaries, account: Account, *, fsync: bool) -> None:
    """Make the cluster's data directory, its owner role, its database and the passfiles.

    Raises TargetUnusable with initdb's own words where it fails.
    """
    superuser, owner = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    data = private_directory(places.new_data(), uid=account.uid, gid=account.gid)
    write_private(places.initial_password, superuser + "\n", uid=account.uid)
    try:
        _initdb(data, places.initial_password, binaries, account, fsync=fsync)
    finally:
        delete(places.initial_password)
    statements = (
        f"CREATE ROLE {OWNER} LOGIN PASSWORD '{scram_verifier(owner)}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
    )
    _single_user(data, statements, binaries, account, fsync=fsync)
    _write_passfiles(places, superuser, owner)
    data.rename(places.data)
    make_durable(places.place)


def sweep(places: Places) -> None:
    """Delete what creations that were killed have left."""
    for left in places.unfinished_data():
        # An initdb whose caller was killed may write on for a moment; what it adds, the next start takes away.
        shutil.rmtree(left, ignore_errors=True)


def renew_passwords(places: Places, binaries: Binaries, account: Account, *, fsync: bool) -> None:
    """Give both roles new passwords; the server must not run.

    The passfiles go first: a kill in between must not leave one whose password no longer holds.
    """
    delete(places.superuser_passfile)
    delete(places.passfile)
    superuser, owner = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    statements = (
        f"ALTER ROLE {SUPERUSER} PASSWORD '{scram_verifier(superuser)}'",
        f"ALTER ROLE {OWNER} PASSWORD '{scram_verifier(owner)}'",
    )
    _single_user(places.data, statements, binaries, account, fsync=fsync)
    _write_passfiles(places, superuser, owner)


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """Compute what PostgreSQL stores for an ASCII password (RFC 5802 with SHA-256, RFC 7677)."""
    salt = os.urandom(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(_ITERATIONS, *encoded)


def _initdb(data: Path, password: Path, binaries: Binaries, account: Account, *, fsync: bool) -> None:
    for locale in _LOCALES:
        done = account.run(
            [
                *(binaries.program("initdb"), "-D", data.name, "-U", SUPERUSER),
                *("-A", "scram-sha-256", "--pwfile", password.name),
                *("-E", "UTF8", f"--locale={locale}", "--data-checksums", "--no-instructions"),
                *([] if fsync else ["--no-sync"]),
            ],
            cwd=data.parent,
        )
        if done.returncode == 0:
            return
        if "invalid locale" not in done.stderr:
            break
    raise TargetUnusable("initdb could not make the cluster:\n" + done.stderr.strip(), where=str(data))


def _single_user(
    data: Path, statements: tuple[str, ...], binaries: Binaries, account: Account, *, fsync: bool
) -> None:
    done = account.run(
        [
            *(binaries.program("postgres"), "--single", "-D", data.name, "-c", "exit_on_error=on"),
            *("-c", "log_min_error_statement=panic", "-c", f"fsync={'on' if fsync else 'off'}", SUPERUSER),
        ],
        cwd=data.parent,
        text="\n".join(statements) + "\n",
    )
    if done.returncode != 0:
        raise TargetUnusable(
            "the roles of the new cluster could not be made:\n" + done.stderr.strip(), where=str(data)
        )


def _write_passfiles(places: Places, superuser: str, owner: str) -> None:
    """The conninfos name the host themselves; the lines hold for whatever socket the server gets."""
    write_private(places.superuser_passfile, f"*:*:*:{SUPERUSER}:{superuser}\n")
    write_private(places.passfile, f"*:*:*:{OWNER}:{owner}\n")
