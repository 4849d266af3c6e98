"""Regular maintenance by the machine's own scheduler: scripts, and the timers or cron lines that call them.

A script relies on nothing that a login shell has: paths are absolute, the environment is its own, input is empty, output
goes to a log that is turned over at 10 MB, a lock keeps two of one job apart, and a failure calls what the user named.
Every file carries a mark and is replaced whole; one without the mark is somebody else's and is never touched.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from pgraduate.errors import Refused, UsageError
from pgraduate.model.operation import Check, Plan

Form = Literal["systemd", "cron"]
MARK = "# Written by pgraduate maintain schedule; the next install replaces it."
KIND = "schedule.install"


@dataclass(frozen=True, slots=True)
class Job:
    """`calendar` is systemd's, `cron` the five fields of cron; both in the machine's time."""

    name: str
    calendar: str
    cron: str
    when: str


RETENTION = Job("retention", "*-*-* 03:15:00", "15 3 * * *", "every night at 03:15")
"""After the backup, which so still has the rows that go."""
JOBS: Sequence[Job] = (
    Job("run", "*-*-* 01:30:00", "30 1 * * *", "every night at 01:30"),
    Job("backup", "*-*-* 02:30:00", "30 2 * * *", "every night at 02:30"),
    Job("restore-drill", "Sun *-*-* 04:00:00", "0 4 * * 0", "on Sundays at 04:00"),
    Job("check", "*-*-* 06:00:00", "0 6 * * *", "every morning at 06:00"),
)


@dataclass(frozen=True, slots=True)
class ScheduleWish:
    """`to` is the target's words; `service` is a service of docker compose in whose container pgraduate is called, with
    `compose_file`; `directory` is where units or cron files go, None for the system's own."""

    project: Path
    to: str
    form: Form
    directory: Path | None = None
    on_failure: str | None = None
    metrics_file: Path | None = None
    service: str | None = None
    compose_file: Path | None = None
    retention: bool = False
    """Whether pgraduate.toml has rules of retention."""

    @property
    def jobs(self) -> Sequence[Job]:
        return (*JOBS, RETENTION) if self.retention else JOBS


@dataclass(frozen=True, slots=True)
class ScheduledFile:
    path: str
    text: str
    mode: int


def choose_form() -> Form:
    """Take systemd where it runs this machine, else cron where root may write its directory; raise Refused for neither."""
    if Path("/run/systemd/system").is_dir():
        return "systemd"
    if os.geteuid() == 0 and Path("/etc/cron.d").is_dir():
        return "cron"
    raise Refused(
        "neither systemd runs here nor may this user write /etc/cron.d",
        hint="name the form and a directory: --form systemd --dir … ; or call it as root",
    )


def plan_schedule(wish: ScheduleWish) -> Plan:
    """Plan all files.  Raises UsageError for a target that only this shell's environment names."""
    if wish.to == "env":
        raise UsageError(
            "--to env names a server by this shell's environment, which a timer does not have",
            hint="name a conninfo or a service: --to 'service=app'; passwords stand in a passfile",
        )
    files = [file for job in wish.jobs for file in _files(wish, job)]
    facts = {"form": wish.form, "files": [{"path": f.path, "text": f.text, "mode": f.mode} for f in files]}
    written = tuple(f"write {file.path}" for file in files)
    return Plan(KIND, f"schedule of {wish.project}", written, tuple(f"remove {file.path}" for file in files), facts)


class InstallSchedule:
    """Operation over a project's directory: the files of its schedule."""

    kind: ClassVar[str] = KIND

    def apply(self, _project: Path, plan: Plan, /) -> None:
        """Write every file.  Raises Refused, before the first is written, where another's file is in the way."""
        files = _planned(plan)
        for file in files:
            if Path(file.path).exists() and not _is_ours(Path(file.path)):
                raise Refused(
                    "a file that pgraduate did not write is in the way", where=file.path, hint="move it away"
                )
        for file in files:
            _write(file)

    def check(self, _project: Path, plan: Plan, /) -> Check:
        wrong = [file.path for file in _planned(plan) if not _stands(file)]
        return Check(not wrong, "not as planned: " + ", ".join(wrong))

    def undo(self, _project: Path, plan: Plan, /) -> None:
        for file in _planned(plan):
            if _is_ours(Path(file.path)):
                Path(file.path).unlink()


def next_steps(plan: Plan, action: str) -> list[str]:
    """Say what is left to do: the scheduler reads its files when it is told to."""
    if plan.facts["form"] == "cron":
        return []  # cron looks at its directory every minute
    timers = [Path(file.path).name for file in _planned(plan) if file.path.endswith(".timer")]
    user = "" if os.geteuid() == 0 else " --user"
    if action == "install":
        return [f"systemctl{user} daemon-reload", f"systemctl{user} enable --now {' '.join(timers)}"]
    return [f"systemctl{user} disable --now {' '.join(timers)}", f"systemctl{user} daemon-reload"]


def describe(wish: ScheduleWish, plan: Plan) -> dict[str, Any]:
    return {
        "form": wish.form,
        "jobs": [
            {
                "name": job.name,
                "when": job.when,
                "command": _command(wish, job),
                "log": str(_place(wish, job, "log")),
            }
            for job in wish.jobs
        ],
        "files": [{"path": file.path, "present": _is_ours(Path(file.path))} for file in _planned(plan)],
        "installed": all(_is_ours(Path(file.path)) for file in _planned(plan)),
    }


