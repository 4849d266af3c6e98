"""pgraduate takes an application from SQLite into production on PostgreSQL, and proves every step.

The library and the command line are twins: `pgraduate.run("app.db")` returns the document that
`pgraduate run app.db --json` prints.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pgraduate.version import __version__

__all__ = ["__version__", "run"]


def run(*sources: str | Path, to: str | None = None, project: Path | None = None, **options: Any) -> dict[str, Any]:
    """Carry SQLite databases into PostgreSQL and compare every value; return the result of the run.

    `to` is what `--to` takes, `project` the directory of pgraduate.toml and .pgraduate/ (default: the current
    one); further options are those of `settings.load`: `policy`, `identifiers`, `target_schema`, `include`, `exclude`,
    `rename` and `filters`.  Raises PgraduateError.
    """
    from pgraduate.journey.walk import run as walk
    from pgraduate.settings import load

    return walk(sources, load(project, target=to, **options))
