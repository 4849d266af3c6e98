"""What a dump cannot do, and the commands that change it on this server: archived WAL, and a copy on another machine.

Nothing of it is executed.  A command stands as it is to be typed; where a host or a remote has to be chosen, it says
`backup-host` or `remote:`.  Source: PostgreSQL's documentation, "Continuous Archiving and Point-in-Time Recovery".
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.rows import dict_row

from pgraduate.maintain.upkeep import script

_SENDERS = 10
"""PostgreSQL's own default of max_wal_senders; a base backup that streams its WAL takes two."""
_DISCARDS = ("", "(disabled)", "true", "/bin/true", "/usr/bin/true", ":")
"""archive_command values that keep nothing."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """`where` is sql (as an administrator), server (its machine's shell) or here (this machine's shell)."""

    where: Literal["sql", "server", "here"]
    command: str
    why: str
    restart: bool = False


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """`archiving` is on, failing or off; `off_host` says whether the backup stands on another machine than the server."""

    archiving: Literal["on", "failing", "off"]
    point_in_time: tuple[PlanStep, ...]
    off_host: bool
    copies: tuple[PlanStep, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        lines = ["a nightly dump can lose a day: what was written after it is not in it"]
        if self.archiving == "off":
            lines.append("no WAL is archived, so that nothing can be recovered to a moment between two dumps")
        if self.archiving == "failing":
            lines.append(
                "WAL archiving fails: nothing can be recovered to a moment after the last segment archived"
            )
        if not self.off_host:
            lines.append("this backup stands on the server's own machine, and is lost with it")
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """The settings that decide; None for one that the role may not see."""

    wal_level: str
    archive_mode: str
    archive_command: str | None
    archive_library: str | None
    max_wal_senders: int
    data_directory: str | None
    failing: bool

    @property
    def archiving(self) -> Literal["on", "failing", "off"]:
        kept = bool(self.archive_library) or (self.archive_command or "").strip() not in _DISCARDS
        if self.archive_mode == "off" or not kept:
            return "off"
        return "failing" if self.failing else "on"


def plan_recovery(
    connection: psycopg.Connection,
    conninfo: str,
    shelf: Path,
    *,
    place: Path,
    same_machine: bool,
    embedded: Path | None,
) -> RecoveryPlan:
    """Ask the server how it archives, and plan what is missing.

    `conninfo` is the one for base backups and holds no password; `place` is where the server is to keep WAL and base
    backups; `embedded` is the directory of a server that pgraduate runs.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(script("recovery_facts")).fetchone()
    assert row is not None
    facts = RecoveryFacts(**row)
    return RecoveryPlan(
        facts.archiving,
        tuple(_point_in_time(facts, conninfo, place, embedded)),
        not same_machine,
        tuple(_copies(shelf)) if same_machine else (),
    )


def _point_in_time(facts: RecoveryFacts, conninfo: str, place: Path, embedded: Path | None) -> Iterator[PlanStep]:
    if facts.archiving == "failing":
        yield PlanStep("sql", "SELECT * FROM pg_stat_archiver;", "which segment fails; the server's log says why")
    if facts.archiving != "off":
        return
    owner = _owner(facts.data_directory)
    wal, base = place / "wal", place / "base"
    yield PlanStep(
        "server",
        f"sudo install -d -m 0700 -o {owner} {place} {wal} {base}",
        "where WAL and base backups go; better a mount of another machine's disk",
    )
    if facts.wal_level == "minimal":
        yield PlanStep("sql", "ALTER SYSTEM SET wal_level = 'replica';", "WAL has to hold all that changed", True)
    if facts.max_wal_senders < 2:
        yield PlanStep("sql", f"ALTER SYSTEM SET max_wal_senders = {_SENDERS};", "a base backup takes two", True)
    if facts.archive_mode == "off":
        yield PlanStep("sql", "ALTER SYSTEM SET archive_mode = 'on';", "the server hands finished WAL over", True)
    copies = f"cp %p {wal}/%f.part && sync {wal}/%f.part && mv {wal}/%f.part {wal}/%f"
    keeps = f"if test -f {wal}/%f; then cmp -s %p {wal}/%f; else {copies}; fi"
    yield PlanStep(
        "sql",
        f"ALTER SYSTEM SET archive_command = '{keeps}';",
        "whole segments only; one that is there already is never replaced",
    )
    yield PlanStep(
        "sql",
        "ALTER SYSTEM SET archive_timeout = '5min';",
        "at most so much is lost with the machine when little is written",
    )
    if facts.archive_mode == "off" or facts.wal_level == "minimal" or facts.max_wal_senders < 2:
        yield PlanStep(
            "server", _restart(facts.data_directory, embedded), "these settings are read at the start", True
        )
    else:
        yield PlanStep("sql", "SELECT pg_reload_conf();", "no restart is needed")
    yield PlanStep(
        "sql",
        "SELECT pg_switch_wal(); SELECT last_archived_wal, last_archived_time, last_failed_time FROM pg_stat_archiver;",
        "the first segment arrives, and none failed",
    )
    yield PlanStep(
        "server",
        f"sudo -u {owner} pg_basebackup --dbname={shlex.quote(conninfo)} --pgdata={base}/$(date +%Y%m%d)"
        " --checkpoint=fast --wal-method=stream",
        "WAL is replayed onto it: weekly; its role needs REPLICATION and a line `replication` in pg_hba.conf",
    )


def _copies(shelf: Path) -> Iterator[PlanStep]:
    place = shlex.quote(str(shelf))
    commands = {
        "rsync": f"rsync --archive --partial {shlex.quote(f'{shelf}/')} backup-host:/srv/backups/",
        "rclone": f"rclone copy --checksum {place} remote:backups",
        "restic": f"restic --repo sftp:backup-host:/srv/restic backup {place}",
    }
    for program, command in commands.items():
        there = "it is installed here" if shutil.which(program) else "it is not installed here"
        yield PlanStep("here", command, f"{there}; one of the three, after each backup")


def _owner(data_directory: str | None) -> str:
    """Give the system's user that runs the server, as far as its files can be seen from here."""
    try:
        return Path(data_directory).owner() if data_directory else "postgres"
    except (FileNotFoundError, PermissionError, KeyError):
        return "postgres"


def _restart(data_directory: str | None, embedded: Path | None) -> str:
    if embedded is not None:
        place = shlex.quote(str(embedded))
        return f"pgraduate server stop --dir {place} && pgraduate server start --dir {place}"
    debian = re.fullmatch(r"/var/lib/postgresql/(\d+)/([\w-]+)", data_directory or "")
    if debian:
        return f"sudo systemctl restart postgresql@{debian[1]}-{debian[2]}"
    if data_directory:
        return f"pg_ctl restart --pgdata={shlex.quote(data_directory)}"
    return "sudo systemctl restart postgresql"
