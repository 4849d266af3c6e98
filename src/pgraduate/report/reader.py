"""From a journal to a report: one pass over the entries, then one value per part of the page.

The reader asks neither the source nor the target, so it renders a run years later and far away.  It reads the
vocabulary of `report.vocabulary`; later facts about the same thing replace earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pgraduate.errors import PgraduateError, Refused
from pgraduate.journal import Journal
from pgraduate.model.decision import Decision
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding
from pgraduate.model.result import ObjectResult, RowDifference, Verdict
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import from_json
from pgraduate.report import vocabulary
from pgraduate.report.judgement import judge
from pgraduate.report.model import (
    ColumnReport,
    OperationReport,
    Outcome,
    RunReport,
    ServerReport,
    SourceReport,
    StepReport,
    TableReport,
    Totals,
    ViewReport,
    total,
)

T = TypeVar("T")

_OUTCOMES = ("carried", "translated", "not_carried")
_ORDER = {Verdict.DIFFERENT: 0, Verdict.INCOMPLETE: 1, Verdict.EQUAL: 2}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one step wrote under one name; numbers come out of it only as figures of that step."""

    step: str = ""
    value: dict[str, Any] = field(default_factory=dict)

    def figure(self, key: str, unit: str = "") -> Figure:
        value = self.value.get(key)
        known = isinstance(value, (int, float)) and not isinstance(value, bool)
        return Figure(key.replace("_", " "), value if known else None, unit, self.step if known else "")

    def text(self, key: str) -> str:
        return self.optional(key) or ""

    def optional(self, key: str) -> str | None:
        value = self.value.get(key)
        return None if value is None else str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Give one text, or a list of texts, as a list without empty ones."""
        value = self.value.get(key) or ()
        return tuple(str(item) for item in ([value] if isinstance(value, str) else value) if item)

    def counts(self, key: str) -> Fact:
        """Give a tally by outcome; an outcome that a tally does not name was counted and occurred nowhere."""
        value = self.value.get(key)
        return Fact(self.step, dict.fromkeys(_OUTCOMES, 0) | value if isinstance(value, dict) else {})


def read(journal: Journal, *, without: frozenset[str] = frozenset()) -> RunReport:
    """Read a run from its journal alone; the steps of the verbs in `without` are left out.

    Raises PgraduateError for an entry that is whole but not what its type says; torn lines are left out and
    counted.
    """
    lines = list(journal.lines())
    entries = [line for line in lines if line is not None]
    torn = Figure("torn lines", len(lines) - len(entries), "", "journal")
    left_out = {entry["step"] for entry in entries if entry["type"] == "step_started" and entry["verb"] in without}
    return _Reading(journal, [entry for entry in entries if entry["step"] not in left_out]).report(torn)


class _Reading:
    """The entries of one journal, and the questions that the parts of a report ask of them."""

    def __init__(self, journal: Journal, entries: list[dict[str, Any]]) -> None:
        self.journal = journal
        self.entries = entries
        self.steps = tuple(self._step(entry) for entry in self._of("step_started"))
        self.comparing = self._comparing_step()

    def report(self, torn: Figure) -> RunReport:
        opened = next(self._of("run_opened"), {})
        tables, views, sources = self._tables(), self._views(), self._sources()
        stated = self._last_fact(vocabulary.VERDICT, self.comparing)
        judgement = judge(
            self.steps,
            comparing=next((step for step in self.steps if step.name == self.comparing), None),
            stated=stated.optional("verdict"),
            why=stated.texts("why"),
            exit_code=stated.figure("exit_code"),
            tables=tables,
            planned=total("tables", "", (source.planned_tables for source in sources)),
        )
        return RunReport(
            run_id=self.journal.run_id,
            opened_at=str(opened.get("at", "")),
            version=str(opened.get("version", "")),
            policy=str(opened.get("policy", "")),
            target=str(opened.get("target", "")),
            verdict=judgement.verdict,
            why=judgement.why,
            equal_means=stated.texts("equal_means"),
            exit_code=judgement.exit_code,
            totals=self._totals(tables),
            sources=sources,
            tables=tables,
            columns=tuple(self._columns()),
            views=views,
            objects=self._objects(),
            decisions=tuple({item.id: item for item in self._models(Decision, "decision")}.values()),
            findings=tuple(dict.fromkeys(self._models(Finding, "finding"))),
            steps=self.steps,
            operations=tuple(self._operations()),
            servers=tuple(self._servers()),
            torn_lines=torn,
        )

    def _of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (entry for entry in self.entries if entry["type"] == kind)

    def _models(self, kind: type[T], name: str) -> Iterator[T]:
        return (self._model(kind, entry, name) for entry in self._of(name))

    def _model(self, kind: type[T], data: Any, name: str) -> T:
        try:
            return from_json(kind, data)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise PgraduateError(
                f"an entry of the journal is not a {name}",
                where=str(self.journal.path),
                hint="the version of pgraduate that wrote it can read it",
            ) from error

    def _facts(self, name: str, step: str | None = None) -> Iterator[Fact]:
        for entry in self._of("fact"):
            if entry.get("name") == name and isinstance(entry.get("value"), dict) and step in (None, entry["step"]):
                yield Fact(entry["step"], entry["value"])

    def _last_fact(self, name: str, step: str | None) -> Fact:
        facts = list(self._facts(name, step)) if step is not None else []
        return facts[-1] if facts else Fact()

    def _by(self, name: str, key: str) -> dict[str, Fact]:
        return {fact.text(key): fact for fact in self._facts(name)}

    def _comparing_step(self) -> str | None:
        """Find the last verify step, unless a later step has written to the target since."""
        for step in reversed(self.steps):
            if step.verb == vocabulary.VERIFY:
                return step.name
            if self._wrote(step):
                return None
        return None

    def _wrote(self, step: StepReport) -> bool:
        if step.exit_code.value == Refused.exit_code:
            return False
        if step.verb == vocabulary.SCHEMA:
            return any(entry["step"] == step.name for entry in self._of("operation_planned"))
        if step.verb == vocabulary.UNDO:
            return self._last_fact(vocabulary.UNDO, step.name).value.get("database") is not False
        return step.verb in vocabulary.WRITING_VERBS

    def _compared(self, name: str) -> Iterator[Fact]:
        return self._facts(name, self.comparing) if self.comparing is not None else iter(())

    def _step(self, started: dict[str, Any]) -> StepReport:
        name = str(started["step"])
        ended = next((entry for entry in self._of("step_ended") if entry["step"] == name), None)
        fact = Fact(name, ended or {})
        return StepReport(
            name=name,
            verb=str(started.get("verb", "")),
            outcome=cast("Outcome", fact.text("outcome")) if ended is not None else "not ended",
            started_at=str(started.get("at", "")),
            seconds=fact.figure("seconds", "seconds"),
            figures=tuple(
                Figure(
                    str(entry.get("name")),
                    Fact(name, entry).figure("value").value,
                    str(entry.get("unit", "")),
                    name,
                )
                for entry in self._of("figure")
                if entry["step"] == name
            ),
            code=fact.optional("code"),
            message=fact.optional("message"),
            where=fact.optional("where"),
            hint=fact.optional("hint"),
            exit_code=fact.figure("exit_code"),
        )

    def _sources(self) -> tuple[SourceReport, ...]:
        found, sealed, planned = (
            self._by(vocabulary.SOURCE, "name"),
            self._by(vocabulary.SEALED, "source"),
            self._by(vocabulary.PLAN, "source"),
        )
        return tuple(
            _source(key, found.get(key, Fact()), sealed.get(key, Fact()), planned.get(key, Fact()))
            for key in dict.fromkeys((*found, *sealed, *planned))
        )

    def _tables(self) -> tuple[TableReport, ...]:
        copied = {_table_key(fact): fact for fact in self._facts(vocabulary.TABLE_COPIED)}
        compared = {_table_key(fact): fact for fact in self._compared(vocabulary.TABLE)}
        tables = [
            self._table(key, copied.get(key, Fact()), compared.get(key, Fact()))
            for key in dict.fromkeys((*compared, *copied))
        ]
        return tuple(sorted(tables, key=lambda table: (_ORDER[table.verdict], table.schema, table.name)))

    def _table(self, key: tuple[str, str], copied: Fact, compared: Fact) -> TableReport:
        differing = compared.figure("differing", "rows")
        return TableReport(
            source=compared.text("source") or copied.text("source"),
            schema=key[0],
            name=key[1],
            source_table=compared.text("source_table") or key[1],
            verdict=_verdict(differing),
            copied=copied.figure("rows", "rows"),
            bytes=copied.figure("bytes", "bytes"),
            seconds=copied.figure("seconds", "seconds"),
            rows_source=compared.figure("rows_source", "rows"),
            rows_target=compared.figure("rows_target", "rows"),
            cells=compared.figure("cells", "cells"),
            differing=differing,
            quarantined=compared.figure("quarantined", "cells"),
            kept_classes=compared.figure("kept_classes", "cells"),
            digest=compared.optional("digest"),
            differences=tuple(
                self._model(RowDifference, item, "row difference") for item in compared.value.get("differences", ())
            ),
        )

    def _columns(self) -> Iterator[ColumnReport]:
        """Take the columns as they were planned, of each table the last plan."""
        planned = {f"{fact.text('schema')}.{fact.text('table')}": fact for fact in self._facts(vocabulary.COLUMNS)}
        for table, fact in planned.items():
            for column in fact.value.get("columns", ()):
                yield self._model(ColumnReport, column | {"table": table}, "column")

    def _views(self) -> tuple[ViewReport, ...]:
        return tuple(_view(fact) for fact in self._compared(vocabulary.VIEW))

    def _objects(self) -> tuple[ObjectResult, ...]:
        """Take the objects as compared, or as planned where nothing was compared."""
        facts = list(self._compared(vocabulary.OBJECT)) or list(
            self._facts(vocabulary.OBJECT, self._last(vocabulary.SCHEMA))
        )
        return tuple(self._model(ObjectResult, fact.value, "object result") for fact in facts)

    def _last(self, verb: str) -> str:
        return next((step.name for step in reversed(self.steps) if step.verb == verb), "")

    def _totals(self, tables: tuple[TableReport, ...]) -> Totals:
        compared = sum(table.verdict is not Verdict.INCOMPLETE for table in tables)
        measured = self.comparing is not None
        return Totals(
            tables=Figure("tables", compared if measured else None, "", self.comparing or ""),
            rows=total("rows", "rows", (table.rows_target for table in tables)),
            cells=total("cells", "cells", (table.cells for table in tables)),
            differing=total("differing", "rows", (table.differing for table in tables)),
            quarantined=total("quarantined", "cells", (table.quarantined for table in tables)),
            kept_classes=total("kept classes", "cells", (table.kept_classes for table in tables)),
            bytes=total("bytes", "bytes", (table.bytes for table in tables)),
            seconds=total("seconds", "seconds", (step.seconds for step in self.steps)),
        )

    def _operations(self) -> Iterator[OperationReport]:
        checks = {
            (entry["step"], entry.get("operation"), entry.get("subject")): entry
            for entry in self._of("operation_applied")
        }
        for plan in self._of("operation_planned"):
            check = checks.get((plan["step"], plan.get("operation"), plan.get("subject")), {})
            yield OperationReport(
                step=plan["step"],
                operation=str(plan.get("operation", "")),
                subject=str(plan.get("subject", "")),
                statements=tuple(plan.get("statements", ())),
                undo=tuple(plan.get("undo", ())),
                holds=check.get("holds"),
                why=str(check.get("why", "")),
            )

    def _servers(self) -> Iterator[ServerReport]:
        steps: dict[ServerIdentity, dict[str, None]] = {}
        for entry in self._of("server"):
            identity = self._model(ServerIdentity, entry, "server identity")
            steps.setdefault(identity, {})[entry["step"]] = None
        for identity, names in steps.items():
            yield ServerReport(identity, tuple(names))


def _table_key(fact: Fact) -> tuple[str, str]:
    return fact.text("schema"), fact.text("name")


def _verdict(differing: Figure, error: str | None = None) -> Verdict:
    if differing.value is None or error is not None:
        return Verdict.INCOMPLETE
    return Verdict.EQUAL if differing.value == 0 else Verdict.DIFFERENT


def _source(name: str, found: Fact, sealed: Fact, planned: Fact) -> SourceReport:
    objects = planned.counts("objects")
    return SourceReport(
        name=name,
        path=found.text("path"),
        encoding=found.text("encoding"),
        journal_mode=found.text("journal_mode"),
        bytes=found.figure("bytes", "bytes"),
        tables=found.figure("tables"),
        views=found.figure("views"),
        indexes=found.figure("indexes"),
        triggers=found.figure("triggers"),
        digest=sealed.optional("digest"),
        sealed_bytes=sealed.figure("bytes", "bytes"),
        schema=planned.optional("schema"),
        planned_tables=planned.figure("tables"),
        carried=objects.figure("carried"),
        translated=objects.figure("translated"),
        not_carried=objects.figure("not_carried"),
    )


def _view(fact: Fact) -> ViewReport:
    differing, error = fact.figure("differing", "rows"), fact.optional("error")
    return ViewReport(
        source=fact.text("source"),
        name=fact.text("name"),
        verdict=_verdict(differing, error),
        rows_source=fact.figure("rows_source", "rows"),
        rows_target=fact.figure("rows_target", "rows"),
        differing=differing,
        within_tolerance=fact.figure("within_tolerance", "cells"),
        error=error,
    )
