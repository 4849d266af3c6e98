"""Writing documents into a project: an operation, since a project is the user's.

What a file held before is kept beside the journal, so that the operation can be taken back.  A file that was changed by
hand after it was written is not lost by an undo: it is refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pgraduate.document.readme import END, README, section_of, spliced, without_section
from pgraduate.errors import Refused
from pgraduate.model.operation import Check, Plan


class WriteDocuments:
    """Operation over a project's directory: each file gets its new text by one rename."""

    kind: ClassVar[str] = "documents.write"

    def apply(self, project: Path, plan: Plan, /) -> None:
        for name, facts in _files(plan):
            _replace(project / name, _kept(plan, facts["new"]))

    def check(self, project: Path, plan: Plan, /) -> Check:
        for name, facts in _files(plan):
            if _digest(project / name) != facts["new"]:
                return Check(False, f"{name} is not as it was written")
        return Check(True)

    def undo(self, project: Path, plan: Plan, /) -> None:
        """Give back what the files held before; refuse where one was changed since, but for the README's other words."""
        for name, facts in _files(plan):
            if name != README and _digest(project / name) not in (facts["new"], facts["old"]):
                raise Refused(
                    "the file was changed after it was written; undo would lose that",
                    where=str(project / name),
                    hint="move it away, then undo again",
                )
        for name, facts in _files(plan):
            old = None if facts["old"] is None else _kept(plan, facts["old"])
            if name == README and _digest(project / name) not in (facts["new"], facts["old"]):
                _take_section_back(project / name, old)
            elif old is None:
                (project / name).unlink(missing_ok=True)
                _remove_empty(project, (project / name).parent)
            else:
                _replace(project / name, old)


def _take_section_back(readme: Path, old: bytes | None) -> None:
    """Give our section back as it was, or take it out, in a README whose other words were changed since."""
    data = _bytes(readme)
    if data is None:
        return
    now = data.decode("utf-8", "surrogateescape")
    before = (old or b"").decode("utf-8", "surrogateescape")
    text = spliced(now, section_of(before)) if END in before else without_section(now)
    _replace(readme, text.encode("utf-8", "surrogateescape"))


def plan_documents(project: Path, texts: Mapping[str, str], keep: Path) -> Plan | None:
    """Plan to write what is not there yet as it should be; None where nothing would change.

    `keep` is the directory that holds old and new contents under their digests.
    """
    files: dict[str, Any] = {}
    for name, text in texts.items():
        new, old = text.encode("utf-8", "surrogateescape"), _bytes(project / name)
        if new != old:
            files[name] = {"new": _keep(keep, new), "old": None if old is None else _keep(keep, old)}
    if not files:
        return None
    return Plan(
        WriteDocuments.kind,
        "documents",
        tuple(f"write {name}" for name in files),
        tuple(f"{'remove' if facts['old'] is None else 'give back'} {name}" for name, facts in files.items()),
        {"files": files, "keep": str(keep)},
    )


def _files(plan: Plan) -> list[tuple[str, Any]]:
    return list(plan.facts["files"].items())


def _kept(plan: Plan, digest: str) -> bytes:
    data = _bytes(Path(plan.facts["keep"]) / digest)
    if data is None:
        raise Refused("what the file is to hold is not kept any more", where=str(Path(plan.facts["keep"]) / digest))
    return data


def _keep(directory: Path, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(directory / digest, data)
    return digest


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        part.chmod(path.stat().st_mode & 0o7777)
    part.replace(path)


def _remove_empty(project: Path, directory: Path) -> None:
    while directory != project and directory.is_dir() and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _digest(path: Path) -> str | None:
    data = _bytes(path)
    return None if data is None else hashlib.sha256(data).hexdigest()
