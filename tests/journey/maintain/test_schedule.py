"""The schedule: files that systemd and cron take, jobs that run without a terminal and an environment, failures noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import pgraduate

from pgraduate.errors import Refused, UsageError
from pgraduate.journal import Journal, runs
from pgraduate.journey.scheduling import schedule
from pgraduate.maintain.schedule import JOBS, InstallSchedule, ScheduleWish, plan_schedule
from pgraduate.settings import Settings, load


@pytest.fixture
def settings(target: str, tmp_path: Path) -> Settings:
    project = tmp_path / "a project 100% $HOME"
    project.mkdir()
    return load(project, target=target, environment={})


def _bare(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as cron does: no terminal, no environment, another directory."""
    return subprocess.run(
        ["env", "-i", *command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )


def test_systemd_accepts_the_units(settings: Settings, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: the units are not verified here")
    units = tmp_path / "units"
    schedule(settings, "install", form="systemd", directory=units)
    paths = sorted(map(str, units.iterdir()))
    assert len(paths) == 2 * len(JOBS)
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    for job in JOBS:
        calendar = ["systemd-analyze", "calendar", job.calendar]
        assert subprocess.run(calendar, capture_output=True, check=False).returncode == 0, job


def test_a_cron_line_runs_without_environment_and_terminal(settings: Settings, tmp_path: Path) -> None:
    lines = tmp_path / "cron.d"
    noticed = tmp_path / "noticed"
    metrics = tmp_path / "check.prom"
    schedule(
        settings,
        "install",
        form="cron",
        directory=lines,
        metrics_file=metrics,
        on_failure=f'echo "$PGRADUATE_JOB $PGRADUATE_EXIT_CODE" >{noticed}',
    )
    (path,) = (path for path in lines.iterdir() if path.name.endswith("-check"))
    minute, hour, day, month, weekday, user, command = path.read_text().splitlines()[-1].split(" ", 6)
    assert (minute, hour, day, month, weekday) == ("0", "6", "*", "*", "*")
    assert user == ("root" if os.geteuid() == 0 else os.environ.get("USER", user))
    # cron turns \% into % and hands the line to the shell
    done = _bare(["/bin/sh", "-c", command.replace("\\%", "%")], Path("/"))
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")  # the tests' server runs without fsync
    log = (settings.state / "schedule" / "check.log").read_text()
    assert "check ended with 3" in log
    assert "SETTING_AT_RISK" in metrics.read_text()
    assert noticed.read_text() == "check 3\n"


def test_two_of_one_job_do_not_overlap(settings: Settings, tmp_path: Path) -> None:
    schedule(settings, "install", form="cron", directory=tmp_path / "cron.d")
    place = settings.state / "schedule"
    with (place / "run.lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _bare([str(place / "run.sh")], Path("/"))
    assert done.returncode == 75
    assert "the one before it still runs" in (place / "run.log").read_text()


def test_it_is_installed_twice_as_once_and_removed_whole(settings: Settings, tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    (units / "mine.service").write_text("[Unit]\n")
    schedule(settings, "install", form="systemd", directory=units)
    first = {path: path.read_bytes() for path in units.iterdir()}
    document = schedule(settings, "install", form="systemd", directory=units)
    assert document["installed"]
    assert {path: path.read_bytes() for path in units.iterdir()} == first
    for _ in range(2):
        assert not schedule(settings, "remove", form="systemd", directory=units)["installed"]
    assert [path.name for path in units.iterdir()] == ["mine.service"]
    assert not list((settings.state / "schedule").glob("*.sh"))


def test_a_file_of_somebody_else_is_not_replaced(settings: Settings, tmp_path: Path) -> None:
    units = tmp_path / "units"
    schedule(settings, "install", form="systemd", directory=units)
    other = next(units.glob("*check.timer"))
    schedule(settings, "remove", form="systemd", directory=units)
    other.write_text("[Timer]\n")
    with pytest.raises(Refused, match="in the way"):
        schedule(settings, "install", form="systemd", directory=units)
    assert [path.name for path in units.iterdir()] == [other.name]
    assert other.read_text() == "[Timer]\n"


def test_killed_at_every_file_it_is_completed_by_the_next(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = ScheduleWish(settings.project, settings.target, "systemd", tmp_path / "units")
    plan, operation = plan_schedule(wish), InstallSchedule()
    real, left = Path.replace, 0

    class Killed(Exception):
        pass

    def dying(path: Path, name: Path) -> Path:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return real(path, name)

    for kills in range(len(plan.facts["files"])):
        left = kills
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", dying)
            with pytest.raises(Killed):
                operation.apply(settings.project, plan)
        operation.apply(settings.project, plan)
        assert operation.check(settings.project, plan).holds
        operation.undo(settings.project, plan)
        assert not list((tmp_path / "units").glob("*"))


def test_compose_is_called_without_a_terminal(settings: Settings, tmp_path: Path) -> None:
    document = schedule(settings, "install", form="cron", directory=tmp_path / "cron.d", service="app")
    assert all(" exec -T app pgraduate maintain " in job["command"] for job in document["jobs"])


def test_rules_of_retention_are_executed_regularly(settings: Settings, tmp_path: Path) -> None:
    (settings.project / "pgraduate.toml").write_text(
        '[[maintain.retention]]\ntable = "shop.orders"\nage = "placed"\nkeep = "2 years"\nto = "archive"\n'
    )
    ruled = load(settings.project, target=settings.target, environment={})
    document = schedule(ruled, "install", form="cron", directory=tmp_path / "cron.d")
    (job,) = (job for job in document["jobs"] if job["name"] == "retention")
    assert " maintain retention run --quiet " in job["command"]
    assert len(list((tmp_path / "cron.d").iterdir())) == len(JOBS) + 1
    (settings.project / "pgraduate.toml").unlink()
    schedule(settings, "remove", form="cron", directory=tmp_path / "cron.d")
    assert list((tmp_path / "cron.d").iterdir()) == []


def test_a_target_of_this_shell_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="environment"):
        schedule(load(tmp_path, target="env", environment={}), "install", form="cron", directory=tmp_path / "d")


def test_to_show_the_schedule_of_a_new_project_leaves_nothing_behind(tmp_path: Path) -> None:
    place = ("--form", "systemd", "--dir", tmp_path / "units", "--project", tmp_path)
    shown = pgraduate("maintain", "schedule", "show", *place, "--json", cwd=tmp_path)
    assert (shown.code, shown.document["installed"], shown.document["run_id"]) == (0, False, None)
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_installs_shows_and_removes(tmp_path: Path, target: str) -> None:
    place = ("--form", "systemd", "--dir", tmp_path / "units")
    installed = pgraduate("maintain", "schedule", "install", *place, "--to", target, "--json", cwd=tmp_path)
    assert (installed.code, installed.document["installed"]) == (0, True)
    assert installed.document["jobs"][0]["command"].startswith(sys.executable)
    shown = pgraduate("maintain", "schedule", "show", *place, "--json", cwd=tmp_path)
    assert (shown.code, shown.document["installed"]) == (0, True)
    removed = pgraduate("maintain", "schedule", "remove", *place, "--json", cwd=tmp_path)
    assert (removed.code, removed.document["installed"]) == (0, False)
    (run,) = runs(tmp_path / ".pgraduate")
    kinds = [entry["type"] for entry in Journal.open(tmp_path / ".pgraduate", run).entries()]
    assert "operation_applied" in kinds
