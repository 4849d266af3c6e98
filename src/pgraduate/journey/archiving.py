"""The verb `archive`: prove that nobody writes, archive, and only where asked put something in the original's place.

The archive is made of what the file holds now.  Whether PostgreSQL holds the same is known by the digest: a run's record
names the sealed copy that was verified.  The original is removed only where both agree, or where a person accepts what
differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pgraduate.archive import Made, Proof, Request, Shelf, make, plan_retirement, prove, restore, verify
from pgraduate.archive.proof import WINDOW
from pgraduate.encryption import parse_encryption
from pgraduate.errors import Refused, SourceUnusable, UsageError
from pgraduate.events import Notice, Sink
from pgraduate.journey.session import Session, open_session
from pgraduate.model.wire import to_json
from pgraduate.model.wording import counted
from pgraduate.postgres.runs import RunSource, known_runs
from pgraduate.report import vocabulary
from pgraduate.settings import Settings

DIRECTORY = "archives"
REFERENCES = "references"
CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; `accepted` are the doubts about a removal that a person has answered."""

    window: float = WINDOW
    into: Path | None = None
    encrypt: str | None = None
    identity: Path | None = None
    remove: bool = False
    accepted: Sequence[str] = field(default_factory=tuple)


def shelf_of(settings: Settings, into: Path | None = None) -> Shelf:
    return Shelf((into or settings.state / DIRECTORY).absolute())


