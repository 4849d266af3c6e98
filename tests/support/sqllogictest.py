"""The sqllogictest format, run on both engines through the translator.

Records up to the first query are the set-up: they run on SQLite and are carried over by the journey.  Every later one
runs on both engines in sequence, and what the file expects is held against each answer, and each answer against the
other.  Supported are `statement ok|error`, `query TYPES [nosort|rowsort|valuesort] [label]`, `----`, results as
values or as `N values hashing to MD5`, `hash-threshold`, `halt`, `skipif` and `onlyif` (`sqlite`, `postgresql`), and
`error` followed by a regular expression; the error of a construct that is not translated begins with `not translated:`.

Source: "Sqllogictest" of SQLite; `error REGEXP` as other runners of the format have it.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import apsw

from pgraduate.model.cell import Cell
from pgraduate.translate import Comparison, Outcome, Twins, Untranslated, split

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Record:
    """One `statement` or `query`.  `error` is the pattern of an expected failure, '' for any, None for none."""

    line: int
    sql: str
    engines: frozenset[str]
    error: str | None = None
    types: str | None = None
    """The result columns' types, None for a `statement`."""
    sort: str = "nosort"
    expected: tuple[str, ...] = ()

    @property
    def is_query(self) -> bool:
        return self.types is not None


def parse(text: str) -> tuple[Record, ...]:
    """Read the records of a file; raise ValueError, with the line, for one that is not understood."""
    return tuple(_records(text))


def _records(text: str) -> Iterator[Record]:
    lines = text.splitlines()
    place = 0
    engines = set(ENGINES)
    while place < len(lines):
        words = lines[place].split("#")[0].split()
        start = place + 1
        match words:
            case []:
                place += 1
            case ["halt"]:
                return
            case ["hash-threshold", _]:
                place += 1
            case ["skipif", engine]:
                engines.discard(engine)
                place += 1
            case ["onlyif", engine]:
                engines &= {engine}
                place += 1
            case ["statement" | "query" as kind, *rest]:
                end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
                yield _record(kind, rest, lines[start:end], start, frozenset(engines))
                engines = set(ENGINES)
                place = end
            case _:
                raise ValueError(f"line {start}: {lines[place]}")


def _record(kind: str, words: Sequence[str], body: Sequence[str], line: int, engines: frozenset[str]) -> Record:
    bar = body.index("----") if "----" in body else len(body)
    sql, expected = "\n".join(body[:bar]), tuple(body[bar + 1 :])
    if words and words[0] == "error":
        return Record(line, sql, engines, " ".join(words[1:]), "" if kind == "query" else None)
    if kind == "statement":
        if words != ["ok"]:
            raise ValueError(f"line {line}: statement {' '.join(words)}")
        return Record(line, sql, engines)
    if not words or not re.fullmatch("[TIR]+", words[0]):
        raise ValueError(f"line {line}: a query without types")
    sort = words[1] if len(words) > 1 else "nosort"
    if sort not in ("nosort", "rowsort", "valuesort"):
        raise ValueError(f"line {line}: the order {sort}")
    return Record(line, sql, engines, None, words[0], sort, expected)


def set_up(records: Sequence[Record]) -> tuple[Sequence[Record], Sequence[Record]]:
    """Divide a file at its first query."""
    first = next((place for place, record in enumerate(records) if record.is_query), len(records))
    return records[:first], records[first:]


def make_database(path: Path, records: Sequence[Record]) -> Path:
    """Run the set-up on a new SQLite file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for record in records:
            connection.execute(record.sql)
    return path


def failures(record: Record, twins: Twins) -> list[str]:
    """Run one record on both engines and say what is not as expected; [] where all is."""
    (statement,) = split(record.sql)
    comparison = twins.compare(statement)
    found = [
        f"line {record.line}, {engine}: {problem}"
        for engine in sorted(record.engines)
        for problem in _problems(record, comparison, engine)
    ]
    if comparison.outcome is Outcome.DIFFERENT and record.engines == set(ENGINES):
        found.append(f"line {record.line}: the engines differ: {comparison.difference}")
    return found


def _problems(record: Record, comparison: Comparison, engine: str) -> Iterator[str]:
    if isinstance(comparison.found, Untranslated):
        said = f"not translated: {comparison.found.construct}"
        if engine == "postgresql" and (record.error is None or not re.search(record.error, said)):
            yield said
        return
    answer = comparison.sqlite if engine == "sqlite" else comparison.postgres
    assert answer is not None
    if record.error is not None:
        said = "no error" if answer.failure is None else f"{answer.failure.kind}: {answer.failure.message}"
        if answer.failure is None or not re.search(record.error, said):
            yield said
        return
    if answer.failure is not None:
        yield f"{answer.failure.kind}: {answer.failure.message}"
    elif record.types is not None:
        yield from _result(record, answer.rows)


def _result(record: Record, rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    types = record.types or ""
    if any(len(row) != len(types) for row in rows):
        yield f"{len(rows[0])} columns where {len(types)} are expected"
        return
    shown = [[_shown(cell, kind) for cell, kind in zip(row, types, strict=True)] for row in rows]
    if record.sort == "rowsort":
        shown.sort()
    values = [value for row in shown for value in row]
    if record.sort == "valuesort":
        values.sort()
    if len(record.expected) == 1 and (hashing := _HASHING.fullmatch(record.expected[0])):
        digest = hashlib.md5("".join(f"{value}\n" for value in values).encode(), usedforsecurity=False).hexdigest()
        if (str(len(values)), digest) != hashing.groups():
            yield f"{len(values)} values hashing to {digest}"
    elif tuple(values) != record.expected and tuple(map("\t".join, shown)) != record.expected:
        yield f"{values} where {list(record.expected)} is expected"


_HASHING = re.compile(r"(\d+) values hashing to ([0-9a-f]{32})")


def _shown(cell: Cell, kind: str) -> str:
    """Write a value as the format does: by the column's type, not by its own."""
    if cell is None:
        return "NULL"
    if kind == "I":
        return str(int(_number(cell)))
    if kind == "R":
        return f"{float(_number(cell)):.3f}"
    text = cell.decode("latin-1") if isinstance(cell, bytes) else _text(cell)
    return re.sub(r"[^ -~]", "@", text) or "(empty)"


def _number(cell: Cell) -> int | float:
    """Convert as SQLite's column functions do: a text gives its leading number."""
    if isinstance(cell, int | float):
        return cell
    found = re.match(r"\s*[+-]?\d+(\.\d+)?", str(cell))
    return float(found[0]) if found else 0


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(apsw.format_sql_value(cell))
    return str(cell)
