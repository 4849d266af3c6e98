from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import sample_run
from support.sample_run import Entry, compared, copied, ended, fact, opened, started

from pgraduate import report
from pgraduate.errors import PgraduateError, Refused
from pgraduate.journal import Journal
from pgraduate.model.figure import Figure
from pgraduate.model.result import Verdict
from pgraduate.report import RunReport


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "run"


def read(directory: Path, entries: list[Entry]) -> RunReport:
    return report.read(sample_run.write(directory, entries))


def verified(*results: Entry, verdict: str = "equal", exit_code: int = 0, step: str = "verify-1") -> list[Entry]:
    stated = fact(step, "verdict", verdict=verdict, exit_code=exit_code, why="")
    return [started(step), *results, stated, ended(step, 1.5)]


def plan(tables: int) -> list[Entry]:
    return [
        started("schema-1"),
        fact("schema-1", "plan", source="shop", schema="shop", tables=tables),
        ended("schema-1", 1),
    ]


def copy(*tables: Entry, step: str = "copy-1") -> list[Entry]:
    return [started(step), *tables, ended(step, 2.5)]


def test_every_figure_names_the_step_that_measured_it(directory: Path) -> None:
    (table,) = read(directory, [opened(), *copy(copied("t", 7, 70, 0.5)), *verified(compared("t", 7, 21))]).tables
    assert table.copied == Figure("rows", 7, "rows", "copy-1")
    assert table.bytes == Figure("bytes", 70, "bytes", "copy-1")
    assert table.rows_target == Figure("rows target", 7, "rows", "verify-1")
    assert table.cells == Figure("cells", 21, "cells", "verify-1")


def test_a_run_that_was_compared_whole_is_equal(directory: Path) -> None:
    run = read(directory, [opened(), *plan(1), *copy(copied("t", 7, 70, 0.5)), *verified(compared("t", 7, 21))])
    assert (run.verdict, run.exit_code) == (Verdict.EQUAL, Figure("exit code", 0, "", "verify-1"))


def test_an_empty_journal_is_incomplete(directory: Path) -> None:
    run = read(directory, [])
    assert (run.verdict, run.exit_code.value, run.why) == (Verdict.INCOMPLETE, None, ("No step has begun.",))


def test_a_run_without_a_comparison_is_incomplete(directory: Path) -> None:
    run = read(directory, [opened(), *copy(copied("t", 7, 70, 0.5))])
    assert run.verdict is Verdict.INCOMPLETE
    assert run.totals.tables.value is None
    assert run.totals.rows.value is None
    assert run.totals.bytes == Figure("bytes", 70, "bytes", "copy-1")


def test_fewer_tables_compared_than_planned_is_not_equal(directory: Path) -> None:
    run = read(directory, [opened(), *plan(2), *copy(copied("t", 7, 70, 0.5)), *verified(compared("t", 7, 21))])
    assert (run.verdict, run.why) == (Verdict.INCOMPLETE, ("The plan holds tables that were not compared.",))


def test_a_table_that_was_copied_and_not_compared_is_not_equal(directory: Path) -> None:
    tables = copied("t", 7, 70, 0.5), copied("u", 1, 8, 0.5)
    run = read(directory, [opened(), *copy(*tables), *verified(compared("t", 7, 21))])
    assert (run.verdict, run.why) == (Verdict.INCOMPLETE, ("A table was copied and not compared.",))
    assert run.tables[0].name == "u"
    assert run.totals.cells.value is None


def test_a_stated_equal_does_not_hide_a_table_that_differs(directory: Path) -> None:
    run = read(directory, [opened(), *verified(compared("t", 7, 21, differing=1))])
    assert (run.verdict, run.exit_code.value) == (Verdict.DIFFERENT, None)


def test_a_difference_counts_though_its_step_did_not_end(directory: Path) -> None:
    run = read(directory, [opened(), started("verify-1"), compared("t", 7, 21, differing=1)])
    assert run.verdict is Verdict.DIFFERENT


def test_a_stated_equal_whose_step_did_not_end_is_incomplete(directory: Path) -> None:
    run = read(directory, [opened(), *verified(compared("t", 7, 21))[:-1]])
    assert run.verdict is Verdict.INCOMPLETE


