"""Whether the sources of a run become one schema, and the merged file that then stands for them.

Several sources and one `--target-schema` ask for a merge; without the name every source becomes a schema of its own.
So does an answer `separate` to a question of the merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pgraduate.errors import Refused, UsageError
from pgraduate.events import Sink
from pgraduate.merge import Result, merge
from pgraduate.model.merge import MergePart
from pgraduate.postgres.runs import RunRecord, RunSource
from pgraduate.schema.names import name_schema
from pgraduate.settings import Policy, Settings


def merged_schema(paths: Sequence[str | Path], settings: Settings) -> str | None:
    """Name the schema in which the sources are merged; None where they are not.

    Raises UsageError for a merge together with a policy or a selection that it does not know.
    """
    wish = settings.target_schema
    if wish is None or len(paths) < 2:
        return None
    asked = tuple(f"{kind}:{wish}." for kind in ("merge_key", "merge_unique"))
    if any(answer == "separate" and name.startswith(asked) for name, answer in settings.decisions.items()):
        return None
    if settings.policy is Policy.EXISTING:
        raise UsageError("sources are not merged into a standing schema", hint="load them one by one")
    if settings.selection:
        raise UsageError(
            "a selection of tables, columns or rows does not go with a merge",
            hint="select from each file by a run of its own, or merge whole files",
        )
    return name_schema(wish, wish, exact=True)


def merge_sources(
    records: Sequence[RunSource], schema: str, directory: Path, settings: Settings, *, sink: Sink
) -> tuple[RunSource, Result]:
    """Merge sealed sources into one sealed file in `directory`; it goes by the name of the schema."""
    parts = [
        MergePart(record.name, record.path, record.digest, record.bytes, record.sealed)
        for record in _apart(records)
    ]
    result = merge(parts, directory, schema, answers=settings.decisions, references=settings.references, sink=sink)
    source = RunSource(
        schema, str(result.path), schema, result.digest, result.bytes, str(result.path), tuple(parts)
    )
    return source, result


def require_same_layout(earlier: RunRecord, merged: str | None) -> None:
    """Raise Refused where a run that merges is resumed as one that does not, or into another schema."""
    began = next((source.schema for source in earlier.sources if source.parts), None)
    if began != merged:
        how = f"merged its sources into schema {began}" if began else "gave each source a schema of its own"
        raise Refused(
            f"run {earlier.run_id} {how}",
            where=earlier.run_id,
            hint=f"the command that began it resumes it; `pgraduate undo {earlier.run_id}` takes it back",
        )


def _apart(records: Sequence[RunSource]) -> Sequence[RunSource]:
    """Call each source by its schema where two files have one stem."""
    names = [record.name for record in records]
    return records if len(set(names)) == len(names) else [replace(item, name=item.schema) for item in records]
