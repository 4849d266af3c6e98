"""Runs of one kind of statement on one connection: what an application asked in a loop."""

from __future__ import annotations

from collections.abc import Mapping

from pgraduate.workload.fingerprint import shape

SHORTEST = 10
"""The same statement this often in a row, each time with other values, is a loop in the application."""


class Sequences:
    """Sees executions in their order; `longest` has each kind that ran ten times in a row or more."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[str, int, str]] = {}
        self._longest: dict[str, int] = {}

    def see(self, connection: int, sql: str) -> None:
        kind = shape(sql).id
        before, count, last = self._running.get(connection, ("", 0, ""))
        count = count + 1 if kind == before and sql != last else 1
        self._running[connection] = kind, count, sql
        if count >= SHORTEST:
            self._longest[kind] = max(self._longest.get(kind, 0), count)

    @property
    def longest(self) -> Mapping[str, int]:
        return dict(self._longest)
