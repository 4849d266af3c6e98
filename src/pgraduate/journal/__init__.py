"""The append-only evidence of a run.  Progress is never read from here: the target decides what was done."""

from __future__ import annotations

from pgraduate.journal.journal import Journal, Step, prepare_state, runs
from pgraduate.journal.standing import Standing, record_undone, standing

__all__ = ["Journal", "Standing", "Step", "prepare_state", "record_undone", "runs", "standing"]
