"""The room's questions to PostgreSQL, one `.sql` file each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """Give the text of `sql/<name>.sql`."""
    return files("pgraduate.verify").joinpath("sql", f"{name}.sql").read_text("utf-8")
