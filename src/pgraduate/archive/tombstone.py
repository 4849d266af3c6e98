"""What stands where the original was: a directory of its name, in which no database can be opened or made.

A file there would not do.  SQLite reads a -wal that lies beside any file of that name as if it were the database's, and
programs that mend broken databases delete the file and begin anew.  A directory stops sqlite3.connect itself, for root
too, whatever lies beside it, and a page in it says where the data went.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import ClassVar

from pgraduate.archive.manifest import read_manifest
from pgraduate.archive.restoring import restore
from pgraduate.encryption import sha256
from pgraduate.errors import Refused
from pgraduate.model.operation import Check, Plan
from pgraduate.model.wire import from_json, to_json
from pgraduate.sqlite import State, remove_companions, retire, swap

PAGE = "ARCHIVED.txt"
_ASIDE = ".pgraduate-retired"
_RETURNING = ".pgraduate-returning"

_TEXT = """This was the SQLite database {name}.
It was archived on {made_at}; the application uses PostgreSQL now.

Archive:  {archive}
Restore:  pgraduate undo archive
          or see the manifest in the archive for plain shell commands

A program that ends with "unable to open database file" here still writes to SQLite.
Do not remove this directory to make it run: it would write where nobody reads.
"""


class RetireOriginal:
    """Operation over a project's directory: exchange the original for a directory of its name.

    `apply` looks at the place: the original may still stand there, may have been exchanged and not yet removed, or may
    be gone.
    """

    kind: ClassVar[str] = "archive.retire"

    def apply(self, _project: Path, plan: Plan, /) -> None:
        path, archive = _places(plan)
        aside = _aside(path)
        if not is_tombstone(path):
            _require_alone(path)
            _require_whole(archive)
            if not is_tombstone(aside):
                _prepare(aside, archive)
            retire(path, aside, from_json(State, plan.facts["state"]))
        remove_companions(path)
        aside.unlink(missing_ok=True)

    def check(self, _project: Path, plan: Plan, /) -> Check:
        path, _ = _places(plan)
        if not is_tombstone(path):
            return Check(False, "the original is still there")
        return Check(not os.path.lexists(_aside(path)), "the exchanged original was not removed")

    def undo(self, _project: Path, plan: Plan, /) -> None:
        """Restore the original from the archive and give it its name back, in one act."""
        path, archive = _places(plan)
        returning = path.with_name(path.name + _RETURNING)
        if is_tombstone(path):
            returning.unlink(missing_ok=True)
            identity = plan.facts.get("identity")
            restore(archive, read_manifest(archive), returning, identity=Path(identity) if identity else None)
            swap(path, returning)
        for left in (returning, _aside(path)):
            if is_tombstone(left):
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)


def plan_retirement(path: Path, archive: Path, state: State, identity: Path | None) -> Plan:
    """Plan to put a directory in the place of a database that stands in `archive`."""
    facts = {
        "path": str(path),
        "archive": str(archive),
        "state": to_json(state),
        "identity": str(identity) if identity else None,
    }
    return Plan(
        RetireOriginal.kind,
        str(path),
        (f"exchange {path} for a directory of its name, then remove the original with its -wal and -shm",),
        (f"restore {path} from {archive}",),
        facts,
    )


def is_tombstone(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and (path / PAGE).is_file()


def _places(plan: Plan) -> tuple[Path, Path]:
    return Path(plan.facts["path"]), Path(plan.facts["archive"])


def _aside(path: Path) -> Path:
    return path.with_name(path.name + _ASIDE)


def _require_alone(path: Path) -> None:
    status = path.lstat()
    if status.st_nlink > 1:
        raise Refused(
            "the database has another name (a hard link), under which it would stay writable",
            where=str(path),
            hint="remove the other name first",
        )


def _require_whole(archive: Path) -> None:
    """Raise Refused unless the archive stands as it was verified: it is about to be the only copy."""
    manifest = read_manifest(archive)
    packed = archive / manifest.file
    if not packed.is_file() or sha256(packed) != manifest.packed_sha256:
        raise Refused("the archive is not whole any more; the original stays", where=str(packed))


def _prepare(aside: Path, archive: Path) -> None:
    if os.path.lexists(aside):
        try:
            aside.rmdir()  # empty where an earlier call died before its page was written
        except OSError as error:
            raise Refused("something stands where the original would be put aside", where=str(aside)) from error
    manifest = read_manifest(archive)
    aside.mkdir()
    text = _TEXT.format(name=manifest.name, made_at=manifest.made_at, archive=archive)
    (aside / PAGE).write_text(text, "utf-8")
