"""A report as a page for people: Markdown for a repository, HTML for everyone else.

Both are one self-contained text: no script, no picture, font or style sheet from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgraduate.model.figure import Figure
from pgraduate.model.result import Verdict
from pgraduate.report.judgement import EXIT_CODES
from pgraduate.report.model import RunReport

if TYPE_CHECKING:
    from pgraduate.report.svg import Bar

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.EQUAL: ("Equal", "PostgreSQL holds what SQLite held: every value was compared."),
    Verdict.DIFFERENT: ("Different", "PostgreSQL does not hold what SQLite held."),
    Verdict.INCOMPLETE: ("Incomplete", "Whether the data is equal is not proven yet."),
}


def render_markdown(report: RunReport) -> str:
    """Write the report as one Markdown document."""
    from pgraduate.report.environment import markdown_environment

    return markdown_environment().get_template("report.md").render(_words(report))


def render_html(report: RunReport) -> str:
    """Write the report as one HTML page."""
    from pgraduate.report.environment import html_environment

    return html_environment().get_template("report.html").render(_words(report) | {"charts": _charts(report)})


def _words(report: RunReport) -> dict[str, Any]:
    title, meaning = VERDICTS[report.verdict]
    return {
        "report": report,
        "verdict_title": title,
        "verdict_meaning": meaning,
        "exit_meaning": _exit_meaning(report.exit_code),
        "remarks": _remarks(report),
    }


def _charts(report: RunReport) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    from pgraduate.report.svg import Bar, largest

    return (
        ("Rows per table", largest(Bar(table.name, table.rows_target) for table in report.tables)),
        ("Bytes per table", largest(Bar(table.name, table.bytes) for table in report.tables)),
        ("Time per step", tuple(Bar(step.name, step.seconds) for step in report.steps)),
    )


def _exit_meaning(exit_code: Figure) -> str:
    return EXIT_CODES.get(int(exit_code.value), "") if exit_code.value is not None else ""


def _remarks(report: RunReport) -> tuple[tuple[str, str], ...]:
    """Say what a reader of the verdict must also know, each with the part of the page that tells more."""
    candidates = (
        (report.stopped is not None, "stopped", "The last step did not come to its end"),
        (
            any(table.verdict is Verdict.DIFFERENT for table in report.tables),
            "tables",
            "Rows of a table differ; their keys are listed",
        ),
        (any(item.answer is None for item in report.decisions), "decisions", "A decision waits for an answer"),
        (
            any(item.answered_by == "safe option" for item in report.decisions),
            "decisions",
            "A decision was taken by its safe option",
        ),
        (bool(report.not_carried), "objects", "Objects were not carried"),
        (bool(report.totals.quarantined.value), "tables", "Cells are kept in quarantine"),
        (any(view.verdict is not Verdict.EQUAL for view in report.views), "views", "A view does not give the same"),
        (len(report.servers) > 1, "server", "More than one server answered"),
    )
    return tuple((anchor, words) for holds, anchor, words in candidates if holds)
