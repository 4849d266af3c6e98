"""Rendering a run from its journal alone: JSON, Markdown, and one HTML page.

`read` makes a RunReport of a journal.  Every number in it is a Figure that names the step that measured it, and
the templates print no other number.
"""

from __future__ import annotations

from pgraduate.report.assessment import render_assessment
from pgraduate.report.model import RunReport
from pgraduate.report.reader import read
from pgraduate.report.render import render_html, render_markdown

__all__ = ["RunReport", "read", "render_assessment", "render_html", "render_markdown"]
