"""The verdict on sealed sources: rows, views and the loaded catalog compared, the outcome in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg

from pgraduate.compare.objects import compare_objects
from pgraduate.events import Sink
from pgraduate.journal.journal import Step
from pgraduate.journey.outcome import Outcome
from pgraduate.journey.sources import SealedSource
from pgraduate.maintain.retention.ledger import archived
from pgraduate.verify import verify


def verify_sources(
    connection: psycopg.Connection,
    step: Step,
    run_id: str,
    sealed: Sequence[SealedSource],
    *,
    show_values: bool = False,
    sink: Sink,
) -> Outcome:
    """Compare rows, views and the loaded catalog of every source, and write what was found to the journal."""
    found = []
    for record, plan in sealed:
        verification = verify(connection, Path(record.sealed), plan, run_id, show_values=show_values, sink=sink)
        found.append((plan, verification, compare_objects(connection, plan)))
    outcome = Outcome.of(found, archived(connection))
    outcome.write(step)
    return outcome
