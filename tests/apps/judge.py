"""Each case through the translator, and each translation to a server that has its schema.

The schema is planned, made and loaded by pgraduate itself, as a run would do it.  Decisions that a schema asks for are
answered by the safe option, or by the last, which leaves something behind.  What reads a translation back here is
another parser than the one that wrote it: the invariant is that nothing reached the output unparsed.  VACUUM, which no
transaction takes and no PREPARE reads, is really executed.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import databases
import psycopg
import sqlglot
from recordings import Case, Master, Recording
from sqlglot import exp

from pgraduate.events import Silence
from pgraduate.journey.operations import REGISTRY, plan_compat, plan_records
from pgraduate.journey.scratch import Scratch, scratch
from pgraduate.journey.sources import Source, name_sources
from pgraduate.model.decision import OpenDecisions
from pgraduate.postgres.target import from_text
from pgraduate.settings import Settings, load
from pgraduate.translate import Kind, Layered, Refusal, Translated, Untranslated, attempt, prepare


@dataclass
class Verdict:
    """Of one application.  `failures` are the server's words about what it would not take: there must be none."""

    statements: int = 0
    translated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unparsed: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "statements": self.statements,
            "translated": self.translated,
            "refused": dict(sorted(self.refused.items(), key=lambda item: (-item[1], item[0]))),
            "unparsed": self.unparsed,
            "prepare_failures": self.failures,
        }


def judge(recording: Recording, conninfo: str, policy: str) -> Verdict:
    """Translate and prepare every case of an application in a database of its own."""
    verdict = Verdict()
    prepare_database(conninfo)
    for schema, cases in recording.by_schema.items():
        unique = [case.statement.text for case in cases if case.statement.name == "CREATE UNIQUE INDEX"]
        with _carried(schema, recording.samples.get(schema, ()), unique, conninfo, policy) as made:
            _judge(cases, made, verdict)
    return verdict


def prepare_database(conninfo: str) -> None:
    """Install what every scratch schema would otherwise bring and take away again."""
    with from_text(conninfo).connect("apps") as connection:
        for plan in (plan_records(), plan_compat()):
            REGISTRY[plan.operation].apply(connection, plan)


def _judge(cases: Sequence[Case], made: Scratch, verdict: Verdict) -> None:
    for case in cases:
        verdict.statements += 1
        layered = Layered(made.schema, made.plan.schema)
        found = attempt(case.statement, layered, parameters=case.classes or None)
        if isinstance(found, Untranslated):
            verdict.refused[found.construct] += 1
            continue
        verdict.translated += 1
        text = case.statement.text
        if case.statement.kind in (Kind.QUERY, Kind.DML) and any(map(_holds_a_command, found.texts)):
            verdict.unparsed.append(text)
        (refusal,) = prepare(made.postgres, made.plan.schema, [found])
        if refusal is None and case.statement.name == "VACUUM":
            refusal = _execute(found, made)
        if refusal is not None:
            verdict.failures.append(f"{refusal.sqlstate} {refusal.message}: {text}")


def _execute(found: Translated, made: Scratch) -> Refusal | None:
    """Run what must stand outside of a transaction, and give the server's answer where it fails."""
    try:
        for text in found.texts:
            made.postgres.execute(text.encode())
    except psycopg.Error as error:
        return Refusal(error.sqlstate or "", str(error))
    return None


def _holds_a_command(text: str) -> bool:
    # This parser takes what stands between two dollars for a string, so parameters get another mark.
    text = re.sub(r"\$(\d+)", r":p\1", text)
    return any(tree is None or tree.find(exp.Command) for tree in sqlglot.parse(text, dialect="postgres"))


@contextmanager
def _carried(
    schema: Master, samples: Sequence[Path], unique: Sequence[str], conninfo: str, policy: str
) -> Iterator[Scratch]:
    with tempfile.TemporaryDirectory() as directory:
        path = databases.make(Path(directory) / "application.db", schema, samples, unique)
        settings = load(path.parent, policy=policy, environment={})
        (source,) = name_sources([path], settings)
        with ExitStack() as stack:
            yield _entered(source, settings, conninfo, stack)


def _entered(source: Source, settings: Settings, conninfo: str, stack: ExitStack) -> Scratch:
    while True:
        try:
            return stack.enter_context(scratch(source, settings, from_text(conninfo), sink=Silence()))
        except OpenDecisions as error:
            answers = {d.id.replace(":pgraduate_scratch.", f":{source.schema}.", 1): d for d in error.decisions}
            chosen = {key: decision.options[-1].key for key, decision in answers.items()}
            settings = replace(settings, decisions={**settings.decisions, **chosen})
