"""The texts that a Story becomes: a README section, one page per question, and the summary as Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgraduate.document.commands import PURPOSES
from pgraduate.document.readme import README
from pgraduate.document.story import Story
from pgraduate.model.figure import Figure

if TYPE_CHECKING:
    from pgraduate.report.svg import Bar

DIRECTORY = "migration"
COMPLETE = f"{DIRECTORY}/MIGRATION_COMPLETE"
LONGEST_LIST = 12
"""Tables and lessons on the HTML page, which must print on few sheets; the Markdown pages list all."""


@dataclass(frozen=True, slots=True)
class Extras:
    """Texts that are written as they are: file names below migration/ to their content, such as the two schemas."""

    files: Mapping[str, str] = field(default_factory=dict)


def render(story: Story, extras: Extras) -> dict[str, str]:
    """Give the project's documents by path; the README's entry is the section alone."""
    from pgraduate.report.environment import html_environment, markdown_environment

    markdown = markdown_environment("pgraduate.document")
    words = _words(story)
    texts = {
        README: markdown.get_template("readme.md").render(words),
        f"{COMPLETE}.md": markdown.get_template("complete.md").render(words),
        f"{DIRECTORY}/validation.md": markdown.get_template("validation.md").render(words),
        f"{DIRECTORY}/tests.md": markdown.get_template("tests.md").render(words),
        f"{DIRECTORY}/deployment.md": markdown.get_template("deployment.md").render(words),
    }
    texts = {name: _tidy(text) for name, text in texts.items()}
    page = html_environment("pgraduate.document").get_template("complete.html")
    texts[f"{COMPLETE}.html"] = page.render(words | {"charts": _charts(story)})
    return texts | {f"{DIRECTORY}/{name}": text for name, text in extras.files.items()}


def _words(story: Story) -> dict[str, Any]:
    groups = [(purpose, story.written(purpose)) for purpose in PURPOSES]
    return {
        "story": story,
        "report": story.report,
        "command_groups": [(purpose, found) for purpose, found in groups if found],
        "shown_tables": story.report.tables[:LONGEST_LIST],
        "shown_lessons": story.lessons[:LONGEST_LIST],
        "more_lessons": len(story.lessons) > LONGEST_LIST,
        "several_servers": len(story.report.servers) > 1,
        "downtime": Figure("downtime", None, "seconds", ""),
        "more_tables": len(story.report.tables) > LONGEST_LIST,
    }


def _charts(story: Story) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    from pgraduate.report.svg import Bar, largest

    charts = [
        ("Rows per table", largest(Bar(table.name, table.rows_target) for table in story.report.tables)),
        ("Time per phase", tuple(Bar(phase.name, phase.worked) for phase in story.phases)),
    ]
    if story.timings:
        charts.append(("Before and after", tuple(bar for timing in story.timings[:6] for bar in _pair(timing))))
    return tuple(charts)


def _pair(timing: Any) -> tuple[Bar, Bar]:
    from pgraduate.report.svg import Bar

    before: Figure = timing.before
    after: Figure = timing.after
    return Bar(f"{timing.what}, before", before), Bar(f"{timing.what}, after", after)


def _tidy(text: str) -> str:
    """Leave one empty line where a template's conditions left several; fences keep theirs, since none has two."""
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line or fenced or (lines and lines[-1]):
            lines.append(line if fenced else line.rstrip())
    return "\n".join(lines).strip() + "\n"
