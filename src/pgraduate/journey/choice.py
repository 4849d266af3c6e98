"""Which target and which of its runs a command speaks of that looks after what stands.

A run is a run of one target, by default its last one.  Who asks another target for it, most often by leaving out `--to`,
is told where the journals here say that it went; no empty server is made to be asked.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import psycopg

from pgraduate.cluster import Embedded
from pgraduate.errors import UsageError
from pgraduate.journal import Journal, runs
from pgraduate.journey.destination import (
    Destination,
    embedded_directory,
    is_embedded,
    label_of,
    open_destination,
)
from pgraduate.postgres.runs import RunRecord, known_runs
from pgraduate.settings import FILE, Settings


def standing_destination(settings: Settings) -> Destination:
    """Open the target as `open_destination` does; raise UsageError where the embedded server is it and was never made."""
    if is_embedded(settings) and Embedded(embedded_directory(settings)).status().state == "absent":
        raise UsageError(
            "there is no embedded server here, and no other target is named",
            where=label_of(settings),
            hint=_elsewhere(settings, None)
            or "--to names a server of your own; `pgraduate run <your.db>` makes an embedded one",
        )
    return open_destination(settings)


def choose_run(connection: psycopg.Connection, run_id: str | None, settings: Settings | None = None) -> RunRecord:
    """Find a run in the target's own records; raise UsageError where there is none, or none of that name.

    With `settings` the error says where the run may be instead.
    """
    known = known_runs(connection)
    for record in reversed(known):
        if run_id in (None, record.run_id):
            return record
    raise no_such_run(run_id, settings, [record.run_id for record in known])


def no_such_run(run_id: str | None, settings: Settings | None, known: Sequence[str] = ()) -> UsageError:
    """Describe that a target knows no run, or none of that name, and where the one that is meant may be."""
    elsewhere = _elsewhere(settings, run_id) if settings else None
    return UsageError(
        f"this target knows no run{f' {run_id!r}' if run_id else ''}",
        hint=elsewhere
        or (f"it knows {', '.join(known)}" if known else "`pgraduate status` lists what stands here"),
    )


def _elsewhere(settings: Settings, run_id: str | None) -> str | None:
    """Say to which other target the run went, by default the last one, where a journal here tells."""
    here = label_of(settings)
    for name in reversed(runs(settings.state)):
        journal = Journal.open(settings.state, name)
        opened = next(journal.entries(), {})
        other = opened.get("target", "")
        if run_id not in (None, name) or not opened.get("sources") or other in ("", here) or _is_undone(journal):
            continue
        return f"run {name} went elsewhere: --to {shlex.quote(other)}, or that as `to` in [target] of {FILE}"
    return None


def _is_undone(journal: Journal) -> bool:
    facts = (entry["value"] for entry in journal.entries() if entry.get("name") == "undo")
    return any(isinstance(fact, dict) and "run_id" in fact for fact in facts)