def test_a_comparison_before_the_last_copy_says_nothing_about_the_target(directory: Path) -> None:
    run = read(
        directory,
        [
            opened(),
            *copy(copied("t", 7, 70, 0.5)),
            *verified(compared("t", 7, 21, differing=3)),
            *copy(copied("t", 9, 90, 0.5, step="copy-2"), step="copy-2"),
        ],
    )
    assert run.verdict is Verdict.INCOMPLETE
    assert run.tables[0].cells.value is None
    assert run.tables[0].copied == Figure("rows", 9, "rows", "copy-2")


def test_a_refused_copy_wrote_nothing_and_leaves_the_verdict(directory: Path) -> None:
    refused = [
        started("copy-2"),
        ended("copy-2", 0.1, "failed", code="REFUSED", message="", exit_code=Refused.exit_code),
    ]
    run = read(directory, [opened(), *copy(copied("t", 7, 70, 0.5)), *verified(compared("t", 7, 21)), *refused])
    assert run.verdict is Verdict.EQUAL
    assert run.stopped is not None


def test_a_schema_that_is_only_planned_leaves_the_verdict(directory: Path) -> None:
    planned = [started("schema-2"), ended("schema-2", 0.1)]
    assert read(directory, [opened(), *verified(compared("t", 7, 21)), *planned]).verdict is Verdict.EQUAL


def test_a_schema_that_was_changed_takes_the_verdict_away(directory: Path) -> None:
    operation = {"type": "operation_planned", "step": "schema-2", "operation": "finish", "subject": "shop"}
    changed = [started("schema-2"), operation, ended("schema-2", 0.1)]
    assert read(directory, [opened(), *verified(compared("t", 7, 21)), *changed]).verdict is Verdict.INCOMPLETE


def test_an_undo_takes_the_verdict_away(directory: Path) -> None:
    undone = [started("undo-1"), ended("undo-1", 0.1)]
    assert read(directory, [opened(), *verified(compared("t", 7, 21)), *undone]).verdict is Verdict.INCOMPLETE


def test_a_second_comparison_replaces_the_first_whole(directory: Path) -> None:
    run = read(
        directory,
        [
            opened(),
            *verified(compared("t", 7, 21, differing=3), compared("gone", 1, 1), verdict="different", exit_code=4),
            *verified(compared("t", 7, 21, step="verify-2"), step="verify-2"),
        ],
    )
    assert run.verdict is Verdict.EQUAL
    assert [table.name for table in run.tables] == ["t"]


def test_a_failed_step_gives_its_code_message_where_and_hint(directory: Path) -> None:
    stopped = read(directory, sample_run.failed()).stopped
    assert stopped is not None
    assert (stopped.name, stopped.outcome, stopped.code) == ("copy-1", "failed", "TARGET_UNUSABLE")
    assert (stopped.message, stopped.where) == ("the server closed the connection", "table shop.orders")
    assert stopped.exit_code == Figure("exit code", 7, "", "copy-1")


def test_a_killed_step_has_no_time(directory: Path) -> None:
    run = read(directory, sample_run.killed())
    assert run.stopped is not None
    assert (run.stopped.outcome, run.stopped.seconds.value) == ("not ended", None)
    assert run.totals.seconds.value is None


def test_a_missing_key_is_not_measured(directory: Path) -> None:
    run = read(directory, [opened(), started("assess-1"), fact("assess-1", "source", name="shop", tables=True)])
    (source,) = run.sources
    assert (source.bytes.value, source.tables.value, source.sealed_bytes.value) == (None, None, None)


def test_an_outcome_that_a_tally_leaves_out_did_not_occur(directory: Path) -> None:
    planned = fact("schema-1", "plan", source="shop", schema="shop", tables=1, objects={"carried": 3})
    (source,) = read(directory, [opened(), started("schema-1"), planned]).sources
    assert (source.carried.value, source.translated.value, source.not_carried.value) == (3, 0, 0)


def test_the_sentences_of_a_verdict_stand_as_they_were_written(directory: Path) -> None:
    stated = fact("verify-1", "verdict", verdict="different", exit_code=4, why=["t: rows differ", "v: fails"])
    run = read(directory, [opened(), started("verify-1"), stated, ended("verify-1", 1)])
    assert run.why == ("t: rows differ", "v: fails")


