"""Backups of the server, and the drill that proves one without the server that it came from."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Embedded
from pgraduate.encryption import parse_encryption
from pgraduate.errors import Different, Refused, UsageError
from pgraduate.events import Notice, Silence, Sink, StepEnded, StepStarted
from pgraduate.journal import Journal, prepare_state, runs
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.session import Session, open_session
from pgraduate.maintain.backup import BackupWish, back_up_server, remove_old
from pgraduate.maintain.drill import (
    TableProof,
    all_equal,
    create_roles,
    opened,
    prove,
    require_empty,
    restore,
    what_is_missing,
)
from pgraduate.maintain.manifest import (
    PROVEN,
    BackupManifest,
    list_backups,
    moment_of,
    read_manifest,
    require_whole,
)
from pgraduate.maintain.other_backups import ask_other_tools
from pgraduate.maintain.recovery import other_tools
from pgraduate.maintain.recovery_plan import plan_recovery
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.target import Target, from_text
from pgraduate.report import vocabulary
from pgraduate.settings import Settings
from pgraduate.version import __version__


def back_up_target(
    settings: Settings,
    *,
    into: Path | None = None,
    jobs: int = 1,
    encrypt: str | None = None,
    keep: int | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Dump the target with digests of the same moment, and remove backups beyond those that are kept."""
    encryption = parse_encryption(encrypt) if encrypt else None
    wish = BackupWish(_shelf(settings, into), jobs, encryption, keep or settings.maintenance.keep_backups)
    with open_session(settings, "maintain", sink=sink, alone=False) as session:
        with session.step("maintain-backup", "dump the database with its digests") as step:
            directory, manifest = back_up_server(
                session.destination.target, session.server, wish, session.journal.run_id
            )
            removed = remove_old(wish.shelf, wish.keep, manifest.database)
            step.fact("backup", {"name": manifest.name, "taken": manifest.taken, "tables": len(manifest.tables)})
            step.figure("backup", manifest.bytes, "bytes")
            step.figure("rows in the backup", sum(table.rows for table in manifest.tables), "rows")
        embedded = session.destination.embedded
        plan = plan_recovery(
            session.connection,
            _replication(session),
            wish.shelf,
            place=Path("/var/backups") / f"postgresql-{session.server.system_identifier}",
            same_machine=embedded is not None or session.server.host.startswith("/"),
            embedded=embedded.directory if embedded is not None else None,
        )
        return {
            "schema_version": SCHEMA_VERSION,
            "command": "maintain backup",
            "run_id": session.journal.run_id,
            "target": session.target_document() | {"server": to_json(session.server)},
            "backup": _backup(directory, manifest),
            "removed": removed,
            "warnings": list(plan.warnings),
            "plan": to_json(plan),
            "others": to_json(other_tools(session.connection)),
            "exit_code": 0,
        }


def _replication(session: Session) -> str:
    """Say how a base backup connects: as the administrator where he is on this machine, else as the target's role."""
    if session.destination.embedded is not None:
        return session.destination.embedded.superuser_conninfo()
    if session.server.host.startswith("/"):
        return make_conninfo("", host=session.server.host, port=session.server.port)
    return session.destination.target.conninfo


def drill_backup(
    settings: Settings,
    name: str | None = None,
    *,
    from_directory: Path | None = None,
    restore_into: str | None = None,
    identity: Path | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Restore a backup, by default the newest, into a private server or an empty database, and compare every table.

    The server that it came from is not asked.  The exit code in the result is 4 where a table differs, 3 where the
    drill cannot be held here.  Raises Different for a damaged backup, Refused for a database that is not empty.
    """
    sink = sink or Silence()
    shelf = _shelf(settings, from_directory)
    directory = _choose(shelf, name)
    journal = journal_of(settings, directory)
    title = "restore a backup and compare it"
    sink.emit(StepStarted("maintain-restore-drill", title))
    began, outcome = monotonic(), "failed"
    try:
        with journal.step("maintain-restore-drill") as step:
            manifest = read_manifest(directory)
            require_whole(directory, manifest)
            place = _given(restore_into) if restore_into else _private()
            with opened(directory, manifest, identity) as plain, place as target:
                held = _hold(target, plain, manifest, kept=restore_into is not None, began=began, sink=sink)
            step.server(held.server)
            step.fact(
                vocabulary.DRILL,
                {
                    "backup": manifest.name,
                    "verdict": "not proven" if held.why_not else "equal" if held.proven else "different",
                    "differing": None if held.why_not else sum(not proof.equal for proof in held.proofs),
                    "why_not": held.why_not,
                },
            )
            step.figure("time to restore", held.restored, "seconds")
            step.figure("time to recover", held.recovered, "seconds")
            step.figure("age of the backup", _age(manifest), "seconds")
        outcome = "done"
    finally:
        sink.emit(StepEnded("maintain-restore-drill", title, monotonic() - began, outcome))
    document = _drilled(journal, settings, directory, manifest, held, restore_into)
    if not held.why_not:
        record = {"proven": held.proven, "at": datetime.now(UTC).isoformat(), "server": held.server.version}
        (directory / PROVEN).write_text(json.dumps(record) + "\n", "utf-8")
    return document


@dataclass(frozen=True, slots=True)
class _Held:
    """What a drill measured, in seconds; None for what it did not come to."""

    server: ServerIdentity
    proofs: tuple[TableProof, ...] = ()
    why_not: tuple[str, ...] = ()
    restored: float | None = None
    compared: float | None = None
    recovered: float | None = None

    @property
    def proven(self) -> bool:
        return not self.why_not and all_equal(self.proofs)


def _hold(target: Target, plain: Path, manifest: BackupManifest, *, kept: bool, began: float, sink: Sink) -> _Held:
    with target.connect("drill") as connection:
        server = identify(connection)
        sink.emit(Notice(f"restoring {manifest.name} into {server}"))
        require_empty(connection)
        missing = what_is_missing(connection, manifest)
        if missing:
            return _Held(server, why_not=tuple(missing))
        if not kept:
            create_roles(connection, plain)
        start = monotonic()
        restore(target, plain, manifest, owners=not kept)
        restored = monotonic() - start
        proofs = prove(connection, manifest)
        compared = monotonic() - start - restored
        recovered = monotonic() - began
    return _Held(server, proofs, (), round(restored, 3), round(compared, 3), round(recovered, 3))


@contextmanager
def _private() -> Iterator[Target]:
    """Give an empty database of a private server's superuser; the server is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pgraduate-drill-") as place:
        embedded = Embedded(Path(place) / "server", fsync=False)
        try:
            embedded.start()
            conninfo = embedded.superuser_conninfo()
            with psycopg.connect(conninfo, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier("drill")))
            yield Target(make_conninfo(conninfo, dbname="drill"))
        finally:
            embedded.remove()


