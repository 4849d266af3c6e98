"""A commit message from the evidence: what was moved, what was compared, what is still open."""

from __future__ import annotations

import textwrap

from pgraduate.document import Story
from pgraduate.document.story import Metric
from pgraduate.finish.card import shown
from pgraduate.report.text import printable

SUBJECT = 72
"""Characters of a subject line that git's own tools show whole."""


def commit_message(story: Story) -> str:
    """Write a subject and a body; every number is a Figure of the journal."""
    report = story.report
    subject = f"Move {printable(story.title)} from SQLite to PostgreSQL"
    if len(subject) > SUBJECT:
        subject = "Move to PostgreSQL"
    lines = [
        f"Run {report.run_id}: data {report.verdict}.",
        f"Tables compared: {report.totals.tables}; rows: {shown(report.totals.rows)}; "
        f"values: {shown(report.totals.cells)}.",
    ]
    lines += [f"{metric.name}: {_measured(metric)}." for metric in story.metrics]
    if story.obstacles:
        lines += ["", "Not ready for production:", *(f"- {sentence}" for sentence in story.obstacles)]
    else:
        lines += ["", "Nothing recorded stands against production: a backup was restored and compared."]
    body = [wrapped for line in lines for wrapped in (textwrap.wrap(line, SUBJECT) or [""])]
    return "\n".join([subject, "", *body]) + "\n"


def _measured(metric: Metric) -> str:
    return metric.status if metric.status == "not measured" else f"{shown(metric.measured)}, {metric.status}"
