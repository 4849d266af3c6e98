"""The statement suite: files of statements by row of the catalogue of differences, each with its expected outcome.

`-- row N: title` begins a row.  Comments before a statement say what is expected where it is not `identical`:
`-- not translated`, `-- different: why`, or the same behind `-- under POLICY:`; `-- values: [JSON]` binds parameters.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pgraduate.events import Silence
from pgraduate.journey.scratch import scratch
from pgraduate.journey.sources import name_sources
from pgraduate.postgres.target import from_text
from pgraduate.settings import load
from pgraduate.translate import Outcome, Twins

FOLDER = Path(__file__).parents[1] / "postgres" / "translate" / "suite"
FOLDERS = (FOLDER, FOLDER / "projects")
"""Each holds a database, `schema.ddl` with `pgraduate.toml` where it needs one, and the statements over it."""
POLICIES = ("faithful", "declared")
Value = int | float | str | bytes | None


@dataclass(frozen=True)
class Expectation:
    outcome: Outcome = Outcome.IDENTICAL
    why: str = ""


@dataclass(frozen=True, eq=False)
class Case:
    """One statement; two of the same text are two cases.

    `expected` holds what differs from `identical`, by policy, '' standing for all.
    """

    row: str
    text: str
    values: tuple[Value, ...] = ()
    expected: Mapping[str, Expectation] = field(default_factory=dict)

    def under(self, policy: str) -> Expectation:
        return self.expected.get(policy) or self.expected.get("", Expectation())


@dataclass(frozen=True)
class Row:
    """A row of the catalogue."""

    number: str
    title: str
    cases: tuple[Case, ...]


_DIRECTIVE = re.compile(r"-- (?:under (?P<policy>\w+): )?(?P<outcome>not translated|different)(?:: (?P<why>.*))?")


def rows(folder: Path = FOLDER) -> tuple[Row, ...]:
    """Read all files of the statements over one database."""
    return tuple(row for file in sorted(folder.glob("*.sql")) for row in _rows(file))


def _rows(file: Path) -> Iterator[Row]:
    number = title = ""
    cases: list[Case] = []
    expected: dict[str, Expectation] = {}
    values: tuple[Value, ...] = ()
    for line in file.read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"-- row (\w+): (.*)", line):
            if cases:
                yield Row(number, title, tuple(cases))
            number, title, cases = heading[1], heading[2], []
        elif directive := _DIRECTIVE.fullmatch(line):
            outcome = Outcome(directive["outcome"])
            expected[directive["policy"] or ""] = Expectation(outcome, directive["why"] or "")
        elif line.startswith("-- values: "):
            values = tuple(json.loads(line.removeprefix("-- values: ")))
        elif line:
            assert line.endswith(";"), f"{file.name}: a statement is one line that ends in a semicolon: {line}"
            cases.append(Case(number, line.removesuffix(";"), values, expected))
            expected, values = {}, ()
    yield Row(number, title, tuple(cases))


def make_database(path: Path, folder: Path = FOLDER) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((folder / "schema.ddl").read_text("utf-8"))
    if (words := folder / "pgraduate.toml").is_file():
        (path.parent / words.name).write_text(words.read_text("utf-8"), "utf-8")
    return path


@contextmanager
def twins_of(path: Path, conninfo: str, policy: str, *, sequence: bool = False) -> Iterator[Twins]:
    """Carry a database into a scratch schema under a policy, for the length of a block."""
    settings = load(path.parent, policy=policy, environment={})
    (source,) = name_sources([path], settings)
    with scratch(source, settings, from_text(conninfo), sink=Silence()) as made:
        yield Twins(made.sqlite, made.postgres, made.plan, made.schema, sequence=sequence, show_values=True)
