"""The verb `document`: measure what the target holds now, then write the project's documents from the journal.

What was measured is recorded only where it differs from what the journal has, so that the same state gives the same
documents, with the same steps behind their figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pgraduate.compat import SCHEMA as COMPAT_SCHEMA
from pgraduate.compat.install import scripts as compat_scripts
from pgraduate.document import Command, Evidence, Extras, Story, commands, measure, plan_documents, render, tell
from pgraduate.document.readme import README, spliced
from pgraduate.document.render import DIRECTORY
from pgraduate.errors import Refused, UsageError
from pgraduate.events import Sink
from pgraduate.journal import Journal, Step, runs
from pgraduate.journey.session import Session, open_session
from pgraduate.model.plan import SchemaPlan
from pgraduate.postgres.runs import known_runs, plans
from pgraduate.report import vocabulary
from pgraduate.report.facts import Fact
from pgraduate.repository import find_repository
from pgraduate.schema import render as render_schema
from pgraduate.settings import Settings
from pgraduate.sqlite import read_schema

KEPT = "documents"


def document_project(settings: Settings, run_id: str | None = None, *, sink: Sink | None = None) -> dict[str, Any]:
    """Write the documents of a run, by default the target's last; return what was written and what is missing.

    Raises Refused where the README's markers are broken, UsageError where the target knows no run.
    """
    with open_session(settings, "document", run_id, sink=sink, known_only=True) as session:
        if not plans(session.connection, session.journal.run_id):
            raise UsageError(
                "this run has recorded no schema yet", where=session.journal.run_id, hint="carry a database first"
            )
        with session.step("document", "write the documents") as step:
            story, texts, written = write_documents(session, step)
        return _document(session, story, texts, written)


def write_documents(
    session: Session, step: Step, more: Callable[[Story], Mapping[str, str]] = lambda _story: {}
) -> tuple[Story, dict[str, str], list[str]]:
    """Measure, tell and write; `more` makes further files of the story.  Gives story, texts and what was written."""
    made = plans(session.connection, session.journal.run_id)
    _record_changes(session, step, made)
    story, texts = told(session, made)
    texts |= more(story)
    plan = plan_documents(session.settings.project, texts, session.journal.directory / KEPT)
    if plan is None:
        return story, texts, []
    session.perform(step, plan)
    return story, texts, list(plan.facts["files"])


def told(session: Session, made: Sequence[SchemaPlan]) -> tuple[Story, dict[str, str]]:
    """Tell the run's story, and give every document with its whole text."""
    evidence = Evidence.of(session.journal)
    rehearsal, at = _rehearsal(session)
    story = tell(evidence, commands_of(session), rehearsal, at)
    texts = render(story, Extras(_schemas(session, made)))
    texts[README] = spliced(_text(session.settings.project / README), texts[README])
    return story, texts


def commands_of(session: Session) -> tuple[Command, ...]:
    conninfo = session.destination.target.conninfo
    return commands(conninfo, embedded=session.settings.target == "embedded")


def _record_changes(session: Session, step: Step, made: Sequence[SchemaPlan]) -> None:
    """Measure, and write down what the journal does not have yet."""
    evidence = Evidence.of(session.journal)
    found = {
        vocabulary.STATISTICS: measure(session.connection, [plan.schema for plan in made]),
        vocabulary.CODE: _code_changes(session.settings.project, evidence.report.opened_at),
    }
    for name, value in found.items():
        last = evidence.last(name)
        if value is not None and (last is None or last.value != value):
            step.fact(name, value)


def _code_changes(project: Path, opened_at: str) -> dict[str, int] | None:
    """Count from git what changed since the run began; None where git cannot say."""
    repository = find_repository(project)
    before = repository.commit_before(opened_at) if repository is not None else None
    if repository is None or before is None:
        return None
    ours = [repository.below(project / name) for name in (DIRECTORY, README)]
    changed = [item for item in repository.changed_lines(before) if not _is_one_of(ours, item[0])]
    return {
        "files": len(changed),
        "lines added": sum(added for _, added, _ in changed),
        "lines removed": sum(removed for _, _, removed in changed),
        "commits": repository.commits_since(before, outside=ours),
    }


def _is_one_of(ours: Sequence[str], name: str) -> bool:
    return any(name == path or name.startswith(f"{path}/") for path in ours)


def _schemas(session: Session, made: Sequence[SchemaPlan]) -> dict[str, str]:
    """Give both schemas of every source, as the run made them; SQLite's where the sealed copy is still there."""
    record = next(run for run in known_runs(session.connection) if run.run_id == session.journal.run_id)
    files = {}
    for plan, source in zip(made, record.sources, strict=True):
        sealed = Path(source.sealed)
        if sealed.is_file():
            files[f"schema/{plan.schema}.sqlite.sql"] = "".join(f"{sql};\n\n" for sql in read_schema(sealed))
        files[f"schema/{plan.schema}.postgresql.sql"] = "\n".join(render_schema(plan).values())
    if any(plan.compat for plan in made):
        head = f"CREATE SCHEMA IF NOT EXISTS {COMPAT_SCHEMA};\nSET check_function_bodies = off;\n\n"
        files[f"schema/{COMPAT_SCHEMA}.sql"] = head + "\n".join(compat_scripts())
    return files


def _rehearsal(session: Session) -> tuple[Fact | None, str | None]:
    """Find the last time that a run of these sources was taken back whole: a rehearsal of the way back."""
    own = session.journal
    sources = next(own.entries(), {}).get("sources")
    for name in reversed(runs(session.settings.state)):
        journal = Journal.open(session.settings.state, name)
        if next(journal.entries(), {}).get("sources") != sources:
            continue
        evidence = Evidence.of(journal)
        step = evidence.done("undo")
        if step is not None and any("run_id" in fact.value for fact in evidence.facts("undo")):
            return Fact(step.name, {"seconds": step.seconds.value}), evidence.end_of(step)
    return None, None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise Refused("the README is not UTF-8", where=str(path), hint="convert it first") from error


def _document(session: Session, story: Story, texts: dict[str, str], written: list[str]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "command": "document",
        "run_id": session.journal.run_id,
        "ready": story.ready,
        "obstacles": list(story.obstacles),
        "written": written,
        "unchanged": sorted(set(texts) - set(written)),
        "not_executed": [{"purpose": item.command.purpose, "text": item.command.text} for item in story.missing],
        "target": session.target_document(),
    }
