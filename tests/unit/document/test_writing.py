"""Documents are written as an operation: killed anywhere it completes, and undone the project is as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.sources import fingerprint

from pgraduate.document.readme import spliced
from pgraduate.document.writing import WriteDocuments, plan_documents
from pgraduate.errors import Refused
from pgraduate.model.operation import Plan

WRITE = WriteDocuments()
TEXTS = {"README.md": "# Mine\n\nours\n", "migration/a.md": "a\n", "migration/schema/b.sql": "b\n"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    (place / "README.md").write_text("# Mine\n")
    return place


def _plan(project: Path, texts: dict[str, str] = TEXTS) -> Plan:
    plan = plan_documents(project, texts, project.parent / "kept")
    assert plan is not None
    return plan


def _all(project: Path) -> dict[str, str]:
    return {path.relative_to(project).as_posix(): path.read_text() for path in project.rglob("*") if path.is_file()}


def test_it_writes_what_was_planned(project: Path) -> None:
    plan = _plan(project)
    WRITE.apply(project, plan)
    assert _all(project) == TEXTS
    assert WRITE.check(project, plan).holds


def test_a_second_time_nothing_is_planned(project: Path) -> None:
    WRITE.apply(project, _plan(project))
    assert plan_documents(project, TEXTS, project.parent / "kept") is None


def test_only_what_changed_is_planned(project: Path) -> None:
    WRITE.apply(project, _plan(project))
    plan = _plan(project, {**TEXTS, "migration/a.md": "changed\n"})
    assert list(plan.facts["files"]) == ["migration/a.md"]


def test_undone_the_project_is_as_it_was(project: Path) -> None:
    before = fingerprint(project)
    plan = _plan(project)
    WRITE.apply(project, plan)
    for _ in range(2):
        WRITE.undo(project, plan)
        assert fingerprint(project) == before
        assert not (project / "migration").exists()


def test_undo_refuses_to_lose_what_was_written_by_hand(project: Path) -> None:
    plan = _plan(project)
    WRITE.apply(project, plan)
    (project / "migration/a.md").write_text("by hand\n")
    with pytest.raises(Refused):
        WRITE.undo(project, plan)
    assert (project / "migration/a.md").read_text() == "by hand\n"
    assert (project / "README.md").read_text() == TEXTS["README.md"]


def test_undo_leaves_what_was_written_into_the_readme_beside_our_section(project: Path) -> None:
    first = _plan(project, {"README.md": spliced("# Mine\n", "one")})
    WRITE.apply(project, first)
    second = _plan(project, {"README.md": spliced("# Mine\n", "two")})
    WRITE.apply(project, second)
    readme = project / "README.md"
    readme.write_text(readme.read_text().replace("# Mine", "# Mine, and more"))
    WRITE.undo(project, second)
    assert readme.read_text() == spliced("# Mine, and more\n", "one")
    WRITE.undo(project, first)
    assert readme.read_text() == "# Mine, and more\n"


def test_a_files_permissions_stay(project: Path) -> None:
    (project / "README.md").chmod(0o600)
    WRITE.apply(project, _plan(project))
    assert (project / "README.md").stat().st_mode & 0o777 == 0o600


_PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from pgraduate.document.writing import WriteDocuments
from pgraduate.model.operation import Plan
from pgraduate.model.wire import from_json
plan = from_json(Plan, json.loads(sys.argv[2]))
left = int(sys.argv[4])
def hook(event, arguments):
    global left
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
getattr(WriteDocuments(), sys.argv[3])(Path(sys.argv[1]), plan)
"""


@pytest.mark.parametrize("method", ["apply", "undo"])
@pytest.mark.parametrize("act", [2, 3, 5, 8])
def test_killed_it_completes_when_called_again(project: Path, method: str, act: int) -> None:
    import json

    from pgraduate.model.wire import to_json

    plan = _plan(project)
    if method == "undo":
        WRITE.apply(project, plan)
    arguments = [sys.executable, "-c", _PROGRAM, project, json.dumps(to_json(plan)), method, str(act)]
    assert subprocess.run(arguments, check=False).returncode == -9
    getattr(WRITE, method)(project, plan)
    wanted = TEXTS if method == "apply" else {"README.md": "# Mine\n"}
    left = {name: text for name, text in _all(project).items() if not name.endswith(".part")}
    assert left == wanted
