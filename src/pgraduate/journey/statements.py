"""The verb `translate`: statements shown as PostgreSQL, checked by a target, or compared on both engines."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pgraduate.backup import back_up
from pgraduate.dialect.schema_view import SchemaView, SimpleSchema
from pgraduate.errors import UsageError
from pgraduate.events import Notice, Silence, Sink
from pgraduate.journey.choice import standing_destination
from pgraduate.journey.destination import open_destination
from pgraduate.journey.outcome import SCHEMA_VERSION
from pgraduate.journey.planned_schema import planned_schema
from pgraduate.journey.planning import plan_source
from pgraduate.journey.scratch import scratch
from pgraduate.journey.sources import name_sources
from pgraduate.model.storage import StorageClass
from pgraduate.model.wire import to_json
from pgraduate.postgres.identity import identify
from pgraduate.postgres.runs import RunSource
from pgraduate.settings import Settings
from pgraduate.sqlite import read_catalog
from pgraduate.translate import (
    Comparison,
    Layered,
    Outcome,
    Refusal,
    Statement,
    Translated,
    Twins,
    Untranslated,
    prepare,
    read_script,
    translate_script,
)


def translate_sql(
    script: str,
    settings: Settings,
    *,
    source: str | Path | None = None,
    check: bool = False,
    parameters: Sequence[str] | None = None,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Show the statements of a script as PostgreSQL; with `check` let the target prepare each.

    `source` is the SQLite file whose tables they speak of, `parameters` the storage classes of bound values.  The
    exit code in the result is 0 where all are translated, 3 where some are refused, 4 where the target refuses a
    translation.  Raises UsageError for a script without a statement, Refused where there is nothing to check against.
    """
    sink = sink or Silence()
    classes = _classes(parameters) if parameters is not None else None
    if check and source is None:
        raise UsageError("--check needs the database that was carried over", hint="name it with --schema app.db")
    view, name = schema_of(source, settings, sink) if source is not None else (SimpleSchema(), None)
    hint = None if source is not None else "name the database that has the tables: --schema app.db"
    found = translate_script(_statements(script), Layered(view, name), parameters=classes, hint=hint)
    found = tuple(map(_with_hint_of_parameters, found))
    translated = [item for item in found if isinstance(item, Translated)]
    refusals = (
        dict(zip(map(id, translated), _checked(name, translated, settings, sink), strict=True)) if check else {}
    )
    documents = [
        _document(item) | {"check": _check(refusals.get(id(item)), checked=check, item=item)} for item in found
    ]
    refused = len(found) - len(translated)
    failing = sum(refusal is not None for refusal in refusals.values())
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "translate",
        "schema": name,
        "statements": documents,
        "totals": {"statements": len(found), "translated": len(translated), "not_translated": refused},
        "exit_code": 4 if failing else 3 if refused else 0,
    }


def compare_sql(
    script: str,
    source: str | Path,
    settings: Settings,
    *,
    sequence: bool = False,
    show_values: bool = False,
    sink: Sink | None = None,
) -> dict[str, Any]:
    """Run the statements of a script on SQLite and, translated, on the target, over the same data; compare.

    The data are a sealed copy of `source` and a scratch schema made from it, which is removed at the end.  The exit
    code in the result is 4 where a statement is different, else 0.
    """
    sink = sink or Silence()
    statements = _statements(script)
    (named,) = name_sources([source], settings)
    destination = open_destination(settings)
    with scratch(named, settings, destination.target, sink=sink) as twins_data:
        sink.emit(Notice(f"target: {identify(twins_data.postgres)}"))
        twins = Twins(
            twins_data.sqlite,
            twins_data.postgres,
            twins_data.plan,
            twins_data.schema,
            sequence=sequence,
            show_values=show_values,
        )
        compared = [
            Comparison(item, Outcome.NOT_TRANSLATED) if isinstance(item, Untranslated) else twins.compare(item)
            for item in statements
        ]
        twins.end()
    totals = Counter(item.outcome for item in compared)
    return {
        "schema_version": SCHEMA_VERSION,
        "command": "translate",
        "schema": named.schema,
        "statements": [
            _document(item.found)
            | {"comparison": {"outcome": item.outcome.value, "difference": to_json(item.difference)}}
            for item in compared
        ],
        "totals": {
            "statements": len(compared),
            "identical": totals[Outcome.IDENTICAL],
            "not_translated": totals[Outcome.NOT_TRANSLATED],
            "different": totals[Outcome.DIFFERENT],
        },
        "exit_code": 4 if totals[Outcome.DIFFERENT] else 0,
    }


def _statements(script: str) -> tuple[Statement | Untranslated, ...]:
    statements = read_script(script)
    if not statements:
        raise UsageError("no statement is given", hint='pgraduate translate "SELECT 1"')
    return statements


def _with_hint_of_parameters(found: Translated | Untranslated) -> Translated | Untranslated:
    """Say how the command learns what values an application binds."""
    if isinstance(found, Untranslated) and found.construct == "a parameter":
        hint = "name the storage class of each value, in their order: -p integer,text"
        return replace(found, construct="a parameter of an unknown class", hint=hint)
    return found


def _classes(names: Sequence[str]) -> tuple[StorageClass, ...]:
    try:
        return tuple(StorageClass(name.strip().lower()) for name in names)
    except ValueError:
        known = [storage_class.value for storage_class in StorageClass]
        wrong = next(name for name in names if name.strip().lower() not in known)
        raise UsageError(
            f"no storage class is called {wrong.strip()!r}", hint=f"known are: {', '.join(known)}"
        ) from None


def schema_of(source: str | Path, settings: Settings, sink: Sink) -> tuple[SchemaView, str]:
    """Plan a source from a private copy and show the plan to the translator."""
    (named,) = name_sources([source], settings)
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        sealed = back_up(named.path, Path(directory), named.schema, sink=sink)
        record = RunSource(named.name, str(named.path), named.schema, sealed.digest, sealed.bytes, str(sealed.path))
        plan = plan_source(record, settings, sink=sink)
        return planned_schema(read_catalog(sealed.path, name=named.name), plan), plan.schema


def _checked(
    schema: str | None, translated: Sequence[Translated], settings: Settings, sink: Sink
) -> tuple[Refusal | None, ...]:
    assert schema is not None
    with standing_destination(settings).target.connect("translate") as connection:
        sink.emit(Notice(f"target: {identify(connection)}"))
        return prepare(connection, schema, translated)


def _check(refusal: Refusal | None, *, checked: bool, item: Translated | Untranslated) -> dict[str, Any] | None:
    if not checked or isinstance(item, Untranslated):
        return None
    if refusal is None:
        return {"accepted": True, "sqlstate": None, "message": None}
    return {"accepted": False, "sqlstate": refusal.sqlstate, "message": refusal.message}


def _document(item: Translated | Untranslated) -> dict[str, Any]:
    statement = item.statement
    shown: dict[str, Any] = {"statement": statement.text, "line": statement.line, "kind": statement.kind.value}
    if isinstance(item, Untranslated):
        return shown | {"translated": False, "construct": item.construct, "hint": item.hint}
    return shown | {
        "translated": True,
        "postgresql": list(item.texts),
        "columns": [
            {
                "name": column.name,
                "storage_class": column.storage_class.value if column.storage_class else None,
                "type": column.type,
            }
            for column in item.columns
        ],
        "ordered": item.ordered,
        "parameters": list(item.parameters),
        "uses_compat": item.uses_compat,
        "rules": list(item.rules),
        "findings": to_json(item.findings),
    }
