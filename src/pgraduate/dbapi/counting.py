"""What changes(), total_changes() and last_insert_rowid() answer: they speak of one connection."""

from __future__ import annotations


class Counting:
    """Sums up what the statements of one connection changed."""

    __slots__ = ("changes", "last_rowid", "total")

    def __init__(self) -> None:
        self.last_rowid = self.changes = self.total = 0

    def count(self, rows: int) -> None:
        self.changes = rows
        self.total += rows

    def number(self, name: str) -> int:
        """Give what the SQL function of this name answers."""
        return {"last_insert_rowid": self.last_rowid, "changes": self.changes, "total_changes": self.total}[name]
