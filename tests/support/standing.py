"""One source and one standing target, and the ways to bring them together."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from pgraduate.journey.undo import undo
from pgraduate.journey.walk import run
from pgraduate.model.decision import OpenDecisions
from pgraduate.settings import Policy, Settings


class Load:
    def __init__(self, directory: Path, target: str) -> None:
        self.directory, self.target = directory, target

    def prepare(self, source: str, target: str) -> None:
        with closing(sqlite3.connect(self.directory / "app.db")) as connection, connection:
            connection.executescript(source)
        self.execute(target)

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.target, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def run(self, **answers: str) -> dict[str, object]:
        settings = Settings(self.directory, self.target, policy=Policy.EXISTING, decisions=answers)
        return run([self.directory / "app.db"], settings)

    def undo(self) -> None:
        undo(Settings(self.directory, self.target))

    def asked(self) -> dict[str, str]:
        """Give the questions that stop a run, with their evidence; nothing may have been written."""
        with pytest.raises(OpenDecisions) as stopped:
            self.run()
        assert self.execute("SELECT to_regnamespace('pgraduate')") == [(None,)]
        return {decision.id: decision.evidence for decision in stopped.value.decisions}
