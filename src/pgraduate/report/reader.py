"""From a journal to a report: one pass over the entries, then one value per part of the page.

The reader asks neither the source nor the target, so it renders a run years later and far away.  It reads the
vocabulary of `report.vocabulary`; later facts about the same thing replace earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pgraduate.errors import Refused
from pgraduate.journal import Journal
from pgraduate.model.decision import Decision
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding
from pgraduate.model.result import ObjectResult, RowDifference, Verdict
from pgraduate.model.server import ServerIdentity
from pgraduate.report import vocabulary
from pgraduate.report.facts import Entries, Fact
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

_ORDER = {Verdict.DIFFERENT: 0, Verdict.INCOMPLETE: 1, Verdict.EQUAL: 2}


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
    """The parts of a report, each as the entries of one journal tell it."""

    def __init__(self, journal: Journal, entries: list[dict[str, Any]]) -> None:
        self.run_id = journal.run_id
        self.told = Entries(journal.path, entries)
        self.steps = tuple(self._step(entry) for entry in self.told.of("step_started"))
        self.comparing = self._comparing_step()

    def report(self, torn: Figure) -> RunReport:
        opened = next(self.told.of("run_opened"), {})
        tables, views, sources = self._tables(), self._views(), self._sources()
        stated = self.told.last_fact(vocabulary.VERDICT, self.comparing)
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
            run_id=self.run_id,
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
            decisions=tuple({item.id: item for item in self.told.models(Decision, "decision")}.values()),
            findings=tuple(dict.fromkeys(self.told.models(Finding, "finding"))),
            steps=self.steps,
            operations=tuple(self._operations()),
            servers=tuple(self._servers()),
            torn_lines=torn,
        )

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
            return any(entry["step"] == step.name for entry in self.told.of("operation_planned"))
        if step.verb == vocabulary.UNDO:
            return self.told.last_fact(vocabulary.UNDO, step.name).value.get("database") is not False
        return step.verb in vocabulary.WRITING_VERBS

    def _compared(self, name: str) -> Iterator[Fact]:
        return self.told.facts(name, self.comparing) if self.comparing is not None else iter(())

    def _step(self, started: dict[str, Any]) -> StepReport:
        name = str(started["step"])
        ended = next((entry for entry in self.told.of("step_ended") if entry["step"] == name), None)
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
                for entry in self.told.of("figure")
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
            self.told.by(vocabulary.SOURCE, "name"),
            self.told.by(vocabulary.SEALED, "source"),
            self.told.by(vocabulary.PLAN, "source"),
        )
        return tuple(
            _source(key, found.get(key, Fact()), sealed.get(key, Fact()), planned.get(key, Fact()))
            for key in dict.fromkeys((*found, *sealed, *planned))
        )

    def _tables(self) -> tuple[TableReport, ...]:
        copied = {_table_key(fact): fact for fact in self.told.facts(vocabulary.TABLE_COPIED)}
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
                self.told.model(RowDifference, item, "row difference")
                for item in compared.value.get("differences", ())
            ),
        )

    def _columns(self) -> Iterator[ColumnReport]:
        """Take the columns as they were planned, of each table the last plan."""
        planned = {
            f"{fact.text('schema')}.{fact.text('table')}": fact for fact in self.told.facts(vocabulary.COLUMNS)
        }
        for table, fact in planned.items():
            for column in fact.value.get("columns", ()):
                yield self.told.model(ColumnReport, column | {"table": table}, "column")

    def _views(self) -> tuple[ViewReport, ...]:
        return tuple(_view(fact) for fact in self._compared(vocabulary.VIEW))

    def _objects(self) -> tuple[ObjectResult, ...]:
        """Take the objects as compared, or as planned where nothing was compared."""
        facts = list(self._compared(vocabulary.OBJECT)) or list(
            self.told.facts(vocabulary.OBJECT, self._last(vocabulary.SCHEMA))
        )
        return tuple(self.told.model(ObjectResult, fact.value, "object result") for fact in facts)

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
            for entry in self.told.of("operation_applied")
        }
        for plan in self.told.of("operation_planned"):
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
        for entry in self.told.of("server"):
            identity = self.told.model(ServerIdentity, entry, "server identity")
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
