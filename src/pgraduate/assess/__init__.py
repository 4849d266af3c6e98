"""What stands before the journey: the facts of a source, read without touching it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pgraduate.sqlite import SourceFacts, inspect

__all__ = ["assess", "facts_as_json"]


def assess(path: Path) -> SourceFacts:
    """Look at a live source; raise SourceUnusable where it cannot be read whole."""
    return inspect(path)


def facts_as_json(name: str, facts: SourceFacts) -> dict[str, Any]:
    return {"name": name} | asdict(facts) | {"path": str(facts.path)}
