"""Costs, prices, budgets and daily figures."""

from __future__ import annotations

import sqlite3

import pytest
from app.repositories import costs, history, projects


def test_units_of_one_service_add_up_in_one_entry(workflows: sqlite3.Connection) -> None:
    costs.add(workflows, "wf-1", "build", "compute", 100, 0.5)
    costs.add(workflows, "wf-1", "build", "compute", 50, 0.5)
    assert costs.by_phase(workflows, "wf-1") == [{"phase": "build", "units": 150, "amount": 75.0}]


def test_a_millionth_is_not_lost(workflows: sqlite3.Connection) -> None:
    costs.add(workflows, "wf-1", "plan", "storage", 1, 1e-6)
    assert costs.total(workflows, "wf-1") == 1e-6


def test_a_workflow_without_entries_costs_nothing(workflows: sqlite3.Connection) -> None:
    assert costs.total(workflows, "wf-none") == 0.0


def test_a_negative_amount_is_refused(workflows: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        costs.add(workflows, "wf-1", "plan", "storage", -1, 1.0)


def test_settling_writes_the_sum_into_the_run(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Release")
    costs.add(workflows, "wf-1", "plan", "compute", 2, 0.25)
    costs.add(workflows, "wf-1", "build", "compute", 3, 0.25)
    assert costs.settle(workflows, "wf-1") == history.get(workflows, "wf-1")["actual_cost"] == 1.25


def test_phases_without_units_are_left_out(workflows: sqlite3.Connection) -> None:
    costs.add(workflows, "wf-1", "plan", "compute", 0, 0.25)
    assert costs.by_phase(workflows, "wf-1") == []


def test_the_months_are_summed_by_service(workflows: sqlite3.Connection) -> None:
    costs.add(workflows, "wf-1", "plan", "compute", 4, 5.0)
    costs.add(workflows, "wf-2", "plan", "compute", 1, 5.0)
    (month,) = costs.by_month(workflows)
    assert (month["service"], month["entries"], month["amount"], month["level"]) == ("compute", 2, 25.0, "medium")


def test_a_price_is_replaced(workflows: sqlite3.Connection) -> None:
    costs.set_price(workflows, "compute", 0.5)
    costs.set_price(workflows, "compute", 0.75)
    assert costs.price(workflows, "compute") == 0.75


@pytest.mark.parametrize(("unit_price", "currency"), [(0.0, "EUR"), (-1.0, "EUR"), (1.0, "EURO")])
def test_an_impossible_price_is_refused(workflows: sqlite3.Connection, unit_price: float, currency: str) -> None:
    with pytest.raises(ValueError, match="CHECK"):
        costs.set_price(workflows, "compute", unit_price, currency)


@pytest.mark.parametrize(("estimate", "verdict"), [(10.0, "within"), (80.0, "near"), (101.0, "over")])
def test_the_use_of_a_budget_has_a_verdict(workflows: sqlite3.Connection, estimate: float, verdict: str) -> None:
    project = projects.create(workflows, "docs", "Documentation")
    history.start(workflows, "wf-1", "Release", project_id=project)
    costs.add(workflows, "wf-1", "plan", "compute", 1, estimate)
    costs.settle(workflows, "wf-1")
    month = history.get(workflows, "wf-1")["started_at"][:7]
    costs.set_budget(workflows, project, month, 100)
    assert [use["verdict"] for use in costs.budget_use(workflows, month)] == [verdict]


def test_a_month_that_is_none_is_refused(workflows: sqlite3.Connection) -> None:
    project = projects.create(workflows, "docs", "Documentation")
    with pytest.raises(ValueError, match="budget of June"):
        costs.set_budget(workflows, project, "June", 100)


def test_the_runs_of_a_day_are_counted(workflows: sqlite3.Connection) -> None:
    project = projects.create(workflows, "docs", "Documentation")
    for failed in (False, True, False):
        costs.count_day(workflows, "2025-06-01", project, failed=failed, cost=0.5)
    assert costs.daily(workflows, project) == [
        {"day": "2025-06-01", "runs": 3, "failures": 1, "failed_percent": 33, "cost": 1.5}
    ]
