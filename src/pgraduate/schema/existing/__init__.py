"""Loading into a schema that stands already: the application's ORM made it, and it stays as it is."""

from __future__ import annotations

from pgraduate.schema.existing.casts import Form
from pgraduate.schema.existing.matching import Match, match
from pgraduate.schema.existing.planning import plan_existing
from pgraduate.schema.existing.questions import (
    Breach,
    Drift,
    Facts,
    Questions,
    ask_server,
    foreign_key_name,
    questions,
)

__all__ = [
    "Breach",
    "Drift",
    "Facts",
    "Form",
    "Match",
    "Questions",
    "ask_server",
    "foreign_key_name",
    "match",
    "plan_existing",
    "questions",
]
