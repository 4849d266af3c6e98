"""A case: a small SQLite file that breaks migrators, and what pgraduate must make of it.

The registry of cases is the source of docs/cases.md and of the tests, so that neither can say what the other does
not.  `number` is the number of the failure case in the catalogue of known failures of migration tools, `–` where it
has none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One trigger and its outcome.  The file is called app.db, so everything lands in the schema `app`."""

    number: str
    name: str
    trigger: str
    outcome: str
    """What a person finds afterwards, in words; the fields below hold the run to it."""
    script: str
    code: int = 0
    """The exit code once every open decision is answered."""
    policy: str = "declared"
    asks: Mapping[str, str] = field(default_factory=dict)
    """Decisions that stop the first run (exit code 5), with the answers that the second one is given."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Answers that stand in pgraduate.toml from the beginning, in place of a safe option."""
    safe: Sequence[str] = ()
    """Decisions that the safe option answered."""
    quarantined: int = 0
    not_carried: Sequence[str] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    """Types in PostgreSQL by `table.column`, in target names."""
    wishes: Mapping[str, str] = field(default_factory=dict)
    """Types that pgraduate.toml asks for."""
    found: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    """Statements for PostgreSQL after the run, each with the one row that it must give."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Statements that PostgreSQL must refuse after the run, each with its SQLSTATE."""
    setup: str = ""
    """A statement for the target before the run."""

    def make(self, directory: Path) -> Path:
        path = directory / "app.db"
        with closing(sqlite3.connect(path)) as connection:
            # The application's own, which the file names and no other program has.
            connection.create_collation("unicase", _by_folded_case)
            connection.executescript(self.script)
            connection.commit()
        return path


def _by_folded_case(left: str, right: str) -> int:
    return (left.casefold() > right.casefold()) - (left.casefold() < right.casefold())


def table(cases: Sequence[Case]) -> str:
    """Give the cases as a table in Markdown."""
    lines = ["| Case | Trigger | Test | Exit code | Decisions | Outcome |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {case.number} | {case.trigger} | `{case.name}` | {_codes(case)} | {_decisions(case)} | {case.outcome} |"
        for case in cases
    ]
    return "\n".join(lines)


def _codes(case: Case) -> str:
    return f"5, then {case.code}" if case.asks else str(case.code)


def _decisions(case: Case) -> str:
    asked = [f"`{name}` open, answered `{reply}`" for name, reply in case.asks.items()]
    asked += [f"`{name}` answered `{reply}`" for name, reply in case.answers.items()]
    return "; ".join([*asked, *(f"`{name}` by the safe option" for name in case.safe)]) or "none"
