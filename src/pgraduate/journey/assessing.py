"""Looking before the leap: schema's plan, and a measured sample where a target is at hand, told by assess."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pgraduate.assess import Assessment, Sample, assess, facts_as_json, judge
from pgraduate.backup import back_up
from pgraduate.events import Silence, Sink
from pgraduate.journey.destination import open_destination
from pgraduate.journey.existing import name_existing, plan_into
from pgraduate.journey.merging import merged_schema
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.sampling import SampleFailed, take_sample
from pgraduate.journey.selection import require_known_words
from pgraduate.journey.sources import name_sources
from pgraduate.journey.stages import plan_privately
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import to_json
from pgraduate.postgres.runs import RunSource
from pgraduate.report import render_assessment
from pgraduate.settings import Policy, Settings
from pgraduate.sqlite import SourceFacts


def assess_sources(
    paths: Sequence[str | Path],
    settings: Settings,
    *,
    measure: bool = False,
    page: Path | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Say what would move, what needs a decision and what it would take.

    With `measure` a sample is loaded into a scratch schema of the target and removed; without, nothing is written
    anywhere.  `page` takes the assessment as an HTML page.
    """
    sink = sink or Silence()
    looked = [(source.name, str(source.path), assess(source.path)) for source in name_sources(paths, settings)]
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        planned = _plans(paths, settings, Path(directory), sink)
        if merged_schema(paths, settings):
            ((record, _),) = planned
            looked = [(record.name, ", ".join(record.live), assess(Path(record.sealed)))]
        measure = measure and settings.policy is not Policy.EXISTING
        require_known_words([plan for _, plan in planned])
        judged = [
            _judge(record, plan, facts, settings, sink, measure=measure)
            for (_, _, facts), (record, plan) in zip(looked, planned, strict=True)
        ]
    plans = [plan for _, plan in planned]
    if page is not None:
        page.write_text(render_assessment(list(zip(plans, judged, strict=True))), "utf-8")
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "assess",
        "page": None if page is None else str(page),
        "sources": [
            facts_as_json(name, facts) | {"path": path} | _document(plan, assessment)
            for (name, path, facts), plan, assessment in zip(looked, plans, judged, strict=True)
        ],
    }


def _plans(
    paths: Sequence[str | Path], settings: Settings, directory: Path, sink: Sink
) -> list[tuple[RunSource, SchemaPlan]]:
    """Plan each source; what comes into a standing schema is planned by a look at it, which writes nothing."""
    if settings.policy is not Policy.EXISTING:
        return plan_privately(paths, settings, directory, sink)
    with open_destination(settings).target.connect("assess") as connection:
        (source,) = name_existing(connection, name_sources(paths, settings), settings)
        sealed = back_up(source.path, directory, source.name, sink=sink)
        record = RunSource(
            source.name, str(source.path), source.schema, sealed.digest, sealed.bytes, str(sealed.path)
        )
        return [(record, plan_into(connection, record, settings, sink=sink))]


def _judge(
    record: RunSource, plan: SchemaPlan, facts: SourceFacts, settings: Settings, sink: Sink, *, measure: bool
) -> Assessment:
    sample, why_not = _sample(record, settings, sink) if measure else (None, "no target was named with --to")
    return judge(plan, facts.bytes + facts.wal_bytes, sample, why_not)


def _sample(record: RunSource, settings: Settings, sink: Sink) -> tuple[Sample | None, str]:
    try:
        return take_sample(record, settings, sink=sink), ""
    except SampleFailed as failed:
        return None, str(failed)


def _document(plan: SchemaPlan, assessment: Assessment) -> dict[str, Any]:
    return {
        "schema": plan.schema,
        "rows": sum(table.rows for table in plan.tables),
        "objects": to_json(plan.objects),
        "decisions": to_json(plan.decisions),
        "findings": to_json(plan.findings),
        "assessment": to_json(assessment),
    }
