"""The .sql files of this room."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    return files("pgraduate.maintain.retention").joinpath("sql", f"{name}.sql").read_text("utf-8")