@contextmanager
def _given(conninfo: str) -> Iterator[Target]:
    yield from_text(conninfo)


def _drilled(
    journal: Journal,
    settings: Settings,
    directory: Path,
    manifest: BackupManifest,
    held: _Held,
    restore_into: str | None,
) -> dict[str, Any]:
    age = _age(manifest)
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "maintain restore-drill",
        "run_id": journal.run_id,
        "target": {"conninfo": settings.target, "label": settings.target, "server": to_json(held.server)},
        "backup": str(directory),
        "proven": held.proven,
        "why_not": list(held.why_not),
        "tables": to_json(held.proofs),
        "server": held.server.version,
        "age_seconds": age,
        "bytes": manifest.bytes,
        "restore_seconds": held.restored,
        "compare_seconds": held.compared,
        "rpo_seconds": max(age, _longest_gap(directory)),
        "rto_seconds": held.recovered,
        "restored_into": from_text(restore_into).conninfo if restore_into else None,
        "others": to_json(ask_other_tools(manifest.system_identifier)),
        "warnings": ["what was written after the backup is not in it: a nightly dump can lose a day"],
        "exit_code": 3 if held.why_not else 0 if held.proven else 4,
    }


def _age(manifest: BackupManifest) -> float:
    return round((datetime.now(UTC) - datetime.fromisoformat(manifest.taken)).total_seconds(), 1)


def _longest_gap(backup: Path) -> float:
    """Give the longest time between two backups of this database that stand there: so much could have been lost."""
    database = backup.name.rsplit("-", 3)[0]
    same = [path for path in list_backups(backup.parent) if path.name.rsplit("-", 3)[0] == database]
    moments = [moment_of(path) for path in same]
    return max(((later - earlier).total_seconds() for earlier, later in pairwise(moments)), default=0.0)


def _choose(shelf: Path, name: str | None) -> Path:
    backups = list_backups(shelf)
    if name is None and backups:
        return backups[-1]
    for path in backups:
        if path.name == name:
            return path
    known = ", ".join(path.name for path in backups) or "none"
    raise UsageError(
        f"there is no backup{f' {name!r}' if name else ''}", where=str(shelf), hint=f"there are: {known}"
    )


def journal_of(settings: Settings, backup: Path) -> Journal:
    """Take the journal of the run that the backup's manifest names, begun anew where its directory was lost.

    A manifest that is damaged or names no run leaves the project's last journal.
    """
    try:
        run_id = read_manifest(backup).run_id
    except (Different, UsageError, ValueError):
        run_id = None  # the drill reads it again, and fails in its own step
    if run_id is None or not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]*", run_id):
        return project_journal(settings)
    prepare_state(settings.state)
    return Journal.open_or_create(settings.state, run_id)


def project_journal(settings: Settings) -> Journal:
    """Take this project's last journal: the server of the backup may be gone, and nobody asks it."""
    here = runs(settings.state)
    if here:
        return Journal.open(settings.state, here[-1])
    facts = {"sources": [], "target": settings.target, "policy": settings.policy.value, "version": __version__}
    return Journal.create(settings.state, facts)


def _shelf(settings: Settings, into: Path | None) -> Path:
    shelf = (into or settings.state / "backups").absolute()
    if shelf.exists() and not shelf.is_dir():
        raise Refused("the place for backups is no directory", where=str(shelf), hint="name another one with --dir")
    return shelf


def _backup(directory: Path, manifest: BackupManifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "directory": str(directory),
        "bytes": manifest.bytes,
        "seconds": manifest.seconds,
        "taken": manifest.taken,
        "format": manifest.format,
        "tables": to_json(manifest.tables),
        "encryption": to_json(manifest.encryption),
        "files": to_json(manifest.files),
    }
