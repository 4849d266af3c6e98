"""An assessment as a page for people, in the style of the report and under its rule: texts and Figures only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgraduate.model.plan import SchemaPlan


def render_assessment(sources: Sequence[tuple[SchemaPlan, Any]]) -> str:
    """Write the assessments of some sources, each with its plan, as one self-contained HTML page."""
    from pgraduate.report.environment import html_environment

    return html_environment().get_template("assessment.html").render(sources=sources)
