"""How large a table can be, known before its rows are read: its file holds it, and so do its rows at their longest."""

from __future__ import annotations

from pathlib import Path

from pgraduate.model.plan import TablePlan


def most_bytes(plan: TablePlan, sealed: Path) -> int:
    """Give the bytes that the rows of a table take at most."""
    size = sealed.stat().st_size
    return min(size, plan.rows * plan.longest) if plan.longest else size
