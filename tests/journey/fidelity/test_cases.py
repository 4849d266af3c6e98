"""Every case of the registry, carried over in fact, and docs/cases.md, which says what the registry says."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support import cases_operation, decisions_page, oracle
from support.case import Case, table
from support.cases_defaults import CASES as DEFAULTS
from support.cases_keys import CASES as KEYS
from support.cases_objects import CASES as OBJECTS
from support.cases_values import CASES as VALUES
from support.fidelity import Carried, answer, carry, last_plan, schemas
from support.golden import assert_golden

CASES = (*VALUES, *DEFAULTS, *KEYS, *OBJECTS)
ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "cases.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, target: str, tmp_path: Path) -> None:
    path = case.make(tmp_path)
    with psycopg.connect(target, autocommit=True) as connection:
        if case.setup:
            connection.execute(case.setup)
        answer(tmp_path, case.answers, case.wishes)
        carried = carry(path, target, tmp_path, policy=case.policy)
        assert {decision.id for decision in carried.open} == set(case.asks), carried.why
        if case.asks:
            assert (carried.code, schemas(connection)) == (5, set())
            answer(tmp_path, {**case.answers, **case.asks}, case.wishes)
            carried = carry(path, target, tmp_path, policy=case.policy)
        assert carried.code == case.code, carried.why
        if carried.error is None:
            _hold(case, carried, path, connection)


def _hold(case: Case, carried: Carried, path: Path, connection: psycopg.Connection) -> None:
    assert carried.verdict == "equal"
    assert oracle.differences(path, connection, last_plan(connection)) == []
    for decision in carried.document["decisions"]:
        kind, options = decision["id"].partition(":")[0], [option["key"] for option in decision["options"]]
        decisions_page.hold(kind, options, decision["safe"])
    assert carried.decided == tuple(sorted([*case.asks, *case.answers, *case.safe]))
    assert (carried.quarantined, carried.not_carried) == (case.quarantined, tuple(sorted(case.not_carried)))
    assert {place: _type(connection, place) for place in case.types} == case.types
    for question, expected in case.found.items():
        assert connection.execute(question.encode()).fetchone() == expected
    for statement, state in case.refused.items():
        with pytest.raises(psycopg.Error) as refusal:
            connection.execute(statement.encode())
        assert refusal.value.sqlstate == state


def _type(connection: psycopg.Connection, place: str) -> str:
    name, _, column = place.partition(".")
    row = connection.execute(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
        (f"app.{name}", column),
    ).fetchone()
    assert row is not None, f"no column {place}"
    return str(row[0])


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def test_every_failure_case_of_a_migration_is_here() -> None:
    """55 to 57 are failures of a running synchronisation."""
    held = {case.number for case in (*CASES, *cases_operation.CASES)}
    assert {str(number) for number in range(1, 60)} - {"55", "56", "57"} <= held


@pytest.mark.parametrize("case", cases_operation.CASES, ids=lambda case: case.test.rpartition("::")[2])
def test_a_case_that_is_held_elsewhere_has_its_test(case: cases_operation.HeldBy) -> None:
    file, _, function = case.test.partition("::")
    text = (ROOT / file).read_text("utf-8")
    assert f"def {function}(" in text or (function == "*" and "def test_" in text)


def test_the_page_of_cases_says_what_is_tested() -> None:
    assert_golden(PAGE, _page())


def _page() -> str:
    return f"""# Databases that break migrators

**In short:** {len(CASES)} small databases, each made to break a migration tool, and what pgraduate makes of each. A
test carries every one of them over, compares every value by two independent readings, and holds the outcome to this table.

Run one of them: `pytest tests/journey/fidelity/test_cases.py -k NAME`. The verdict on the data is "equal" in every line
whose last exit code is 0 or 3. Decisions are explained in [decisions.md](decisions.md), exit codes in
[contracts.md](contracts.md).

{table(CASES)}

## Failures of operation

What no small file shows is held by a test of its own.

{cases_operation.table()}
"""
