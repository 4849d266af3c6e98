"""What the recorder wrote, as cases: one statement, the classes of its parameters, and the schema that it met.

A script is cut into its statements, and each meets the schema that those before it in the script have left.  What
SQLite itself refused as no statement of its language over this schema (SQLITE_ERROR) is counted and left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pgraduate.dialect.reading.parameters import Numbering
from pgraduate.errors import NotTranslated
from pgraduate.model.storage import StorageClass
from pgraduate.translate import Statement, split

_SQLITE_ERROR = 1
Master = tuple[tuple[str, str, str, str | None], ...]
"""The rows of sqlite_master."""


@dataclass(frozen=True)
class Case:
    """`classes` stand in the order of the parameters' numbers."""

    schema: Master
    statement: Statement
    classes: tuple[StorageClass, ...]


@dataclass
class Recording:
    """`cases` holds each once; `samples` the files that were kept under a schema."""

    cases: dict[Case, None] = field(default_factory=dict)
    samples: dict[Master, list[Path]] = field(default_factory=dict)
    refused_by_sqlite: int = 0

    @property
    def by_schema(self) -> Mapping[Master, Sequence[Case]]:
        found: dict[Master, list[Case]] = {}
        for case in self.cases:
            found.setdefault(case.schema, []).append(case)
        return found


def read(folder: Path) -> Recording:
    """Read one application's recording."""
    recording = Recording()
    schemas: dict[str, Master] = {}
    for path in sorted(folder.glob("*.schema.json")):
        digest = path.name.partition(".")[0]
        schemas[digest] = tuple(map(tuple, json.loads(path.read_text("utf-8"))))
        recording.samples.setdefault(schemas[digest], []).extend(sorted(folder.glob(f"{digest}.*.sample")))
    refused = set()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if entry["error"] is not None and entry["error"] & 0xFF == _SQLITE_ERROR:
                refused.add((entry["schema"], entry["sql"]))
            elif entry["schema"] in schemas:
                for case in _cases(schemas[entry["schema"]], entry):
                    recording.cases[case] = None
    recording.refused_by_sqlite = len(refused)
    return recording


def _cases(schema: Master, entry: dict) -> Iterator[Case]:
    if entry["call"] == "executescript":
        yield from _script(schema, split(entry["sql"]))
        return
    try:
        statements = split(entry["sql"])
    except NotTranslated as error:
        raise SystemExit(f"SQLite took what cannot be cut into tokens: {error}") from error
    for statement in statements:
        yield Case(schema, statement, _by_number(statement.text, entry["values"]))


def _script(schema: Master, statements: Sequence[Statement]) -> Iterator[Case]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        replay(connection, schema)
        for statement in statements:
            yield Case(_master(connection), statement, ())
            try:
                connection.execute(statement.text)
            except sqlite3.Error:
                # It may need rows that stood there, and no later statement can need more than its schema.
                continue


def replay(connection: sqlite3.Connection, schema: Master) -> None:
    """Make the objects of a schema, in the order in which they were made."""
    for kind, name, _, sql in schema:
        if sql is not None and not name.startswith("sqlite_"):
            if kind == "table" and _is_shadow(name, schema):
                continue
            connection.execute(sql)


def _is_shadow(name: str, schema: Master) -> bool:
    """Say whether a virtual table makes this table itself."""
    virtual = [row[1] for row in schema if row[3] and row[3].lstrip().upper().startswith("CREATE VIRTUAL")]
    return any(name != table and name.startswith(f"{table}_") for table in virtual)


def _master(connection: sqlite3.Connection) -> Master:
    return tuple(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"))


def _by_number(text: str, values: Sequence[str] | Mapping[str, str]) -> tuple[StorageClass, ...]:
    if not values:
        return ()
    if not isinstance(values, Mapping):
        return tuple(map(StorageClass, values))
    numbering = Numbering()
    for token in _markers(text):
        numbering.number(token)
    labels = numbering.labels()
    return tuple(StorageClass(values[label[1:]]) for label in labels)


def _markers(text: str) -> Iterator[str]:
    from pgraduate.dialect.reading.tokens import tokenize

    return (token.text for token in tokenize(text) if token.text[:1] in ":@$?" and len(token.text) > 1)
