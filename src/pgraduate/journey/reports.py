"""The report files of a run, written from its journal alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pgraduate import report
from pgraduate.journal.journal import Journal


def write_reports(journal: Journal, directory: Path | None = None) -> Mapping[str, Path]:
    """Render the journal as HTML, Markdown and JSON beside it, or in another directory; give the paths."""
    directory = directory or journal.directory
    directory.mkdir(parents=True, exist_ok=True)
    found = report.read(journal)
    texts = {
        "html": report.render_html(found),
        "md": report.render_markdown(found),
        "json": json.dumps(found.to_json(), indent=2) + "\n",
    }
    paths = {}
    for suffix, text in texts.items():
        path = directory / f"report.{suffix}"
        path.write_text(text, "utf-8")
        paths[suffix] = path
    return paths