def _files(wish: ScheduleWish, job: Job) -> Iterator[ScheduledFile]:
    script = _place(wish, job, "sh")
    yield ScheduledFile(str(script), _script(wish, job), 0o700)
    directory = wish.directory or _system_directory(wish.form)
    name = f"pgraduate-{_tag(wish.project)}-{job.name}"
    if wish.form == "cron":
        line = shlex.quote(str(script)).replace("%", "\\%")
        text = f"{MARK}\nSHELL=/bin/sh\n{job.cron} {_user()} {line}\n"
        # cron skips files with a dot in their name, and wants none that others may write.
        yield ScheduledFile(str(directory / name), text, 0o644)
        return
    # systemd replaces no variable in a program's path, but % in every word.
    quoted = '"' + str(script).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
    description = f"pgraduate maintain {job.name} ({_tag(wish.project)})"
    service = f"{MARK}\n[Unit]\nDescription={description}\n\n[Service]\nType=oneshot\nExecStart={quoted}\n"
    timer = f"{MARK}\n[Unit]\nDescription={description}, {job.when}\n\n[Timer]\nOnCalendar={job.calendar}\n"
    timer += "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    yield ScheduledFile(str(directory / f"{name}.service"), service, 0o644)
    yield ScheduledFile(str(directory / f"{name}.timer"), timer, 0o644)


def _script(wish: ScheduleWish, job: Job) -> str:
    log, lock = (shlex.quote(str(_place(wish, job, kind))) for kind in ("log", "lock"))
    failure = f"    {wish.on_failure}\n" if wish.on_failure else ""
    return f"""#!/bin/sh
{MARK}
set -u
umask 077
export PATH={shlex.quote(os.environ.get("PATH") or os.defpath)}
export HOME={shlex.quote(str(Path.home()))}
export LC_ALL=C.UTF-8 NO_COLOR=1
log={log}
cd {shlex.quote(str(wish.project))} || exit 1
if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt 10485760 ]; then mv -f "$log" "$log.1"; fi
exec </dev/null >>"$log" 2>&1
exec 9>{lock}
code=75
if flock -n 9; then
    echo "== $(date -u +%Y-%m-%dT%H:%M:%SZ) {job.name} begins"
    {_command(wish, job)} 9>&-
    code=$?
    echo "== $(date -u +%Y-%m-%dT%H:%M:%SZ) {job.name} ended with $code"
else
    echo "== $(date -u +%Y-%m-%dT%H:%M:%SZ) {job.name} was not begun: the one before it still runs"
fi
if [ "$code" -ne 0 ]; then
    export PGRADUATE_JOB={job.name} PGRADUATE_EXIT_CODE="$code" PGRADUATE_LOG="$log"
    echo "pgraduate maintain {job.name} failed with $code"
{failure}fi
exit "$code"
"""


def _command(wish: ScheduleWish, job: Job) -> str:
    words = ["maintain", job.name, *(["run"] if job is RETENTION else []), "--quiet"]
    if job.name != "restore-drill" and wish.to != "embedded":
        words += ["--to", _absolute(wish.to)]
    if job.name == "check" and wish.metrics_file is not None:
        words += ["--metrics-file", str(wish.metrics_file)]
    if wish.service is not None:
        compose = ["docker", "compose"]
        compose += ["--file", str(wish.compose_file.absolute())] if wish.compose_file else []
        return shlex.join([*compose, "exec", "-T", wish.service, "pgraduate", *words])
    return shlex.join([sys.executable, "-m", "pgraduate", *words, "--project", str(wish.project)])


def _absolute(to: str) -> str:
    """An embedded server's directory is told from where the command was given, not from where the job runs."""
    kind, colon, directory = to.partition(":")
    return f"{kind}:{Path(directory).absolute()}" if kind == "embedded" and colon else to


def _place(wish: ScheduleWish, job: Job, kind: str) -> Path:
    return wish.project / ".pgraduate" / "schedule" / f"{job.name}.{kind}"


def _system_directory(form: Form) -> Path:
    if form == "cron":
        return Path("/etc/cron.d")
    return Path("/etc/systemd/system") if os.geteuid() == 0 else Path.home() / ".config" / "systemd" / "user"


def _tag(project: Path) -> str:
    """Tell projects of one machine apart by a short name that never changes."""
    return hashlib.sha256(os.fsencode(project)).hexdigest()[:8]


def _user() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _planned(plan: Plan) -> list[ScheduledFile]:
    return [ScheduledFile(file["path"], file["text"], file["mode"]) for file in plan.facts["files"]]


def _is_ours(path: Path) -> bool:
    return path.is_file() and MARK in path.read_text("utf-8", errors="replace")


def _stands(file: ScheduledFile) -> bool:
    path = Path(file.path)
    return path.is_file() and path.read_text("utf-8") == file.text and path.stat().st_mode & 0o777 == file.mode


def _write(file: ScheduledFile) -> None:
    path = Path(file.path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if ".pgraduate" in path.parts else 0o755)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(file.text, "utf-8")
    beside.chmod(file.mode)
    beside.replace(path)
