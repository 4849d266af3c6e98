"""Texts that people read, held against files; PGRADUATE_GOLDEN=1 rewrites the files."""

from __future__ import annotations

import os
from pathlib import Path


def assert_golden(path: Path, text: str) -> None:
    if os.environ.get("PGRADUATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), f"{path.name} is missing; PGRADUATE_GOLDEN=1 writes it"
    assert text == path.read_text("utf-8"), f"{path.name} is not what is printed; PGRADUATE_GOLDEN=1 rewrites it"
