"""The verb `finish`: execute the commands that are not proven yet, write the documents, commit what is ours, celebrate.

Nothing is committed without being asked for.  Each part stands alone: a command that fails is listed and not written
down, and the documents are written all the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgraduate.document import Command, Execution, Story, execute
from pgraduate.document.readme import README, section_of, spliced
from pgraduate.errors import Refused, UsageError
from pgraduate.events import Notice, Sink
from pgraduate.finish import card_of, commit_message, objections, picture
from pgraduate.finish.guard import data_kind
from pgraduate.journey.documenting import told, write_documents
from pgraduate.journey.session import Session, open_session
from pgraduate.model.wire import to_json
from pgraduate.postgres.runs import plans
from pgraduate.report import vocabulary
from pgraduate.repository import Repository, commit, difference, find_repository
from pgraduate.settings import Settings

PICTURE = "migration/summary.svg"


@dataclass(frozen=True, slots=True)
class Wish:
    """`execute` runs what the journal has no successful execution of; `branch` is made for the commit."""

    execute: bool = True
    commit: bool = False
    branch: str | None = None


def finish_project(
    settings: Settings, wish: Wish, run_id: str | None = None, *, sink: Sink | None = None
) -> dict[str, Any]:
    """Finish a run's project; return the card, the difference, the message, and the commit where one was made.

    Raises Refused for a dirty index, a secret in what would be committed, or broken markers, UsageError.
    """
    repository = find_repository(settings.project)
    if repository is not None:
        _require_committable(repository, settings.project, wish)
    elif wish.commit or wish.branch:
        raise UsageError("there is no git repository here", where=str(settings.project), hint="git init")
    with open_session(settings, "finish", run_id, sink=sink, known_only=True, alone=False) as session:
        if not plans(session.connection, session.journal.run_id):
            raise UsageError("this run has recorded no schema yet", hint="carry a database first")
        failed = _execute(session) if wish.execute else []
        run_id = session.journal.run_id
    with open_session(settings, "finish", run_id, sink=sink, known_only=True) as session:
        with session.step("document", "write the documents") as step:
            story, texts, written = write_documents(session, step, lambda told: {PICTURE: picture(card_of(told))})
        committed = _commit(session, repository, story, texts, wish) if repository is not None else _no_commit()
        return _document(session, story, written, failed, committed, repository)


def _execute(session: Session) -> list[Execution]:
    """Execute what is missing and record it; give what failed."""
    made = plans(session.connection, session.journal.run_id)
    story, _ = told(session, made)
    failed = []
    if story.missing:
        with session.step("finish", "execute the commands") as step:
            for command in (item.command for item in story.missing):
                session.sink.emit(Notice(f"$ {_line(command)}"))
                target = session.destination.target
                done = execute(command, session.settings.project, target.conninfo, target.secret)
                step.fact(
                    vocabulary.COMMAND,
                    {
                        "purpose": command.purpose,
                        "text": command.text,
                        "exit_code": done.exit_code,
                        "seconds": round(done.seconds, 6),
                    },
                )
                if done.exit_code not in command.success:
                    failed.append(done)
    return failed


def _line(command: Command) -> str:
    return command.text.splitlines()[-1]


def _require_committable(repository: Repository, project: Path, wish: Wish) -> None:
    """Raise Refused before anything is done where a commit could not be made of ours alone."""
    ours = _ours(repository, project)
    foreign = [name for name in repository.staged() if not any(name.startswith(place) for place in ours)]
    if foreign or repository.merging():
        raise Refused(
            "the index holds changes that are not committed yet" if foreign else "a merge is under way",
            where=", ".join(foreign[:5]) or str(repository.root),
            hint="commit or unstage them first: what pgraduate made gets a commit of its own",
        )
    if wish.branch is not None:
        if not repository.valid_branch(wish.branch):
            raise UsageError(f"'{wish.branch}' is no possible name of a branch")
        if repository.has_branch(wish.branch):
            raise Refused(f"the branch '{wish.branch}' is there already", hint="name a new one")
    for name in (README, PICTURE):
        if not repository.is_tracked(project / name) and repository.ignores(project / name):
            raise Refused(
                "git ignores what is to be committed", where=name, hint="change .gitignore, or leave --commit out"
            )


def _ours(repository: Repository, project: Path) -> tuple[str, ...]:
    """Name what an interrupted commit of ours may have left in the index."""
    return (repository.below(project / "migration") + "/",)


def _contents(repository: Repository, project: Path, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Give what is to be committed and is not yet: of the README only our section, laid into the committed text."""
    found = {}
    for name, text in texts.items():
        path = repository.below(project / name)
        before = repository.content(path)
        if name == README:
            text = spliced((before or b"").decode("utf-8", "surrogateescape"), section_of(text))
        content = text.encode("utf-8", "surrogateescape")
        if content != before:
            found[path] = content
    return found


def _commit(
    session: Session, repository: Repository, story: Story, texts: Mapping[str, str], wish: Wish
) -> dict[str, Any]:
    contents = _contents(repository, session.settings.project, texts)
    secret = session.destination.target.secret
    environment = {**os.environ, **({"TARGET_PASSWORD": secret} if secret else {})}
    if hits := objections(contents, environment):
        raise Refused(
            "what would be committed holds what must not be in a repository",
            where=", ".join(map(str, hits[:5])),
            hint="look at these lines; the documents are written, nothing was staged",
        )
    message = commit_message(story)
    result = {
        "difference": difference(repository, contents) if contents else "",
        "message": message,
        "files": list(contents),
        "commit": None,
        "branch": repository.branch(),
    }
    if wish.commit and contents:
        result["commit"] = commit(repository, contents, message, wish.branch)
        result["branch"] = repository.branch()
    return result


def _no_commit() -> dict[str, Any]:
    return {"difference": "", "message": "", "files": [], "commit": None, "branch": None}


def _data_in_git(repository: Repository) -> list[dict[str, str]]:
    """List tracked files that are data by their first bytes."""
    found = []
    for path in repository.tracked():
        if path.is_file():
            with path.open("rb") as file:
                kind = data_kind(file.read(16))
            if kind is not None:
                found.append({"file": repository.below(path), "kind": kind})
    return found


def _document(
    session: Session,
    story: Story,
    written: list[str],
    failed: list[Execution],
    committed: dict[str, Any],
    repository: Repository | None,
) -> dict[str, Any]:
    data = _data_in_git(repository) if repository is not None else []
    return {
        "schema_version": 1,
        "command": "finish",
        "run_id": session.journal.run_id,
        "exit_code": 3 if story.obstacles or story.missing or data else 0,
        "ready": story.ready,
        "card": to_json(card_of(story)),
        "written": written,
        "failed": [
            {
                "purpose": item.command.purpose,
                "text": item.command.text,
                "exit_code": item.exit_code,
                "said": session.destination.target.scrub(item.said),
            }
            for item in failed
        ],
        "not_executed": [{"purpose": item.command.purpose, "text": item.command.text} for item in story.missing],
        "data_in_git": data,
        "git": committed,
        "target": session.target_document(),
    }