def test_one_source_is_put_together_from_three_steps(directory: Path) -> None:
    (source,) = read(directory, sample_run.complete()).sources
    assert (source.bytes.step, source.sealed_bytes.step, source.carried.step) == (
        "assess-1",
        "backup-1",
        "schema-1",
    )


def test_the_last_answer_to_a_decision_counts(directory: Path) -> None:
    entries = sample_run.prepared()
    (first, *_) = [entry for entry in entries if entry["type"] == "decision"]
    changed = first | {"step": "schema-2", "answer": "leave the key out"}
    run = read(directory, [*entries, started("schema-2"), changed])
    assert [decision.answer for decision in run.decisions] == ["leave the key out", "quarantine"]


def test_a_finding_that_two_steps_made_stands_once(directory: Path) -> None:
    entries = sample_run.prepared()
    (found,) = [entry for entry in entries if entry["type"] == "finding"]
    assert len(read(directory, [*entries, found | {"step": "schema-1"}]).findings) == 1


def test_a_server_stands_once_with_all_its_steps(directory: Path) -> None:
    (server,) = read(directory, sample_run.complete()).servers
    assert server.steps == ("schema-1", "copy-1", "verify-1")


def test_planned_objects_stand_in_until_they_are_compared(directory: Path) -> None:
    planned = {"kind": "view", "name": "v", "outcome": "not_carried", "reason": "r"}
    run = read(directory, [opened(), started("schema-1"), fact("schema-1", "object", **planned)])
    assert [item.name for item in run.not_carried] == ["v"]


def test_an_operation_without_a_check_is_not_said_to_hold(directory: Path) -> None:
    entries = [entry for entry in sample_run.prepared() if entry["type"] != "operation_applied"]
    (operation,) = read(directory, entries).operations
    assert operation.holds is None


@pytest.mark.parametrize("kind", ["decision", "finding", "server"])
def test_an_entry_that_is_not_what_it_says_stops_the_report(directory: Path, kind: str) -> None:
    with pytest.raises(PgraduateError, match="an entry of the journal is not a"):
        read(directory, [opened(), {"type": kind, "step": "schema-1"}])


def test_torn_lines_are_counted_and_named_on_the_page(directory: Path) -> None:
    journal = sample_run.write(directory, sample_run.complete())
    with journal.path.open("ab") as file:
        file.write(b'{"type": "fa\n{"type"')
    run = report.read(journal)
    assert run.torn_lines == Figure("torn lines", 2, "", "journal")
    assert "torn by a kill and left out: 2." in report.render_markdown(run)


def test_a_journal_torn_at_any_byte_of_its_last_lines_renders(directory: Path) -> None:
    journal = sample_run.write(directory, sample_run.complete())
    whole = journal.path.read_bytes()
    start = whole.rindex(b"\n", 0, whole.rindex(b"\n", 0, -1)) + 1
    verdicts = []
    for cut in range(start, len(whole) + 1):
        journal.path.write_bytes(whole[:cut])
        verdicts.append(report.read(journal).verdict)
    whole_end = verdicts.index(Verdict.EQUAL)
    assert verdicts[:whole_end] == [Verdict.INCOMPLETE] * whole_end
    assert verdicts[whole_end:] == [Verdict.EQUAL, Verdict.EQUAL]


def test_a_run_written_by_the_journal_itself_reads_back(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path, {"sources": [], "target": "embedded", "policy": "declared", "version": "1"})
    with journal.step("copy") as step:
        step.figure("rows", 5, "rows")
    run = report.read(journal)
    assert run.run_id == journal.run_id
    assert run.steps[0].figures == (Figure("rows", 5, "rows", "copy-1"),)
    assert run.steps[0].seconds.value is not None


def test_the_json_is_plain_and_says_its_version(directory: Path) -> None:
    document = read(directory, sample_run.complete()).to_json()
    assert json.loads(json.dumps(document)) == document
    assert document["schema_version"] == 1
    assert document["verdict"] == "equal"
    assert document["totals"]["cells"] == {"name": "cells", "value": 5_605_402, "unit": "cells", "step": "verify-1"}
