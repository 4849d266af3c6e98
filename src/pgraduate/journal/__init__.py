"""The append-only evidence of a run.  Progress is never read from here: the target decides what was done."""

from __future__ import annotations

from pgraduate.journal.journal import Journal, Step, prepare_state, runs

__all__ = ["Journal", "Step", "prepare_state", "runs"]
