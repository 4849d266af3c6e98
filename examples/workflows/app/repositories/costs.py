"""What workflows cost: entries per phase and service, prices, budgets and daily figures."""

from __future__ import annotations

import sqlite3
from typing import Any


def set_price(connection: sqlite3.Connection, service: str, unit_price: float, currency: str = "EUR") -> None:
    """Set the price of one unit.  Raises ValueError for a price or a currency that the table refuses."""
    try:
        with connection:
            connection.execute(
                "INSERT OR REPLACE INTO price_list (service, unit_price, currency) VALUES (?, ?, ?)",
                (service, unit_price, currency),
            )
    except sqlite3.IntegrityError as error:
        raise ValueError(f"{service}: {error}") from error


def price(connection: sqlite3.Connection, service: str) -> float:
    """Give the price of one unit; a service without a price costs one millionth."""
    row = connection.execute("SELECT unit_price FROM price_list WHERE service = ?", (service,)).fetchone()
    return 1e-6 if row is None else float(row[0])


def add(
    connection: sqlite3.Connection, workflow_id: str, phase: str, service: str, units: int, unit_price: float
) -> None:
    """Add units to the entry of this workflow, phase and service, which is made if it is not there."""
    with connection:
        connection.execute(
            """
            INSERT INTO cost_entries (workflow_id, phase, service, units, unit_price, amount)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (workflow_id, phase, service) DO UPDATE
               SET units = units + excluded.units, amount = amount + excluded.amount,
                   unit_price = excluded.unit_price
            """,
            (workflow_id, phase, service, units, unit_price, units * unit_price),
        )


def total(connection: sqlite3.Connection, workflow_id: str) -> float:
    row = connection.execute(
        "SELECT TOTAL(amount) FROM cost_entries WHERE workflow_id = ?", (workflow_id,)
    ).fetchone()
    return float(row[0])


def settle(connection: sqlite3.Connection, workflow_id: str) -> float:
    """Write the sum of the entries into the workflow's runs and return it."""
    with connection:
        connection.execute(
            """
            UPDATE workflow_history
               SET actual_cost = (SELECT ifnull(sum(amount), 0.0) FROM cost_entries WHERE workflow_id = ?)
             WHERE workflow_id = ?
            """,
            (workflow_id, workflow_id),
        )
    return total(connection, workflow_id)


def by_phase(connection: sqlite3.Connection, workflow_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        """
        SELECT phase, SUM(units) AS units, ROUND(SUM(amount), 6) AS amount
          FROM cost_entries WHERE workflow_id = ? GROUP BY phase HAVING SUM(units) > 0 ORDER BY phase
        """,
        (workflow_id,),
    )
    return [dict(row) for row in rows]


def by_month(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = connection.execute("SELECT * FROM cost_by_month ORDER BY month DESC, amount DESC, service")
    return [dict(row) for row in rows]


def set_budget(connection: sqlite3.Connection, project_id: int, month: str, amount: float) -> None:
    """Set a project's budget for a month such as '2025-06'.  Raises ValueError for one that the table refuses."""
    try:
        with connection:
            connection.execute(
                """
                INSERT INTO budgets (project_id, month, amount) VALUES (?, ?, ?)
                ON CONFLICT (project_id, month) DO UPDATE SET amount = excluded.amount
                """,
                (project_id, month, amount),
            )
    except sqlite3.IntegrityError as error:
        raise ValueError(f"budget of {month}: {error}") from error


def budget_use(connection: sqlite3.Connection, month: str) -> list[dict[str, Any]]:
    """Give what each project has spent of its budget, with a verdict, the most used first."""
    rows = connection.execute(
        """
        SELECT p.slug, b.amount AS budget, TOTAL(h.actual_cost) AS spent,
               CASE WHEN TOTAL(h.actual_cost) > b.amount THEN 'over'
                    WHEN TOTAL(h.actual_cost) >= b.amount * b.alert_at THEN 'near'
                    ELSE 'within' END AS verdict
          FROM budgets b
          JOIN projects p ON p.id = b.project_id
          LEFT JOIN workflow_history h ON h.project_id = p.id AND substr(h.started_at, 1, 7) = b.month
         WHERE b.month = ?
         GROUP BY b.id
         ORDER BY spent / b.amount DESC, p.slug
        """,
        (month,),
    )
    return [dict(row) for row in rows]


def count_day(connection: sqlite3.Connection, day: str, project_id: int, *, failed: bool, cost: float) -> None:
    """Add one finished run to the figures of its day."""
    with connection:
        connection.execute(
            """
            INSERT INTO daily_metrics (day, project_id, runs, failures, cost) VALUES (?, ?, 1, ?, ?)
            ON CONFLICT (day, project_id) DO UPDATE
               SET runs = runs + 1, failures = failures + excluded.failures, cost = cost + excluded.cost
            """,
            (day, project_id, failed, cost),
        )


def daily(connection: sqlite3.Connection, project_id: int) -> list[dict[str, Any]]:
    """Give a project's days, newest first, with the share of failures in whole percent."""
    rows = connection.execute(
        """
        SELECT day, runs, failures, failures * 100 / runs AS failed_percent, cost
          FROM daily_metrics WHERE project_id = ? ORDER BY day DESC
        """,
        (project_id,),
    )
    return [dict(row) for row in rows]
