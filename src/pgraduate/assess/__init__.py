"""What stands before the journey: the facts of a source, what it would become, and what that would take."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pgraduate.assess.assessment import Assessment, judge
from pgraduate.assess.needs import Sample, SampledTable
from pgraduate.sqlite import SourceFacts, inspect

__all__ = ["Assessment", "Sample", "SampledTable", "assess", "facts_as_json", "judge"]


def assess(path: Path) -> SourceFacts:
    """Look at a live source; raise SourceUnusable where it cannot be read whole."""
    return inspect(path)


def facts_as_json(name: str, facts: SourceFacts) -> dict[str, Any]:
    return {"name": name} | asdict(facts) | {"path": str(facts.path)}
