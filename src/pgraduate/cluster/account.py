"""The account that a server runs under, and how its programs are called.

PostgreSQL refuses root, so a server started by root runs as an existing unprivileged user; any other caller is
the server's account itself.  The invariant: a child of this room gets no variable of libpq, no terminal and
none of the caller's open files, so nothing of the caller's environment changes what it does.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgraduate.errors import Refused, TargetUnusable

UNPRIVILEGED = ("postgres", "nobody")
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TZDIR")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def switches(self) -> bool:
        """Whether the caller must change its identity to act as this account."""
        return self.uid != os.geteuid()

    def can_enter(self, directory: Path) -> bool:
        """Tell whether the account reaches a directory; asked of the system itself, which knows ACLs and mounts."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", directory], cwd=Path("/")).returncode == 0

    def run(self, command: Sequence[str | Path], *, cwd: Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this account, with `text` as its input; its messages are in English.

        The program gets a session of its own, so that an interrupt at the terminal ends the caller and not a
        server that has just been started.  Raises TargetUnusable where it cannot be run at all.
        """
        try:
            return subprocess.run(
                [str(part) for part in command],
                input=text,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                cwd=cwd,
                env=_environment(),
                umask=0o077,
                start_new_session=True,
                user=self.uid if self.switches else None,
                group=self.gid if self.switches else None,
                extra_groups=[] if self.switches else None,
            )
        except OSError as error:
            raise TargetUnusable(
                f"{Path(command[0]).name} cannot be run as the user {self.name}: {error.strerror}",
                where=str(command[0]),
                hint="the program, and each directory above it, must be open to this user",
            ) from error


def caller() -> Account:
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Account(name, uid, os.getegid())


def account_for(data: Path) -> Account:
    """Give the account of a server: the owner of its data directory, or for a new one whom PostgreSQL accepts.

    Raises Refused where the data belong to somebody whom the caller cannot act as, and TargetUnusable where
    root finds no unprivileged user on this system.
    """
    this = caller()
    if data.exists():
        return _owner(data, this)
    if this.uid != 0:
        return this
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise TargetUnusable(
        "PostgreSQL does not run as root, and this system has no user to run it as",
        where="looked for: " + ", ".join(UNPRIVILEGED),
        hint="run pgraduate as an ordinary user",
    )


def _owner(data: Path, this: Account) -> Account:
    found = data.stat()
    if found.st_uid == 0:
        raise Refused(
            "the server's data belong to root, and PostgreSQL does not run as root",
            where=str(data),
            hint="a copy of a data directory must keep its owner (cp -a); give it back with chown -R",
        )
    if found.st_uid == this.uid:
        return this
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    if this.uid != 0:
        raise Refused(
            f"the server's data belong to the user {name}", where=str(data), hint=f"run the command as {name}"
        )
    return Account(name, found.st_uid, found.st_gid)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {"LC_ALL": "C"}