def archive_source(
    path: str | Path, settings: Settings, wish: Wish, run_id: str | None = None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Archive a database that nobody writes any more; return what was proven, made and left.

    Raises Refused where it is in use or where a removal is in doubt, SourceUnusable, UsageError.
    """
    source, shelf = Path(path).absolute().resolve(), shelf_of(settings, wish.into)
    _require_file(source)
    encryption = parse_encryption(wish.encrypt) if wish.encrypt else None
    with open_session(settings, "archive", run_id, sink=sink) as session:
        with session.step("archive", f"archive {source.name}") as step:
            session.sink.emit(Notice(f"watching {source.name} for {wish.window:g} s"))
            proof = prove(source, window=wish.window)
            record = _record(session, source)
            if wish.remove:
                _require_no_doubt(source, proof, wish)
            request = Request(source, session.journal.run_id, encryption, wish.identity)
            made = make(request, shelf, sink=session.sink)
            carried = record.digest == made.manifest.sha256 if record is not None else None
            step.fact(vocabulary.ARCHIVE, _fact(made, proof, carried))
            step.figure(f"{source.name}: archived", made.manifest.rows, "rows")
            step.figure(f"{source.name}: packed", made.manifest.packed_bytes, "bytes")
            if wish.remove:
                _require_safe(made, carried, wish)
                session.perform(step, plan_retirement(source, made.directory, proof.state, wish.identity))
        return _document(session, source, made, proof, carried, removed=wish.remove)


def list_archives(settings: Settings, into: Path | None = None) -> dict[str, Any]:
    """List the archives on the shelf, from their manifests."""
    shelf = shelf_of(settings, into)
    entries = [_entry(shelf, name) for name in shelf.names()]
    return {"schema_version": 1, "command": "archive list", "directory": str(shelf.directory), "archives": entries}


def verify_archive(
    settings: Settings, name: str, into: Path | None = None, identity: Path | None = None
) -> dict[str, Any]:
    """Restore one archive to a temporary place and compare it with its manifest."""
    shelf = shelf_of(settings, into)
    manifest = shelf.read(name)
    verify(shelf.directory / name, manifest, identity=identity)
    return {"schema_version": 1, "command": "archive verify", "verified": True, "archive": _entry(shelf, name)}


def restore_archive(
    settings: Settings, name: str, to: Path, into: Path | None = None, identity: Path | None = None
) -> dict[str, Any]:
    """Restore one archive as a new file."""
    shelf = shelf_of(settings, into)
    restore(shelf.directory / name, shelf.read(name), to, identity=identity)
    return {
        "schema_version": 1,
        "command": "archive restore",
        "restored": str(to.absolute()),
        "archive": _entry(shelf, name),
    }


def _require_file(source: Path) -> None:
    if source.is_dir():
        raise UsageError(
            "this is a directory; an archived database's place is one",
            where=str(source),
            hint="`pgraduate archive list` shows the archives",
        )
    if not source.is_file():
        raise SourceUnusable("there is no such file", where=str(source), hint="check the path")


def _record(session: Session, source: Path) -> RunSource | None:
    """Find what the target knows of this file: the source of its session's run, with the verified digest."""
    for run in known_runs(session.connection):
        if run.run_id == session.journal.run_id and run.verdict == "equal":
            return next((item for item in run.sources if Path(item.path).resolve() == source), None)
    return None


def _require_no_doubt(source: Path, proof: Proof, wish: Wish) -> None:
    """Raise Refused before anything is made where a removal cannot end well."""
    if proof.handles.unseen is None:
        raise Refused("open files cannot be seen on this system, so the original stays", where=str(source))
    if REFERENCES in wish.accepted:
        return
    if proof.references is None:
        raise Refused(
            "there is no git repository around the database, so nothing could be searched for its name",
            where=str(source),
            hint=f"look yourself what opens it; then --accept {REFERENCES}",
        )
    if programs := proof.references.programs:
        raise Refused(
            f"{counted(len(programs), 'line')} of the project still name{'s' if len(programs) == 1 else ''} the database",
            where=", ".join(f"{item.file}:{item.line}" for item in programs[:5]),
            hint=f"change them, or --accept {REFERENCES} where none of them opens it",
        )


def _require_safe(made: Made, carried: bool | None, wish: Wish) -> None:
    if not made.manifest.verified.through_encryption:
        raise Refused(
            "the encrypted archive could not be opened here, so the original stays; the archive is kept",
            where=str(made.directory),
            hint="run where the key is, with --identity for age",
        )
    if not carried and CHANGES not in wish.accepted:
        said = "the database is not what this run verified in PostgreSQL"
        raise Refused(
            f"{said if carried is False else 'no run of this target has verified the database'}: the original stays; "
            "the archive is kept",
            where=str(made.directory),
            hint=f"`pgraduate verify --since` shows what differs; --accept {CHANGES} where the archive is enough",
        )


def _fact(made: Made, proof: Proof, carried: bool | None) -> dict[str, Any]:
    manifest = made.manifest
    return {
        "source": manifest.name,
        "path": manifest.source.path,
        "name": made.name,
        "directory": str(made.directory),
        "made_at": manifest.made_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "bytes": manifest.bytes,
        "packed_bytes": manifest.packed_bytes,
        "digest": manifest.sha256,
        "encrypted": manifest.encryption is not None,
        "verified_at": manifest.verified.at,
        "carried": carried,
        "window": proof.window,
        "unseen": proof.handles.unseen,
        "references": len(proof.references.programs) if proof.references else None,
    }


def _document(
    session: Session, source: Path, made: Made, proof: Proof, carried: bool | None, *, removed: bool
) -> dict[str, Any]:
    doubts = bool(proof.references and proof.references.programs) or carried is False
    return {
        "schema_version": 1,
        "command": "archive",
        "run_id": session.journal.run_id,
        "exit_code": 3 if doubts and not removed else 0,
        "source": str(source),
        "removed": removed,
        "carried": carried,
        "proof": {
            "window_seconds": proof.window,
            "unseen_processes": proof.handles.unseen,
            "references": to_json(proof.references.found) if proof.references else None,
            "files_searched": proof.references.searched if proof.references else None,
            "files_left_out": proof.references.left_out if proof.references else None,
        },
        "archive": _described(made.name, made.directory, made.manifest),
        "target": session.target_document(),
    }


def _entry(shelf: Shelf, name: str) -> dict[str, Any]:
    return _described(name, shelf.directory / name, shelf.read(name))


def _described(name: str, directory: Path, manifest: Any) -> dict[str, Any]:
    return {
        "name": name,
        "directory": str(directory),
        "file": manifest.file,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "tables": to_json(manifest.tables),
        "bytes": manifest.bytes,
        "sha256": manifest.sha256,
        "packed_bytes": manifest.packed_bytes,
        "packed_sha256": manifest.packed_sha256,
        "encryption": to_json(manifest.encryption),
        "verified": to_json(manifest.verified),
        "restore": list(manifest.restore),
    }
