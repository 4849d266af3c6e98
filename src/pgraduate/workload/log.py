"""Statements from a server's log: lines of log_min_duration_statement, in the formats stderr, csvlog and jsonlog.

The log is read as a stream, whatever its size.  A statement that was prepared brings its parameters in a line of its
own (DETAIL), which are written into the statement as literals; one without a duration is left out, because nobody can
say what it cost.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pgraduate.errors import UsageError
from pgraduate.workload.fingerprint import Value, bind
from pgraduate.workload.recording import Execution

_LEVELS = "LOG|DETAIL|ERROR|WARNING|FATAL|PANIC|STATEMENT|HINT|CONTEXT|NOTICE|INFO"
_ENTRY = re.compile(rf"^(?:.*?\s)?(?P<level>{_LEVELS}):  ?(?P<text>.*)$", re.DOTALL)
_TIMED = re.compile(r"^duration: (?P<ms>[\d.]+) ms  (?:statement|execute [^:]*): (?P<sql>.*)$", re.DOTALL)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


def read_log(path: Path) -> Iterator[Execution]:
    """Give the timed statements of a log; raise UsageError for a file that cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            if path.suffix == ".csv":
                yield from _statements((row[13], row[14]) for row in csv.reader(file) if len(row) > 14)
            elif path.suffix == ".json":
                yield from _statements(_json(file))
            else:
                yield from _statements(_stderr(file))
    except OSError as error:
        raise UsageError(f"the log cannot be read: {error.strerror}", where=str(path)) from None


def _statements(entries: Iterable[tuple[str, str]]) -> Iterator[Execution]:
    """Read (message, detail) pairs."""
    for message, detail in entries:
        found = _TIMED.match(message)
        if found is None:
            continue
        sql = found["sql"].strip()
        try:
            yield Execution(bind(sql, _parameters(detail)), seconds=float(found["ms"]) / 1000)
        except ValueError:
            continue  # cut off by log_parameter_max_length, or by the end of the file: it cannot be run again


def _parameters(detail: str) -> list[Value]:
    found: list[Value] = []
    for _, text in _PARAMETER.findall(detail):
        found.append(None if text == "NULL" else text[1:-1].replace("''", "'"))
    return found


def _json(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield str(entry.get("message", "")), str(entry.get("detail", ""))


def _stderr(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Put entries together: a line without a time stamp or with a tab goes on with the one before it."""
    message, detail, level = "", "", ""
    for line in lines:
        entry = _ENTRY.match(line.rstrip("\n")) if not line.startswith("\t") else None
        if entry is None:
            more = "\n" + line.strip("\n").lstrip("\t")
            message, detail = (message + more, detail) if level == "LOG" else (message, detail + more)
            continue
        level = entry["level"]
        if level == "DETAIL":
            detail = entry["text"]
        elif level == "LOG":
            if message:
                yield message, detail
            message, detail = entry["text"], ""
    if message:
        yield message, detail
