"""Which of a target's runs a command speaks of: the one that is named, else the last one."""

from __future__ import annotations

import psycopg

from pgraduate.errors import UsageError
from pgraduate.postgres.runs import RunRecord, known_runs


def choose_run(connection: psycopg.Connection, run_id: str | None) -> RunRecord:
    """Find a run in the target's own records; raise UsageError where there is none, or none of that name."""
    known = known_runs(connection)
    for record in reversed(known):
        if run_id in (None, record.run_id):
            return record
    named = f" {run_id!r}" if run_id else ""
    raise UsageError(f"this target knows no run{named}", hint="`pgraduate status` lists them")
