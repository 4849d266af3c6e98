"""Where the parts of an embedded server live.

The directory that the user names always holds the record, the passfile and the lock.  Data, socket and log lie
in the same directory where the server's account reaches it; where it does not (root's home, a project below
one), they lie in a place of their own below /var/lib/pgraduate, which the record names.  A socket's path may
have 107 bytes; a longer one, or one with a comma (which libpq reads as a list), moves to /tmp.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from pgraduate.cluster.account import Account
from pgraduate.cluster.files import private_directory, write_private
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.settings import STATE

OUTSIDE = Path("/var/lib/pgraduate")
SHORT = Path("/tmp")
SOCKET_BYTES = 103 if sys.platform == "darwin" else 107
"""sun_path holds 108 bytes on Linux, 104 on macOS, the last one a NUL (unix(7), sys/un.h)."""
FORMAT = 1
_LEFT_BY_A_START = {"lock", ".gitignore", "..gitignore.new", ".server.json.new"}


@dataclass(frozen=True, slots=True)
class Record:
    """What `server.json` holds.  Paths below the directory are relative, so that a project may be moved."""

    place: str = "."
    sockets: str = ""
    port: int = 5432
    binaries: str | None = None
    version: str | None = None
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Places:
    directory: Path
    place: Path

    @property
    def record(self) -> Path:
        return self.directory / "server.json"

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def passfile(self) -> Path:
        return self.directory / "passfile"

    @property
    def ignore(self) -> Path:
        return self.directory / ".gitignore"

    @property
    def data(self) -> Path:
        return self.place / "data"

    def new_data(self) -> Path:
        """Name a data directory under construction; never twice the same."""
        return self.place / f"data.new.{secrets.token_hex(4)}"

    def unfinished_data(self) -> list[Path]:
        return list(self.place.glob("data.new.*"))

    @property
    def log(self) -> Path:
        return self.place / "server.log"

    @property
    def configuration(self) -> Path:
        return self.place / "server.conf"

    @property
    def superuser_passfile(self) -> Path:
        return self.place / "superuser.passfile"

    @property
    def initial_password(self) -> Path:
        return self.place / "initial.password"

    @property
    def claim(self) -> Path:
        """Names the directory that a place outside belongs to."""
        return self.place / "directory"

    @property
    def is_outside(self) -> bool:
        return self.place != self.directory


def read_record(directory: Path) -> Record | None:
    """Read the record of a directory; None where no server was made.  Raises TargetUnusable for a damaged one."""
    path = directory / "server.json"
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != FORMAT:
            raise TargetUnusable(
                f"the server's record has format {data['format']}, this version knows {FORMAT}",
                where=str(path),
                hint="use the version of pgraduate that made the server",
            )
        return Record(**data)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise TargetUnusable(
            "the server's record cannot be read", where=str(path), hint="restore it from a backup"
        ) from error


def write_record(directory: Path, record: Record) -> None:
    write_private(directory / "server.json", json.dumps(asdict(record), indent=2) + "\n")


def places_of(directory: Path, record: Record) -> Places:
    """Resolve a record; raise TargetUnusable for one that names what no server of this room uses.

    Root acts on records in other users' directories, and removes what they name.
    """
    places = Places(directory, directory / record.place)
    sockets = directory / record.sockets
    short = sockets.parent == SHORT and sockets.name.startswith("pgraduate-")
    if (places.is_outside and places.place.parent != OUTSIDE) or (
        record.sockets and not short and (sockets != places.place / "run")
    ):
        raise TargetUnusable(
            "the server's record names places that are not the server's",
            where=str(places.record),
            hint="restore the record from a backup",
        )
    return places


def make_directory(directory: Path, account: Account) -> None:
    """Make the directory that the user named, closed to others; the server's account may pass through it."""
    if directory.parent.name == STATE:
        directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.parent.mkdir(parents=True, exist_ok=True)
    passable = account.switches and account.can_enter(directory.parent)
    directory.mkdir(mode=0o711 if passable else 0o700, exist_ok=True)


def require_unused(directory: Path) -> None:
    """Refuse a directory that holds no server and anything but what a start that did not get far has left."""
    names = {entry.name for entry in directory.iterdir()}
    if "server.json" not in names and names - _LEFT_BY_A_START:
        raise Refused(
            "the directory for the server holds other files",
            where=str(directory),
            hint="name a directory that is empty or does not exist",
        )


def choose_place(directory: Path, account: Account) -> str:
    """Choose where data, socket and log go: the directory itself, or a new place that the account reaches.

    Raises TargetUnusable where there is none.
    """
    if not account.switches or account.can_enter(directory):
        return "."
    if not OUTSIDE.is_dir():
        OUTSIDE.mkdir(parents=True)
        OUTSIDE.chmod(0o755)
    for number in count(1):
        place = OUTSIDE / (_digest(directory, account) + (f"-{number}" if number > 1 else ""))
        try:
            place.mkdir(mode=0o711)
        except FileExistsError:
            continue
        break
    place.chmod(0o711)
    if not account.can_enter(place):
        place.rmdir()
        raise TargetUnusable(
            f"the user {account.name}, whom the server runs as, reaches neither the directory nor {OUTSIDE}",
            where=str(directory),
            hint="name a directory that every user may enter: --to embedded:DIR",
        )
    claim(Places(directory, place))
    return str(place)


def claim(places: Places) -> None:
    """Write down whom a place outside belongs to."""
    if places.is_outside and claimant(places) != places.directory:
        write_private(places.claim, f"{places.directory}\n")


def claimant(places: Places) -> Path | None:
    try:
        return Path(places.claim.read_text("utf-8").removesuffix("\n"))
    except FileNotFoundError:
        return None


def require_claim(places: Places) -> None:
    """Refuse a place that another directory uses: its record was copied with a project.

    A directory that was moved, so that the old one is gone, takes its place with it.
    """
    if not places.is_outside:
        return
    claimed = claimant(places)
    if claimed is not None and claimed != places.directory and (claimed / "server.json").is_file():
        raise Refused(
            f"this directory was copied from {claimed}, whose server it names",
            where=str(places.record),
            hint=f"remove {places.directory} to make a new server here",
        )


def socket_directory(places: Places, port: int, account: Account) -> Path:
    """Make the socket's directory, and give it: in the server's place if the path is short enough."""
    inside = places.place / "run"
    chosen = inside if _fits(inside, port) else SHORT / f"pgraduate-{_digest(places.directory, account)}"
    return private_directory(chosen, uid=account.uid, gid=account.gid)


def _fits(directory: Path, port: int) -> bool:
    path = str(directory)
    return len(os.fsencode(f"{path}/.s.PGSQL.{port}")) <= SOCKET_BYTES and not set(path) & set(",\n")


def _digest(directory: Path, account: Account) -> str:
    name = f"{account.uid}:{directory.resolve()}"
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:16]
